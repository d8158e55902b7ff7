"""Uids of dashboards. Those of pages are the registry's; pages ask for a type's own, and else for the general one."""

from andon.registry.grafana.dashboards import DASHBOARDS

OVERVIEW, SITE, AREA, LINE = (DASHBOARDS[kind] for kind in ("overview", "site", "area", "line"))
MACHINE, SENSOR, STATE = (DASHBOARDS[kind] for kind in ("machine", "sensor", "state"))
ALARMS = "andon-alarms"
PLATFORM = "andon-platform"
SERVICES = "andon-services"
LONGEST = 40
"""Characters that Grafana takes."""


def of_type(uid: str, slug: str) -> str:
    """The uid of a dashboard that is made for one machine type."""
    return f"{uid}-{slug}"


def fits(slug: str) -> bool:
    """Whether a type can have dashboards of its own."""
    return len(of_type(MACHINE, slug)) <= LONGEST
