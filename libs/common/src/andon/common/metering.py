"""How a metric is made: with what it means, which process has it, and what to do when it rises.

The page `docs/reference/metrics.md` is written from these, and a test holds the two together.
"""

from typing import NamedTuple, TypeVar

from prometheus_client import Counter, Gauge, Histogram

FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""Seconds that a batch spends somewhere."""
ANSWERS = (0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 10)
"""Seconds that somebody waits for an answer: few, for there are as many series as routes."""
LONG = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
"""Seconds that are read from far away, or wait for a device's clock."""


class Measure(NamedTuple):
    """One metric as people read of it.

    name: as Prometheus sees it. by: the processes that have it. rises: what to do when it rises, or falls.
    """

    name: str
    kind: str
    labels: tuple[str, ...]
    means: str
    by: str
    rises: str


MEASURES: dict[int, Measure] = {}
"""All there are, by the `id` of the metric, in the order in which they were made."""

_M = TypeVar("_M", Counter, Gauge, Histogram)


def counter(name: str, means: str, labels: tuple[str, ...] = (), *, by: str, rises: str) -> Counter:
    """What only grows. Prometheus adds `_total` to its name."""
    return _noted(Counter(name, means, labels), Measure(f"{name}_total", "counter", labels, means, by, rises))


def gauge(name: str, means: str, labels: tuple[str, ...] = (), *, by: str, rises: str) -> Gauge:
    """What goes up and down."""
    return _noted(Gauge(name, means, labels), Measure(name, "gauge", labels, means, by, rises))


def histogram(
    name: str,
    means: str,
    labels: tuple[str, ...] = (),
    buckets: tuple[float, ...] = FAST,
    *,
    by: str,
    rises: str,
) -> Histogram:
    """How often something took how long, or was how large. Prometheus has it as `_bucket`, `_sum` and `_count`."""
    made = Histogram(name, means, labels, buckets=buckets)
    return _noted(made, Measure(name, "histogram", labels, means, by, rises))


def _noted(made: _M, measure: Measure) -> _M:
    MEASURES[id(made)] = measure
    return made
