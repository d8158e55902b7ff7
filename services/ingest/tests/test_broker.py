"""What a broker loses is counted and named, with the real ones."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiomqtt
import pytest

from andon.common import jobs, secrets, subjects
from andon.common.bus import Bus, open_bus
from andon.common.mqtt import Broker, Session
from andon.common.servers.nats import nats_server
from andon.common.testing.brokers import BrokerForTest
from andon.common.testing.fixtures import NatsForTest
from andon.common.testing.ports import free_port
from andon.common.testing.waiting import STATE_SECONDS, eventually
from andon.ingest.broker import watch as broker_module
from andon.ingest.broker.mqtt_store import Kept
from andon.ingest.broker.watch import BrokerWatch
from andon.ingest.ledger.tally import Tally

TOPIC = "factory/andon/platform/pipeline/prober"
"""One that intake's own user may publish on, so that the tests need no registry to let a device in."""


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks that follow so closely that a test need not wait."""
    monkeypatch.setattr(broker_module, "LOOK_SECONDS", 0.1)


def own_broker(nats: NatsForTest) -> Broker:
    password = nats.secrets["ANDON_INTAKE_PASSWORD"]
    url = f"mqtt://127.0.0.1:{nats.mqtt_port}"
    return Broker.at(url, client_id="andon-intake", username="intake", password=password)


def idle_watch(bus: Bus, broker: Broker) -> BrokerWatch:
    """A watch over a session that takes messages and acknowledges none."""
    session = Session(broker, ("factory/#",), lambda *_: None)
    return BrokerWatch(bus, {subjects.INTAKE_SESSION_KEY: session}, Tally())


@asynccontextmanager
async def running(watch: BrokerWatch) -> AsyncIterator[Session]:
    [session] = watch.sessions.values()
    await watch.recall()
    tasks = [asyncio.create_task(one) for one in (session.keep(), watch.watch(), watch.hear_advisories())]
    try:
        await asyncio.wait_for(session.subscribed.wait(), STATE_SECONDS)
        yield session
    finally:
        await jobs.end(*tasks)


def publisher(nats: NatsForTest) -> aiomqtt.Client:
    password = nats.secrets["ANDON_INTAKE_PASSWORD"]
    return aiomqtt.Client("127.0.0.1", nats.mqtt_port, username="intake", password=password, identifier="device")


async def test_what_waits_in_nats_server_is_known_and_lost_with_its_data(nats: NatsForTest, bus: Bus) -> None:
    watch = idle_watch(bus, own_broker(nats))
    async with running(watch) as session:
        async with publisher(nats) as device:
            for number in range(25):
                await device.publish(TOPIC, b"%d" % number, qos=1)
        await eventually(lambda: watch.tally.broker_waiting == 25, what="25 wait")
        assert (watch.tally.broker_lost, watch.check()) == (0, "")
        nats.process.stop()
        shutil.rmtree(nats.process.log.parent.parent / "nats" / "jetstream" / "DEVICES")
        nats.process.start()
        await eventually(lambda: session.forgotten == 1)
        await eventually(lambda: watch.tally.broker_lost == 25, what="what waited is counted as lost, once")
    assert "25 messages lost: it forgot ingest's session" in watch.check()


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[NatsForTest]:
    """A nats-server with little room for what waits for intake."""
    made, ports = secrets.generate(), (free_port(), free_port(), free_port())
    process = nats_server(tmp_path, made, port=ports[0], mqtt_port=ports[1], monitor_port=ports[2], devices_disk="2MB")
    process.start()
    yield NatsForTest(process, made, *ports)
    process.stop()


async def test_what_a_lost_connection_left_behind_comes_first_and_in_order(nats: NatsForTest, bus: Bus) -> None:
    got = list[int]()
    first = idle_watch(bus, own_broker(nats))
    async with running(first) as session, publisher(nats) as device:
        session.on_messages = lambda _, messages: got.extend(int(message.payload) for message in messages)
        for number in range(50):
            await device.publish(TOPIC, b"%d" % number, qos=1)
        await eventually(lambda: len(got) == 50, what="all were sent, and none is acknowledged")
    async with publisher(nats) as device:
        for number in range(50, 60):
            await device.publish(TOPIC, b"%d" % number, qos=1)
        got.clear()
        second = idle_watch(bus, own_broker(nats))
        [session] = second.sessions.values()
        session.on_messages = lambda _, messages: got.extend(int(message.payload) for message in messages)
        async with running(second):
            for number in range(60, 80):
                await device.publish(TOPIC, b"%d" % number, qos=1)
            await eventually(lambda: set(got) == set(range(80)), what="all come")
    assert got[:80] == list(range(80))


async def test_a_full_nats_server_is_named_and_turns_away_what_it_cannot_keep(small: NatsForTest) -> None:
    acknowledged = 0

    async def publish_on() -> None:
        nonlocal acknowledged
        async with publisher(small) as device:
            while True:
                await device.publish(TOPIC, b"x" * 20_000, qos=1, timeout=5)
                acknowledged += 1

    async with open_bus(small.settings, "test") as bus:
        await asyncio.wait_for(bus.ready(), STATE_SECONDS)
        watch = idle_watch(bus, own_broker(small))
        async with running(watch):
            with suppress(aiomqtt.MqttError):
                await asyncio.wait_for(publish_on(), 30)
            await eventually(lambda: watch.check() != "")
            assert "of its 2 MB for messages are used" in watch.check()
            await eventually(
                lambda: watch.tally.broker_waiting >= acknowledged > 0, what="what was acknowledged is kept"
            )
            assert watch.tally.broker_lost == 0


async def test_what_mosquitto_drops_is_lost_and_told(mosquitto: BrokerForTest, bus: Bus) -> None:
    config = mosquitto.process.log.parent.parent / "mosquitto.conf"
    config.write_text(config.read_text().replace("max_queued_messages 100000", "max_queued_messages 10"))
    mosquitto.process.stop()
    mosquitto.process.start()
    watch = idle_watch(bus, mosquitto.settings)
    async with running(watch):
        await eventually(lambda: watch._dropped == 0, what="it tells how many it has dropped")
        await eventually(lambda: _noted(bus))
    async with mosquitto.device() as device:  # nobody takes them, and no watch is there either
        for number in range(50):
            await device.publish("factory/a/b/c/d", b"%d" % number, qos=1)
    after = idle_watch(bus, mosquitto.settings)
    async with running(after):
        await eventually(
            lambda: after.tally.broker_lost >= 40, what="40 of 50 are lost, and perhaps what it said of it"
        )
    assert after.tally.broker_detail == "it dropped messages it had acknowledged to devices, for its queue was full"
    assert "messages lost: it dropped" in after.check()


async def _noted(bus: Bus) -> bool:
    return subjects.INTAKE_DROPPED_KEY in await (await bus.bucket(subjects.INTAKE_BUCKET)).keys()


async def test_a_broker_that_counts_anew_has_dropped_all_it_says(bus: Bus, mosquitto: BrokerForTest) -> None:
    watch = idle_watch(bus, mosquitto.settings)
    for number in (7, 7, 9, 3):
        watch._hear_dropped(number)
    await asyncio.gather(*watch._notes)
    assert watch.tally.broker_lost == 2 + 3


def test_what_waited_for_a_consumer_that_is_gone_is_lost() -> None:
    assert Kept({"a": 4}).lost_since(Kept({"a": 9, "b": 3})) == 3
