"""Clocks of devices: what cannot be is refused with its reason, what can be is taken at its word, in any unit."""

from time import time_ns

import orjson
import pytest

from andon.common.testing.waiting import eventually
from soak.plant import ODD
from soak.scene import Scene

pytestmark = [pytest.mark.timeout(180), pytest.mark.asyncio(loop_scope="module")]

HOUR = 3_600_000
LETTERS = "/api/ingest/v1/deadletters"


def now() -> int:
    return time_ns() // 10**6


async def send(scene: Scene, *messages: object) -> None:
    async with scene.factory.device(scene.device) as gateway:
        for message in messages:
            await gateway.publish(f"factory/{ODD}", orjson.dumps(message), qos=1)


async def stored_at(scene: Scene, times: list[int]) -> bool:
    there = {row[0] for row in await scene.stored(ODD)}
    assert set(times) <= there
    return True


@pytest.mark.parametrize("ts", [0, 1, 946_684_800, 4_102_444_800_000], ids=["zero", "1970", "2000", "2100"])
async def test_a_clock_that_is_absurdly_wrong(scene: Scene, ts: int) -> None:
    message = {"ts": ts, "values": {"number": float(ts)}}
    await send(scene, message)

    async def told() -> bool:
        found = await scene.factory.call("GET", LETTERS, params={"reason": "bad-time", "limit": 200})
        return [one for one in found["items"] if orjson.loads(one["payload"]) == message and "clock" in one["detail"]]

    await eventually(told, what="a dead letter that names the clock")


async def test_a_year_ahead_is_refused(scene: Scene) -> None:
    await send(scene, {"ts": now() + 365 * 24 * HOUR, "values": {"number": 7.0}})

    async def told() -> bool:
        found = await scene.factory.call("GET", LETTERS, params={"reason": "bad-time", "limit": 200})
        return any("in the future" in one["detail"] for one in found["items"])

    await eventually(told, what="a dead letter that says so")
    latest = await scene.factory.call("GET", "/api/query/v1/latest", params={"under": ODD})
    assert [item for item in latest["items"] if item["ts"] > now() + HOUR] == []


async def test_seconds_milliseconds_microseconds_and_nanoseconds(scene: Scene) -> None:
    at = now() // 1000 * 1000
    units = [(at - 4000, 1000), (at - 3000, 1), (at - 2000, 1 / 1000), (at - 1000, 1 / 10**6)]
    await send(scene, *({"ts": int(ms / unit), "values": {"number": 1.0}} for ms, unit in units))
    await eventually(lambda: stored_at(scene, [ms for ms, _ in units]), what="all at their time")


async def test_a_clock_that_jumps_back_and_forth(scene: Scene) -> None:
    at = now()
    times = [at, at - HOUR, at + 1, at - 2 * HOUR, at + 2]
    await send(scene, *({"ts": ms, "values": {"number": float(n)}} for n, ms in enumerate(times)))
    await eventually(lambda: stored_at(scene, times), what="each is stored at its time")

    async def newest() -> bool:
        found = await scene.factory.call("GET", "/api/query/v1/latest", params={"under": f"{ODD}/number"})
        return [item["ts"] for item in found["items"]] == [at + 2]

    await eventually(newest, what="the newest value is the newest, not the last that came")


async def test_nobody_else_has_noticed(scene: Scene) -> None:
    verdict = await scene.verdict()
    assert verdict.clean, verdict
