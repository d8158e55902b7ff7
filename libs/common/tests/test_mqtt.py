"""The session against both brokers, and the packets against hostile bytes."""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import aiomqtt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from andon.common import jobs
from andon.common.errors import SetupError
from andon.common.mqtt import Broker, Publish, Session
from andon.common.mqtt.packets import PacketReader, ProtocolError, pubacks
from andon.common.mqtt.properties import number
from andon.common.testing.brokers import BrokerForTest
from andon.common.testing.ports import free_port
from andon.common.testing.waiting import STATE_SECONDS, eventually


class Taker:
    """Takes messages; acknowledges them at once, or keeps them."""

    def __init__(self, broker: BrokerForTest, *, keep: bool = False) -> None:
        self.taken: list[Publish] = []
        self.keep = keep
        self.session = Session(broker.settings, ("factory/#",), self.take)

    def take(self, epoch: int, messages: list[Publish]) -> None:
        self.taken += messages
        if not self.keep:
            self.session.acknowledge(epoch, [m.packet_id for m in messages if m.packet_id])

    @property
    def payloads(self) -> list[bytes]:
        return [m.payload for m in self.taken if not m.retain]


@asynccontextmanager
async def running(taker: Taker) -> AsyncIterator[Taker]:
    task = asyncio.create_task(taker.session.keep())
    try:
        await asyncio.wait_for(taker.session.subscribed.wait(), STATE_SECONDS)
        yield taker
    finally:
        await jobs.end(task)


async def test_messages_arrive_and_are_acknowledged(broker: BrokerForTest) -> None:
    async with running(Taker(broker)) as taker, broker.device() as device:
        for number in range(500):
            await device.publish("factory/a/b/c/d", b"%d" % number, qos=1)
        await eventually(lambda: len(taker.taken) == 500)
    assert taker.payloads == [b"%d" % n for n in range(500)]
    async with running(Taker(broker)) as again, broker.device() as device:
        await device.publish("factory/a/b/c/d", b"new", qos=1)
        await eventually(lambda: b"new" in again.payloads)
    assert len(again.payloads) < 100, "all but what was on its way when the first connection ended is done with"


async def test_what_was_not_acknowledged_comes_again(broker: BrokerForTest) -> None:
    async with running(Taker(broker, keep=True)) as taker, broker.device() as device:
        for number in range(20):
            await device.publish("factory/a/b/c/d", b"%d" % number, qos=1)
        await eventually(lambda: len(taker.taken) == 20)
    async with running(Taker(broker)) as again:
        await eventually(lambda: len(again.taken) == 20)
    assert sorted(again.payloads) == sorted(taker.payloads)


async def test_the_session_collects_while_nobody_is_there(broker: BrokerForTest) -> None:
    async with running(Taker(broker)):
        pass
    async with broker.device() as device:
        for number in range(50):
            await device.publish("factory/a/b/c/d", b"%d" % number, qos=1)
    async with running(Taker(broker)) as taker:
        await eventually(lambda: len(taker.taken) == 50)


async def lose(broker: BrokerForTest, *, kill: bool) -> None:
    """End the broker while messages are taken and not acknowledged; they come again when it is back."""
    async with running(Taker(broker, keep=True)) as taker:
        async with broker.device() as device:
            for number in range(20):
                await device.publish("factory/a/b/c/d", b"%d" % number, qos=1)
            await eventually(lambda: len(taker.taken) == 20)
        broker.process.kill() if kill else broker.process.stop()
        await eventually(lambda: not taker.session.subscribed.is_set())
        taker.keep = False
        taker.taken.clear()
        broker.process.start()
        await eventually(lambda: len(set(taker.payloads)) == 20)


async def test_a_restarted_broker_brings_again_what_was_not_acknowledged(broker: BrokerForTest) -> None:
    await lose(broker, kill=False)


async def test_the_default_broker_may_even_be_killed(nats_as_broker: BrokerForTest) -> None:
    await lose(nats_as_broker, kill=True)


