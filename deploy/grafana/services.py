"""Andon's processes by their metrics, where there is a Prometheus that scrapes them (deploy/prometheus)."""

from typing import Any

from andon.registry.grafana.admission import BACK
from deploy.grafana import links, panels, uids
from deploy.grafana.board import Board
from deploy.grafana.provisioning import PROMETHEUS
from deploy.grafana.sdk import Dataquery, timeseries, words
from deploy.grafana.targets import Target

RATE = "[$__rate_interval]"


class Metric(Dataquery):
    """One question in PromQL. legend: what its series are called."""

    def __init__(self, expression: str, legend: str, ref: str) -> None:
        self.expression, self.legend, self.ref = expression, legend, ref

    def to_json(self) -> dict[str, Any]:
        """As the data source keeps it."""
        source = {"type": "prometheus", "uid": PROMETHEUS}
        return {
            "refId": self.ref,
            "datasource": source,
            "expr": self.expression,
            "legendFormat": self.legend,
            "range": True,
        }


def made() -> Board:
    """The dashboard."""
    about = "Andon's processes: what passes through, what waits, what is slow, what is refused."
    board = Board(uids.SERVICES, "Andon's processes", about=about, range_="now-3h")
    board.head(links.header("Health in Andon", f"{BACK}health", away=True))
    board.row(8, (12, _passing()), (12, _waiting()))
    board.row(8, (12, _hops()), (12, _refused()))
    board.row(8, (12, _requests()), (12, _neighbours()))
    return board


def _panel(title: str, unit: str, **asked: str) -> timeseries.Panel:
    """Lines of some questions, each by what its series are called; a legend of '' takes the label `by`."""
    targets = [
        Target(Metric(expression, legend, chr(ord("A") + n))) for n, (legend, expression) in enumerate(asked.items())
    ]
    panel = panels.lines(title, []).targets(list(targets)).unit(unit).min(0)
    return panel.datasource(words.DataSourceRef("prometheus", PROMETHEUS))


def _passing() -> timeseries.Panel:
    received = f"sum(rate(andon_intake_messages_total{RATE}))"
    return _panel(
        "Messages in, readings stored",
        "suffix:/s",
        received=received,
        stored=f"sum(rate(andon_store_readings_total{RATE}))",
    )


def _waiting() -> timeseries.Panel:
    return _panel(
        "Waiting in the stream, by consumer", "none", **{"{{durable}}": "max by (durable) (andon_consumer_waiting)"}
    )


def _hops() -> timeseries.Panel:
    asked = f"histogram_quantile(0.99, sum by (le, hop) (rate(andon_hop_seconds_bucket{RATE})))"
    return _panel("Time in each hop, 99th percentile", "s", **{"{{hop}}": asked})


def _refused() -> timeseries.Panel:
    return _panel(
        "Dead letters, by reason",
        "suffix:/s",
        **{"{{reason}}": f"sum by (reason) (rate(andon_deadletters_total{RATE}))"},
    )


def _requests() -> timeseries.Panel:
    asked = f"histogram_quantile(0.99, sum by (le, route) (rate(andon_http_seconds_bucket{RATE})))"
    return _panel("HTTP, 99th percentile by route", "s", **{"{{route}}": asked})


def _neighbours() -> timeseries.Panel:
    return _panel(
        "Neighbours that answer",
        "none",
        **{"{{instance}} {{neighbour}}": "min by (instance, neighbour) (andon_neighbour_up)"},
    )
