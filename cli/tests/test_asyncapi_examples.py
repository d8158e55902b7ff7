"""What the AsyncAPI documents show is really taken: by intake, by the services on NATS, by the live feed."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from andon.cli.asyncapi import nats, websocket
from andon.cli.asyncapi.spec import MSGPACK, TEXT, Channel, payload
from andon.common import plant, wire
from andon.common.devices import decode_device
from andon.common.mqtt.properties import number
from andon.common.plant import Asset, Plant, Sensor
from andon.ingest.ledger import bookkeeper
from andon.ingest.resolve import Resolver
from andon.query.derive import anew
from andon.query.live.messages import Message, read_message
from andon.query.tiers import coverage

COMMITTED = Path(__file__).resolve().parents[2] / "docs/reference/asyncapi"
PRESS = "berlin/pressing/line-1/press-1"
READ_BY: dict[str, Callable[[bytes], Any]] = {
    "batch": wire.decode_batch,
    "dead-letter": wire.decode_deadletter,
    "raw-batches": wire.decode_raw,
    "stored": wire.decode_stored,
    "plant-asset-entry": plant.decode_asset,
    "plant-device-entry": decode_device,
    "answer": anew.decode_answer,
    "derive-progress-entry": coverage.decode_progress,
    "derive-pending-entry": coverage.decode_ranges,
    "derive-gone-entry": coverage.decode_gone,
}
"""What reads a message of NATS where it is read, by the message's name."""


def _committed(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((COMMITTED / f"{name}.json").read_text())
    return found


def _mqtt() -> Iterator[Any]:
    document = _committed("mqtt")
    for channel in document["channels"].values():
        for name in channel["messages"]:
            message = document["components"]["messages"][name]
            for example in message["examples"]:
                yield pytest.param(channel["address"], message["contentType"], example, id=f"{name}-{example['name']}")


@pytest.mark.parametrize(("address", "content_type", "example"), list(_mqtt()))
def test_intake_makes_readings_of_what_a_device_is_shown(
    address: str, content_type: str, example: dict[str, Any]
) -> None:
    told = example["payload"]
    datatype = "string" if isinstance(told, str) else "float"
    keys = (Sensor("oil_temperature", f"{PRESS}/oil_temperature"), Sensor("state", f"{PRESS}/state", datatype="string"))
    known = Plant()
    known.put(Asset("k3f9a1c2", PRESS, "machine", "press-1", "Press 1", "press", sensors=keys))
    sensor = "state" if datatype == "string" else "oil_temperature"
    topic = address.replace("{site}/{area}/{line}/{machine}", PRESS).replace("{sensor}", sensor)
    body = told.encode() if content_type == TEXT else json.dumps(told).encode()

    readings, refusals = Resolver(known).resolve(topic.encode(), body, 1_732_380_000_000_000_000)

    assert not refusals
    assert len(readings) == (len(told) if isinstance(told, list) else 1)
    assert all(reading.asset == "k3f9a1c2" and reading.values for reading in readings)


def test_numbers_are_read_from_the_user_properties_that_are_shown() -> None:
    [headers] = [one["headers"] for _, _, one in (param.values for param in _mqtt()) if "headers" in one]
    packed = b"".join(
        b"\x26" + b"".join(len(word).to_bytes(2, "big") + word.encode() for word in pair) for pair in headers.items()
    )
    assert number(packed) == (int(headers["seq"]), headers["boot"])


def _messages(channels: tuple[Channel, ...]) -> Iterator[Any]:
    for channel in channels:
        for message in (*channel.messages, *(way.reply for way in channel.ways if way.reply)):
            for example in message.examples:
                yield pytest.param(message, example, id=f"{channel.name}-{message.name}-{example.name}")


@pytest.mark.parametrize(("message", "example"), list(_messages(nats.DOCUMENT.channels)))
def test_services_read_what_nats_is_shown_to_carry(message: Any, example: Any) -> None:
    written = _committed("nats")["components"]["messages"][message.name]
    shown = next(one["payload"] for one in written["examples"] if one["name"] == example.name)
    if message.content_type == MSGPACK:
        packed = bytes.fromhex(written["x-packed"][example.name])
        read = READ_BY.get(message.name, msgspec.msgpack.Decoder(message.of).decode)(packed)
    elif message.content_type == "application/zlib":
        account = msgspec.json.decode(json.dumps(shown), type=message.of)
        read = bookkeeper.unpack(bookkeeper.pack(account))
    elif message.content_type in (TEXT, "application/octet-stream"):
        read = msgspec.convert(shown, message.of)
    elif hasattr(message.of, "model_validate"):
        read = message.of.model_validate(shown)
    else:
        body = json.dumps(shown).encode()
        read = READ_BY.get(message.name, msgspec.json.Decoder(message.of, strict=True).decode)(body)
    assert payload(read) == shown or payload(read).items() >= shown.items()


def test_the_readers_named_here_read_messages_that_there_are() -> None:
    assert READ_BY.keys() <= _committed("nats")["components"]["messages"].keys()


def test_the_live_feed_takes_every_message_that_is_shown() -> None:
    document = _committed("websocket")
    said = document["operations"]["receive-live"]["messages"]
    taken = set()
    for reference in said:
        message = document["components"]["messages"][reference["$ref"].rpartition("/")[2]]
        for example in message["examples"]:
            read = read_message(json.dumps(example["payload"]))
            taken.add(type(read))
            assert payload(read).items() >= example["payload"].items()
    assert taken == set(Message.__args__)


@pytest.mark.parametrize(("message", "example"), list(_messages(websocket.DOCUMENT.channels)))
def test_what_the_feed_is_shown_to_tell_can_be_read(message: Any, example: Any) -> None:
    if hasattr(message.of, "model_validate"):
        assert message.of.model_validate(payload(example.value)).model_dump(mode="json") == payload(example.value)
    else:
        read = msgspec.json.decode(json.dumps(payload(example.value)), type=message.of)
        assert payload(read).items() >= payload(example.value).items()
