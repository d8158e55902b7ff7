"""The stream gives back the room of what everybody has, and of nothing else."""

from secrets import token_hex

import pytest
from nats.js.api import AckPolicy, ConsumerConfig
from nats.js.errors import NotFoundError

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.reading import Reading
from andon.common.wire import Batch, encode_batch
from andon.ingest.trim import trim


async def read(bus: Bus, durable: str, count: int) -> None:
    messages = bus.consume(subjects.TELEMETRY, durable, filter_subject=subjects.TELEMETRY_ALL, max_ack_pending=count)
    async for message in messages:
        await message.ack_sync()
        count -= 1
        if not count:
            break
    await messages.aclose()


async def first_kept(bus: Bus) -> int:
    return (await bus.js.stream_info(subjects.TELEMETRY)).state.first_seq


async def test_only_what_all_readers_acknowledged_goes(bus: Bus) -> None:
    for number in range(20):
        batch = encode_batch(Batch(number, [Reading("press-1", number, {"x": 1.0})]))
        await bus.publish(subjects.telemetry(0), batch, msg_id=str(number))
    with pytest.raises(NotFoundError):
        await trim(bus, kept=0)
    await read(bus, subjects.STORE_DURABLE, 20)
    with pytest.raises(NotFoundError):
        await trim(bus, kept=0)
    await read(bus, subjects.EVALUATE_DURABLE, 12)
    with pytest.raises(NotFoundError):
        await trim(bus, kept=0)
    await read(bus, subjects.LEDGER_DURABLE, 14)
    assert await trim(bus, kept=4) == 9
    assert await first_kept(bus) == 9
    assert await trim(bus, kept=0) == 13
    assert await first_kept(bus) == 13
    await read(bus, subjects.EVALUATE_DURABLE, 8)
    await read(bus, subjects.LEDGER_DURABLE, 6)
    assert await trim(bus, kept=0) == 21
    assert (await bus.js.stream_info(subjects.TELEMETRY)).state.messages == 0


async def test_a_quiet_partition_holds_up_nothing_and_what_waits_in_it_stays(bus: Bus) -> None:
    bus.settings = bus.settings.model_copy(update={"partitions": 2})

    async def publish(partition: int) -> None:
        batch = encode_batch(Batch(1, [Reading("press-1", 1, {"x": 1.0})]))
        await bus.publish(subjects.telemetry(partition), batch, msg_id=token_hex(4))

    async def read_all_but_the_second(count: int) -> None:
        for durable in (subjects.store_durable(0, 2), subjects.evaluate_durable(0, 2), subjects.LEDGER_DURABLE):
            await read(bus, durable, count)

    for durable in (subjects.store_durable(1, 2), subjects.evaluate_durable(1, 2)):
        wanted = subjects.store_filter(1, 2)
        second = ConsumerConfig(durable_name=durable, filter_subjects=wanted, ack_policy=AckPolicy.EXPLICIT)
        await bus.js.add_consumer(subjects.TELEMETRY, second)
    await publish(0)
    await read_all_but_the_second(1)
    assert await trim(bus, kept=0) == 2
    await publish(1)
    await publish(0)
    await read_all_but_the_second(2)
    assert await trim(bus, kept=0) == 2


async def test_where_room_is_scarce_nothing_is_kept_for_later(bus: Bus) -> None:
    config = (await bus.js.stream_info(subjects.TELEMETRY)).config
    for number in range(20):
        await bus.publish(subjects.telemetry(0), b"x" * 10_000, msg_id=str(number))
    await read(bus, subjects.STORE_DURABLE, 20)
    await read(bus, subjects.EVALUATE_DURABLE, 20)
    await read(bus, subjects.LEDGER_DURABLE, 20)
    assert await trim(bus) < 1
    await bus.js.update_stream(config, max_bytes=300_000)
    assert await trim(bus) == 21
    assert (await bus.js.stream_info(subjects.TELEMETRY)).state.messages == 0
