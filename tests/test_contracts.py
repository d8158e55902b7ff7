"""Whatever travels on NATS in a whole Andon is what its AsyncAPI document says: no subject it lacks, no other shape."""

import base64
import json
import re
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import nats
import pytest
import pytest_asyncio
from jsonschema import Draft7Validator

from andon.common.testing.factory import Factory
from andon.common.testing.waiting import eventually

from .conftest import PLANT, PRESS

pytestmark = [pytest.mark.timeout(180), pytest.mark.asyncio(loop_scope="module")]

DOCUMENT: dict[str, Any] = json.loads(
    (Path(__file__).resolve().parents[1] / "docs/reference/asyncapi/nats.json").read_text()
)
CHANNELS = [one for one in DOCUMENT["channels"].values() if one["address"]]
WANTED = {
    "telemetry.{partition}",
    "deadletter.{reason}",
    "raw.received.{partition}",
    "raw.stored.{partition}",
    "events.plant.changed",
    "events.device.{verb}",
    "events.alarm.{verb}",
    "health.{service}",
    "ledger.{instance}",
    "probe",
    "$KV.plant.asset.{id}",
    "$KV.plant.device.{id}",
    "$KV.derive.progress",
    "$KV.leases.{what}",
}
RULE = {"name": "Warm", "scope": {"sensor": f"{PRESS}/oil_temperature"}, "condition": {"above": 60}, "severity": "low"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def factory(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Factory]:
    async with Factory(tmp_path_factory.mktemp("andon")) as started:
        yield started


async def test_what_travels_is_what_the_document_says(factory: Factory) -> None:
    heard: set[str] = set()
    wrong: list[str] = []

    async def look(message: Any) -> None:
        channel = _channel_of(message.subject)
        if channel is None:
            wrong.append(f"{message.subject} is in no channel")
        elif message.data or not message.headers:  # an entry that is removed has headers and no data
            heard.add(channel["address"])
            wrong.extend(f"{message.subject}: {why}" for why in _faults(channel, message.data))

    password = _secret(factory, "ANDON_NATS_PASSWORD")
    port = factory.environment["ANDON_NATS_PORT"]
    connection = await nats.connect(f"nats://127.0.0.1:{port}", user="andon", password=password)
    try:
        for subject in ("telemetry.*", "deadletter.*", "raw.>", "events.>", "health.*", "ledger.*", "probe", "$KV.>"):
            await connection.subscribe(subject, cb=look)
        await connection.flush()
        await factory.apply_plant(PLANT)
        device = await factory.add_device("press shop", "berlin/pressing")
        await factory.call("POST", "/api/alerting/v1/rules", json=RULE)

        async with factory.device(device) as gateway:

            async def everything() -> bool:
                for value in (66, "hot"):  # one raises an alarm, the other becomes a dead letter
                    said = json.dumps({"values": {"oil_temperature": value}})
                    await gateway.publish(f"factory/{PRESS}", said, qos=1)
                missing = WANTED - heard
                assert not missing, f"not heard yet: {sorted(missing)}"
                return True

            await eventually(everything, timeout=120, what="each kind of message is heard")
    finally:
        await connection.close()
    assert wrong == []


def _secret(factory: Factory, name: str) -> str:
    lines = (factory.folder / "secrets").read_text().splitlines()
    return next(line.partition("=")[2].strip("'\"") for line in lines if line.startswith(f"{name}="))


def _channel_of(subject: str) -> dict[str, Any] | None:
    """The channel of a subject; one that is spelled goes before one with a place for any word."""
    found = [one for one in CHANNELS if re.fullmatch(_pattern(one["address"]), subject)]
    return min(found, key=lambda one: one["address"].count("{"), default=None)


def _pattern(address: str) -> str:
    """Of the addresses; what was asked for to be made anew names a subject, which has a dot in it."""
    return re.sub(r"\\\{(\w+)\\\}", lambda found: ".+" if found[1] == "what" else "[^.]+", re.escape(address))


def _faults(channel: dict[str, Any], data: bytes) -> list[str]:
    """What of a message is not as its channel says."""
    [name] = channel["messages"]
    message = DOCUMENT["components"]["messages"][name]
    schema = {**message["payload"], "components": DOCUMENT["components"]}
    told = _plain(_read(message["contentType"], data))
    return [f"{list(error.path)}: {error.message[:200]}" for error in Draft7Validator(schema).iter_errors(told)]


def _read(content_type: str, data: bytes) -> Any:
    if content_type == "application/x-msgpack":
        return msgspec.msgpack.decode(data)
    if content_type == "application/zlib":
        return msgspec.msgpack.decode(zlib.decompress(data))
    return json.loads(data) if content_type == "application/json" else data.decode()


def _plain(value: Any) -> Any:
    """As the document shows it: bytes in base64."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value
