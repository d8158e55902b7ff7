"""Late, repeated and out of order: normal input. All of it is stored once, and no alarm comes of what is long over."""

import random
from time import time_ns

import orjson
import pytest

from andon.common.testing.waiting import eventually
from soak.plant import ODD
from soak.press import COOL, HOT
from soak.scene import Scene

from .raw_device import DUP, raw_device

pytestmark = [pytest.mark.timeout(180), pytest.mark.asyncio(loop_scope="module")]

TOPIC = f"factory/{ODD}"
NOW = time_ns() // 10**6
DAY = 24 * 3_600_000
LONG_AGO = NOW - 2 * DAY
BACKFILL = [NOW - DAY + n * DAY // 2000 for n in range(1, 2000)]


def message(at: int, number: float, temperature: float = COOL) -> bytes:
    return orjson.dumps({"ts": at, "values": {"number": number, "oil_temperature": temperature}})


async def rows(scene: Scene, times: set[int]) -> dict[int, list[float]]:
    found: dict[int, list[float]] = {}
    for at, number, _ in await scene.stored(ODD):
        if at in times:
            found.setdefault(at, []).append(number)
    return found


async def test_a_day_of_backfill_shuffled_during_live_load(scene: Scene) -> None:
    shuffled = list(enumerate(BACKFILL))
    random.Random(7).shuffle(shuffled)  # noqa: S311 - guards nothing
    async with scene.factory.device(scene.device) as gateway:
        await gateway.publish(TOPIC, message(NOW, -1), qos=1)
        for start in range(0, len(shuffled), 50):
            batch = b",".join(message(at, number, HOT) for number, at in shuffled[start : start + 50])
            await gateway.publish(TOPIC, b"[" + batch + b"]", qos=1)

    async def all_there() -> bool:
        found = await rows(scene, set(BACKFILL))
        missing = {n // 50 for n, (_, at) in enumerate(shuffled) if at not in found}
        assert not missing, f"messages of which something is missing: {sorted(missing)}"
        assert found == {at: [float(number)] for number, at in enumerate(BACKFILL)}
        return True

    await eventually(all_there, timeout=40, what="each is stored, once, at its time")
    alarms = await scene.factory.call("GET", "/api/alerting/v1/alarms", params={"state": "all", "under": ODD})
    assert alarms["items"] == [], "what was hot yesterday is no alarm today"
    latest = await scene.factory.call("GET", "/api/query/v1/latest", params={"under": f"{ODD}/number"})
    assert [(item["ts"], item["value"]) for item in latest["items"]] == [(NOW, -1)]


async def test_a_message_sent_again_and_again_is_stored_once(scene: Scene) -> None:
    payload = message(LONG_AGO, 5)
    async with raw_device(scene.factory, scene.device) as device:
        for flags in (0, DUP, DUP, 0):
            assert await device.publish(TOPIC.encode(), payload, number=9, flags=flags)
        assert await device.publish(TOPIC.encode(), message(LONG_AGO + 1, 6), number=10)

    async def stored() -> bool:
        return await rows(scene, {LONG_AGO, LONG_AGO + 1}) == {LONG_AGO: [5.0], LONG_AGO + 1: [6.0]}

    await eventually(stored, what="both are stored, each once")


async def test_nobody_else_has_noticed(scene: Scene) -> None:
    verdict = await scene.verdict()
    assert verdict.clean, verdict
