"""Rebuild: what is asked to be made anew waits for the step under way, which read what was there before."""

import asyncio
from contextlib import suppress

import msgspec
from nats.errors import NoRespondersError

from andon.common import jobs, subjects
from andon.common.bus import Bus
from andon.common.history.span import Span
from andon.common.history.tier import RAW, Tier
from andon.common.influx import Influx, measurement, quote_identifier
from andon.common.testing.machines import store
from andon.common.testing.waiting import STATE_SECONDS, eventually
from andon.query.derive.anew import Wanted, decode_answer
from andon.query.derive.rebuild import Rebuild
from andon.query.tiers.tiers import HOURS, MINUTES

from .conftest import PRESS, ROBOT
from .deriving import HOUR, LONG_AGO, MINUTE, clean_up, deriving, some


async def test_a_step_takes_nothing_off_the_list_that_was_asked_for_while_it_was_made(
    bus: Bus, influx: Influx, plant: None
) -> None:
    await clean_up(bus)
    wanted = msgspec.json.encode(Wanted(PRESS.path, LONG_AGO, LONG_AGO + HOUR))
    async with deriving(bus, influx) as derive:
        rounds = derive.rounds
        hearing = asyncio.create_task(Rebuild(bus, rounds.follower, rounds.backlog).hear())

        async def ask() -> int:
            answer = await bus.nc.request(subjects.REBUILD, wanted, timeout=STATE_SECONDS)
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


async def test_samples_that_somebody_deleted_are_gone_from_the_tiers_once_their_rows_are_deleted_too(
    bus: Bus, influx: Influx, plant: None
) -> None:
    """As docs/how-to/keep-history.md has it: a window without samples writes no row, and takes none away."""
    await clean_up(bus)
    hours, gone = [(LONG_AGO, LONG_AGO + 2 * HOUR)], Span(LONG_AGO + 50 * MINUTE, LONG_AGO + HOUR + 10 * MINUTE)
    await store(influx, PRESS, *some(PRESS.id, LONG_AGO + 45 * MINUTE, 1800))
    await store(influx, ROBOT, *some(ROBOT.id, LONG_AGO, 60))

    async def delete(tier: Tier, start: int, end: int) -> None:
        where = f"asset = '{PRESS.id}' AND time >= {start} AND time < {end}"
        statement = f"DELETE FROM {quote_identifier(measurement(PRESS))} WHERE {where}"
        await influx.query(statement, database=tier.database(influx.settings.database))

    async with deriving(bus, influx) as derive:
        await derive.work()
        await delete(RAW, gone.start, gone.end)
        for tier in (MINUTES, HOURS):
            await delete(tier, *hours[0])
        async with derive.rounds.turn:
            await derive.rounds.backlog.add_all({PRESS.id: hours})
        await derive.work()
        await derive.expect(PRESS, *hours[0])
        await derive.expect(ROBOT, *hours[0])
        left = await derive.windows(MINUTES, PRESS, gone.start, gone.end)
        assert not len(left)
