"""Samples and seconds in bins."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.common.errors import InvalidError
from andon.common.history.columns import Floats, Times
from andon.common.history.tier import Tier
from andon.common.influx import Influx, join_lines, line_prefix
from andon.common.plant import Sensor
from andon.common.reading import Reading
from andon.common.testing.machines import store
from andon.query.analysis.histogram import RAW, Heap, Histogram, limits, sort
from andon.query.tiers import tiers, windows
from andon.query.tiers.coverage import Progress
from andon.query.tiers.tiers import HOURS, MINUTES

from .conftest import PRESS, QueryForTest, S
from .test_stats import T, between

TEMPERATURE = f"{PRESS.path}/temperature"


async def test_samples_and_seconds_of_a_shift(query: QueryForTest, influx: Influx) -> None:
    told = {0: 0.0, 10: 1.0, 20: 2.0, 50: 4.0}
    await store(influx, PRESS, *(Reading("p1", T + at * S, {"temperature": v}) for at, v in told.items()))
    found = await query.get("/histogram", sensor=TEMPERATURE, bins=2, **between(T, T + 60 * S))
    assert found == {
        "sensor": TEMPERATURE, "unit": "Cel", "tier": "raw", "count": 4, "edges": [0, 2, 4], "counts": [2, 2],
        "seconds": [20, 40], "below": 0, "above": 0,
    }  # fmt: skip
    part = await query.get("/histogram", sensor=TEMPERATURE, bins=2, low=1, high=3, **between(T + 5 * S, T + 60 * S))
    assert (part["edges"], part["counts"], part["seconds"]) == ([1, 2, 3], [1, 1], [10, 30])
    assert (part["count"], part["below"], part["above"]) == (3, 0, 1)


async def test_what_was_held_at_the_beginning_has_seconds_and_no_sample(query: QueryForTest, influx: Influx) -> None:
    await store(influx, PRESS, Reading("p1", T, {"temperature": 5.0}))
    found = await query.get("/histogram", sensor=TEMPERATURE, bins=1, **between(T + 10 * S, T + 30 * S))
    assert (found["count"], found["counts"], found["seconds"], found["edges"]) == (0, [0], [20], [4.5, 5.5])
    nothing = await query.get("/histogram", sensor=TEMPERATURE, bins=3, **between(T - 10 * S, T))
    assert (nothing["count"], nothing["counts"], nothing["seconds"]) == (0, [0, 0, 0], [0, 0, 0])


async def rolled_up(influx: Influx, tier: Tier, times: Times, values: Floats, samples: int) -> None:
    """A window at each time whose mean is that value, of so many samples, from 4 less to 4 more."""
    one = windows.from_samples(times, values, times > 0, np.append(times, times[-1] + tier.width))
    more = {name: getattr(one, name) * samples for name in ("count", "good", "sum")}
    many = windows.Windows(**{**vars(one), **more, "min": one.min - 4, "max": one.max + 4})
    database = tier.database(influx.settings.database)
    await influx.ensure_database(database=database)
    lines = join_lines(tiers.lines(line_prefix(PRESS), "temperature", many, tier.width))
    assert (await influx.write(lines, database=database)).stored


async def test_too_many_samples_are_sorted_by_the_means_of_their_hours(query: QueryForTest, influx: Influx) -> None:
    hours = 5000
    times = T + np.arange(hours, dtype=np.int64) * HOURS.width
    await rolled_up(influx, HOURS, times, np.arange(hours) % 10.0, 1000)
    query.coverage.progress = Progress(hours=T + hours * HOURS.width)
    asked = {"sensor": TEMPERATURE, "bins": 10, **between(T, T + hours * HOURS.width)}
    found = await query.get("/histogram", low=0, high=9, **asked)
    assert (found["tier"], found["count"]) == ("1h", 5_000_000)
    assert found["counts"] == [500_000] * 10
    assert found["seconds"] == [1_800_000] * 10
    whole = await query.get("/histogram", **asked)
    assert (whole["edges"][0], whole["edges"][-1]) == (-4, 13), "the least and the greatest sample, not the means"
    assert sum(whole["counts"]) == 5_000_000


async def test_months_whose_samples_are_gone_are_sorted_by_their_minutes_and_by_hours_where_these_are_gone_too(
    query: QueryForTest, influx: Influx
) -> None:
    days = 150
    end = T + days * 24 * HOURS.width
    times = T + np.arange(days, dtype=np.int64) * 24 * HOURS.width
    for tier in (MINUTES, HOURS):
        await rolled_up(influx, tier, times, np.arange(days) % 10.0, 60)
    query.coverage.progress = Progress(minutes=end, hours=end)
    query.coverage.gone = {"raw": end}
    asked = {"sensor": TEMPERATURE, "bins": 10, **between(T, end)}
    found = await query.get("/histogram", **asked)
    assert (found["tier"], found["count"], found["edges"][0], found["edges"][-1]) == ("1m", 60 * days, -4, 13)
    query.coverage.gone = {"raw": end, "1m": end - HOURS.width}
    found = await query.get("/histogram", **asked)
    assert (found["tier"], found["count"]) == ("1h", 60 * days)


REFUSED: tuple[tuple[dict[str, object], str], ...] = (
    ({"low": 5, "high": 5}, "must be below"),
    ({"low": 5, "high": 4}, "must be below"),
    ({"low": "nan"}, "finite"),
    ({"high": "inf"}, "finite"),
    ({"low": -1e308, "high": 1e308}, "too far apart"),
    ({"bins": 0}, "bins"),
    ({"bins": 501}, "bins"),
    ({"sensor": f"{PRESS.path}/running"}, "is a bool; statistics need numbers"),
)


async def test_what_cannot_be_sorted_is_said(query: QueryForTest) -> None:
    for asked, says in REFUSED:
        status, detail = await query.refusal("/histogram", **{"sensor": TEMPERATURE, **asked})
        assert (status, says in detail) == (422, True), (asked, detail)


FLOATS = st.floats(allow_nan=False, allow_infinity=False)


@given(
    st.lists(st.tuples(st.integers(0, 10**6), st.floats(-1e9, 1e9)), max_size=40, unique_by=lambda one: one[0]),
    st.integers(1, 30),
)
def test_each_sample_is_in_its_bin(samples: list[tuple[int, float]], bins: int) -> None:
    samples.sort()
    found = histogram_of(samples, bins, 2_000_000)
    counts, seconds = [0] * bins, [0.0] * bins
    stops = [*(at for at, _ in samples[1:]), 2_000_000][: len(samples)]
    for (at, value), stop in zip(samples, stops, strict=True):
        index = next((i for i in range(bins) if found.edges[i] <= value < found.edges[i + 1]), bins - 1)
        counts[index] += 1
        seconds[index] += stop - at
    assert found.counts == counts
    assert found.seconds == pytest.approx(seconds)
    assert (found.count, found.below, found.above) == (len(samples), 0, 0)


@given(st.lists(FLOATS, max_size=10), st.one_of(st.none(), FLOATS), st.one_of(st.none(), FLOATS), st.integers(1, 500))
def test_no_value_and_no_limit_is_a_crash(
    values: list[float], low: float | None, high: float | None, bins: int
) -> None:
    samples = list(enumerate(values))
    try:
        found = histogram_of(samples, bins, 100, low, high)
    except InvalidError:
        return
    assert all(a < b for a, b in zip(found.edges, found.edges[1:], strict=False))
    assert found.below + sum(found.counts) + found.above == found.count == len(values)
    assert low is None or found.edges[0] == low
    assert high is None or found.edges[-1] == high


def histogram_of(samples: list[tuple[int, float]], bins: int, end: int, *asked: Any) -> Histogram:
    """As the route has it, without a database; times in seconds."""
    times = np.array([at * S for at, _ in samples], np.int64)
    values = np.array([value for _, value in samples], np.float64)
    bottom, top = limits(values, *(asked or (None, None)))
    heap = Heap(times, values, np.ones(len(values)), RAW.name, values)
    return sort(Sensor("t", "m/t"), heap, end * S, np.linspace(bottom, top, bins + 1))
