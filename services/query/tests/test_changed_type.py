"""A machine whose type changes keeps its history, in each InfluxDB: measurements are types, and it is one machine."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from andon.common.bus import Bus
from andon.common.history import samples
from andon.common.history.columns import CutShortError
from andon.common.history.history import History
from andon.common.history.joining import there
from andon.common.history.span import Span
from andon.common.history.stored import stored
from andon.common.history.tier import RAW, Tier
from andon.common.influx import Influx, join_lines, line, line_prefix
from andon.common.plant import Asset, Earlier, Plant, Sensor
from andon.common.reading import Reading, Value
from andon.common.testing.waiting import eventually
from andon.query.derive.calculate import inputs
from andon.query.derive.rollup import Rollup
from andon.query.export import slices
from andon.query.export.order import Column, Order
from andon.query.tiers import runs, tiers
from andon.query.tiers.coverage import Coverage
from andon.query.tiers.held import held_at
from andon.query.tiers.read import read_windows
from andon.query.tiers.sums import read_sums
from andon.query.tiers.tiers import HOURS, MINUTES

from .conftest import MS, NOW, PRESS, QueryForTest, S, put_assets, running
from .test_every_influxdb import query

__all__ = ["query"]
HOUR = 3600 * S
START = NOW // HOUR * HOUR - 5 * HOUR
"""In the midst of the first hour it becomes a bench, in the midst of the third a press again."""
SPAN = Span(START, START + 4 * HOUR)
CHANGED, BACK = START + HOUR // 2 + 20 * S, START + 2 * HOUR + HOUR // 2
NAME = f"{PRESS.path}/temperature"
BENCH = replace(PRESS, type="bench", earlier=(Earlier("press", CHANGED),))
AGAIN = replace(PRESS, earlier=(Earlier("bench", BACK),))


async def say(influx: Influx, machine: Asset, arrived: int, *readings: Reading) -> None:
    """As the store writes what arrives at some time, each not before it was measured."""
    prefix = line_prefix(machine)
    lines = (line(prefix, reading, max(arrived, reading.time)) for reading in readings)
    assert (await influx.write(join_lines(lines))).stored


def readings(start: int, end: int, value: float) -> list[Reading]:
    return [Reading("p1", at, {"temperature": value, "state": "RUN"}) for at in range(start, end, 20 * S)]


async def live(influx: Influx) -> None:
    """As they come: a press, a bench, a press."""
    for machine, start, end, value in (
        (PRESS, START, CHANGED, 1.0),
        (BENCH, CHANGED, BACK, 2.0),
        (AGAIN, BACK, SPAN.end, 3.0),
    ):
        await say(influx, machine, 0, *readings(start, end, value))


async def rows_in(influx: Influx, tier: Tier) -> int:
    """Rows of the sensor in all measurements."""
    asked = "SELECT temperature__count FROM press, bench"
    (found,) = await influx.query(asked, database=tier.database(influx.settings.database))
    return sum(len(series.rows) for series in found)


@pytest.fixture
async def influx_of(query: QueryForTest) -> Influx:
    influx: Influx = query.state.keeper.influx
    return influx


async def test_samples_of_all_types_are_one_history_and_corrections_hold(influx_of: Influx) -> None:
    influx, history = influx_of, History(influx_of)
    await live(influx)
    at, corrected = START + 60 * S, START + 80 * S
    doubtful = Reading("p1", at, {"temperature": -1.0, "state": "STOP"}, {"temperature": "bad", "state": "bad"})
    await say(influx, PRESS, at + 60 * S, doubtful)
    good = Reading("p1", at, {"temperature": 10.0, "state": "IDLE"}, {"temperature": "good", "state": "good"})
    await say(influx, BENCH, CHANGED + HOUR, good, Reading("p1", corrected, {"temperature": 11.0}))
    await expect(history, BENCH, BACK, [1, 1, 1, 10, 11])
    await expect(history, AGAIN, SPAN.end, [1, 1, 1, 10, 11])
    await say(influx, AGAIN, SPAN.end, Reading("p1", corrected, {"temperature": 12.0}))
    await expect(history, AGAIN, SPAN.end, [1, 1, 1, 10, 12])
    assert await held_at(history, AGAIN, "temperature", BACK) == 2
    assert await inputs_of(history, SPAN) == 720


async def expect(history: History, machine: Asset, end: int, first: list[float]) -> None:
    """All times are there once, and nothing is in doubt, however it is asked for."""
    span = Span(START, end)
    found = await samples.read(history, machine, "temperature", span)
    assert found.times.tolist() == list(range(START, end, 20 * S))
    assert found.good.all()
    assert found.values[:5].tolist() == first
    assert await held_at(history, machine, "temperature", START + 80 * S + 1) == first[-1]
    some = await samples.read(history, machine, "temperature", span, most=95)
    assert some.times.tolist() == found.times[:95].tolist()
    fields = await samples.read_fields(history, [machine], ["temperature", "state"], span, most=9_999)
    temperature, state = (fields.by_asset["p1"][key] for key in ("temperature", "state"))
    assert temperature.values.tolist() == found.values.tolist()
    assert (state.values[3], state.good.all()) == ("IDLE", True)


async def inputs_of(history: History, span: Span) -> int:
    """What a calculated sensor reads over history."""
    plant, name = Plant(), ("p1", "temperature")
    plant.put(AGAIN)
    said = await inputs.said(history, plant, [name], span)
    assert there(said[name].values).all()
    newest = await inputs.newest(history, plant, [name], Span(START, START + 90 * S))
    assert newest == {name: (START + 80 * S, 12.0, "")}
    assert await inputs.next_after(history, plant, name, Span(CHANGED + 1, SPAN.end)) == CHANGED + 20 * S
    return len(said[name].times)


async def test_a_window_made_again_lies_where_it_lay_and_counts_once(influx_of: Influx) -> None:
    influx, history = influx_of, History(influx_of)
    rollup = Rollup(history, influx, lambda _: 0)
    await live(influx)
    await rollup.minutes([PRESS], Span(START, CHANGED // MINUTES.width * MINUTES.width))
    await rollup.hours([PRESS], Span(START, START + HOUR))
    for machine in (BENCH, AGAIN):
        for _ in range(2):
            await rollup.minutes([machine], SPAN)
            await rollup.hours([machine], SPAN)
            assert (await rows_in(influx, MINUTES), await rows_in(influx, HOURS)) == (240, 4)
    await say(influx, AGAIN, SPAN.end, Reading("p1", START + 1, {"temperature": 50.0, "state": "STOP"}))
    await rollup.minutes([AGAIN], Span(START, START + HOUR))
    for tier in (MINUTES, HOURS):
        assert await rows_in(influx, tier) == SPAN.end // tier.width - START // tier.width
        made = await read_windows(history, tier, AGAIN, "temperature", SPAN)
        assert (made.count.sum(), made.max[0], made.min.max()) == (721, 50, 3)
        assert len(made) == await rows_in(influx, tier)
    sums = await read_sums(history, MINUTES, AGAIN, "temperature", SPAN, width=HOUR)
    assert sorted({start // HOUR * HOUR for start in sums.start.tolist()}) == [START + n * HOUR for n in range(4)]
    assert (sums.count.sum(), sums.sum.sum()) == (721, 50 + 91 * 1 + 359 * 2 + 270 * 3)


async def test_rows_of_one_window_under_two_types_count_once(influx_of: Influx) -> None:
    """As they lie where the type changed before it was kept what it had been."""
    influx, history = influx_of, History(influx_of)
    rollup, unknowing = Rollup(history, influx, lambda _: 0), replace(BENCH, earlier=())
    hour = Span(START, START + HOUR)
    await say(influx, PRESS, 0, *readings(hour.start, hour.end, 1.0))
    await rollup.minutes([PRESS], hour)
    await say(influx, unknowing, 0, *readings(hour.start + S, hour.end, 2.0))
    await rollup.minutes([unknowing], hour)
    await rollup.minutes([BENCH], hour)
    for tier in (MINUTES, HOURS):
        made = await read_windows(history, tier, BENCH, "temperature", hour)
        sums = await read_sums(history, tier, BENCH, "temperature", hour, width=HOUR)
        assert (made.count.sum(), sums.count.sum(), sums.sum.sum()) == (360, 360, 180 * 1 + 180 * 2), tier.name


async def test_what_fits_no_more_hides_nothing_of_what_fits(influx_of: Influx, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a press its load was a text, said each second; its temperature came each minute."""
    monkeypatch.setattr(slices, "ROWS", 100)
    monkeypatch.setattr(slices, "MOST", 200)
    history, load = History(influx_of), Sensor("load", f"{PRESS.path}/load")
    bench = replace(BENCH, sensors=(PRESS.sensors[0], load))
    await say(influx_of, PRESS, 0, *(Reading("p1", START + n * S, {"load": "much"}) for n in range(600)))
    await say(influx_of, PRESS, 0, *(Reading("p1", START + n * 60 * S + 1, {"temperature": 1.0}) for n in range(10)))
    await say(
        influx_of, bench, 0, *(Reading("p1", CHANGED + n * S, {"temperature": 2.0, "load": 3.0}) for n in range(5))
    )
    columns = tuple(Column(bench, sensor) for sensor in bench.sensors)
    order = Order(columns, SPAN, "csv", "wide", ZoneInfo("UTC"), None, "x")
    found = [one async for one in slices.slices(history, Coverage(), order)]
    assert [sum(len(one.parts[n]) for one in found) for n in range(2)] == [15, 5]
    with pytest.raises(CutShortError):
        await samples.read_fields(history, [bench], ["temperature", "load"], SPAN, most=100)
    whole = await samples.read_fields(history, [bench], ["temperature", "load"], SPAN, most=1_000)
    assert [len(whole.by_asset["p1"][key]) for key in ("temperature", "load")] == [15, 5]


