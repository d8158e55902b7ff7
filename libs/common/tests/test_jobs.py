"""What runs together ends together."""

import asyncio
from contextlib import suppress

import pytest

from andon.common.errors import InvalidError
from andon.common.jobs import end, heed, together


async def test_all_results_come_in_their_order() -> None:
    turn = asyncio.Event()

    async def first() -> int:
        await turn.wait()
        return 1

    async def second() -> int:
        turn.set()
        return 2

    assert await together([first(), second()]) == [1, 2]
    assert await together(()) == []


async def test_the_first_error_ends_the_others() -> None:
    ended = list[str]()

    async def long(name: str) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(name)

    async def wrong() -> None:
        raise InvalidError("too many")

    with pytest.raises(InvalidError, match="too many"):
        await together([long("before"), wrong(), long("behind")])
    assert sorted(ended) == ["before", "behind"]


async def test_who_is_cancelled_leaves_none_behind() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def long() -> None:
        try:
            begun.set()
            await asyncio.Event().wait()
        finally:
            ended.set()

    waiting = asyncio.ensure_future(together([long()]))
    await begun.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert ended.is_set()


async def test_a_limit_of_time_is_still_one_after_an_error() -> None:
    async def wrong() -> None:
        raise InvalidError("too many")

    async def long() -> None:
        async with asyncio.timeout(None) as patience:
            with suppress(InvalidError):
                await together([asyncio.Event().wait(), wrong()])
            patience.reschedule(0)
            await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        await long()


async def test_a_job_that_missed_the_word_to_end_heeds_it() -> None:
    begun, went_on = asyncio.Event(), list[str]()

    async def work() -> None:
        heed()
        with suppress(asyncio.CancelledError):  # as `asyncio.wait_for` does where the answer comes at the same time
            begun.set()
            await asyncio.Event().wait()
        heed()
        went_on.append("further")

    job = asyncio.create_task(work())
    await begun.wait()
    await end(job)
    assert job.cancelled()
    assert not went_on
