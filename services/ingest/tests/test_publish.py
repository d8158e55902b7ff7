"""Publish: done only when JetStream has it, and what is sent twice is there once."""

import asyncio
from functools import partial

import pytest

from andon.common.bus import Bus
from andon.common.errors import Reason, UnavailableError
from andon.common.reading import Reading
from andon.common.subjects import DEADLETTER, TELEMETRY
from andon.common.testing.fixtures import NatsForTest
from andon.common.testing.waiting import STATE_SECONDS, eventually
from andon.common.wire import DeadLetter, decode_batch
from andon.ingest.bundle import Bundle
from andon.ingest.publish import Publisher

LETTER = DeadLetter(Reason.MALFORMED, "why", "factory/a", b"{", 1, 7)


def bundle(time: int = 1) -> Bundle:
    """One reading and one dead letter."""
    made = Bundle(letters=[LETTER])
    made.add([Reading("r3", time, {"temperature": 1.0})])
    return made


def _done_or_stuck(task: asyncio.Task[None], publisher: Publisher) -> bool:
    return task.done() or bool(publisher.trouble.why)


async def kept(bus: Bus, stream: str) -> int:
    return (await bus.js.stream_info(stream)).state.messages


async def test_published_means_both_streams_have_it(bus: Bus) -> None:
    await Publisher(bus).publish(bundle())
    assert (await kept(bus, TELEMETRY), await kept(bus, DEADLETTER)) == (1, 1)
    raw = await bus.js.get_msg(TELEMETRY, 1, direct=True)
    assert [r.time for r in decode_batch(raw.data or b"").readings] == [1]


async def test_without_jetstream_it_waits_and_then_stores_once(bus: Bus, nats: NatsForTest) -> None:
    publisher = Publisher(bus)
    nats.process.kill()
    await eventually(lambda: not bus.connected)
    waiting = asyncio.create_task(publisher.publish(bundle()))
    await eventually(lambda: publisher.trouble.why)
    assert not waiting.done()
    nats.process.start()
    await asyncio.wait_for(waiting, STATE_SECONDS)
    assert publisher.trouble.why == ""
    assert (await kept(bus, TELEMETRY), await kept(bus, DEADLETTER)) == (1, 1)


async def test_a_caller_who_can_repeat_is_told_at_once(bus: Bus, nats: NatsForTest) -> None:
    nats.process.kill()
    await eventually(lambda: not bus.connected)
    with pytest.raises(UnavailableError):
        await Publisher(bus).publish_once(bundle())


async def test_a_full_stream_pushes_back_and_loses_nothing(bus: Bus) -> None:
    info = await bus.js.stream_info(TELEMETRY)
    info.config.max_bytes = 1000
    await bus.js.update_stream(info.config)
    publisher, room = Publisher(bus), 0
    while not publisher.trouble.why:
        task = asyncio.create_task(publisher.publish(bundle(room)))
        await eventually(partial(_done_or_stuck, task, publisher))
        room += 1
    info.config.max_bytes = 10**6
    await bus.js.update_stream(info.config)
    await asyncio.wait_for(task, STATE_SECONDS)
    assert await kept(bus, TELEMETRY) == room
