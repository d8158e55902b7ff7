"""What InfluxDB has not got yet is waited for as long as its store gets on, and then counted."""

import asyncio

from nats.js.client import JetStreamContext

from andon.cli.backup.stored import stored
from andon.common import subjects
from andon.common.bus import Bus


async def reader(bus: Bus) -> JetStreamContext.PullSubscription:
    """A store, before which three batches wait."""
    for number in range(3):
        await bus.js.publish(subjects.telemetry(0), b"%d" % number)
    return await bus.js.pull_subscribe(subjects.TELEMETRY_ALL, subjects.STORE_DURABLE, stream=subjects.TELEMETRY)


async def test_it_waits_for_the_last_one(bus: Bus) -> None:
    store = await reader(bus)
    waiting = asyncio.create_task(stored(bus.js, 1))
    for message in await store.fetch(3):
        assert not waiting.done()
        await message.ack_sync()
    assert await waiting == 0


async def test_what_is_left_is_counted_once_the_store_stands_still(bus: Bus) -> None:
    store = await reader(bus)
    [first] = await store.fetch(1)
    await first.ack_sync()
    assert await stored(bus.js, 1, patience=0.3) == 2


async def test_where_nothing_ever_came_there_is_nothing_to_wait_for(bus: Bus) -> None:
    assert await stored(bus.js, 1) == 0