async def test_a_state_that_was_a_number_is_told_by_its_rows(influx_of: Influx) -> None:
    """For samples may be gone."""
    history, rollup = History(influx_of), Rollup(History(influx_of), influx_of, lambda _: 0)
    oven = replace(PRESS, type="oven", sensors=(Sensor("state", f"{PRESS.path}/state"),))
    press = replace(PRESS, earlier=(Earlier("oven", CHANGED),))
    hour = Span(START, START + HOUR)
    await say(influx_of, oven, 0, *(Reading("p1", at, {"state": 1.0}) for at in range(START, CHANGED, 20 * S)))
    await rollup.minutes([oven], hour)
    await say(influx_of, press, 0, *readings(CHANGED, START + HOUR, 2.0))
    await rollup.minutes([press], hour)
    for tier in (MINUTES, HOURS):
        fields = [tiers.field("state", name) for name in ("count", "runs")]
        rows = (await stored(history, [press], fields, hour, tier=tier))["p1"]
        told = runs.of_rows(rows, "state")
        assert (told.whole, set(told.values), told.times[0]) == (True, {"RUN"}, CHANGED), tier.name


async def test_whoever_asks_sees_all_of_it(
    query: QueryForTest,
    influx_of: Influx,
    bus: Bus,
) -> None:
    await live(influx_of)
    rollup = Rollup(History(influx_of), influx_of, lambda _: 0)
    await rollup.minutes([PRESS], SPAN)
    await put_assets(bus, AGAIN)
    await eventually(lambda: query.hall.plant.find("p1") == AGAIN, what="the plant is known")
    span = {"from": START // MS, "to": SPAN.end // MS}
    expected: dict[int, Value] = {}
    for start, end, value in ((START, CHANGED, 1.0), (CHANGED, BACK, 2.0), (BACK, SPAN.end, 3.0)):
        expected |= {one.time // MS: value for one in readings(start, end, value)}

    async def points(**params: Any) -> dict[int, Value]:
        return dict((await query.get("/series", **{"sensor": NAME, "points": 5_000, **span, **params}))["points"])

    assert await points(agg="raw") == expected
    hours = await points(bucket="1h", agg="count")
    assert list(hours.values()) == [180] * 4
    stats = await query.get("/stats", sensor=NAME, **span)
    assert (stats["count"], stats["min"], stats["max"]) == (720, 1, 3)
    (state,) = (await query.get("/durations", sensor=f"{PRESS.path}/state", **span))["items"]
    assert (state["value"], state["seconds"]) == ("RUN", 4 * 3600)
    assert len(await points(sensor=f"{PRESS.path}/state", agg="raw")) == 720
    for layout in ("long", "wide"):
        answer = await query.http.get(
            "/api/query/v1/export",
            params={"sensor": NAME, "format": "csv", "layout": layout, **span},
            headers=query.bearer(),
        )
        assert len(answer.text.splitlines()) == 1 + 720, layout


async def test_the_newest_value_comes_back_after_a_restart_wherever_it_lies(
    query: QueryForTest,
    influx_of: Influx,
    bus: Bus,
) -> None:
    await say(influx_of, BENCH, 0, Reading("p1", NOW + 600 * S, {"temperature": 7.0}))
    await say(influx_of, BENCH, NOW + 1300 * S, Reading("p1", NOW + 601 * S, {"running": False}))
    await say(influx_of, AGAIN, NOW + 1200 * S, Reading("p1", NOW + 601 * S, {"running": True}))
    await put_assets(bus, AGAIN)
    async with running() as restarted:

        async def newest() -> dict[str, Value]:
            return {one["sensor"]: one["value"] for one in (await restarted.get("/latest", under=PRESS.path))["items"]}

        expected = {NAME: 7, f"{PRESS.path}/running": False, f"{PRESS.path}/state": "RUN"}
        await eventually(lambda: same(newest, expected), what="the newest of all its measurements")


async def test_the_newest_value_goes_where_it_fits_no_more(query: QueryForTest, bus: Bus) -> None:
    async def newest() -> dict[str, Value]:
        return {one["sensor"]: one["value"] for one in (await query.get("/latest", under=PRESS.path))["items"]}

    state = Sensor("state", f"{PRESS.path}/state")
    await eventually(lambda: holds(newest, f"{PRESS.path}/state", "RUN"), what="it is recalled")
    await put_assets(bus, replace(BENCH, sensors=(PRESS.sensors[0], state)))
    await eventually(lambda: same(newest, {NAME: 9}), what="a number is no text")
    await put_assets(bus, AGAIN)
    await eventually(lambda: holds(newest, f"{PRESS.path}/state", "RUN"), what="it is one again")


async def holds(asked: Any, name: str, value: Value) -> bool:
    return bool((await asked()).get(name) == value)


async def same(asked: Any, expected: Any) -> bool:
    return bool(await asked() == expected)


async def test_a_machine_that_never_changed_is_asked_for_once(
    influx_of: Influx, monkeypatch: pytest.MonkeyPatch
) -> None:
    history, asked = History(influx_of), list[str]()
    real = history.columns

    async def columns(statement: str, tier: Tier = RAW) -> Any:
        asked.append(statement)
        return await real(statement, tier)

    monkeypatch.setattr(history, "columns", columns)
    await read_windows(history, MINUTES, PRESS, "temperature", SPAN)
    assert len(asked) == 1
    await read_windows(history, MINUTES, AGAIN, "temperature", Span(BACK + 2 * HOUR, BACK + 3 * HOUR))
    assert len(asked) == 2, "nor one that did, for what came after"
    await read_windows(history, MINUTES, AGAIN, "temperature", SPAN)
    assert len(asked) == 4
