"""Two ingests take turns at a broker with shared subscriptions; one is killed under load, and nothing is lost."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiomqtt
import pytest

from andon.common import jobs, subjects
from andon.common.bus import Bus
from andon.common.influx import Influx
from andon.common.plant import Asset, Sensor, encode_asset
from andon.common.servers.process import ServerProcess
from andon.common.service import background
from andon.common.testing.brokers import BrokerForTest
from andon.common.testing.fixtures import InfluxForTest, NatsForTest
from andon.common.testing.ports import free_port
from andon.common.testing.waiting import eventually
from andon.ingest.ledger.tally import Tallies
from soak.journal import Journal
from soak.look import is_kept
from soak.press import Press

from .house import python

PATHS = [f"berlin/pressing/line-1/press-{number}" for number in range(4)]


async def plant(bus: Bus) -> None:
    """Four presses, as the registry would have told of them."""
    bucket = await bus.bucket(subjects.PLANT_BUCKET)
    for path in PATHS:
        slug = path.rsplit("/", 1)[1]
        sensors = tuple(Sensor(key=key, path=f"{path}/{key}") for key in ("number", "oil_temperature"))
        asset = Asset(id=slug, path=path, kind="machine", slug=slug, name=slug, type="press", sensors=sensors)
        await bucket.put(subjects.asset_key(slug), encode_asset(asset))


@asynccontextmanager
async def load(broker: BrokerForTest, journal: Journal) -> AsyncIterator[list[Press]]:
    """Presses that speak until the block ends."""
    presses = [
        Press(path, lambda name=path[-7:]: aiomqtt.Client("127.0.0.1", broker.port, identifier=name), journal)  # type: ignore[misc]
        for path in PATHS
    ]
    tasks = [asyncio.create_task(press.run(), name=press.path) for press in presses]
    try:
        yield presses
    finally:
        await jobs.end(*tasks)


@pytest.fixture
async def ingests(
    tmp_path: Path, nats: NatsForTest, influxdb: InfluxForTest, mosquitto: BrokerForTest, bus: Bus
) -> AsyncIterator[list[ServerProcess]]:
    """Two ingests that are told to take turns, both at work."""
    await plant(bus)
    given = {
        **os.environ,
        **nats.secrets,
        "ANDON_NATS_URL": nats.settings.url,
        "ANDON_NATS_PARTITIONS": "1",
        "ANDON_NATS_TELEMETRY_BYTES": str(nats.settings.telemetry_bytes),
        "ANDON_INFLUX_URL": influxdb.settings.url,
        "ANDON_INGEST_MQTT_URL": mosquitto.url,
        "ANDON_INGEST_MQTT_VERSION": "5",
        "ANDON_INGEST_MQTT_SHARE": "true",
        "ANDON_INGEST_INSTANCES": "2",
    }
    made = [
        python(
            f"ingest-{number}",
            ["andon.ingest"],
            tmp_path,
            {**given, "ANDON_INGEST_INSTANCE": str(number), "ANDON_INGEST_PORT": str(free_port())},
        )
        for number in range(2)
    ]
    for process in made:
        process.spawn()
    yield made
    for process in made:
        process.stop()


async def test_one_of_two_is_killed_and_nothing_is_lost(
    bus: Bus, influx: Influx, mosquitto: BrokerForTest, ingests: list[ServerProcess]
) -> None:
    for process in ingests:
        await eventually(lambda log=process.log: "connected to the broker" in log.read_text(), timeout=30)
    journal, heard = Journal(), Tallies(bus)
    async with load(mosquitto, journal) as presses:
        await eventually(lambda: journal.acknowledged > 500, timeout=60, what="the presses speak")
        async with background(("hear the ledger", heard.listen())):
            await eventually(lambda: len([1 for tally in heard.now() if tally.received > 100]) == 2, what="turns")
        ingests[1].kill()
        killed_at = journal.acknowledged
        await eventually(lambda: journal.acknowledged > killed_at + 500, timeout=60, what="the presses get on")
        ingests[1].spawn()
        await eventually(lambda: journal.acknowledged > killed_at + 1500, timeout=60, what="the presses get on")
        await asyncio.gather(*(press.rests() for press in presses))
    await eventually(lambda: is_kept(influx, journal), timeout=60, what="everything acknowledged is stored")
