"""What cannot be read in the bucket of the derive process keeps nobody from going on: it is made anew, all of it."""

import asyncio
from contextlib import suppress

import pytest
from nats.errors import NoRespondersError

from andon.common import jobs, subjects
from andon.common.bus import Bus
from andon.common.expression import formulas
from andon.common.influx import Influx
from andon.common.testing.machines import store
from andon.common.testing.waiting import STATE_SECONDS, eventually
from andon.query.derive.anew import decode_answer
from andon.query.derive.calculate.pending import BY_ITSELF, Entry, Pending
from andon.query.derive.rebuild import Rebuild
from andon.query.tiers.coverage import Coverage

from .calculating import ROBOT as CALCULATING
from .calculating import calculating, said
from .calculating import clean_up as forget_all
from .conftest import PRESS, ROBOT
from .deriving import HOUR, LONG_AGO, clean_up, deriving, some

NAME = ("r1", "power")
DAMAGED = pytest.mark.parametrize("damaged", [b"", b"\x00\x01", b'{"sequence":"\xff"}', b"7"])


async def put(bus: Bus, key: str, value: bytes) -> None:
    await (await bus.bucket(subjects.DERIVE_BUCKET)).put(key, value)


@pytest.fixture
async def rolled_up(bus: Bus, influx: Influx, plant: None) -> None:
    """A press and a robot of which all is rolled up."""
    await clean_up(bus)
    await store(influx, PRESS, *some("p1", LONG_AGO, 60))
    await store(influx, ROBOT, *some("r3", LONG_AGO, 60))
    async with deriving(bus, influx) as derive:
        await derive.work()


@DAMAGED
async def test_without_progress_all_is_rolled_up_anew(
    bus: Bus, influx: Influx, rolled_up: None, damaged: bytes
) -> None:
    await put(bus, subjects.PROGRESS_KEY, damaged)
    async with deriving(bus, influx) as derive:
        assert set(derive.rounds.backlog.pending) == {"p1", "r3"}
        assert derive.rounds.progress.hours > LONG_AGO
        await derive.work()
        await derive.expect(PRESS, LONG_AGO, LONG_AGO + HOUR)
    async with deriving(bus, influx) as derive:
        assert not derive.rounds.backlog.pending, "the next process can read it"


@DAMAGED
async def test_a_machine_whose_ranges_cannot_be_read_is_rolled_up_anew_as_a_whole(
    bus: Bus, influx: Influx, rolled_up: None, damaged: bytes
) -> None:
    for asset in ("p1", "no-longer-there"):
        await put(bus, subjects.pending_key(asset), damaged)
    async with deriving(bus, influx) as derive:
        ((start, end),) = derive.rounds.backlog.pending.pop("p1")
        assert start == LONG_AGO
        assert end > LONG_AGO + 50 * HOUR
        assert not derive.rounds.backlog.pending
    coverage = Coverage()
    following = asyncio.create_task(coverage.follow(bus))
    await eventually(lambda: coverage.pending, what="whoever asks is told")
    assert coverage.pending == {"p1": [(start, end)]}
    await jobs.end(following)


async def test_ranges_that_are_none_are_not_ranges(bus: Bus, influx: Influx, rolled_up: None) -> None:
    await put(bus, subjects.pending_key("p1"), b"[]")
    await put(bus, subjects.pending_key("r3"), b"[[7200000000000,3600000000000]]")
    async with deriving(bus, influx) as derive:
        assert {found[0][0] for found in derive.rounds.backlog.pending.values()} == {LONG_AGO}
        await derive.work()


async def test_an_order_that_cannot_be_read_is_dropped(bus: Bus, influx: Influx, rolled_up: None) -> None:
    for number, damaged in enumerate((b"", b'{"under":"\xff","start":1,"end":2}', b'{"under":"berlin"}')):
        await put(bus, subjects.order_key(subjects.REBUILD, number), damaged)
    async with deriving(bus, influx) as derive:
        hearing = asyncio.create_task(Rebuild(bus, derive.rounds.follower, derive.rounds.backlog).hear())

        async def is_answered() -> bool:
            with suppress(NoRespondersError):
                wrong = await bus.nc.request(
                    subjects.REBUILD, b'{"under":"\xff","start":1,"end":2}', timeout=STATE_SECONDS
                )
                return "utf-8" in decode_answer(wrong.data).trouble
            return False

        await eventually(is_answered, what="it hears, and says what is wrong with an order")
        keys = await (await bus.bucket(subjects.DERIVE_BUCKET)).keys()
        assert not [key for key in keys if subjects.is_order(key, subjects.REBUILD)]
        await jobs.end(hearing)


@pytest.mark.parametrize("damaged", [b"", b'{"expression":"\xff"}', b'{"ranges":[]}'])
async def test_a_formula_whose_ranges_cannot_be_read_is_taken_up_like_a_new_one(bus: Bus, damaged: bytes) -> None:
    await forget_all(bus)
    await put(bus, subjects.calculated_key("r1", "power"), damaged)
    await put(bus, subjects.calculated_key("no-longer", "there"), damaged)
    pending, now = Pending(bus), 10 * BY_ITSELF
    await pending.load()
    await pending.meet(formulas([CALCULATING])[0], now)
    expected = {NAME: Entry(CALCULATING.sensors[2].expression, [(now - BY_ITSELF, now)])}
    assert pending.entries == expected
    again = Pending(bus)
    await again.load()
    assert again.entries == expected


@DAMAGED
async def test_where_it_cannot_be_read_how_far_is_calculated_the_last_day_is_calculated_anew(
    bus: Bus, influx: Influx, damaged: bytes
) -> None:
    await forget_all(bus)
    async with calculating(bus, influx, CALCULATING) as process:
        await process.say(said(0, torque=9550.0, speed=1.0))
        await process.comes(CALCULATING, "power", {0.0: 1.0})
        repair = process.calculation._repair
        await eventually(lambda: not repair.has_more, what="nothing is pending")
    await put(bus, subjects.CALCULATED_KEY, damaged)
    await store(influx, CALCULATING, said(-600, torque=9550.0, speed=7.0))
    async with calculating(bus, influx, CALCULATING) as process:
        await process.say(said(1, speed=2.0))
        await process.comes(CALCULATING, "power", {-600.0: 7.0, 0.0: 1.0, 1.0: 2.0})
