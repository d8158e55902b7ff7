"""A lease: one of several has it, another takes over, and who was away notices before it writes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from andon.common import jobs, lease, subjects
from andon.common.bus import Bus
from andon.common.lease import ENDS_SECONDS, HELD_SECONDS, RENEW_SECONDS, Lease, LostError, lead
from andon.common.testing.waiting import eventually

WHAT = "derive"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "RENEW_SECONDS", 0.1)
    monkeypatch.setattr(lease, "HELD_SECONDS", 1.5)
    monkeypatch.setattr(lease, "ENDS_SECONDS", 2.0)


def test_another_takes_over_within_eight_seconds_and_never_before_who_had_it_has_let_go() -> None:
    looks = RENEW_SECONDS / 2
    assert looks + ENDS_SECONDS + looks < 8, "it saw the last renewal late, and looks again late"
    assert HELD_SECONDS < ENDS_SECONDS
    assert 3 * RENEW_SECONDS < HELD_SECONDS, "two renewals in a row may fail"


def keeping(one: Lease) -> asyncio.Task[None]:
    return asyncio.create_task(one.keep())


async def test_one_leads_and_the_other_takes_over_when_it_is_gone(bus: Bus) -> None:
    first, second = Lease(bus, WHAT, "one"), Lease(bus, WHAT, "two")
    task = keeping(first)
    await first.taken()
    other = keeping(second)
    revision = first._revision
    await eventually(lambda: first._revision > revision + 3)  # the other has looked meanwhile
    assert first.held
    assert not second.ours
    await jobs.end(task)  # it stands still
    await second.taken()
    assert not first.held
    assert first.ours  # it knows nothing of it, and yet writes nothing
    with pytest.raises(LostError, match="another has taken over"):
        first.require()
    task = keeping(first)
    await first.lost()
    assert second.held
    await jobs.end(task, other)


async def test_what_is_given_back_is_taken_at_once(bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "ENDS_SECONDS", 3600)
    first, second = Lease(bus, WHAT, "one"), Lease(bus, WHAT, "two")
    task, other = keeping(first), keeping(second)
    await asyncio.wait([asyncio.ensure_future(one.taken()) for one in (first, second)], return_when="FIRST_COMPLETED")
    assert first.ours != second.ours
    had, waits = (first, second) if first.ours else (second, first)
    await jobs.end(task if had is first else other)
    await had.release()
    await waits.taken()
    assert not had.held
    await jobs.end(task, other)


async def test_a_process_started_anew_leads_at_once_and_one_that_lives_under_its_name_gives_way(
    bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "ENDS_SECONDS", 3600)
    killed, anew = Lease(bus, WHAT, "one"), Lease(bus, WHAT, "one")
    task = keeping(killed)
    await killed.taken()
    await jobs.end(task)
    other = keeping(anew)
    await anew.taken()
    task = keeping(killed)  # it was not killed after all: somebody gave two the same name
    await killed.lost()
    assert killed.holder.startswith("one~")
    revision = anew._revision
    await eventually(lambda: anew._revision > revision + 3)
    assert anew.held
    assert not killed.ours
    await jobs.end(task, other)


async def test_what_another_had_meanwhile_and_gave_back_is_begun_anew(bus: Bus) -> None:
    one, begun = Lease(bus, WHAT, "one"), list[int]()

    @asynccontextmanager
    async def work() -> AsyncIterator[None]:
        begun.append(one._revision)
        yield

    task, leading = keeping(one), asyncio.create_task(lead(one, work))
    await eventually(lambda: len(begun) == 1, what="it has begun")
    bucket = await bus.bucket(subjects.LEASES_BUCKET)
    await bucket.put(WHAT, b'{"holder": "", "process": ""}')
    await eventually(lambda: len(begun) == 2, what="it has begun anew, for it does not know what the other did")
    assert one.held
    await jobs.end(task, leading)


async def test_a_bucket_that_was_lost_is_taken_again_by_who_had_it(bus: Bus) -> None:
    one, ends = Lease(bus, WHAT, "one"), list[str]()

    @asynccontextmanager
    async def work() -> AsyncIterator[None]:
        try:
            yield
        finally:
            ends.append("ended")

    task, leading = keeping(one), asyncio.create_task(lead(one, work))
    await one.taken()
    bucket = await bus.bucket(subjects.LEASES_BUCKET)
    for break_it in (lambda: bucket.purge(WHAT), lambda: bucket.put(WHAT, b"\xff")):
        revision = one._revision
        await break_it()
        await eventually(lambda revision=revision: one._revision > revision + 2, what="it is there again")
        assert one.held
    assert not ends
    await bucket.put(WHAT, b'{"holder": "two", "process": "another"}')
    await one.lost()
    await eventually(lambda: ends == ["ended"], what="the work is broken off")
    await one.taken()  # the other never renews it
    await jobs.end(task, leading)
