"""Where panels lead: down the plant within Grafana, and to the page of the same thing in Andon.

Grafana puts `/grafana` before whatever begins with a slash, and follows a link without a target within itself: so what
leads to Andon goes below BACK, which Andon's gateway leads on from, and to a tab of its own.
"""

from andon.registry.grafana.admission import BACK
from deploy.grafana.influxql import LEVELS
from deploy.grafana.sdk import dashboard, model

TIME = "${__url_time_range}"
WITHIN = "from=${__from}&to=${__to}"


def down(title: str, uid: str, depth: int, **own: str) -> dashboard.DashboardLink:
    """To a dashboard deeper down. depth: how many levels the variables name already; own: variables it gets besides."""
    named = [f"var-{level}=${{{level}}}" for level in LEVELS[:depth]]
    named += [f"var-{name}={value}" for name, value in own.items()]
    return dashboard.DashboardLink(title).url("?".join([f"/grafana/d/{uid}", "&".join([TIME, *named])]))


def to_andon(path: str, title: str = "Open in Andon", query: str = WITHIN) -> dashboard.DashboardLink:
    """To a page of Andon's, `path` as its address has it, without the first slash."""
    url = f"{BACK}{path}" + (f"?{query}" if query else "")
    return dashboard.DashboardLink(title).url(url).target_blank(target_blank=True)


def plant(depth: int, *more: str) -> str:
    """The page of the place that the variables name, and what lies below it."""
    return "/".join(["plant", *(f"${{{level}}}" for level in LEVELS[:depth]), *more])


def tag(name: str) -> str:
    """A tag of the series that was clicked."""
    return f"${{__field.labels.{name}}}"


def column(name: str) -> str:
    """A column of the row that was clicked."""
    return f"${{__data.fields.{name}}}"


def header(title: str, url: str, *, away: bool = False) -> dashboard.DashboardLink:
    """At the head of a dashboard, with its variables and its time; away: out of Grafana."""
    made = dashboard.DashboardLink(title).type(model.DashboardLinkType.LINK).url(url)
    made = made.icon("external link" if away else "dashboard").target_blank(target_blank=away)
    return made.include_vars(include_vars=not away).keep_time(keep_time=not away)
