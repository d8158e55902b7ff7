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
}
"""Page -> uid. Variables: site, area, line, machine (slugs), measurement, sensor (key); each as deep as its page."""
