"""What every dashboard shows of alarms: marks in its charts, how many came when, and a list of them."""

from typing import Any

from deploy.grafana import links, looks, panels
from deploy.grafana.influxql import RAW, alarms, standing
from deploy.grafana.sdk import bargauge, stat, table, timeseries
from deploy.grafana.targets import Query, samples

CALLED = '"announced" = 1'
BY_TIME = ' GROUP BY time($__interval), "severity" fill(0)'
LISTED = '"severity"::tag, "event", "machine"::tag, "sensor"::tag, "rule"::tag, "message"'
EVENTS = '"event" =~ /^(raised|escalated|acknowledged|cleared|closed|shelved)$/'
NEWEST = " ORDER BY time DESC LIMIT 200"


def annotations(where: str) -> list[dict[str, Any]]:
    """Marks where people were called, and where it was over, as Grafana keeps them."""
    marks = {
        "Alarms": (CALLED, looks.SEVERITIES["high"]),
        "Ends of alarms": ("\"event\" = 'cleared'", looks.QUIET),
    }
    return [_annotation(name, f"{where} AND {what}", colour) for name, (what, colour) in marks.items()]


def _annotation(name: str, where: str, colour: str) -> dict[str, Any]:
    statement = alarms('"title", "message", "severity"::tag', where)
    columns = {"titleColumn": "title", "textColumn": "message", "tagsColumn": "severity", "timeEndColumn": ""}
    target = Query(RAW.uid, statement, "Anno", table=True).to_json() | columns | {"fromAnnotations": True}
    source = {"type": "influxdb", "uid": RAW.uid}
    made = {"name": name, "datasource": source, "enable": True, "hide": False, "iconColor": colour}
    return made | {"query": statement, "target": target} | columns


def now(where: str, page: str) -> stat.Panel:
    """How many are there just now."""
    what = "Alarms that are there and not shelved, suppressed or out of service: now, whatever the range."
    lead = [links.to_andon("alarms", "Alarms in Andon", f"under={page}" if page else "")]
    return panels.warns(panels.number("Alarms now", samples(standing(where)), what=what, links=lead), 1, "high")


def called(where: str) -> stat.Panel:
    """How often people were called in the range."""
    what = "How often alarms called people in the chosen range, as ISA-18.2 counts them."
    return panels.number("Alarms in this range", samples(alarms('sum("announced")', where)), what=what)


def over_time(where: str, title: str = "Alarms over time") -> timeseries.Panel:
    """How often people were called, by severity."""
    asked = samples(alarms('sum("announced") AS "alarms"', where, BY_TIME), alias="$tag_severity")
    return panels.by_severity(panels.bars(title, asked))


def where_from(where: str, level: str, lead: panels.Links) -> bargauge.Panel:
    """Which parts of the plant they came from."""
    asked = alarms('sum("announced") AS "alarms"', f"{where} AND {CALLED}", f' GROUP BY "{level}"')
    return panels.ranking(f"Alarms by {level}", samples(asked, alias=f"$tag_{level}"), links=lead)


def listed(where: str, lead: panels.Links = ()) -> table.Panel:
    """What happened to alarms, line by line."""
    return panels.rows("Alarms", samples(alarms(LISTED, f"{where} AND {EVENTS}", NEWEST), table=True), links=lead)
