"""Rebuild: what is asked to be made anew waits for the step under way, which read what was there before."""

import asyncio
from contextlib import suppress

import msgspec
from nats.errors import NoRespondersError

from andon.common import jobs, subjects
from andon.common.bus import Bus
from andon.common.influx import Influx
from andon.common.testing.waiting import eventually
from andon.query.derive.anew import Wanted, decode_answer
from andon.query.derive.rebuild import Rebuild

from .conftest import PRESS
from .deriving import HOUR, LONG_AGO, clean_up, deriving


async def test_a_step_takes_nothing_off_the_list_that_was_asked_for_while_it_was_made(
    bus: Bus, influx: Influx, plant: None
) -> None:
    await clean_up(bus)
    wanted = msgspec.json.encode(Wanted(PRESS.path, LONG_AGO, LONG_AGO + HOUR))
    async with deriving(bus, influx) as derive:
        rounds = derive.rounds
        hearing = asyncio.create_task(Rebuild(bus, rounds.follower, rounds.backlog).hear())

        async def ask() -> int:
            answer = await bus.nc.request(subjects.REBUILD, wanted, timeout=10)
            return decode_answer(answer.data).count

        async def is_heard() -> bool:
            with suppress(NoRespondersError):
                return await ask() == 1
            return False

        await eventually(is_heard, what="it hears")
        await eventually(lambda: PRESS.id in rounds.backlog.pending, what="it is entered")
        await derive.work()
        async with rounds.turn:
            assert await ask() == 1
            await eventually(lambda: len(rounds.turn._waiters or ()) == 1, what="it waits for its turn")
            assert PRESS.id not in rounds.backlog.pending
        expected = {PRESS.id: [(LONG_AGO, LONG_AGO + HOUR)]}
        await eventually(lambda: rounds.backlog.pending == expected, what="it is entered")
        await jobs.end(hearing)
