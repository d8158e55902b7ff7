"""The neighbour: a second machine of the same shop, which nothing that others do may harm."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import time_ns

import aiomqtt

from andon.common import jobs
from andon.common.testing.factory import Credential, Factory
from andon.common.testing.waiting import eventually

NEIGHBOUR = "berlin/pressing/line-1/press-2"


async def say(gateway: aiomqtt.Client, path: str, safe: list[list[float]]) -> None:
    """One numbered value, of fifty a second; it is safe once the broker has acknowledged it."""
    at = max(time_ns() // 10**6, int(safe[-1][0]) + 1 if safe else 0)
    payload = json.dumps({"ts": at, "values": {"number": len(safe)}})
    await gateway.publish(f"factory/{path}", payload, qos=1)
    safe.append([at, len(safe)])
    await asyncio.sleep(0.02)


async def are_history(factory: Factory, path: str, safe: list[list[float]]) -> bool:
    """Whether all values that were said are there."""
    query = {"sensor": f"{path}/number", "from": str(int(safe[0][0])), "points": "10000"}
    points = (await factory.call("GET", "/api/query/v1/series", params=query))["points"]
    assert [point for point in safe if point not in points] == []
    return True


@asynccontextmanager
async def neighbour_unharmed(factory: Factory, device: Credential) -> AsyncIterator[None]:
    """A second machine of the same shop speaks on; all it was told is safe must be history."""
    safe: list[list[float]] = []

    async def speak() -> None:
        async with factory.device(device) as gateway:
            while True:
                await say(gateway, NEIGHBOUR, safe)

    speaking = asyncio.create_task(speak())
    try:
        yield
        told = len(safe)
        await eventually(lambda: len(safe) > told + 10 or speaking.done(), what="the neighbour speaks on")
    finally:
        await jobs.end(speaking)
    await eventually(lambda: are_history(factory, NEIGHBOUR, safe), what="all of the neighbour's values are history")
