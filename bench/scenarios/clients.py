"""A full house: two hundred pages that watch a hundred sensors each; after a while one of them no longer reads.

From PUBLISH to the page. Its frames come at most five times a second, so a sample may have waited 200 ms by intention.
"""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from andon.common.testing.factory import Factory
from bench.processes import cpu_seconds, resident
from bench.row import Row, Target, percentile
from bench.stage import MACHINES, PLANTS, Stage

CLIENTS = 200
MACHINES_EACH = 10
"""Of ten sensors each."""
HZ = 5
RATE = 1000
"""Messages per second: ten thousand sensors, once a second each."""
SECONDS = 40.0
SETTLE_SECONDS = 2.0
AWAY_SECONDS = 10.0
"""How long all of them were away."""
DEAF_BYTES, DEAF_SECONDS = 4096, 20.0
"""What the deaf client's system takes for it, and when it is cut off for sure."""


@dataclass
class House:
    """What all clients heard since it was last emptied: latencies in ms, frames, and who was sent away."""

    took: list[float] = field(default_factory=list)
    frames: int = 0
    gone: int = 0

    def empty(self) -> None:
        """Begin anew."""
        self.took, self.frames = [], 0


async def run(stage: Stage) -> list[Row]:
    """The 99th percentile with and without the deaf one, and what the clients cost the api."""
    factory = await stage.factory()
    house, rows = House(), list[Row]()
    before = resident(factory.pid("api"))
    async with full(factory, house):
        rows.append(await _part(stage, factory, house, f"{CLIENTS} clients, p99"))
        async with deaf(factory):
            rows.append(await _part(stage, factory, house, "one of them never reads, p99"))
    rows.append(await _return(factory))
    rows[0].details["api MB before"] = before
    return rows


async def _part(stage: Stage, factory: Factory, house: House, name: str) -> Row:
    house.empty()
    memory, cpu, began = resident(factory.pid("api")), cpu_seconds(factory), time.time()
    seconds = stage.scaled(SECONDS)
    sending = asyncio.create_task(stage.send("ten", rate=RATE, seconds=seconds))
    await asyncio.sleep(SETTLE_SECONDS)
    house.empty()
    report = await sending
    await asyncio.sleep(1)
    past = time.time() - began
    row = Row("clients", name, percentile(house.took, 0.99), "ms", Target(250, at_most=True))
    row.details = {"p50": percentile(house.took, 0.5), "max": max(house.took), "seen": len(house.took)}
    row.details |= {"frames/s": house.frames / (past - SETTLE_SECONDS), "sent away": house.gone}
    row.details |= {"samples/s": report.sent * PLANTS["ten"] / report.seconds}
    row.details |= {"api MB begin": memory, "api MB end": resident(factory.pid("api"))}
    row.details |= {f"{who} cores": (used - cpu[who]) / past for who, used in cpu_seconds(factory).items()}
    return row


async def _return(factory: Factory) -> Row:
    """All come back at once, and want to know what happened meanwhile."""
    since = int((time.time() - AWAY_SECONDS) * 1000)
    cpu, began = cpu_seconds(factory)["api"], time.time()
    told = await asyncio.gather(*(_come_back(factory, 5 * number, since) for number in range(CLIENTS)))
    past = time.time() - began
    row = Row("clients", "all come back, the last knows what it missed", max(took for took, _, _ in told), "s")
    row.details = {"p50": percentile([took for took, _, _ in told], 0.5), "gaps": sum(gap for _, _, gap in told)}
    row.details |= {
        "samples": sum(seen for _, seen, _ in told),
        "api cores": (cpu_seconds(factory)["api"] - cpu) / past,
    }
    return row


async def _come_back(factory: Factory, first: int, since: int) -> tuple[float, int, bool]:
    """Seconds until the first frame, samples in it, and whether it names a gap."""
    began = time.time()
    async with connect(_url(factory), proxy=None, open_timeout=30, max_size=2**24) as page:
        await page.send(orjson.dumps({"op": "auth", "token": factory.token}).decode())
        await page.send(_subscribe(first, since=since))
        frame = orjson.loads(await page.recv(decode=False))
    return time.time() - began, len(frame["samples"]), "gap" in frame


def _url(factory: Factory) -> str:
    return f"ws://127.0.0.1:{factory.port}/api/query/v1/live"


def _subscribe(first: int, **more: int) -> str:
    step = MACHINES // MACHINES_EACH  # those of one page do not speak all at once
    watched = [f"ten/area-0/line-0/m-{(first + step * n) % MACHINES}" for n in range(MACHINES_EACH)]
    return orjson.dumps({"op": "subscribe", "under": watched, "max_hz": HZ, **more}).decode()


@asynccontextmanager
async def full(factory: Factory, house: House) -> AsyncIterator[None]:
    """Clients that read all the time."""
    listening = [asyncio.create_task(_listen(factory, house, 5 * number)) for number in range(CLIENTS)]
    await asyncio.sleep(SETTLE_SECONDS)
    try:
        yield
    finally:
        for one in listening:
            one.cancel()
        await asyncio.gather(*listening, return_exceptions=True)


async def _listen(factory: Factory, house: House, first: int) -> None:
    async with connect(_url(factory), proxy=None, open_timeout=30) as page:
        await page.send(orjson.dumps({"op": "auth", "token": factory.token}).decode())
        await page.send(_subscribe(first))
        try:
            await _read(page, house)
        except ConnectionClosed:
            house.gone += 1


async def _read(page: ClientConnection, house: House) -> None:
    await page.recv(decode=False)
    async for frame in page:
        now = time.time() * 1000
        house.frames += 1
        house.took += [now - sample[1] for sample in orjson.loads(frame).get("samples", ())]


@asynccontextmanager
async def deaf(factory: Factory) -> AsyncIterator[None]:
    """A client that asks for every sample of the plant and never reads one; it comes again when it has been cut off."""
    coming = asyncio.create_task(_come_again(factory))
    try:
        yield
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)


async def _come_again(factory: Factory) -> None:
    while True:
        with closing(socket.socket()) as raw:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, DEAF_BYTES)
            raw.setblocking(False)
            await asyncio.get_running_loop().sock_connect(raw, ("127.0.0.1", factory.port))
            async with connect(_url(factory), sock=raw, ping_interval=None, close_timeout=0.1) as page:
                await page.send(orjson.dumps({"op": "auth", "token": factory.token}).decode())
                await page.send(orjson.dumps({"op": "subscribe", "under": ["ten"], "every": True}).decode())
                page.transport.pause_reading()
                await asyncio.sleep(DEAF_SECONDS)
