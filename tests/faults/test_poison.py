"""Poison beyond what tests/test_bad_input.py tries: each is a dead letter or refused, and the presses never notice."""

import gzip
import json
from time import time_ns
from typing import Any

import pytest

from andon.common.testing.waiting import eventually
from soak.plant import ODD
from soak.scene import Scene

from .raw_device import raw_device

pytestmark = [pytest.mark.timeout(180), pytest.mark.asyncio(loop_scope="module")]

LETTERS = "/api/ingest/v1/deadletters"
TOPIC = f"factory/{ODD}".encode()
NOW = time_ns() // 10**6
BOMB = gzip.compress(b" " * 50_000_000)
POISON = {
    "5000-digit-number": ("malformed", TOPIC, b'{"values": {"number": ' + b"9" * 5000 + b"}}"),
    "number-beyond-a-float": ("malformed", TOPIC, b'{"values": {"number": 1e999}}'),
    "200000-brackets": ("malformed", TOPIC, b"[" * 200_000),
    "huge-key": ("unknown-sensor", TOPIC, b'{"values": {"' + b"k" * 200_000 + b'": 1}}'),
    "many-keys": ("too-large", TOPIC, json.dumps({"values": {f"k{n}": 1 for n in range(5000)}}).encode()),
    "gzip-bomb": ("malformed", TOPIC, BOMB),
    "protobuf-of-another-house": ("malformed", TOPIC, b"\x08\x96\x01\x12\x07testing\xff\xff\xff\xff\x0f"),
    "emoji-in-the-topic": ("unknown-asset", "factory/berlin/pressing/line-1/🔥".encode(), b'{"values": {"number": 1}}'),
}
WRONG_TOPICS = {
    "plus": b"factory/berlin/pressing/line-1/+",
    "hash": b"factory/berlin/pressing/#",
    "nul": b"factory/berlin/pressing/line-1/o\x00dd",
    "no-utf-8": b"factory/berlin/pressing/line-1/\xff\xfe",
    "65-kB": b"factory/berlin/pressing/line-1/" + b"x" * 65_000,
}


async def letters(scene: Scene, reason: str) -> list[dict[str, Any]]:
    found = await scene.factory.call("GET", LETTERS, params={"reason": reason, "limit": 200})
    return list(found["items"])


@pytest.mark.parametrize("name", POISON)
async def test_it_is_a_dead_letter_with_its_reason(scene: Scene, name: str) -> None:
    reason, topic, payload = POISON[name]
    before = {letter["id"] for letter in await letters(scene, reason)}

    async def told() -> list[dict[str, Any]]:
        return [letter for letter in await letters(scene, reason) if letter["id"] not in before]

    async with raw_device(scene.factory, scene.device) as device:
        assert await device.publish(topic, payload, number=1)
    [letter] = await eventually(told, what=f"a dead letter: {reason}")
    assert (letter["size"], bool(letter["detail"])) == (len(payload), True)


async def test_of_two_equal_keys_the_last_counts(scene: Scene) -> None:
    async with raw_device(scene.factory, scene.device) as device:
        assert await device.publish(TOPIC, b'{"ts": %d, "values": {"number": 1, "number": 2}}' % NOW, number=1)

    async def stored() -> bool:
        return [row[:2] for row in await scene.stored(ODD) if row[0] == NOW] == [(NOW, 2.0)]

    await eventually(stored, what="it is stored")


@pytest.mark.parametrize("name", WRONG_TOPICS)
async def test_a_topic_that_is_none_ends_its_connection_or_is_dropped(scene: Scene, name: str) -> None:
    async with raw_device(scene.factory, scene.device) as device:
        await device.publish(WRONG_TOPICS[name], b'{"values": {"number": 666}}', number=1)
    assert [row for row in await scene.stored(ODD) if row[1] == 666] == []


async def test_after_all_of_it_the_presses_have_not_noticed(scene: Scene) -> None:
    verdict = await scene.verdict()
    assert verdict.clean, verdict
    assert "starts again" not in scene.factory.output.read_text(), "a process died of it"
