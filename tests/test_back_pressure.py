"""A database that takes nothing for long: the stream fills, the broker keeps the rest, health says so, and it heals."""

import asyncio
import json
import time
from pathlib import Path

import aiomqtt
import httpx
import pytest

from andon.common import jobs
from andon.common.testing.factory import Credential, Factory
from andon.common.testing.fixtures import InfluxForTest
from andon.common.testing.speaking import speak
from andon.common.testing.waiting import eventually

from .conftest import PLANT, PRESS

pytestmark = pytest.mark.timeout(180)

STREAM_BYTES = 2**20
NOTE = "x" * 250
"""Makes a reading large, so that the stream is soon full."""


class Press:
    """Publishes readings by the hundred, far within its quota, and knows what was acknowledged."""

    def __init__(self, factory: Factory, device: Credential) -> None:
        self.acknowledged = 0
        self._factory, self._device = factory, device

    async def run(self) -> None:
        """For ever, on a new connection after each that broke."""
        await speak(lambda: self._factory.device(self._device), self._publish)

    async def _publish(self, client: aiomqtt.Client) -> None:
        first, now = self.acknowledged, time.time_ns() // 10**6
        some = [{"ts": now + n / 1000, "values": {"number": first + n, "state": NOTE}} for n in range(100)]
        await client.publish(f"factory/{PRESS}", json.dumps(some), qos=1, timeout=20)
        self.acknowledged += len(some)
        await asyncio.sleep(0.05)


async def numbers(influxdb: InfluxForTest) -> set[int]:
    """What the database has."""
    query = {"db": influxdb.database, "q": 'SELECT "number" FROM "press"'}
    async with httpx.AsyncClient(timeout=5) as http:
        answer = await http.get(f"{influxdb.settings.url}/query", params=query)
    series = answer.json()["results"][0].get("series", [])
    return {int(row[1]) for found in series for row in found["values"]}


async def sick(factory: Factory) -> dict[str, str]:
    async with httpx.AsyncClient(timeout=2) as http:
        return dict((await http.get(f"http://127.0.0.1:{factory.port}/readyz")).json()["sick"])


async def test_a_full_stream_pushes_back_and_is_named(tmp_path: Path, influxdb: InfluxForTest) -> None:
    settings = {"ANDON_INFLUX_URL": influxdb.settings.url, "ANDON_NATS_TELEMETRY_BYTES": str(STREAM_BYTES)}
    async with Factory(tmp_path / "andon", environment=settings) as factory:
        await factory.apply_plant(PLANT)
        press = Press(factory, await factory.add_device("press", PRESS))
        running = asyncio.create_task(press.run())
        await eventually(lambda: press.acknowledged)
        influxdb.process.stop()

        async def named() -> bool:
            found = await sick(factory)
            assert "maximum bytes exceeded" in found.get("ingest: pipeline", ""), found
            return True

        await eventually(named, timeout=60, what="health says that the stream is full")
        full = press.acknowledged
        await eventually(lambda: press.acknowledged > full + 1000, what="the broker takes what comes meanwhile")
        await jobs.end(running)
        influxdb.process.start()
        await factory.is_ready(60)

        async def all_there() -> bool:
            return set(range(press.acknowledged)) <= await numbers(influxdb)

        await eventually(all_there, timeout=60, what="all that was acknowledged is stored")
