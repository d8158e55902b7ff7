"""Anew: what somebody asks to have made again is kept before it is answered, however much it names."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import msgspec
from nats.errors import NoRespondersError
from nats.js.errors import NoKeysError

from andon.common import jobs, subjects
from andon.common.bus import Bus
from andon.common.following import PlantFollower
from andon.common.history.history import History
from andon.common.influx import Influx
from andon.common.testing.machines import a_machine
from andon.common.testing.waiting import eventually
from andon.query.derive.anew import ASK_SECONDS, MOST_ORDERS, Answer, Wanted, decode_answer
from andon.query.derive.backlog import Backlog
from andon.query.derive.rebuild import Rebuild
from andon.query.derive.rollup import Rollup

from .conftest import QueryForTest
from .deriving import HOUR, LONG_AGO, clean_up

MANY = 10_001
WANTED = msgspec.json.encode(Wanted("berlin", LONG_AGO, LONG_AGO + HOUR))


@asynccontextmanager
async def rebuilding(bus: Bus, influx: Influx, machines: int) -> AsyncIterator[Backlog]:
    """The part of the derive process that takes orders, in a plant of so many machines."""
    follower = PlantFollower(bus)
    for number in range(machines):
        follower.plant.put(a_machine(f"berlin/body/line-1/press-{number}", id=f"m{number}"))
    rollup = Rollup(History(influx), influx, lambda _: 0, made=set())
    backlog = Backlog(bus, follower, rollup, asyncio.Lock())
    await backlog.load()
    hearing = asyncio.create_task(Rebuild(bus, follower, backlog).hear())
    try:
        yield backlog
        assert not hearing.done(), hearing.exception()
    finally:
        await jobs.end(hearing)


async def ordered(bus: Bus) -> list[str]:
    """Keys of the orders that are kept."""
    bucket = await bus.bucket(subjects.DERIVE_BUCKET)
    with suppress(NoKeysError):
        return [key for key in await bucket.keys() if subjects.is_order(key, subjects.REBUILD)]
    return []


async def order(bus: Bus) -> Answer | None:
    with suppress(NoRespondersError):
        return decode_answer((await bus.nc.request(subjects.REBUILD, WANTED, timeout=ASK_SECONDS)).data)
    return None


async def test_an_order_for_ten_thousand_machines_is_kept_before_one_is_entered_and_outlives_a_kill(
    bus: Bus, influx: Influx, query: QueryForTest
) -> None:
    await clean_up(bus)

    async def told() -> dict[str, Any]:
        return dict(await query.get("/rollups"))

    async def is_ordered(number: int) -> bool:
        return (await told())["ordered"] == number

    async with rebuilding(bus, influx, MANY) as backlog:
        async with backlog.turn:  # a step is under way, and takes its time
            answer = await eventually(lambda: order(bus), what="it hears")
            assert (answer.count, answer.trouble) == (MANY, "")
            assert not backlog.pending
            await eventually(lambda: is_ordered(1), what="who asks is told of the order")
        await eventually(lambda: backlog.pending, what="it is being entered")
    assert 0 < len(backlog.pending) < MANY, "it was killed over it"
    async with rebuilding(bus, influx, MANY) as backlog:
        await eventually(lambda: len(backlog.pending) == MANY, timeout=120, what="all machines are pending")
        await eventually(lambda: is_ordered(0), what="the order is done with")
        assert await ordered(bus) == []
        assert set(map(tuple, backlog.pending.values())) == {((LONG_AGO, LONG_AGO + HOUR),)}


async def test_more_orders_than_can_wait_are_refused(bus: Bus, influx: Influx) -> None:
    await clean_up(bus)
    async with rebuilding(bus, influx, 1) as backlog:
        async with backlog.turn:
            await eventually(lambda: order(bus), what="it hears")
            answers = [await order(bus) for _ in range(MOST_ORDERS)]
            assert [one.trouble for one in answers if one] == [""] * (MOST_ORDERS - 1) + [
                f"{MOST_ORDERS} orders wait already; ask again in a moment"
            ]
            assert len(await ordered(bus)) == MOST_ORDERS
        await eventually(lambda: ordered_none(bus), what="all are entered")
        assert list(backlog.pending) == ["m0"]


async def ordered_none(bus: Bus) -> bool:
    return not await ordered(bus)


async def test_a_process_that_does_not_know_the_plant_yet_says_so(bus: Bus, influx: Influx) -> None:
    await clean_up(bus)
    async with rebuilding(bus, influx, 1) as backlog:
        backlog.opened.clear()
        answer = await eventually(lambda: order(bus), what="it hears")
        assert (answer.count, "only just started" in answer.trouble) == (0, True)
        assert await ordered(bus) == []
