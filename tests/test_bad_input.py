"""What comes from a device is hostile: dead-lettered or refused, with a reason, while its neighbour never notices."""

import json
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiomqtt
import pytest
import pytest_asyncio

from andon.common.testing.factory import Credential, Factory
from andon.common.testing.waiting import eventually

from .conftest import PLANT, PRESS
from .neighbour import neighbour_unharmed

pytestmark = [pytest.mark.timeout(180), pytest.mark.asyncio(loop_scope="module")]

TOPIC = f"factory/{PRESS}"
INGEST = "/api/ingest/v1"
MOST_MEMORY = 400 * 2**20
"""Bytes one process of Andon may have resident after all of this."""

DEEP = b"[" * 100_000 + b"]" * 100_000
HOT = b'{"values": {"oil_temperature": %s}}'

BAD = [
    ("malformed", TOPIC, b'{"values": {"oil_temperature": 1'),
    ("malformed", TOPIC, b""),
    ("malformed", TOPIC, b"\xff\xfe\x00 no UTF-8"),
    ("malformed", TOPIC, b'{"values": {"state": "\xc3\x28"}}'),
    ("malformed", TOPIC, b'{"values": 5}'),
    ("malformed", TOPIC, b"[]"),
    ("malformed", TOPIC, DEEP),
    ("malformed", TOPIC, b'{"values": {"oil_temperature": ' + DEEP + b"}}"),
    ("malformed", TOPIC, HOT % b"NaN"),
    ("malformed", TOPIC, HOT % b"Infinity"),
    ("bad-value", TOPIC, HOT % b'"warm"'),
    ("bad-value", TOPIC, b'{"values": {"state": 5}}'),
    ("bad-value", TOPIC, HOT % b"{}"),
    ("bad-value", TOPIC, HOT % (b"1" + b"0" * 400)),
    ("bad-value", TOPIC, json.dumps({"values": {"state": "R" * 10_000}}).encode()),
    ("bad-time", TOPIC, b'{"ts": -1, "values": {"oil_temperature": 1}}'),
    ("bad-time", TOPIC, b'{"ts": 1e300, "values": {"oil_temperature": 1}}'),
    ("bad-time", TOPIC, b'{"ts": "yesterday", "values": {"oil_temperature": 1}}'),
    ("bad-time", TOPIC, b'{"ts": 946684800000, "values": {"oil_temperature": 1}}'),
    ("bad-time", TOPIC, b'{"ts": 4102444800000, "values": {"oil_temperature": 1}}'),
    ("too-large", TOPIC, b"[" + b",".join([HOT % b"1"] * 10_001) + b"]"),
    ("unknown-sensor", TOPIC, b'{"values": {"nobody_knows": 1}}'),
    ("unknown-sensor", f"{TOPIC}/nobody_knows", b"1"),
    ("unknown-asset", "factory/berlin/pressing/line-1/press-99", HOT % b"1"),
    ("bad-topic", "factory/berlin/pressing", HOT % b"1"),
]


def name_of(value: object) -> str:
    """What pytest calls a case; payloads in short."""
    return repr(value[:40]) if isinstance(value, bytes) else str(value)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def factory(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Factory]:
    async with Factory(tmp_path_factory.mktemp("andon")) as started:
        await started.apply_plant(PLANT)
        yield started
        for name in ("ingest", "api", "nats"):
            assert resident(started.pid(name)) < MOST_MEMORY, name
        assert "starts again" not in started.output.read_text(), "a process died of it"


