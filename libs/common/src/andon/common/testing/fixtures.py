"""pytest fixtures: a nats-server, an InfluxDB and a PostgreSQL of one's own, and a bus on them.

Use in a `conftest.py`: `from andon.common.testing.fixtures import *` is not needed; list
`pytest_plugins = ["andon.common.testing.fixtures"]` in the root conftest.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from andon.common import secrets
from andon.common.bus import Bus, open_bus
from andon.common.influx import Influx
from andon.common.servers.influx import influx_server
from andon.common.servers.nats import nats_server
from andon.common.servers.process import ServerProcess
from andon.common.settings import InfluxSettings, NatsSettings
from andon.common.testing.brokers import BrokerForTest, mosquitto_broker, nats_broker
from andon.common.testing.ports import free_port
from andon.common.testing.postgres import PostgresForTest, running_postgres
from andon.common.testing.waiting import STATE_SECONDS


@dataclass
class NatsForTest:
    """A running nats-server: `process` can be killed and started again on the same ports and data."""

    process: ServerProcess
    secrets: dict[str, str]
    port: int
    mqtt_port: int
    monitor_port: int

    @property
    def settings(self) -> NatsSettings:
        """How services reach it."""
        return NatsSettings(
            url=f"nats://127.0.0.1:{self.port}",
            password=SecretStr(self.secrets["ANDON_NATS_PASSWORD"]),
            telemetry_bytes=256 * 2**20,
        )


@dataclass
class InfluxForTest:
    """A running InfluxDB."""

    process: ServerProcess
    port: int
    database: str = "andon"

    @property
    def settings(self) -> InfluxSettings:
        """How services reach it."""
        return InfluxSettings(url=f"http://127.0.0.1:{self.port}", database=self.database)


@contextmanager
def running_nats(folder: Path) -> Iterator[NatsForTest]:
    """A nats-server with its data in `folder`: for fixtures of any scope."""
    made = secrets.generate()
    port, mqtt_port, monitor_port = free_port(), free_port(), free_port()
    process = nats_server(folder, made, port=port, mqtt_port=mqtt_port, monitor_port=monitor_port, disk="16GB")
    process.start()
    try:
        yield NatsForTest(process, made, port, mqtt_port, monitor_port)
    finally:
        process.kill()  # a stop in order waits seconds for the registry's word on who comes in, where there is none


@contextmanager
def running_influxdb(folder: Path) -> Iterator[InfluxForTest]:
    """An InfluxDB with its data in `folder`: for fixtures of any scope."""
    port = free_port()
    process = influx_server(folder, port=port, backup_port=free_port())
    process.start()
    try:
        yield InfluxForTest(process, port)
    finally:
        process.stop()


@pytest.fixture
def nats(tmp_path: Path) -> Iterator[NatsForTest]:
    """A nats-server of the test's own."""
    with running_nats(tmp_path) as found:
        yield found


@pytest.fixture
def influxdb(tmp_path: Path) -> Iterator[InfluxForTest]:
    """An InfluxDB of the test's own."""
    with running_influxdb(tmp_path) as found:
        yield found


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresForTest]:
    """A PostgreSQL that stories share, with a database for each; who stops it starts it again."""
    with running_postgres(tmp_path_factory.mktemp("postgres")) as found:
        yield found


@pytest.fixture
def postgres_url(postgres: PostgresForTest) -> Iterator[str]:
    """An empty database of the test's own."""
    with postgres.fresh() as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A file of the test's own, not there yet."""
    return f"sqlite:///{tmp_path}/own.db"


@pytest.fixture
def own_url(request: pytest.FixtureRequest) -> str:
    """A database of the test's own: SQLite, unless ANDON_TEST_DATABASE=postgres."""
    found: str = request.getfixturevalue(f"{os.environ.get('ANDON_TEST_DATABASE', 'sqlite')}_url")
    return found


@pytest.fixture(params=["sqlite_url", "postgres_url"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Each database in turn: what holds for one must hold for the other."""
    found: str = request.getfixturevalue(request.param)
    return found


@pytest.fixture
async def bus(nats: NatsForTest) -> AsyncIterator[Bus]:
    """A connected bus."""
    async with open_bus(nats.settings, "test") as opened:
        await asyncio.wait_for(opened.ready(), STATE_SECONDS)
        yield opened


@pytest.fixture
async def influx(influxdb: InfluxForTest) -> AsyncIterator[Influx]:
    """A client of an InfluxDB whose database exists."""
    client = Influx(influxdb.settings)
    await client.ensure_database()
    yield client
    await client.aclose()


@pytest.fixture
def nats_as_broker(tmp_path: Path) -> Iterator[BrokerForTest]:
    """The default broker, MQTT 3.1.1, open to everybody."""
    found = nats_broker(tmp_path)
    found.process.start()
    yield found
    found.process.stop()


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[BrokerForTest]:
    """A broker that is not ours, MQTT 5."""
    found = mosquitto_broker(tmp_path)
    found.process.start()
    yield found
    found.process.stop()


@pytest.fixture(params=["nats_as_broker", "mosquitto"])
def broker(request: pytest.FixtureRequest) -> BrokerForTest:
    """Each broker in turn: what holds for one must hold for the other."""
    found: BrokerForTest = request.getfixturevalue(request.param)
    return found
