"""Intake: nothing is acknowledged to the broker before JetStream has it, and what is held is bounded."""

import json
from dataclasses import replace
from time import time_ns

import pytest

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.errors import Reason
from andon.common.influx import Influx
from andon.common.mqtt import Publish
from andon.common.plant import Asset
from andon.common.reading import NS_PER_MS
from andon.common.testing.brokers import BrokerForTest
from andon.common.testing.fixtures import NatsForTest
from andon.common.testing.waiting import eventually
from andon.common.wire import decode_batch
from andon.ingest import intake as module
from andon.ingest.deadletters.deadletters import DeadLetters
from andon.ingest.deadletters.letters import Filter
from andon.ingest.pipeline import Pipeline

TOPIC = "factory/berlin/painting/line-1/robot-3"
NOW_MS = time_ns() // NS_PER_MS


async def send(broker: BrokerForTest, *numbers: int) -> None:
    """One message for each number, each acknowledged by the broker."""
    async with broker.device() as device:
        for number in numbers:
            payload = json.dumps({"ts": NOW_MS + number, "values": {"temperature": number}})
            await device.publish(TOPIC, payload, qos=1)


async def in_stream(bus: Bus) -> list[float]:
    """All values the telemetry stream holds, in its order."""
    state = (await bus.js.stream_info(subjects.TELEMETRY)).state
    raw = [await bus.js.get_msg(subjects.TELEMETRY, n, direct=True) for n in range(1, state.last_seq + 1)]
    return [float(r.values["temperature"]) for m in raw for r in decode_batch(m.data or b"").readings]


def explained(pipeline: Pipeline) -> bool:
    """Whether the ledger knows where each message is."""
    return pipeline.tally.unexplained == 0


async def test_what_jetstream_never_got_was_never_acknowledged(
    bus: Bus, influx: Influx, plant: Asset, nats: NatsForTest, broker: BrokerForTest
) -> None:
    first = Pipeline.build(bus=bus, influx=influx, broker=broker.settings)
    async with first.running():
        await first.intake.session.subscribed.wait()
        nats.process.kill()
        await eventually(lambda: not bus.connected)
        await send(broker, *range(20))
        await eventually(lambda: first.tally.in_hand == 20)
        assert (first.tally.published, explained(first)) == (0, True)
    nats.process.start()
    await bus.ready()
    second = Pipeline.build(bus=bus, influx=influx, broker=broker.settings)
    async with second.running():
        await eventually(lambda: second.tally.published == 20)
    assert sorted(await in_stream(bus)) == [float(n) for n in range(20)]
    assert plant


async def test_what_the_broker_repeats_meanwhile_is_counted_and_stored_once(
    pipeline: Pipeline, bus: Bus, nats: NatsForTest, nats_as_broker: BrokerForTest
) -> None:
    nats.process.kill()
    await eventually(lambda: not bus.connected)
    await send(nats_as_broker, *range(20))
    await eventually(lambda: pipeline.tally.duplicate >= 20)
    nats.process.start()
    await eventually(lambda: pipeline.tally.published == 20 and pipeline.tally.in_hand == 0)
    assert await in_stream(bus) == [float(n) for n in range(20)]
    assert explained(pipeline)


async def test_the_window_bounds_what_is_taken_ahead(
    bus: Bus, influx: Influx, plant: Asset, nats: NatsForTest, mosquitto: BrokerForTest
) -> None:
    made = Pipeline.build(bus=bus, influx=influx, broker=replace(mosquitto.settings, window=10))
    async with made.running():
        await made.intake.session.subscribed.wait()
        nats.process.kill()
        await eventually(lambda: not bus.connected)
        await send(mosquitto, *range(100))
        await eventually(lambda: made.tally.in_hand == 10)
        nats.process.start()
        await eventually(lambda: made.tally.published == 100)
    assert plant


async def test_memory_bounds_what_is_taken_ahead_where_the_broker_knows_no_window(
    pipeline: Pipeline, bus: Bus, nats: NatsForTest, nats_as_broker: BrokerForTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_HELD", 20_000)
    nats.process.kill()
    await eventually(lambda: not bus.connected)
    await send(nats_as_broker, *range(1000))
    assert pipeline.tally.in_hand < 1000
    nats.process.start()
    await eventually(lambda: pipeline.tally.published >= 1000 and pipeline.tally.in_hand == 0, timeout=30)
    assert sorted(set(await in_stream(bus))) == [float(n) for n in range(1000)]


async def test_a_device_that_fills_the_dead_letters_stops_nobody(
    pipeline: Pipeline, bus: Bus, nats_as_broker: BrokerForTest, deadletters: DeadLetters
) -> None:
    info = await bus.js.stream_info(subjects.DEADLETTER)
    info.config.max_bytes = 5000
    await bus.js.update_stream(info.config)
    async with nats_as_broker.device("broken") as device:
        for _ in range(200):
            await device.publish(TOPIC, b"{", qos=1)
    await send(nats_as_broker, 1)
    await eventually(lambda: pipeline.tally.published == 1 and pipeline.tally.dead_lettered == 200)
    items, _ = await deadletters.page(Filter(reason=Reason.MALFORMED), limit=200, cursor=None)
    assert 0 < len(items) < 200
    assert explained(pipeline)


async def test_a_quiet_end_leaves_nothing_behind_at_the_broker(
    bus: Bus, influx: Influx, plant: Asset, nats_as_broker: BrokerForTest
) -> None:
    first = Pipeline.build(bus=bus, influx=influx, broker=nats_as_broker.settings)
    async with first.running():
        await first.intake.session.subscribed.wait()
        await send(nats_as_broker, *range(50))
        await eventually(lambda: first.tally.received == 50)
    assert first.tally.in_hand == 0
    second = Pipeline.build(bus=bus, influx=influx, broker=nats_as_broker.settings)
    async with second.running():
        await second.intake.session.subscribed.wait()
        await send(nats_as_broker, 50)
        await eventually(lambda: second.tally.published)
    assert (second.tally.received, await in_stream(bus)) == (1, [float(n) for n in range(51)])
    assert plant


async def test_what_a_lost_connection_left_parked_does_not_hold_up_the_next(
    bus: Bus, pipeline: Pipeline, nats_as_broker: BrokerForTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It fills more than half of the room, so that only its end makes room again."""
    monkeypatch.setattr(module, "MOST_HELD", 6000)
    unknown = b"x" * 5000
    pipeline.intake.take(11, [Publish(b"factory/berlin/painting/line-1/new", unknown, b"\0\1", False, 5000)])
    known = json.dumps({"ts": NOW_MS, "values": {"temperature": 1}}).encode()
    pipeline.intake.take(12, [Publish(TOPIC.encode(), known, b"\0\1", False, len(known))])
    await send(nats_as_broker, 2)
    await eventually(lambda: pipeline.tally.published == 2, what="the next one is taken")
    assert explained(pipeline)
