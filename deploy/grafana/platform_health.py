"""Andon itself, by what it tells of itself as readings: works with InfluxDB alone, without Prometheus."""

from andon.common import platform
from andon.common.influx import PLATFORM
from andon.registry.grafana.admission import BACK
from deploy.grafana import alarm_panels, links, looks, numbers, panels, uids
from deploy.grafana.board import Board
from deploy.grafana.influxql import BY_TIME, by_tier, rolled_up
from deploy.grafana.sdk import common, stat, timeseries, words
from deploy.grafana.targets import samples, tiered

LATE_SECONDS = 10
"""What the built-in rule calls too long."""
COUNTS = {
    platform.UNEXPLAINED: ("Unexplained", "Messages that are nowhere. Must be 0: how-to Read the ledger.", "critical"),
    platform.LOST: ("Lost within the hour", "Messages that were safe and are gone. Must be 0.", "critical"),
    platform.MISSING: ("Missing within the hour", "Numbers of devices that never came to the broker.", "low"),
}
HOPS = {
    platform.BROKER: "until the broker has it",
    platform.STORED: "until it is stored",
    platform.LIVE: "until it is live",
}


def of(path: str) -> str:
    """That a point is of one of the platform's machines."""
    return f"\"machine\" = '{path.rpartition('/')[2]}'"


def newest(path: str, key: str) -> str:
    """What one of its sensors said last within the range of the question."""
    return f'SELECT last("{key}") AS "{key}" FROM "{PLATFORM}" WHERE {of(path)} AND $timeFilter'


def made() -> Board:
    """The dashboard."""
    about = "Whether Andon itself is well: nothing lost, and how long a reading takes. How-to: Watch Andon itself."
    board = Board(uids.PLATFORM, "Andon itself", about=about, range_="now-3h")
    board.head(links.header("Health in Andon", f"{BACK}health", away=True))
    where = f"\"site\" = '{platform.SITE}'"
    board.annotations(alarm_panels.annotations(where))
    counts = [(4, _count(key)) for key in COUNTS]
    board.row(4, *counts, (4, _waiting_now()), (4, _stored_now()), (4, _canaries()))
    board.row(10, (24, _delays()))
    board.row(8, (12, _waiting()), (12, _probes()))
    board.row(8, (24, alarm_panels.listed(where)))
    return board


def _count(key: str) -> stat.Panel:
    title, what, severity = COUNTS[key]
    panel = panels.number(title, samples(newest(platform.LEDGER, key)), what=what)
    return panels.warns(panel, 1, severity).decimals(0)


def _waiting_now() -> stat.Panel:
    what = "Batches on their way to InfluxDB; the stream keeps them."
    return panels.number("Waiting", samples(newest(platform.LEDGER, platform.WAITING)), what=what).decimals(0)


def _stored_now() -> stat.Panel:
    what = "How long the newest canary took until it could be read from InfluxDB."
    panel = panels.number("Time to the store", samples(newest(platform.PROBER, platform.STORED)), what=what).unit("s")
    return panels.warns(panel, LATE_SECONDS, "medium")


def _canaries() -> stat.Panel:
    head = f'SELECT count("{platform.NUMBER}") AS "canaries" FROM "{PLATFORM}"'
    what = "Canaries of the last five minutes that came; one is sent every five seconds."
    asked = f"{head} WHERE {of(platform.PROBER)} AND time > now() - 5m"
    return panels.number("Canaries in 5 min", samples(asked), what=what).no_value("0")


def _delays() -> timeseries.Panel:
    where = of(platform.PROBER)
    asked = []
    for key, name in HOPS.items():
        rolled = f'max("{key}__max") AS "{name}"'
        asked.append(by_tier(PLATFORM, where, f'max("{key}") AS "{name}"', rolled, BY_TIME))
    panel = panels.lines("How long a reading takes", tiered(*asked)).unit("s").min(0)
    panel = panel.thresholds(panels.steps((None, numbers.CLEAR), (LATE_SECONDS, looks.BEYOND)))
    grounds = common.GraphThresholdsStyleConfig().mode(words.GraphThresholdsStyleMode.AREA)
    return panel.thresholds_style(grounds).description("The slowest canary of each interval.")


def _waiting() -> timeseries.Panel:
    key = platform.WAITING
    asked = by_tier(
        PLATFORM, of(platform.LEDGER), f'max("{key}") AS "batches"', f'max("{key}__max") AS "batches"', BY_TIME
    )
    return panels.lines("Batches waiting", tiered(asked), legend=False).min(0).decimals(0)


def _probes() -> timeseries.Panel:
    asked = rolled_up(PLATFORM, of(platform.PROBER), f'sum("{platform.NUMBER}__count") AS "canaries"', BY_TIME)
    return panels.bars("Canaries", tiered(asked)).description("Where there is a gap, no readings were stored.")
