"""From PUBLISH to the WebSocket, at half the load that has to be sustained: every sample of some machines."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import orjson
from websockets.asyncio.client import connect

from bench.row import Row, Target, percentile
from bench.stage import Stage

RATE = 15_000
SECONDS = 20.0
WATCHED = 20
"""Machines on the page that is open."""
_SETTLE_MS = 1000


async def run(stage: Stage) -> list[Row]:
    """Latency in ms, by the `ts` each sample carries: the time it was published."""
    watched = [f"one/area-0/line-0/m-{n}" for n in range(WATCHED)]
    async with listening(stage, watched) as arrived:
        report = await stage.send("one", rate=RATE, seconds=stage.scaled(SECONDS))
        await asyncio.sleep(1)
    began = report.journal.numbers[1] + _SETTLE_MS
    took = [at - ts for at, ts in arrived if ts >= began]
    row = Row("live", "publish to WebSocket, p99", percentile(took, 0.99), "ms", Target(250, at_most=True))
    sent = sum(1 for entry in report.journal if entry.machine < WATCHED)
    row.details = {"p50": percentile(took, 0.5), "max": max(took), "msg/s": report.sent / report.seconds}
    row.details |= {"seen": len(arrived), "published": sent}
    return [row]


@asynccontextmanager
async def listening(stage: Stage, watched: list[str]) -> AsyncIterator[list[tuple[float, int]]]:
    """What arrives meanwhile: (when, `ts`), both in ms."""
    factory = await stage.factory()
    arrived: list[tuple[float, int]] = []
    async with connect(f"ws://127.0.0.1:{factory.port}/api/query/v1/live", proxy=None, max_size=2**24) as socket:
        await socket.send(orjson.dumps({"op": "auth", "token": factory.token}).decode())
        wanted = {"op": "subscribe", "under": watched, "max_hz": 20, "every": True}
        await socket.send(orjson.dumps(wanted).decode())
        await socket.recv()

        async def listen() -> None:
            async for frame in socket:
                now = time.time() * 1000
                arrived.extend((now, sample[1]) for sample in orjson.loads(frame).get("samples", ()))

        listening = asyncio.create_task(listen())
        try:
            yield arrived
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
