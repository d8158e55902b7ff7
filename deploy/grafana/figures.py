"""Alarm figures: how many alarms people are called for, in the measures of ISA-18.2, and which rules make most of them.

What is told in full, with advice, are Andon's own pages of the figures (`/kpis`).
"""

from andon.registry.grafana.admission import BACK
from deploy.grafana import alarm_panels, links, panels, uids, variables
from deploy.grafana.board import Board
from deploy.grafana.influxql import BY_TIME, LEVELS, alarms
from deploy.grafana.sdk import model, stat, table, timeseries, words
from deploy.grafana.targets import samples

NARROWED = " AND ".join(f'"{level}" =~ /^${{{level}:regex}}$/' for level in LEVELS[:3])
WHERE = f"\"site\" <> 'andon' AND {NARROWED}"
GOOD_PER_HOUR, MOST_PER_HOUR = 6, 12
"""What a person can handle well, and at most (ISA-18.2)."""
FLOOD = 10
"""More in ten minutes are a flood."""


def made() -> Board:
    """The dashboard."""
    about = "How many alarms people are called for, against ISA-18.2, how soon they answer, and which rules call most."
    board = Board(uids.ALARMS, "Alarm figures", about=about, range_="now-7d")
    board.variables(*variables.narrowing())
    board.head(links.header("Figures in Andon", f"{BACK}kpis", away=True))
    board.row(4, (4, alarm_panels.called(WHERE)), (5, _per_hour()), (5, _most()), (5, _floods()), (5, _answered()))
    board.row(9, (24, _by_hour()))
    board.row(12, (14, _offenders()), (10, _times(BY_TIME)))
    return board


def _by(width: str) -> str:
    """How often people were called in each stretch of time."""
    return alarms('sum("announced") AS "called"', WHERE, f" GROUP BY time({width}) fill(0)")


def _per_hour() -> stat.Panel:
    asked = f'SELECT mean("called") AS "called" FROM ({_by("1h")})'
    what = f"Mean of the range. One person handles {GOOD_PER_HOUR} an hour well, and {MOST_PER_HOUR} at most."
    return panels.warns(panels.number("Alarms per hour", samples(asked), what=what), MOST_PER_HOUR, "high").decimals(1)


def _most() -> stat.Panel:
    asked = f'SELECT max("called") AS "called" FROM ({_by("10m")})'
    what = f"The most that came within ten minutes; more than {FLOOD} are a flood."
    return panels.warns(panels.number("Most in ten minutes", samples(asked), what=what), FLOOD + 1, "high")


def _floods() -> stat.Panel:
    asked = f'SELECT count("called") AS "floods" FROM ({_by("10m")}) WHERE "called" > {FLOOD}'
    what = f"How many stretches of ten minutes had more than {FLOOD} alarms."
    return panels.number("Floods", samples(asked), what=what).no_value("0")


def _answered() -> stat.Panel:
    asked = alarms('median("acknowledged_after") AS "seconds"', WHERE)
    what = "Median time from an alarm until somebody acknowledged it."
    return panels.number("Acknowledged after", samples(asked), what=what).unit("s").decimals(0)


def _by_hour() -> timeseries.Panel:
    return alarm_panels.over_time(WHERE, "Alarms per interval, by severity").interval("10m")


def _offenders() -> table.Panel:
    groups = ' GROUP BY "rule", "site", "area", "line", "machine", "sensor"'
    asked = alarms('sum("announced") AS "alarms", median("lasted") AS "lasted"', WHERE, groups)
    own = {level: links.column(level) for level in (*LEVELS, "sensor")}
    lead = [
        links.down("Open the sensor", uids.SENSOR, 0, **own),
        links.to_andon("/".join(["plant", *own.values()])),
    ]
    panel = panels.rows("Rules that call most", samples(asked, table=True), links=lead, newest="alarms")
    panel = panel.override_by_name("Time", panels.override(custom__hidden=True))
    panel = panel.override_by_name("lasted", panels.override(unit="s", decimals=0))
    first = model.DataTransformerConfig("sortBy", options={"sort": [{"field": "alarms", "desc": True}]})
    few = model.DataTransformerConfig("limit", options={"limitField": 10})
    return panel.with_transformation(first).with_transformation(few).description("The ten that called most often.")


def _times(groups: str) -> timeseries.Panel:
    what = 'median("acknowledged_after") AS "acknowledged after", median("lasted") AS "lasted"'
    panel = panels.lines("How long they waited, and lasted", samples(alarms(what, WHERE, groups))).unit("s")
    return panel.interval("1h").show_points(words.VisibilityMode.ALWAYS).description("Medians by interval.")
