"""Keep: messages as they came, whole, bounded, and in nobody's way."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from andon.common import metrics, subjects
from andon.common.bus import Bus
from andon.common.service import background
from andon.common.testing.fixtures import NatsForTest
from andon.common.testing.waiting import eventually
from andon.common.wire import MAX_BATCH_BYTES, Raw, RawMessage, Source, decode_raw
from andon.ingest.trace import keep as module
from andon.ingest.trace.keep import LARGEST, Keeper, pack

ONE: Raw = (b"factory/a/b/c/d", b"{}", 1, "r3", 1)


def counted(outcome: str) -> float:
    return float(metrics.RAW.labels(outcome)._value.get())


async def kept(bus: Bus) -> int:
    return (await bus.js.stream_info(subjects.RAW)).state.messages


@given(st.lists(st.tuples(st.integers(0, 200_000), st.integers(1, 3)), max_size=12))
def test_every_message_is_packed_once_and_in_order_into_pieces_that_are_not_too_large(
    sizes: list[tuple[int, int]],
) -> None:
    messages: list[Raw] = [
        (b"factory/a", b"x" * size, number, "r3", number if count == 1 else [number] * count)
        for number, (size, count) in enumerate(sizes)
    ]
    half = len(messages) // 2
    packed = list(pack([(Source.MQTT, 5, 7, messages[:half]), (Source.HTTP, 6, 8, messages[half:])]))
    pieces = [decode_raw(data) for data, _ in packed]
    assert [m for piece in pieces for batch in piece for m in batch.messages] == [RawMessage(*m) for m in messages]
    assert [sum(len(batch.messages) for batch in piece) for piece in pieces] == [count for _, count in packed]
    assert all(len(data) <= MAX_BATCH_BYTES for data, _ in packed)
    told = {(batch.source, batch.published, batch.sequence) for piece in pieces for batch in piece}
    assert told == {(Source.MQTT, 5, 7), (Source.HTTP, 6, 8)}


def test_a_message_that_is_too_large_for_nats_keeps_its_beginning_and_its_size() -> None:
    large: Raw = (b"t" * 60_000, b"x" * 999_000, 3, "r3", 4)
    ((data, count), (_, other)) = pack([(Source.MQTT, 5, 7, [large, ONE])])
    ((message,),) = (batch.messages for batch in decode_raw(data))
    assert (count, other, len(data) < LARGEST) == (1, 1, True)
    assert (message.size, message.payload, message.topic) == (999_000, b"x" * (MAX_BATCH_BYTES // 2), large[0])


async def test_what_finds_no_room_is_let_go_and_counted(bus: Bus) -> None:
    keeper, before = Keeper(bus), counted("dropped")
    huge: Raw = (b"t", b"x" * (module.MOST_WAITING // 2), 1, "r3", 1)
    for _ in range(5):
        keeper.put(Source.MQTT, 0, 1, [huge])
    assert counted("dropped") - before == 4


async def test_an_outage_is_outlived_once_and_then_costs_messages_but_no_patience(bus: Bus, nats: NatsForTest) -> None:
    keeper, lost, there = Keeper(bus), counted("dropped"), counted("kept")
    async with background(("keep", keeper.keep())):
        keeper.put(Source.MQTT, 0, 1, [ONE])
        await keeper.finish()
        nats.process.kill()
        await eventually(lambda: not bus.connected)
        keeper.put(Source.MQTT, 0, 2, [ONE, ONE])
        await asyncio.wait_for(keeper.finish(), 10)
        assert (counted("kept") - there, counted("dropped") - lost) == (1, 2)
        nats.process.start()
        await bus.ready()
        keeper.put(Source.MQTT, 3, 3, [ONE])
        await keeper.finish()
    assert (await kept(bus), counted("kept") - there) == (2, 2)
    raw = await bus.js.get_last_msg(subjects.RAW, subjects.raw_received(3))
    assert [batch.sequence for batch in decode_raw(raw.data or b"")] == [3]


async def test_a_message_that_cannot_be_packed_stops_none_behind_it(bus: Bus) -> None:
    keeper, lost = Keeper(bus), counted("dropped")
    async with background(("keep", keeper.keep())):
        keeper.put(Source.HTTP, 0, 1, [(b"", b"{}", 1, "r3", 1, "\ud800", 0)])
        await keeper.finish()
        keeper.put(Source.HTTP, 0, 2, [ONE])
        await keeper.finish()
    assert (await kept(bus), counted("dropped") - lost) == (1, 1)