async def test_a_session_the_broker_has_forgotten_is_counted(nats_as_broker: BrokerForTest) -> None:
    """Its data is gone, and with it what it had acknowledged to devices: that must not pass for a quiet hour."""
    async with running(Taker(nats_as_broker)) as taker:
        nats_as_broker.process.kill()
        nats_as_broker.process.start()
        await eventually(lambda: taker.session.epoch > 1 and taker.session.subscribed.is_set())
        assert taker.session.forgotten == 0, "one that is killed and comes back still knows us"
        nats_as_broker.process.stop()
        shutil.rmtree(nats_as_broker.store)
        epoch = taker.session.epoch
        nats_as_broker.process.start()
        await eventually(lambda: taker.session.epoch > epoch and taker.session.subscribed.is_set())
        assert taker.session.forgotten == 1


async def test_a_forgotten_session_is_told_from_a_new_one_across_processes(mosquitto: BrokerForTest) -> None:
    new, remembering = Taker(mosquitto), Taker(mosquitto)
    async with running(new):
        assert new.session.forgotten == 0
    mosquitto.process.stop()
    (mosquitto.store / "mosquitto.db").unlink()
    mosquitto.process.start()
    remembering.session.known = True
    async with running(remembering):
        assert remembering.session.forgotten == 1


async def test_of_several_addresses_the_next_is_tried(nats_as_broker: BrokerForTest) -> None:
    url = f"mqtt://127.0.0.1:{free_port()}, {nats_as_broker.url}"
    taker = Taker(nats_as_broker)
    taker.session.broker = Broker.at(url, client_id="andon-intake", username="", password="")
    async with running(taker):
        assert taker.session.place == nats_as_broker.url.removeprefix("mqtt://")


def test_addresses_of_two_kinds_are_no_broker() -> None:
    with pytest.raises(SetupError, match="mixes plain and TLS"):
        Broker.at("mqtt://a,mqtts://b", client_id="c", username="", password="")
    with pytest.raises(SetupError, match="'http://a' is no broker address"):
        Broker.at("mqtt://b:1,http://a", client_id="c", username="", password="")


async def test_a_silent_broker_is_named_before_it_is_given_up(broker: BrokerForTest) -> None:
    async with running(Taker(broker)) as taker:
        os.kill(broker.process.pid, signal.SIGSTOP)
        try:
            await eventually(lambda: "has not answered" in taker.session.trouble)
            assert taker.session.epoch == 1
        finally:
            os.kill(broker.process.pid, signal.SIGCONT)
        await eventually(lambda: taker.session.trouble == "")
        assert taker.session.epoch == 1, "a short silence costs no connection"


async def test_what_mosquitto_says_of_itself_goes_aside(mosquitto: BrokerForTest) -> None:
    told = dict[bytes, bytes]()
    taker = Taker(mosquitto)
    taker.session.aside = (("$SYS/broker/version",), lambda said: told.update({m.topic: m.payload for m in said}))
    async with running(taker), mosquitto.device() as device:
        await device.publish("factory/a/b/c/d", b"1", qos=0)
        await eventually(lambda: told and taker.taken)
    assert told[b"$SYS/broker/version"].startswith(b"mosquitto")
    assert [m.topic for m in taker.taken] == [b"factory/a/b/c/d"]


async def test_a_broker_that_says_nothing_of_itself_is_no_fault(nats_as_broker: BrokerForTest) -> None:
    taker = Taker(nats_as_broker)
    taker.session.aside = (("$SYS/broker/version",), lambda _: None)
    async with running(taker), nats_as_broker.device() as device:
        await device.publish("factory/a/b/c/d", b"1", qos=1)
        await eventually(lambda: taker.payloads == [b"1"])


async def test_the_number_a_device_gives_in_user_properties_arrives(mosquitto: BrokerForTest) -> None:
    numbered = Properties(PacketTypes.PUBLISH)
    numbered.UserProperty = [("colour", "red"), ("seq", "42"), ("boot", "b7")]
    numbered.ContentType = "application/json"
    async with (
        running(Taker(mosquitto)) as taker,
        aiomqtt.Client("127.0.0.1", mosquitto.port, protocol=aiomqtt.ProtocolVersion.V5) as device,
    ):
        await device.publish("factory/a/b/c/d", b"1", qos=1, properties=numbered)
        await device.publish("factory/a/b/c/d", b"2", qos=1)
        await eventually(lambda: len(taker.taken) == 2)
    assert [number(m.properties) for m in taker.taken] == [(42, "b7"), (None, "")]
    assert [m.payload for m in taker.taken] == [b"1", b"2"]


@given(st.binary(max_size=300))
def test_any_properties_end_in_a_number_or_none(data: bytes) -> None:
    seq, boot = number(data)
    assert seq is None or seq >= 0
    assert len(boot) <= 64


