"""Another number of partitions: what the old sessions hold is not lost, and they end."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

import pytest
from nats.js.errors import NoKeysError

from andon.common import subjects
from andon.common.bus import Bus, open_bus
from andon.common.influx import Influx
from andon.common.mqtt import Broker, packets
from andon.common.plant import Asset
from andon.common.service import background
from andon.common.testing.brokers import BrokerForTest
from andon.common.testing.fixtures import NatsForTest
from andon.common.testing.waiting import STATE_SECONDS, eventually
from andon.common.wire import decode_batch
from andon.ingest import intake as intake_module
from andon.ingest.broker import retire as module
from andon.ingest.pipeline import Pipeline

T0 = 1_763_900_000_000


@asynccontextmanager
async def ingest(nats: NatsForTest, influx: Influx, broker: BrokerForTest, partitions: int) -> AsyncIterator[Pipeline]:
    """One that serves so many partitions."""
    settings = nats.settings.model_copy(update={"partitions": partitions})
    async with open_bus(settings, "test") as bus:
        made = Pipeline.build(bus=bus, influx=influx, broker=broker.settings)
        async with made.running():
            for intake in made.intakes:
                await asyncio.wait_for(intake.session.subscribed.wait(), STATE_SECONDS)
            await eventually(lambda: is_told(bus, partitions))
            yield made


async def is_told(bus: Bus, partitions: int) -> bool:
    """Whether the sessions of this number are known."""
    return set(await (await bus.bucket(subjects.INTAKE_BUCKET)).keys()) >= subjects.session_keys(partitions)


async def is_alone(bus: Bus, partitions: int) -> bool:
    try:
        keys = await (await bus.bucket(subjects.INTAKE_BUCKET)).keys()
    except NoKeysError:  # none has come so far
        return False
    return set(keys) == subjects.session_keys(partitions)


async def say(broker: BrokerForTest, asset: Asset, *numbers: int, padding: int = 0) -> None:
    async with broker.device("robot") as device:
        for number in numbers:
            message = {"ts": T0 + number, "values": {"temperature": float(number)}}
            await device.publish(f"factory/{asset.path}", json.dumps(message) + " " * padding, qos=1)


async def is_kept(broker: Broker, client_id: str) -> bool:
    """Whether the broker has a session of this client id."""
    reader, writer = await asyncio.open_connection(*broker.addresses[0])
    writer.write(
        packets.connect(client_id=client_id, username="", password="", keepalive=0, version=broker.version, window=1)
    )
    kept = bool((await reader.readexactly(4))[2])
    writer.close()
    return kept


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broker of the tests sends again after two seconds, not five."""
    monkeypatch.setattr(module, "QUIET_SECONDS", 3.0)
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.2)


async def test_what_waits_for_one_partition_comes_to_six_and_back(
    nats: NatsForTest, bus: Bus, influx: Influx, nats_as_broker: BrokerForTest, plant: Asset
) -> None:
    broker, expected = nats_as_broker, list[int]()
    for partitions, numbers in ((1, range(20)), (6, range(20, 40)), (1, range(40, 60))):
        async with ingest(nats, influx, broker, partitions):
            await eventually(lambda n=partitions: is_alone(bus, n), timeout=30, what="the others have ended")
        await say(broker, plant, *numbers)
        expected += numbers
    async with ingest(nats, influx, broker, 1):
        await eventually(lambda: has(influx, expected), what="all of it is stored")
    assert not await is_kept(broker.settings, "andon-intake-6-0")


async def test_a_session_is_not_taken_for_empty_while_jetstream_takes_nothing(  # noqa: PLR0917 - fixtures
    nats: NatsForTest,
    bus: Bus,
    influx: Influx,
    nats_as_broker: BrokerForTest,
    plant: Asset,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(intake_module, "MOST_HELD", 4096)  # after the first of them it takes no more for now
    made = Pipeline.build(bus=bus, influx=influx, broker=nats_as_broker.settings)
    async with background(("follow the plant", made.follower.follow())):
        await made.follower.complete.wait()
        nats.process.kill()
        await eventually(lambda: not bus.connected)
        async with background(("empty", module.empty(made.intake))):
            await made.intake.session.subscribed.wait()
            await say(nats_as_broker, plant, *range(60), padding=20_000)
            silent_for_longer_than = monotonic() + module.QUIET_SECONDS + 1
            await eventually(lambda: monotonic() > silent_for_longer_than)
            nats.process.start()
            await eventually(lambda: taken(bus, 60), what="all that waited is taken")


async def taken(bus: Bus, count: int) -> bool:
    """Whether so many different readings are in the stream."""
    state = (await bus.js.stream_info(subjects.TELEMETRY)).state
    raw = [await bus.js.get_msg(subjects.TELEMETRY, number) for number in range(1, state.last_seq + 1)]
    return len({reading.time for one in raw for reading in decode_batch(one.data or b"").readings}) == count


async def has(influx: Influx, numbers: list[int]) -> bool:
    [found] = await influx.query("SELECT temperature FROM robot")
    return [row[1] for series in found for row in series.rows] == [float(n) for n in numbers]
