"""The process of calculated sensors for stories, with what its neighbours do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from time import time_ns
from typing import cast

import pytest
from msgspec import structs
from nats.js.errors import NotFoundError

from andon.common import jobs, subjects
from andon.common.bus import Bus
from andon.common.errors import UnavailableError
from andon.common.expression import formulas
from andon.common.following import PlantFollower
from andon.common.history import samples
from andon.common.history.history import History
from andon.common.history.span import Span
from andon.common.influx import Influx, join_lines, line, line_prefix
from andon.common.plant import Asset, Datatype, Sensor
from andon.common.reading import Reading, Value
from andon.common.testing.waiting import STATE_SECONDS, eventually
from andon.common.wire import Batch, decode_batch, encode_batch
from andon.query.derive.calculate.calculation import Calculation
from andon.query.derive.calculate.calculator import Calculator
from andon.query.derive.calculate.request import Requests

from .conftest import put_assets

S, HOUR = 1_000_000_000, 3600 * 1_000_000_000
NOW = time_ns() // S * S - 60 * S
LINE = "berlin/painting/line-1"


def machine(slug: str, *measured: str, **calculated: str) -> Asset:
    """A machine whose id is its slug. A sensor is a key, like `torque`, or with its datatype, like `state:string`."""
    path = f"{LINE}/{slug}"
    made = list[Sensor]()
    for word, text in (dict.fromkeys(measured, "") | calculated).items():
        key, _, datatype = word.partition(":")
        made.append(Sensor(key, f"{path}/{key}", datatype=cast("Datatype", datatype or "float"), expression=text))
    return Asset(id=slug, path=path, kind="machine", slug=slug, name=slug, type="robot", sensors=tuple(made))


ROBOT = machine("r1", "torque", "speed", power="torque * speed / 9550")
OTHER = machine("r2", "torque", "speed", power="torque * speed / 9550")
METER = machine("meter", total="sum('../*/power')", cost="total * 0.3")


def said(seconds: float, asset: Asset = ROBOT, **values: Value) -> Reading:
    return Reading(asset.id, NOW + round(seconds * S), dict(values))


def doubted(seconds: float, quality: str, **values: Value) -> Reading:
    """The same by somebody who does not trust it."""
    return structs.replace(said(seconds, **values), quality=dict.fromkeys(values, quality))


def renew(calculator: Calculator) -> bool:
    """Let it take the plant as it is now; whether that had changed."""
    if not calculator.changed:
        return False
    calculator.take_up(formulas(calculator.plant), calculator.plant.version)
    return True


@dataclass
class CalculatingForTest:
    """The process, with what its neighbours do: a store that writes what is in the stream."""

    bus: Bus
    influx: Influx
    calculation: Calculation
    writing: asyncio.Event
    """Cleared: the store writes nothing, as while InfluxDB is slow."""

    async def say(self, *readings: Reading) -> int:
        """Publish a batch as ingest does; its number."""
        data = encode_batch(Batch(time_ns(), list(readings)))
        return (await self.bus.js.publish(subjects.telemetry(0), data)).seq

    async def stored(self, asset: Asset, key: str, start: float = -7200, end: float = 3600) -> dict[float, float]:
        """What InfluxDB has of a sensor, by seconds from NOW."""
        found = await self.history(asset, key, start, end)
        return dict(zip(((found.times - NOW) / S).tolist(), found.numbers.tolist(), strict=True))

    async def history(self, asset: Asset, key: str, start: float = -7200, end: float = 3600) -> samples.Samples:
        """The same as samples."""
        span = Span(NOW + round(start * S), NOW + round(end * S))
        return await samples.read(History(self.influx), asset, key, span)

    async def comes(self, asset: Asset, key: str, expected: dict[float, float], start: float = -7200) -> None:
        """Wait until InfluxDB has exactly this."""

        async def there() -> bool:
            assert await self.stored(asset, key, start) == pytest.approx(expected)
            return True

        await eventually(there, what=f"{asset.id}/{key} is calculated")


async def write_for_ever(bus: Bus, influx: Influx, assets: dict[str, Asset], writing: asyncio.Event) -> None:
    """A store: what is in the stream goes to InfluxDB, then it is acknowledged."""
    async for message in bus.consume(
        subjects.TELEMETRY, subjects.STORE_DURABLE, filter_subject=subjects.TELEMETRY_ALL, in_order=True
    ):
        await writing.wait()
        found = decode_batch(message.data).readings
        lines = [line(line_prefix(assets[r.asset]), r) for r in found if r.asset in assets]
        while lines and not await written(influx, join_lines(lines)):
            await asyncio.sleep(0.1)
        await message.ack()


async def written(influx: Influx, lines: bytes) -> bool:
    try:
        return (await influx.write(lines)).stored
    except UnavailableError:
        return False


@asynccontextmanager
async def calculating(bus: Bus, influx: Influx, *assets: Asset) -> AsyncIterator[CalculatingForTest]:
    """A running process that knows these machines."""
    await put_assets(bus, *assets)
    follower = PlantFollower(bus)
    calculation = Calculation(bus, follower, History(influx))
    writing = asyncio.Event()
    writing.set()
    storing = write_for_ever(bus, influx, {asset.id: asset for asset in assets}, writing)
    hearing = Requests(bus, calculation).hear()
    tasks = [asyncio.create_task(job) for job in (follower.follow(), storing, hearing, calculation.run())]
    try:
        await asyncio.wait_for(calculation.opened.wait(), STATE_SECONDS)
        yield CalculatingForTest(bus, influx, calculation, writing)
        for task in tasks:
            assert not task.done(), task.exception()
    finally:
        await jobs.end(*tasks, ask_again=0.2)


async def clean_up(bus: Bus) -> None:
    """A stream and buckets in which nothing is left of the story before."""
    for durable in (subjects.CALCULATE_DURABLE, subjects.STORE_DURABLE):
        with suppress(NotFoundError):
            await bus.js.delete_consumer(subjects.TELEMETRY, durable)
    for stream in (subjects.TELEMETRY, f"KV_{subjects.PLANT_BUCKET}", f"KV_{subjects.DERIVE_BUCKET}"):
        await bus.js.purge_stream(stream)
