"""The reference page of all metrics, written from themselves: `python -m andon.common.metrics_page FILE`."""

import re
import sys
from pathlib import Path
from types import ModuleType

from andon.common import metrics, vitals
from andon.common.metering import MEASURES, Measure

HEAD = """# Metrics

<!-- Written by `just metrics` from libs/common/src/andon/common/metrics.py and vitals.py; do not edit. -->

Each process answers `GET /metrics` on its own port in Prometheus' text format; the ingress leads nobody there. Nothing
is counted per sensor or device: labels are few and fixed, and the number of series does not grow with the plant. How to
scrape them, and which alarms there are: [watch Andon itself](../how-to/watch-andon-itself.md).

A counter is read by `rate(...)`; a histogram by its quantiles, as
`histogram_quantile(0.99, sum by (le, hop) (rate(andon_hop_seconds_bucket[5m])))`.
"""
TAIL = """
## Of every process

`process_resident_memory_bytes`, `process_cpu_seconds_total`, `process_open_fds`, `process_start_time_seconds`,
`python_gc_collections_total` and their like come from the Prometheus client itself.

nats-server, InfluxDB, PostgreSQL, Grafana and the reverse proxy have metrics of their own, which these do not repeat.
"""
GROUPS = {
    "On the path of a reading": metrics,
    "Of the processes, and what they lean on": vitals,
}


def page() -> str:
    """The page."""
    return HEAD + "".join(_group(title, measures_of(module)) for title, module in GROUPS.items()) + TAIL


def measures_of(module: ModuleType) -> dict[str, Measure]:
    """What a module measures, by the name it has there."""
    own = {id(value): name for name, value in vars(module).items() if name.isupper()}
    return {own[key]: measure for key, measure in MEASURES.items() if key in own}


def _group(title: str, measures: dict[str, Measure]) -> str:
    lines = [
        f"\n## {title}\n",
        "| metric | what it means | which process | what to do when it rises |",
        "|---|---|---|---|",
    ]
    lines += [_row(measure) for measure in measures.values()]
    return "\n".join(lines) + "\n"


def _row(measure: Measure) -> str:
    labels = "".join(f" `{label}`" for label in measure.labels)
    name = f"`{measure.name}`<br>{measure.kind}{':' if labels else ''}{labels}"
    return f"| {name} | {measure.means} | {measure.by} | {_linked(measure.rises)} |"


def _linked(text: str) -> str:
    """Pages that are named become links."""
    return re.sub(r"docs/how-to/([a-z-]+)\.md", r"[\1](../how-to/\1.md)", text)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
