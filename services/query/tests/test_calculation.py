"""Calculated sensors by a process that reads a real stream and a real InfluxDB, late data and restarts included."""

from collections.abc import AsyncIterator
from time import time_ns

import msgspec
import pytest

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.history import samples
from andon.common.history.history import History
from andon.common.history.span import Span
from andon.common.influx import Influx
from andon.common.plant import Asset
from andon.common.reading import Reading
from andon.common.testing.fixtures import InfluxForTest
from andon.common.testing.machines import store
from andon.common.testing.waiting import STATE_SECONDS, all_acknowledged, eventually
from andon.common.wire import Batch, decode_batch, encode_batch
from andon.query.derive.anew import Wanted, decode_answer
from andon.query.derive.calculate.pending import Entry, Pending
from andon.query.derive.calculate.slips import Mark
from andon.query.derive.stores import last_batch

from .calculating import (
    HOUR,
    LINE,
    METER,
    NOW,
    OTHER,
    ROBOT,
    CalculatingForTest,
    S,
    calculating,
    clean_up,
    doubted,
    machine,
    said,
)
from .conftest import put_assets


@pytest.fixture
async def clean(bus: Bus) -> None:
    """Nothing is left of the story before."""
    await clean_up(bus)


@pytest.fixture
async def process(bus: Bus, influx: Influx, clean: None) -> AsyncIterator[CalculatingForTest]:
    """Two robots that calculate their power, and a meter of the line."""
    async with calculating(bus, influx, ROBOT, OTHER, METER) as found:
        yield found


async def test_power_follows_torque_and_speed_live_and_in_history(process: CalculatingForTest) -> None:
    heard: list[Batch] = []
    sub = await process.bus.nc.subscribe(subjects.TELEMETRY_ALL)
    await process.say(said(0, torque=191.0, speed=100.0))
    await process.say(said(1, speed=200.0), said(2, torque=95.5))

    async def hears() -> bool:
        heard.append(decode_batch((await sub.next_msg(timeout=STATE_SECONDS)).data))
        return sum(len(b.readings) for b in heard if b.notes) >= 3

    await eventually(hears, what="power is published")
    made = [b for b in heard if b.notes]
    assert [r.values for b in made for r in b.readings] == [{"power": 2.0}, {"power": 4.0}, {"power": 2.0}]
    for batch in made:  # no messages of the robot's device
        assert batch.notes["r1"].extra == -len(batch.readings)
    await process.comes(ROBOT, "power", {0.0: 2.0, 1.0: 4.0, 2.0: 2.0})


async def test_late_torque_changes_what_was_calculated_after_it(process: CalculatingForTest) -> None:
    await process.say(said(-3600, torque=9550.0, speed=1.0))
    await process.say(*(said(n, speed=2.0) for n in range(-3000, -2990)))
    await process.say(*(said(n, speed=3.0, torque=9550.0) for n in range(-60, 0)))
    early = {-3600.0: 1.0, **{float(n): 2.0 for n in range(-3000, -2990)}}
    recent = {float(n): 3.0 for n in range(-60, 0)}
    await process.comes(ROBOT, "power", early | recent)
    await process.say(said(-2995.5, torque=19100.0))
    early |= {n: 4.0 for n in early if n > -2996} | {-2995.5: 4.0}
    await process.comes(ROBOT, "power", early | recent)
    await process.say(said(-2995.5, torque=28650.0))  # and a correction
    early |= {n: 6.0 for n in early if n > -2996}
    await process.comes(ROBOT, "power", early | recent)


async def is_good(process: CalculatingForTest, asset: Asset, key: str) -> dict[float, bool]:
    """Which samples that InfluxDB has are good, by seconds from NOW."""
    found = await samples.read(History(process.influx), asset, key, Span(NOW - 2 * HOUR, NOW + HOUR))
    return dict(zip(((found.times - NOW) / S).tolist(), found.good.tolist(), strict=True))


