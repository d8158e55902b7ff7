"""States rolled up and read back from a real InfluxDB, against their samples."""

import numpy as np
import pytest

from andon.common.errors import InvalidError
from andon.common.history.history import History
from andon.common.history.span import Span
from andon.common.influx import Influx
from andon.common.reading import Reading, Value
from andon.common.testing.machines import store
from andon.query.derive.rollup import Rollup
from andon.query.series import grid
from andon.query.series.states import intervals
from andon.query.tiers.coverage import Coverage, Progress
from andon.query.tiers.tiers import HOURS
from andon.query.tiers.told import Teller

from .conftest import MS, PRESS, QueryForTest, S

T = 1_763_899_200 * S
MINUTE, HOUR = 60 * S, 3600 * S
END = T + 4 * HOUR
KEYS = {sensor.key: sensor for sensor in PRESS.sensors}
ODD = 'it\'s "odd"; \\ DROP, SERIES'


async def written(influx: Influx, key: str, values: dict[int, Value]) -> Coverage:
    """Values of the press by their time, rolled up but for the last hour and a half."""
    await store(influx, PRESS, *(Reading("p1", at, {key: value}) for at, value in values.items()))
    rollup = Rollup(History(influx), influx, lambda _: 0)
    await rollup.minutes([PRESS], Span(T, END))
    await rollup.hours([PRESS], Span(T, END))
    coverage = Coverage()
    coverage.progress = Progress(minutes=END - HOUR // 2, hours=END - HOUR)
    return coverage


def words() -> dict[int, Value]:
    """A state every second or so, which changes now and then."""
    random = np.random.default_rng(7)
    times = T + np.arange(4 * 3600) * S + random.integers(0, S, 4 * 3600)
    chosen = np.repeat(random.integers(0, 3, 4 * 60), 60)
    return {int(at): ("RUN", "IDLE", ODD)[word] for at, word in zip(times, chosen, strict=True) if at % 7}


SPANS = (Span(T, END), Span(T + 1234 * S, END - 77 * S))
GRIDS = [
    *(grid.of_width(span, width) for span in SPANS for width in (45 * S, MINUTE)),
    grid.of_width(Span(T + 17, END), HOUR),
    grid.of_period(Span(T, END), "shift", "Asia/Kathmandu", "06:00,14:30,22:00"),
    grid.whole(Span(T + 5 * S, END - 5 * S)),
]


async def test_tiers_and_samples_tell_the_same(influx: Influx) -> None:
    coverage, history = await written(influx, "state", words()), History(influx)
    tiers = []
    for one in GRIDS:
        teller = Teller(history, coverage, PRESS, KEYS["state"], 20_000)
        (told, tier), (plain, raw) = [await t.told(one.bounds) for t in (teller, without_tiers(teller))]
        tiers.append((tier, raw))
        assert told.counts.sum() == plain.counts.sum()
        for name in ("times", "values", "counts"):
            assert getattr(told, name).tolist() == getattr(plain, name).tolist(), (one.name, name)
    assert tiers == [("raw", "raw"), ("1m", "raw"), ("raw", "raw"), ("1m", "raw"), *[("1h", "raw")] * 3]


def without_tiers(teller: Teller) -> Teller:
    return Teller(teller.history, Coverage(), teller.asset, teller.sensor, teller.most)


async def test_switches_are_told_too(influx: Influx) -> None:
    values: dict[int, Value] = {T + i * S: i % 900 < 600 for i in range(2 * 3600)}
    coverage = await written(influx, "running", values)
    bounds = grid.whole(Span(T, T + 2 * HOUR)).bounds
    told, tier = await Teller(History(influx), coverage, PRESS, KEYS["running"], 100).told(bounds)
    assert tier == "1h"
    assert told.values.tolist() == [True, False] * 8
    found = intervals(told.times, told.values, T, T + 2 * HOUR)
    assert (np.diff(np.append(found.starts, T + 2 * HOUR)) // S).tolist() == [600, 300] * 8


async def test_what_never_stands_still_is_read_from_its_samples(influx: Influx) -> None:
    values: dict[int, Value] = {T + i * S: f"S{i}" for i in range(3 * 3600)}
    coverage = await written(influx, "state", values)
    bounds = grid.whole(Span(T, T + 3 * HOUR)).bounds
    told, _ = await Teller(History(influx), coverage, PRESS, KEYS["state"], 20_000).told(bounds)
    assert told.values.tolist() == list(values.values())
    with pytest.raises(InvalidError, match="has more than 9,000 samples there; shorten the range"):
        await Teller(History(influx), Coverage(), PRESS, KEYS["state"], 9000).told(bounds)


async def test_too_many_changes_are_not_even_read(influx: Influx, monkeypatch: pytest.MonkeyPatch) -> None:
    coverage = await written(influx, "state", {T + i * MINUTE: f"S{i}" for i in range(200)})
    monkeypatch.setattr("andon.query.tiers.told.FEW_ROWS", 1)
    teller = Teller(History(influx), coverage, PRESS, KEYS["state"], 150)
    with pytest.raises(InvalidError, match="has more than 150 changes there; shorten the range"):
        await teller.told(grid.whole(Span(T, T + 3 * HOUR)).bounds)
    told, _ = await teller.told(grid.whole(Span(T, T + 2 * HOUR)).bounds)
    assert len(told) == 120


async def test_a_correction_replaces_what_was_told(influx: Influx) -> None:
    coverage = await written(influx, "state", {T + i * MINUTE: "RUN" for i in range(120)})
    await store(influx, PRESS, Reading("p1", T + 90 * MINUTE, {"state": "FAULT"}))
    rollup = Rollup(History(influx), influx, lambda _: 0)
    for _ in range(2):
        await rollup.minutes([PRESS], Span(T + 90 * MINUTE, T + 91 * MINUTE))
        await rollup.hours([PRESS], Span(T + HOUR, T + 2 * HOUR))
    told, tier = await Teller(History(influx), coverage, PRESS, KEYS["state"], 100).told(
        grid.of_width(Span(T, T + 2 * HOUR), HOURS.width).bounds
    )
    assert (tier, told.values.tolist(), told.counts.tolist()) == ("1h", ["RUN", "RUN", "FAULT", "RUN"], [60, 60, 0, 0])


async def test_a_year_long_chart_of_a_state_comes_from_the_hours(query: QueryForTest, influx: Influx) -> None:
    coverage = await written(influx, "state", words())
    query.coverage.progress = coverage.progress
    asked = {"sensor": f"{PRESS.path}/state", "from": (T - 300 * 24 * HOUR) // MS, "to": (T + 3 * HOUR) // MS}
    held = await query.get("/series", agg="states", points=10_000, **asked)
    assert held["tier"] == "1h"
    expected = intervals(*arrays(words()), T, T + 3 * HOUR)
    assert [value for *_, value in held["states"]] == expected.values.tolist()
    counts = await query.get("/series", agg="count,last", bucket="30d", **asked)
    assert counts["tier"] == "1h"
    assert sum(count for _, count, _ in counts["points"]) == sum(at < T + 3 * HOUR for at in words())
    auto = await query.get("/series", points=500, **asked)
    assert (auto["agg"], auto["tier"]) == ("last", "1h")


def arrays(values: dict[int, Value]) -> tuple[np.ndarray, np.ndarray]:
    found = np.empty(len(values), np.object_)
    found[:] = list(values.values())
    return np.array(list(values), np.int64), found