@pytest.mark.parametrize("value", [b"-1", b"1.5", b"", b"x", b"9" * 5000, "٣".encode()])
def test_what_is_no_number_is_none(value: bytes) -> None:
    pair = b"\x26" + (3).to_bytes(2, "big") + b"seq" + len(value).to_bytes(2, "big") + value
    assert number(pair) == (None, "")


async def test_retained_values_are_told_apart_from_new_ones(broker: BrokerForTest) -> None:
    async with broker.device() as device:
        await device.publish("factory/a/b/c/d", b"old", qos=1, retain=True)
        async with running(Taker(broker)) as taker:
            await device.publish("factory/a/b/c/d", b"new", qos=1, retain=True)
            await eventually(lambda: b"new" in taker.payloads)
    assert taker.payloads == [b"new"]


async def test_large_messages_are_cut_short_and_the_next_is_whole(mosquitto: BrokerForTest) -> None:
    async with running(Taker(mosquitto)) as taker, mosquitto.device() as device:
        await device.publish("factory/a/b/c/d", b"x" * 10_000_000, qos=1)
        await device.publish("factory/a/b/c/d", b"whole", qos=1)
        await eventually(lambda: len(taker.taken) == 2)
    assert taker.taken[0].size == 10_000_000
    assert len(taker.taken[0].payload) <= 64 * 1024
    assert taker.payloads[1] == b"whole"


async def test_a_wrong_address_is_told_and_tried_again(nats_as_broker: BrokerForTest) -> None:
    nats_as_broker.process.stop()
    taker = Taker(nats_as_broker)
    task = asyncio.create_task(taker.session.keep())
    await eventually(lambda: "onnect" in taker.session.trouble and taker.session.epoch > 1)
    nats_as_broker.process.start()
    await asyncio.wait_for(taker.session.subscribed.wait(), STATE_SECONDS)
    await jobs.end(task)


def publish_packet(topic: bytes, payload: bytes, packet_id: int) -> bytes:
    body = len(topic).to_bytes(2, "big") + topic + packet_id.to_bytes(2, "big") + payload
    length, size = b"", len(body)
    while True:
        size, digit = divmod(size, 128)
        length += bytes([digit | (128 if size else 0)])
        if not size:
            return b"\x32" + length + body


@given(
    st.lists(st.tuples(st.binary(max_size=40), st.binary(max_size=400)), min_size=1, max_size=20),
    st.lists(st.integers(1, 60), min_size=1, max_size=10),
)
def test_packets_are_cut_the_same_wherever_the_network_cuts(
    messages: list[tuple[bytes, bytes]], cuts: list[int]
) -> None:
    stream = b"".join(publish_packet(topic, payload, n) for n, (topic, payload) in enumerate(messages, 1))
    reader, at, turn = PacketReader(4, 2**20), 0, 0
    while at < len(stream):
        step = cuts[turn % len(cuts)]
        reader.feed(stream[at : at + step])
        at, turn = at + step, turn + 1
    assert [(p.topic, p.payload) for p in reader.publishes] == messages
    assert [int.from_bytes(p.packet_id, "big") for p in reader.publishes] == list(range(1, len(messages) + 1))


@given(st.binary(max_size=300), st.sampled_from([4, 5]))
def test_any_bytes_end_in_packets_or_a_protocol_error(data: bytes, version: int) -> None:
    reader = PacketReader(5 if version == 5 else 4, 2**20)
    with suppress(ProtocolError, IndexError):
        reader.feed(data)


def test_acknowledgements_go_out_in_one_piece() -> None:
    assert pubacks([b"\x00\x01", b"\x01\x02"]) == b"\x40\x02\x00\x01\x40\x02\x01\x02"
    assert pubacks([]) == b""


@pytest.mark.parametrize("size", [1, 70_000, 300_000])
def test_a_packet_above_the_limit_leaves_its_beginning(size: int) -> None:
    reader = PacketReader(4, 50_000)
    stream = publish_packet(b"t", b"x" * size, 1) + publish_packet(b"t", b"next", 2)
    for at in range(0, len(stream), 16_384):
        reader.feed(stream[at : at + 16_384])
    assert [p.size for p in reader.publishes] == [size, 4]
    assert reader.publishes[1].payload == b"next"