async def test_what_follows_no_longer_is_bad_and_so_is_what_follows_from_it(
    bus: Bus, influx: Influx, clean: None
) -> None:
    times = [*range(-3600, -3595), *range(-3, 1)]
    power = {float(n): 1.0 for n in times}
    async with calculating(bus, influx, ROBOT, METER) as process:
        for n in times:
            await process.say(said(n, torque=9550.0, speed=1.0))
        await process.comes(ROBOT, "power", power)
        await process.comes(METER, "cost", dict.fromkeys(power, 0.3))
        gone = {-3598.0, -1.0}  # one in history, one in memory

        async def taken_back() -> bool:
            for asset, key in ((ROBOT, "power"), (METER, "total"), (METER, "cost")):
                assert await is_good(process, asset, key) == {n: n not in gone for n in power}, key
            return True

        for n in sorted(gone):
            await process.say(Reading("r1", NOW + round(n) * S, {"torque": 9550.0}, {"torque": "bad"}))
        await eventually(taken_back, what="what followed is taken back")
    async with calculating(bus, influx, ROBOT, METER) as process:
        await process.say(Reading("r1", NOW, {"speed": 1.0}, {"speed": "bad"}))  # of a time a process before had
        gone.add(0.0)
        await eventually(taken_back, what="what the process before had said is taken back")
        await process.comes(ROBOT, "power", power)  # as it was, but bad


async def test_a_restart_misses_nothing_and_knows_what_was_held(bus: Bus, influx: Influx, clean: None) -> None:
    async with calculating(bus, influx, ROBOT) as process:
        await process.say(said(0, torque=9550.0))
        await process.say(said(1, speed=1.0))
        await process.comes(ROBOT, "power", {1.0: 1.0})
    for second in range(2, 40):  # nobody calculates
        data = encode_batch(Batch(time_ns(), [said(second, speed=float(second))]))
        await bus.js.publish(subjects.telemetry(0), data)
    async with calculating(bus, influx, ROBOT) as process:
        await process.say(said(40, speed=40.0))
        await process.comes(ROBOT, "power", {float(n): float(n) for n in range(1, 41)})
        assert await eventually(lambda: all_acknowledged(bus, subjects.CALCULATE_DURABLE))


async def test_it_is_killed_again_and_again_and_nothing_is_missing(bus: Bus, influx: Influx, clean: None) -> None:
    expected = {}
    for life in range(4):
        async with calculating(bus, influx, ROBOT, OTHER, METER) as process:
            for n in range(life * 10, life * 10 + 10):
                await process.say(said(n, torque=9550.0, speed=float(n)), said(n, OTHER, torque=9550.0, speed=1.0))
                expected[float(n)] = n + 1.0
    async with calculating(bus, influx, ROBOT, OTHER, METER) as process:
        await process.comes(METER, "total", expected)
        await process.comes(METER, "cost", {n: total * 0.3 for n, total in expected.items()})


async def test_the_stream_lost_what_nobody_had_read(bus: Bus, influx: Influx, clean: None) -> None:
    now = (time_ns() - NOW) // S
    async with calculating(bus, influx, ROBOT) as process:
        await process.say(said(now - 30, torque=9550.0, speed=1.0))
        await process.comes(ROBOT, "power", {now - 30.0: 1.0})
        await process.calculation._acknowledge()
        await process.calculation._mark()
    late = [said(now - n, speed=2.0) for n in range(20, 10, -1)]
    await store(influx, ROBOT, *late)
    number = 0
    for reading in late:
        number = (await bus.js.publish(subjects.telemetry(0), encode_batch(Batch(reading.time, [reading])))).seq
    await bus.js.purge_stream(subjects.TELEMETRY, seq=number)
    async with calculating(bus, influx, ROBOT) as process:
        await process.say(said(now, speed=3.0))
        expected = {now - 30.0: 1.0, **{now - float(n): 2.0 for n in range(11, 21)}, float(now): 3.0}
        await process.comes(ROBOT, "power", expected)


