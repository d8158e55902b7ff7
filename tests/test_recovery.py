"""A process that hangs for good: named in time, started anew without hands, and nothing is lost."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import aiomqtt
import httpx
import pytest
import pytest_asyncio

from andon.common import jobs
from andon.common.testing.factory import Factory
from andon.common.testing.speaking import speak
from andon.common.testing.waiting import eventually

from .conftest import PLANT, PRESS

pytestmark = [pytest.mark.timeout(240), pytest.mark.asyncio(loop_scope="module")]

NAMED_SECONDS = 15.0
NAMES = {"influxdb": "influxdb", "nats": "nats", "ingest": "ingest", "api": "api"}
"""Who stands still -> what is named, or does not answer itself."""


class Press:
    """A device that numbers its readings and keeps each until it is acknowledged."""

    def __init__(self, factory: Factory) -> None:
        self.acknowledged = 0
        self._factory = factory

    async def run(self) -> None:
        """Publish for ever, on a new connection after each that broke."""
        device = await self._factory.add_device("press", PRESS)
        await speak(lambda: self._factory.device(device), self._say)

    async def _say(self, client: aiomqtt.Client) -> None:
        await client.publish(f"factory/{PRESS}/number", str(self.acknowledged), qos=1, timeout=3)
        self.acknowledged += 1
        await asyncio.sleep(0.02)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def factory(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Factory]:
    async with Factory(tmp_path_factory.mktemp("recovery")) as made:
        await made.apply_plant(PLANT)
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def press(factory: Factory) -> AsyncIterator[Press]:
    made = Press(factory)
    running = asyncio.create_task(made.run())
    await eventually(lambda: made.acknowledged > 10)
    yield made
    await jobs.end(running)


async def sick(factory: Factory) -> str:
    """Whom both processes name, and which of them does not answer."""
    found = list[str]()
    async with httpx.AsyncClient(timeout=2) as http:
        for name, port in (("ingest", factory.ingest_port), ("api", factory.port)):
            try:
                found += (await http.get(f"http://127.0.0.1:{port}/readyz")).json()["sick"]
            except httpx.HTTPError:
                found.append(name)
    return ", ".join(found)


async def stored(factory: Factory) -> set[int]:
    """The numbers InfluxDB has."""
    place = f"http://127.0.0.1:{factory.influx_port}/query"
    async with httpx.AsyncClient(timeout=5) as http:
        answer = await http.get(place, params={"db": "andon", "q": 'SELECT "number" FROM "press"'})
    return {int(row[1]) for series in answer.json()["results"][0].get("series", []) for row in series["values"]}


@pytest.mark.parametrize("victim", list(NAMES))
async def test_what_stands_still_is_named_and_started_anew(factory: Factory, press: Press, victim: str) -> None:
    await factory.is_ready()
    frozen = factory.pid(victim)
    os.kill(frozen, signal.SIGSTOP)

    async def named() -> bool:
        assert NAMES[victim] in (found := await sick(factory)), found
        return True

    await eventually(named, timeout=NAMED_SECONDS, what="health names who stands still")
    await eventually(lambda: factory.pid(victim) != frozen, timeout=30, what="it is started anew")
    await factory.is_ready(60)
    assert "stands still; it was killed; starts again" in factory.output.read_text()
    acknowledged = set(range(press.acknowledged))

    async def all_there() -> bool:
        return acknowledged <= await stored(factory)

    await eventually(all_there, timeout=30, what="all that was acknowledged is stored")
