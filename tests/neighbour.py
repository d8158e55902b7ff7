"""The neighbour: a second machine of the same shop, which nothing that others do may harm."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from time import time_ns

from andon.common import jobs
from andon.common.testing.factory import Credential, Factory
from andon.common.testing.waiting import eventually

NEIGHBOUR = "berlin/pressing/line-1/press-2"


@asynccontextmanager
async def neighbour_unharmed(factory: Factory, device: Credential) -> AsyncIterator[None]:
    """A second machine of the same shop speaks on; all it was told is safe must be history."""
    safe: list[list[float]] = []

    async def speak() -> None:
        async with factory.device(device) as gateway:
            for number in count():
                at = max(time_ns() // 10**6, int(safe[-1][0]) + 1 if safe else 0)
                payload = json.dumps({"ts": at, "values": {"number": number}})
                await gateway.publish(f"factory/{NEIGHBOUR}", payload, qos=1)
                safe.append([at, number])
                await asyncio.sleep(0.02)  # fifty times a second

    async def all_there() -> bool:
        query = {"sensor": f"{NEIGHBOUR}/number", "from": str(int(safe[0][0])), "points": "5000"}
        points = (await factory.call("GET", "/api/query/v1/series", params=query))["points"]
        assert [point for point in safe if point not in points] == []
        return True

    speaking = asyncio.create_task(speak())
    try:
        yield
        told = len(safe)
        await eventually(lambda: len(safe) > told + 10 or speaking.done(), what="the neighbour speaks on")
    finally:
        await jobs.end(speaking)
    await eventually(all_there, what="all of the neighbour's values are history")
