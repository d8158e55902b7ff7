"""Buckets: what is read of them is all there is, whatever is written meanwhile, and however often they are read."""

import asyncio
from collections import Counter

import pytest
from nats.errors import TimeoutError as NatsTimeoutError

from andon.common import buckets, jobs, subjects
from andon.common.buckets import Watch, read_entries, watch
from andon.common.bus import Bus, open_bus
from andon.common.service import background
from andon.common.testing.fixtures import NatsForTest
from andon.common.testing.waiting import eventually

BUCKET = subjects.IMPORTS_BUCKET
KEYS = {f"job-{number}" for number in range(6)}


async def write_for_ever(bus: Bus) -> None:
    """Each of them anew, again and again."""
    bucket = await bus.bucket(BUCKET)
    while True:
        for key in sorted(KEYS):
            await bucket.put(key, b"x" * 300)


async def consumers(bus: Bus) -> int:
    """What nats-server keeps of who reads the bucket."""
    return (await (await bus.bucket(BUCKET)).status()).stream_info.state.consumer_count


async def test_nothing_is_missing_from_what_is_written_anew_while_it_is_read(bus: Bus, nats: NatsForTest) -> None:
    async with open_bus(nats.settings, "writer") as writer:
        await writer.ready()
        async with background(("write", write_for_ever(writer))):
            await eventually(lambda: has_all(bus), what="each is there")
            counted = Counter([frozenset(await read_entries(bus.js, BUCKET)) for _ in range(400)])
    assert counted == {frozenset(KEYS): 400}


async def has_all(bus: Bus) -> bool:
    return set(await read_entries(bus.js, BUCKET)) == KEYS


async def test_a_follower_forgets_nothing_that_is_written_anew_while_it_reads(bus: Bus, nats: NatsForTest) -> None:
    async def complete() -> set[str]:
        done: asyncio.Future[set[str]] = asyncio.Future()
        following = asyncio.create_task(
            bus.follow(BUCKET, lambda *_: None, lambda keys: done.done() or done.set_result(set(keys)))
        )
        keys = await done
        await jobs.end(following)
        return keys

    async with open_bus(nats.settings, "writer") as writer:
        await writer.ready()
        async with background(("write", write_for_ever(writer))):
            await eventually(lambda: has_all(bus), what="each is there")
            assert [await complete() for _ in range(80)] == [KEYS] * 80


async def test_a_follower_gets_all_though_nobody_answered_how_much_that_is(
    bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, there = [], Watch._there

    async def unanswered_once(watched: Watch) -> int:
        asked.append(watched.seen)
        if len(asked) == 1:
            raise NatsTimeoutError
        return await there(watched)

    monkeypatch.setattr(Watch, "_there", unanswered_once)
    await (await bus.bucket(BUCKET)).put("one", b"1")
    complete: list[set[str]] = []
    async with background(("follow", bus.follow(BUCKET, lambda *_: None, complete.append))):
        await eventually(lambda: complete, what="it is complete")
    assert complete == [{"one"}]


async def test_what_is_removed_is_not_there_and_an_empty_bucket_is_complete_at_once(bus: Bus) -> None:
    assert await read_entries(bus.js, BUCKET) == {}
    bucket = await bus.bucket(BUCKET)
    await bucket.put("one", b"1")
    revision = await bucket.put("two", b"2")
    await bucket.put("three", b"3")
    await bucket.delete("one")
    await bucket.purge("three")
    assert await read_entries(bus.js, BUCKET) == {"two": (b"2", revision)}


async def test_what_went_by_its_age_is_not_waited_for(bus: Bus) -> None:
    bucket = await bus.bucket(subjects.CLIENTS_BUCKET)
    revision = await bucket.put("stays", b"")
    await bucket.put("goes", b"")
    await bucket.purge("goes", msg_ttl=1)

    async def gone() -> bool:
        return (await bucket.status()).stream_info.state.messages == 1

    await eventually(gone, what="the mark of the purge went as well")
    assert await buckets.last_revision(bucket) > revision
    assert await read_entries(bus.js, subjects.CLIENTS_BUCKET) == {"stays": (b"", revision)}


async def test_who_has_read_leaves_nothing_behind(bus: Bus) -> None:
    for _ in range(50):
        await read_entries(bus.js, BUCKET)
    async with watch(bus.js, BUCKET) as watched:
        assert await watched.next(1) is None

    async def forgotten() -> bool:
        return await consumers(bus) == 0

    await eventually(forgotten, what="a thousand are the most")
