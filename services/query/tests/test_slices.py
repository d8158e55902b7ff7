"""Slices of exports, read from a real InfluxDB: every sample once, however unevenly they lie."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.common.errors import InvalidError
from andon.common.history.history import History
from andon.common.history.span import Span
from andon.common.influx import Influx
from andon.common.plant import Asset, Sensor
from andon.common.reading import Reading
from andon.common.testing.machines import store
from andon.common.times import time_zone
from andon.query.export import slices
from andon.query.export.order import UTC, Column, Layout, Order
from andon.query.export.rollup import Rollup, rollup_of
from andon.query.export.slices import Slice
from andon.query.series import aggregates
from andon.query.series.grid import Grid
from andon.query.tiers import gather, windows
from andon.query.tiers.coverage import Coverage

from .conftest import OVEN, PRESS, ROBOT, S
from .plenty import T, a_wide_machine, store_plenty

YEAR = Span(T - 100 * 86_400 * S, T + 265 * 86_400 * S)


def order(
    *machines: Asset,
    span: Span = YEAR,
    rollup: Rollup | None = None,
    key: str = "temperature",
    layout: Layout = "long",
) -> Order:
    columns = tuple(Column(m, sensor) for m in machines for sensor in m.sensors if sensor.key == key)
    return Order(columns, span, "csv", layout, UTC, rollup, "x")


async def read(influx: Influx, wanted: Order) -> list[Slice]:
    return [one async for one in slices.ahead(slices.slices(History(influx, 2), Coverage(), wanted))]


def times(found: list[Slice], column: int) -> list[int]:
    return [int(at) for one in found for at in one.parts[column].times]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slices of a hundred samples."""
    monkeypatch.setattr(slices, "ROWS", 100)
    monkeypatch.setattr(slices, "MOST", 200)


async def test_bursts_and_silence_are_read_once_and_in_order(influx: Influx, small: None) -> None:
    burst = [T + n * 1_000_000 for n in range(1000)]
    steady = [T + n * 60 * S for n in range(300)]
    rare = [YEAR.start, T - 1, T, T + 90 * 86_400 * S, YEAR.end - 1]
    for machine, at in ((PRESS, burst), (ROBOT, steady), (OVEN, [*rare, YEAR.end])):
        await store(influx, machine, *(Reading(machine.id, t, {"temperature": float(t % 977)}) for t in at))
    found = await read(influx, order(PRESS, ROBOT, OVEN))
    assert [times(found, column) for column in range(3)] == [burst, steady, rare]
    assert all(
        low.end <= int(part.times.min()) and int(part.times.max()) < high.end
        for low, high in pairwise(found)
        for part in high.parts
        if len(part)
    )
    assert found[-1].end == YEAR.end
    assert max(map(len, found)) <= 200
    assert len(found) < 60, "silence is passed over in long steps"
    values = np.concatenate([one.parts[0].values for one in found])
    assert values.tolist() == [float(t % 977) for t in burst]


@pytest.mark.parametrize("alike", [True, False])
async def test_sensors_of_a_machine_that_speak_together_or_each_for_itself(
    *, influx: Influx, small: None, alike: bool
) -> None:
    machine, count = a_wide_machine(23), 230
    for n in range(count):
        keys = range(23) if alike else [n % 23]
        await store(influx, machine, Reading("p9", T + n * S, {f"n{k}": n + k / 100 for k in keys}))
    columns = tuple(Column(machine, sensor) for sensor in (*machine.sensors, Sensor("never", "x/never")))
    found = await read(influx, Order(columns, Span(T, T + count * S), "csv", "wide", UTC, None, "x"))
    for k in range(23):
        expected = [n for n in range(count) if alike or n % 23 == k]
        assert times(found, k) == [T + n * S for n in expected]
        assert [v for one in found for v in one.parts[k].values] == [n + k / 100 for n in expected]
    assert times(found, 23) == []


async def test_doubts_keep_their_words_and_gaps_are_nobodys(influx: Influx, small: None) -> None:
    words = ("good", "bad", "uncertain", "stale")
    readings = [
        Reading("p1", T + n * S, {"state": f"S{n}"}, {"state": words[n % 4]} if n % 4 else None) for n in range(450)
    ]
    await store(influx, PRESS, *readings)
    found = await read(influx, order(PRESS, key="state"))
    doubts = {int(t): q for one in found for t, q in zip(one.parts[0].doubtful, one.parts[0].quality, strict=True)}
    assert doubts == {T + n * S: words[n % 4] for n in range(450) if n % 4}
    assert [v for one in found for v in one.parts[0].values] == [f"S{n}" for n in range(450)]


