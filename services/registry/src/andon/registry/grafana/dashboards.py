"""Which dashboard belongs to which page: the one place where their uids stand.

The pages ask here, and dashboards made for Andon carry them.
"""

DASHBOARDS = {
    "overview": "andon-overview",
    "site": "andon-site",
    "area": "andon-area",
    "line": "andon-line",
    "machine": "andon-machine",
    "sensor": "andon-sensor",
    "state": "andon-state",
}
"""Page -> uid; `state` is the page of a sensor that is no number. Variables: site, area, line, machine (slugs),
measurement, sensor (key); each as deep as its page. Those of machines and sensors may have one for each machine type,
`<uid>-<type>`, for which the pages ask first."""
