"""Metrics: the page says what there is, each is used, none counts sensors, and a batch costs microseconds."""

import re
from pathlib import Path
from time import time_ns

import pytest

from andon.common import latency, metrics, vitals
from andon.common.metering import MEASURES
from andon.common.metrics_page import measures_of, page
from andon.common.reading import NS_PER_S, Reading
from andon.common.wire import Batch

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "reference" / "metrics.md"
SOURCES = [
    path.read_text(encoding="utf-8")
    for folder in ("libs", "services", "cli")
    for path in (ROOT / folder).rglob("src/**/*.py")
    if path.name not in ("metrics.py", "vitals.py")
]
MINUTE = 60 * NS_PER_S


def test_the_page_is_what_the_metrics_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "docs/reference/metrics.md is old. Run: just metrics"


@pytest.mark.parametrize("module", [metrics, vitals])
def test_each_metric_is_used(module: object) -> None:
    own = measures_of(module)  # type: ignore[arg-type]
    unused = [name for name in own if not any(re.search(rf"\b{name}\b", text) for text in SOURCES)]
    assert own
    assert not unused, f"nobody counts {unused}: count it, or take it out"


def test_no_metric_grows_with_the_plant() -> None:
    growing = {"sensor", "asset", "machine", "device", "path", "topic", "user", "client", "request_id"}
    assert [one for one in MEASURES.values() if growing & set(one.labels)] == []


def test_prometheus_is_told_the_names_of_the_page() -> None:
    told = metrics.render().decode()
    for measure in MEASURES.values():
        assert f"# TYPE {measure.name.removesuffix('_total') if measure.kind != 'counter' else measure.name} " in told


def a_batch(*, ago: int, arrived: int, past: bool = False, calculated: bool = False) -> Batch:
    older = Reading("a", arrived - 10 * MINUTE, {"t": 1.0})
    return Batch(arrived, [older, Reading("a", arrived - ago, {"t": 1.0})], past=past, calculated=calculated)


def _counts(at: str) -> tuple[float, float, float]:
    """How many ages, transits and late batches were counted; read as Prometheus reads them."""
    told = metrics.render().decode()

    def value(name: str) -> float:
        found = re.search(rf'^{name}{{at="{at}"}} (\S+)$', told, re.MULTILINE)
        return float(found[1]) if found else 0.0

    ages, transits = value("andon_reading_age_seconds_count"), value("andon_reading_transit_seconds_count")
    return ages, transits, value("andon_reading_late_batches_total")


@pytest.mark.parametrize(
    ("ago", "counted"),
    [(5 * NS_PER_S, (1, 1, 0)), (2 * MINUTE, (0, 1, 1)), (-NS_PER_S // 2, (1, 1, 0)), (-2 * NS_PER_S, (0, 1, 1))],
    ids=["in time", "caught up after an outage", "a clock a little ahead", "a clock far ahead"],
)
def test_a_batch_is_timed_by_its_last_reading(ago: int, counted: tuple[int, int, int]) -> None:
    now = time_ns()
    before = _counts("tested")
    latency.passed("tested", latency.trip(a_batch(ago=ago, arrived=now - NS_PER_S)), now)
    assert tuple(a - b for a, b in zip(_counts("tested"), before, strict=True)) == counted


@pytest.mark.parametrize("batch", [a_batch(ago=0, arrived=1, past=True), a_batch(ago=0, arrived=1, calculated=True)])
def test_history_and_what_is_calculated_say_nothing_of_latency(batch: Batch) -> None:
    assert latency.trip(batch) is None
    assert latency.trip(Batch(1, [])) is None