@pytest.mark.parametrize("bucket", ["90s", "day", "shift"])
async def test_rolled_up_values_are_those_of_the_samples(influx: Influx, small: None, bucket: str) -> None:
    count = 30_000
    asked = Span(T + 17 * S, T + (count - 100) * S)
    await store_plenty(influx, PRESS, count)
    berlin = time_zone("Europe/Berlin")
    cases: tuple[tuple[str, Layout], ...] = (("mean", "wide"), ("max", "long"), ("count", "wide"), ("last", "wide"))
    for agg, layout in cases:
        rollup = rollup_of(agg, bucket, asked, berlin, "06:00,14:00,22:00")
        found = await read(influx, order(PRESS, span=asked, rollup=rollup, layout=layout))
        assert rollup is not None
        seconds = np.arange(17, count - 100)
        begins = np.array([rollup.begin(T + int(n) * S) for n in seconds])
        starts, which = np.unique(begins, return_inverse=True)
        plain = {
            "mean": np.bincount(which, seconds + 0.25) / np.bincount(which),
            "last": [seconds[which == i].max() + 0.25 for i in range(len(starts))],
            "max": [seconds[which == i].max() + 0.25 for i in range(len(starts))],
            "count": np.bincount(which),
        }[agg]
        assert times(found, 0) == starts.tolist()
        np.testing.assert_allclose(np.concatenate([one.parts[0].values for one in found]), plain)


@pytest.mark.parametrize("bucket", ["90s", "shift"])
async def test_what_is_held_into_a_bucket_is_so_from_piece_to_piece(influx: Influx, small: None, bucket: str) -> None:
    """Time-weighted means and growth of a sensor that speaks seldom, against all of it read at once."""
    berlin = time_zone("Europe/Berlin")
    told = {n * S: float(n % 91) for n in range(-50, 40_000, 211)}
    await store(influx, PRESS, *(Reading("p1", T + at, {"temperature": value}) for at, value in told.items()))
    asked = Span(T + 17 * S, T + 40_000 * S)
    rollup = rollup_of("twa,delta,rate,count", bucket, asked, berlin, "06:00,14:00,22:00")
    assert rollup is not None
    columns = tuple(Column(PRESS, PRESS.sensors[0], agg) for agg in rollup.aggs)
    pieces = await read(influx, replace(order(PRESS, span=asked, rollup=rollup), columns=columns))
    if bucket == "90s":
        assert len(pieces) > 2
    bounds = rollup.bounds(asked.start, asked.end, 10**6)
    grid = Grid(bucket, np.array([rollup.begin(int(bound)) for bound in bounds[:-1]]), bounds)
    at = np.array([T + second for second in told], np.int64)
    values, good = np.array(list(told.values())), np.ones(len(told), np.bool_)
    whole = windows.from_samples(at, values, good, bounds)
    before = windows.from_samples(at, values, good, np.array([T - 50 * S, asked.start]))
    for column, agg in enumerate(rollup.aggs):
        plain = aggregates.of_windows(agg, whole, grid, before, asked.end)
        known = np.isfinite(plain)
        assert times(pieces, column) == grid.starts[known].tolist()
        np.testing.assert_allclose(np.concatenate([one.parts[column].values for one in pieces]), plain[known])


async def test_a_bucket_of_too_many_samples_is_refused_and_many_buckets_are_taken_apart(
    influx: Influx, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store_plenty(influx, PRESS, 2000)
    asked = Span(T, T + 2000 * S)
    monkeypatch.setattr(gather, "MAX_SAMPLES", 100)
    rollup = rollup_of("sum", "50s", asked, UTC, "")
    found = await read(influx, order(PRESS, span=asked, rollup=rollup))
    assert len(times(found, 0)) == 40
    with pytest.raises(InvalidError, match="more than 100 samples"):
        await read(influx, order(PRESS, span=asked, rollup=rollup_of("sum", "101s", asked, UTC, "")))


def test_buckets_without_end_are_refused_before_any_is_read() -> None:
    year = Span(T, T + 365 * 86_400 * S)
    assert rollup_of("mean", "1s", year, UTC, "") is not None
    with pytest.raises(InvalidError, match="31,536,000,000 buckets; at most 1,000,000,000"):
        rollup_of("mean", "1ms", year, UTC, "")


async def test_a_bucket_with_a_bad_sample_is_uncertain(influx: Influx) -> None:
    readings = [
        Reading("p1", T + n * S, {"temperature": 1.0}, {"temperature": "bad"} if n == 70 else None) for n in range(180)
    ]
    await store(influx, PRESS, *readings)
    asked = Span(T, T + 180 * S)
    found = await read(influx, order(PRESS, span=asked, rollup=rollup_of("mean", "1m", asked, UTC, "")))
    assert (found[0].parts[0].doubtful.tolist(), found[0].parts[0].quality.tolist()) == ([T + 60 * S], ["uncertain"])


@given(
    start=st.integers(0, 10**12),
    length=st.integers(1, 10**11),
    bucket=st.sampled_from(["1ms", "7s", "1m", "day", "month"]),
    most=st.integers(1, 50),
)
def test_buckets_in_pieces_are_the_buckets_of_the_whole(start: int, length: int, bucket: str, most: int) -> None:
    span = Span(start, start + length)
    rollup = rollup_of("mean", bucket, span, time_zone("Europe/Berlin"), "06:00")
    assert rollup is not None
    at, pieces = span.start, list[int]()
    while at < span.end and len(pieces) < 500:
        bounds = rollup.bounds(at, span.end, most)
        assert 2 <= len(bounds) <= most + 1
        assert int(bounds[0]) == at
        assert (np.diff(bounds) > 0).all()
        pieces += bounds[:-1].tolist()
        at = int(bounds[-1])
    whole = rollup.bounds(span.start, span.end, 10**6)[:-1]
    assert pieces == whole[: len(pieces)].tolist()
    assert all(rollup.begin(piece) <= piece for piece in pieces)
