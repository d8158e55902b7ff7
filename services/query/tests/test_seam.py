"""Where history ends and the feed begins: not before every store has what was heard, and no later."""

import asyncio
from uuid import uuid4

import pytest
from nats.aio.msg import Msg
from nats.js.api import ConsumerConfig

from andon.common import subjects
from andon.common.bus import Bus, open_bus
from andon.common.errors import UnavailableError
from andon.common.testing.fixtures import NatsForTest
from andon.common.testing.waiting import STATE_SECONDS
from andon.query.live.seam import Seam

PARTITIONS = 2


async def a_store(bus: Bus, partition: int) -> asyncio.Queue[Msg]:
    """What the store of one partition is handed; nothing is acknowledged yet."""
    handed: asyncio.Queue[Msg] = asyncio.Queue()
    config = ConsumerConfig(
        durable_name=subjects.store_durable(partition, PARTITIONS),
        filter_subjects=subjects.store_filter(partition, PARTITIONS),
        deliver_subject=bus.nc.new_inbox(),
    )
    assert config.deliver_subject is not None
    await bus.nc.subscribe(config.deliver_subject, cb=handed.put)
    await bus.js.add_consumer(subjects.TELEMETRY, config)
    return handed


async def test_it_closes_once_both_stores_have_what_was_heard(nats: NatsForTest, bus: Bus) -> None:
    await bus.js.purge_stream(subjects.TELEMETRY)
    listening = asyncio.Event()
    settings = nats.settings.model_copy(update={"partitions": PARTITIONS})
    async with open_bus(settings, "seam") as other:
        await other.ready()
        seam = Seam(other, listening)
        listening.set()
        with pytest.raises(UnavailableError, match="NATS does not say what is stored"):
            await seam.closed()
        stores = [await a_store(bus, partition) for partition in range(PARTITIONS)]
        for partition in (0, 1, 1):
            await bus.publish(subjects.telemetry(partition), b"", msg_id=uuid4().hex)
        closed = asyncio.create_task(seam.closed())
        await (await stores[0].get()).ack_sync()
        await (await stores[1].get()).ack_sync()
        left = await stores[1].get()
        await bus.publish(subjects.telemetry(0), b"", msg_id=uuid4().hex)
        await asyncio.wait((closed,), timeout=0.5)
        assert not closed.done(), "one is not stored yet"
        await left.ack_sync()
        await (await stores[0].get()).ack_sync()
        async with asyncio.timeout(STATE_SECONDS):
            await closed
    for durable in subjects.store_durables(PARTITIONS):
        await bus.js.delete_consumer(subjects.TELEMETRY, durable)


async def test_nothing_is_closed_while_the_feed_does_not_listen(bus: Bus) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await Seam(bus, asyncio.Event()).closed()