def resident(pid: int) -> int:
    """Bytes of memory a process has."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) * 1024


async def letters(factory: Factory, reason: str) -> list[dict[str, Any]]:
    found = await factory.call("GET", f"{INGEST}/deadletters", params={"reason": reason, "limit": 200})
    return list(found["items"])


@pytest.mark.parametrize(("reason", "topic", "payload"), BAD, ids=name_of)
async def test_over_mqtt_it_becomes_a_dead_letter_with_its_reason(
    factory: Factory, device: Credential, reason: str, topic: str, payload: bytes
) -> None:
    before = {letter["id"] for letter in await letters(factory, reason)}

    async def arrived() -> list[dict[str, Any]]:
        return [letter for letter in await letters(factory, reason) if letter["id"] not in before]

    async with neighbour_unharmed(factory, device), factory.device(device) as gateway:
        await gateway.publish(topic, payload, qos=1)
        [letter] = await eventually(arrived, what=f"a dead letter: {reason}")
    assert letter["size"] == len(payload)
    assert letter["detail"]
    assert letter["source"].endswith(topic)


async def test_ten_megabytes_end_the_connection_and_nothing_else(factory: Factory, device: Credential) -> None:
    bulky = await factory.add_device("bulky", PRESS)

    async def told() -> list[dict[str, Any]]:
        return [letter for letter in await letters(factory, "too-large") if letter["device"] == bulky.username]

    async with neighbour_unharmed(factory, device):
        with pytest.raises(aiomqtt.MqttError):
            async with factory.device(bulky) as gateway:
                await gateway.publish(TOPIC, b"7" * 10 * 2**20, qos=1)
        [letter] = await eventually(told, what="why the connection ended can be looked up")
    assert letter["size"] > 10 * 2**20


@pytest.mark.parametrize(
    "topic",
    [
        "factory/munich/pressing/line-1/press-1",
        "telemetry/0",
        "deadletter/malformed",
        "$JS/API/STREAM/DELETE/TELEMETRY",
        "$SYS/REQ/SERVER/PING",
    ],
)
async def test_what_a_device_may_not_publish_is_refused_and_told(
    factory: Factory, device: Credential, topic: str
) -> None:
    intruder = await factory.add_device(f"intruder on {topic.replace('/', ' ').replace('$', '')}", PRESS)
    payload = b'{"values": {"oil_temperature": 66.6}}'

    async def told() -> list[dict[str, Any]]:
        return [letter for letter in await letters(factory, "forbidden") if letter["device"] == intruder.username]

    async with neighbour_unharmed(factory, device):
        with suppress(aiomqtt.MqttError):  # the broker may acknowledge and drop it, or end the connection
            async with factory.device(intruder) as gateway:
                await gateway.publish(topic, payload, qos=1, timeout=5)
        [letter] = await eventually(told, what="the attempt can be looked up")
    assert topic in letter["detail"] + letter["source"]
    latest = await factory.call("GET", "/api/query/v1/latest", params={"under": "munich"})
    assert [item for item in latest["items"] if item.get("value") == 66.6] == []


async def test_a_stranger_does_not_come_in(factory: Factory) -> None:
    for stranger in (Credential("", "nobody", "guess"), Credential("", "", "")):
        with pytest.raises(aiomqtt.MqttError):
            async with factory.device(stranger):
                pass


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, b'{"asset": "'),
        (400, b"\xff\xfe"),
        (400, DEEP),
        (422, b'{"asset": "%s", "values": {"oil_temperature": %s}}' % (PRESS.encode(), DEEP)),
        (413, b" " * 10 * 2**20),
        (422, b'{"asset": 5, "values": {}}'),
        (422, json.dumps({"asset": f"{PRESS}9", "values": {"number": 1}}).encode()),
        (422, json.dumps({"asset": PRESS, "values": {"nobody_knows": 1}}).encode()),
        (422, json.dumps({"asset": PRESS, "values": {"oil_temperature": "warm"}}).encode()),
        (422, json.dumps({"asset": PRESS, "ts": -5, "values": {"oil_temperature": 1}}).encode()),
        (400, b'{"asset": "%s", "values": {"oil_temperature": NaN}}' % PRESS.encode()),
    ],
    ids=name_of,
)
async def test_over_http_the_answer_says_what_is_wrong(
    factory: Factory, device: Credential, status: int, body: bytes
) -> None:
    async with neighbour_unharmed(factory, device):
        answer = await factory.http.post(f"{INGEST}/readings", content=body)
    problem = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), problem
    assert problem["detail"]