async def test_what_stands_behind_a_hole_is_acknowledged_once_it_is_calculated(
    bus: Bus, influx: Influx, clean: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with calculating(bus, influx, ROBOT) as process:
        await process.say(said(0, torque=9550.0, speed=1.0))
        await process.comes(ROBOT, "power", {0.0: 1.0})
        assert await eventually(lambda: all_acknowledged(bus, subjects.CALCULATE_DURABLE))
        calculation, acknowledged, miss = process.calculation, list[bool](), process.calculation._miss

        async def slowly(start: int, end: int) -> None:
            await calculation._acknowledge()
            acknowledged.append(calculation._place.sequence >= number and not calculation._unacknowledged)
            await miss(start, end)

        monkeypatch.setattr(calculation, "_miss", slowly)
        calculation._place, number = Mark(1, calculation._place.arrived), await last_batch(bus) + 1
        await process.say(said(1, speed=2.0))
        await process.comes(ROBOT, "power", {0.0: 1.0, 1.0: 2.0})
        assert acknowledged == [False]


async def test_a_sum_over_the_line_and_what_follows_from_it(process: CalculatingForTest) -> None:
    for second in range(5):
        await process.say(said(second + 0.2, torque=9550.0, speed=2.0))
        await process.say(said(second + 0.4, OTHER, torque=9550.0, speed=1.0 + second))
    total = {second + 1.0: 3.0 + second for second in range(5)}
    await process.comes(METER, "total", total)
    await process.comes(METER, "cost", {second: value * 0.3 for second, value in total.items()})
    await process.say(said(-7000, torque=9550.0, speed=5.0), said(-6990, OTHER, torque=9550.0, speed=1.0))
    await process.comes(METER, "cost", {-7000.0: 1.5, -6990.0: 1.8, **{s: v * 0.3 for s, v in total.items()}})


async def test_a_new_expression_is_calculated_for_the_last_day(bus: Bus, influx: Influx, clean: None) -> None:
    plain = machine("r1", "torque", "speed")
    hours = [said(-n * 3600, torque=9550.0, speed=float(n)) for n in range(30, 0, -1)]
    async with calculating(bus, influx, plain) as process:
        await process.say(*hours)
        assert await eventually(lambda: all_acknowledged(bus, subjects.STORE_DURABLE))
        await put_assets(bus, ROBOT)
        expected = {-n * 3600.0: float(n) for n in range(1, 24)}
        await process.comes(ROBOT, "power", expected, start=-40 * 3600)
        twice = machine("r1", "torque", "speed", power="2 * torque * speed / 9550")
        await put_assets(bus, twice)
        await process.comes(twice, "power", {n: 2 * value for n, value in expected.items()}, start=-40 * 3600)

        wanted = Wanted(LINE, NOW - 100 * HOUR, NOW)
        answer = await bus.nc.request(subjects.RECALCULATE, msgspec.json.encode(wanted), timeout=STATE_SECONDS)
        assert decode_answer(answer.data).count == 1
        await process.comes(twice, "power", {-n * 3600.0: 2.0 * n for n in range(1, 31)}, start=-40 * 3600)
        pending = process.calculation.pending
        assert await eventually(lambda: not pending.entries["r1", "power"].ranges)
        again = Pending(bus)
        await again.load()  # and so would the next process know
        assert again.entries == {("r1", "power"): Entry("2 * torque * speed / 9550")}


SAYING = machine("r1", "torque", "state:string", "moving:bool")
LOADED = machine(
    "r1",
    *("torque", "state:string", "moving:bool"),
    **{"load": 'torque if state == "RUN" and moving else -1', "is_high:bool": "load > 5"},
)
SAID: list[tuple[Reading, tuple[float, bool, bool] | None]] = [
    # what the robot says; the load that follows, whether that is good, and whether it is high; None: nothing follows
    (said(0, torque=1.0, state="RUN", moving=True), (1.0, True, False)),
    (said(1, torque=2.0), (2.0, True, False)),
    (said(2, state="STOP"), (-1.0, True, False)),
    (said(3, state="RUN", torque=9.0), (9.0, True, True)),
    (doubted(4, "bad", torque=7.0), None),
    (said(5, moving=True), None),
    (doubted(6, "uncertain", torque=8.0), (8.0, False, True)),
    (said(7, moving=False), (-1.0, False, False)),
    (said(8, moving=True), (8.0, False, True)),
]


async def test_texts_switches_and_doubts_count_over_history_as_they_do_live(
    bus: Bus, influx: Influx, clean: None
) -> None:
    rows = [(reading.time, *follows) for reading, follows in SAID if follows]
    times, loads, goods, highs = (list(column) for column in zip(*rows, strict=True))
    async with calculating(bus, influx, SAYING) as process:
        for reading, _ in SAID:
            await process.say(reading)
        assert await eventually(lambda: all_acknowledged(bus, subjects.STORE_DURABLE))
        await put_assets(bus, LOADED)

        async def follows() -> bool:
            load, is_high = await process.history(LOADED, "load"), await process.history(LOADED, "is_high")
            assert (load.times.tolist(), load.values.tolist(), load.good.tolist()) == (times, loads, goods)
            assert is_high.values.tolist() == highs
            return True

        await eventually(follows, what="the load follows, and from it whether it is high")


async def test_what_follows_from_history_that_was_brought_along_calls_nobody(process: CalculatingForTest) -> None:
    sub = await process.bus.nc.subscribe(subjects.TELEMETRY_ALL)
    brought = Batch(time_ns(), [said(n - 3000, torque=9550.0, speed=float(n)) for n in range(5)], past=True)
    await process.bus.js.publish(subjects.telemetry(0), encode_batch(brought))
    await process.say(said(0, torque=9550.0, speed=7.0))
    await process.comes(ROBOT, "power", {**{n - 3000.0: float(n) for n in range(5)}, 0.0: 7.0})
    batches = [decode_batch(message.data) for message in [await sub.next_msg() for _ in range(sub.pending_msgs)]]
    powers = [((r.time - NOW) // S, b.past) for b in batches for r in b.readings if b.calculated and r.asset == "r1"]
    assert {at for at, past in powers if not past} == {0}  # a repair may bring that one again, as history
    assert {at for at, _ in powers} == {*range(-3000, -2995), 0}


async def test_while_influxdb_is_away_live_goes_on_and_what_is_late_waits(
    process: CalculatingForTest, influxdb: InfluxForTest
) -> None:
    await process.say(said(0, torque=9550.0, speed=1.0))
    await process.comes(ROBOT, "power", {0.0: 1.0})
    assert await eventually(lambda: not process.calculation.calculator.unseeded)
    sub = await process.bus.nc.subscribe(subjects.TELEMETRY_ALL)
    influxdb.process.stop()
    late = await process.say(said(-600, torque=9550.0, speed=7.0))
    await process.say(said(1, speed=2.0))

    async def follows() -> bool:
        batch = decode_batch((await sub.next_msg(timeout=STATE_SECONDS)).data)
        return Reading("r1", NOW + S, {"power": 2.0}) in batch.readings

    await eventually(follows, what="power follows live")
    info = await process.bus.js.consumer_info(subjects.TELEMETRY, subjects.CALCULATE_DURABLE)
    assert info.ack_floor is None or info.ack_floor.stream_seq < late
    influxdb.process.start()
    await process.comes(ROBOT, "power", {-600.0: 7.0, 0.0: 1.0, 1.0: 2.0})
    assert await eventually(lambda: all_acknowledged(process.bus, subjects.CALCULATE_DURABLE))
    assert process.calculation.check() == ""
