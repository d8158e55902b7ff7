"""The derive process for stories: its parts, its rounds and steps made when a story says so."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from time import time_ns

import numpy as np
import pytest
from nats.js.errors import NotFoundError

from andon.common import jobs, subjects
from andon.common.bus import Bus
from andon.common.following import PlantFollower
from andon.common.history import samples
from andon.common.history.history import History
from andon.common.history.span import Span
from andon.common.history.tier import RAW, Tier
from andon.common.influx import Influx
from andon.common.plant import Asset
from andon.common.reading import Reading
from andon.common.testing.machines import store
from andon.common.testing.waiting import eventually
from andon.query.derive.backlog import Backlog
from andon.query.derive.marks import Marks
from andon.query.derive.reader import Reader
from andon.query.derive.rollup import Rollup
from andon.query.derive.rounds import Rounds
from andon.query.tiers import windows
from andon.query.tiers.read import read_windows
from andon.query.tiers.tiers import HOURS, MINUTES
from andon.query.tiers.windows import Windows

from .conftest import S, publish

MINUTE, HOUR = 60 * S, 3600 * S
NOW = time_ns() // HOUR * HOUR
LONG_AGO = NOW - 100 * HOUR
START = (time_ns() - MINUTE) // HOUR * HOUR - 20 * MINUTE
"""The last twenty minutes of the last hour that has ended: recent for a story that begins 39 minutes later, too."""
FROM, TO = START // HOUR * HOUR, START // HOUR * HOUR + 2 * HOUR


@dataclass
class DeriveForTest:
    """The process's parts, its stream read, its rounds and steps made when a story says so."""

    bus: Bus
    influx: Influx
    rounds: Rounds

    @property
    def history(self) -> History:
        return self.rounds.rollup.history

    async def say(self, machine: Asset, *readings: Reading) -> None:
        """Readings that go through the stream and are stored."""
        await store(self.influx, machine, *readings)
        await publish(self.bus, *readings)

    async def work(self) -> None:
        """Until nothing is left of the backlog."""
        working = asyncio.create_task(self.rounds.backlog.work())
        await eventually(lambda: not self.rounds.backlog.pending, what="nothing is left of the backlog")
        await jobs.end(working)

    async def windows(self, tier: Tier, machine: Asset, start: int, end: int, key: str = "temperature") -> Windows:
        return await read_windows(self.history, tier, machine, key, Span(start, end))

    async def expect(self, machine: Asset, start: int, end: int) -> None:
        """Both tiers are what plain arithmetic makes of the samples."""
        whole = await samples.read(self.history, machine, "temperature", Span(start, end))
        for tier in (MINUTES, HOURS):
            bounds = windows.edges(start, end, tier.width)
            expected = windows.from_samples(whole.times, whole.numbers, whole.good, bounds)
            found = await self.windows(tier, machine, start, end)
            for name in ("start", "count", "good", "min", "max", "first", "last", "first_at", "last_at"):
                assert getattr(found, name).tolist() == getattr(expected, name).tolist(), (tier.name, name)
            for name in ("sum", "squares", "area"):
                assert getattr(found, name) == pytest.approx(getattr(expected, name), rel=1e-6, abs=1e-4)


async def acknowledge(bus: Bus, stored: asyncio.Event) -> None:
    """The store, of which only that it has written all is asked here; it has nothing before `stored` is set."""
    async for message in bus.consume(
        subjects.TELEMETRY, subjects.STORE_DURABLE, filter_subject=subjects.TELEMETRY_ALL, in_order=True
    ):
        await stored.wait()
        await message.ack()


@asynccontextmanager
async def deriving(
    bus: Bus, influx: Influx, made: Iterable[str] = (), *, stored: asyncio.Event | None = None, **kept: int
) -> AsyncIterator[DeriveForTest]:
    """The parts, opened, beside a store that is up to date, or becomes so when `stored` is set."""
    if stored is None:
        stored = asyncio.Event()
        stored.set()
    for tier in (RAW, MINUTES, HOURS):
        await influx.ensure_database(tier.database(influx.settings.database))
    follower, marks, turn, enforced = PlantFollower(bus), Marks(), asyncio.Lock(), asyncio.Event()
    enforced.set()
    rollup = Rollup(History(influx), influx, lambda tier: kept.get(tier.name, 0), made=set(made))
    backlog, reader = Backlog(bus, follower, rollup, turn), Reader(bus, marks)
    rounds = Rounds(bus, follower, rollup, backlog, reader, marks, turn, kept=enforced)
    rollup.making = rounds.owe_all
    tasks = [asyncio.create_task(job) for job in (follower.follow(), acknowledge(bus, stored))]
    try:
        await rounds._open()
        tasks.append(asyncio.create_task(reader.read()))
        await eventually(lambda: exists(bus), what="the durable is there")
        yield DeriveForTest(bus, influx, rounds)
    finally:
        await jobs.end(*tasks)


async def exists(bus: Bus) -> bool:
    with suppress(NotFoundError):
        for durable in (subjects.DERIVE_DURABLE, subjects.STORE_DURABLE):
            await bus.js.consumer_info(subjects.TELEMETRY, durable)
        return True
    return False


async def clean_up(bus: Bus) -> None:
    """A stream and a bucket in which nothing is left of the story before."""
    for durable in (subjects.DERIVE_DURABLE, subjects.STORE_DURABLE):
        with suppress(NotFoundError):
            await bus.js.delete_consumer(subjects.TELEMETRY, durable)
    await bus.js.purge_stream(subjects.TELEMETRY)
    await bus.js.purge_stream(f"KV_{subjects.DERIVE_BUCKET}")


def some(asset: str, start: int, seconds: int, *, seed: int = 1) -> list[Reading]:
    """About a reading a second, of bad quality now and then."""
    random = np.random.default_rng(seed)
    times = start + np.arange(seconds) * S + random.integers(0, S // 2, seconds)
    return [
        Reading(asset, int(t), {"temperature": round(float(50 + 10 * v), 2)}, {"temperature": "bad"} if v > 2 else None)
        for t, v in zip(times, random.normal(size=seconds), strict=True)
    ]
