"""A running alerting service on a real nats-server, and the sinks its notifications reach."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from ipaddress import ip_network
from time import time_ns
from typing import Any

import httpx
import pytest
import uvicorn
from pydantic import SecretStr
from sqlalchemy import select

from andon.alerting.app import create_service
from andon.alerting.database import Database, open_database
from andon.alerting.settings import AlertingSettings
from andon.alerting.tables import LeaseRow
from andon.common import subjects
from andon.common.api import create_front
from andon.common.auth import Principal, Role, Tokens
from andon.common.bus import Bus
from andon.common.plant import Asset, Sensor, encode_asset
from andon.common.reading import NS_PER_S, Reading
from andon.common.service import Server
from andon.common.settings import InfluxSettings, TokenSettings
from andon.common.testing.fixtures import NatsForTest
from andon.common.testing.ports import free_port
from andon.common.testing.sinks import Mailbox, Sink
from andon.common.testing.waiting import ANSWER_SECONDS, all_acknowledged, eventually
from andon.common.times import ns_to_iso
from andon.common.wire import Batch, encode_batch

SECRET = "s" * 48
HOUR = 3600 * NS_PER_S


def machine(name: str, line: str = "berlin/painting/line-1", kind: str = "robot") -> Asset:
    path = f"{line}/{name}"
    sensors = (
        Sensor(key="temperature", path=f"{path}/temperature", name="Gearbox temperature", unit="Cel"),
        Sensor(key="jammed", path=f"{path}/jammed", name="Jammed", datatype="bool"),
    )
    return Asset(
        id=name, path=path, kind="machine", slug=name, name=name.title().replace("-", " "), type=kind, sensors=sensors
    )


class Alerting:
    """The service on a port of its own; `start` and `stop` it as often as a story needs.

    begin: the present, as far as the story goes (UTC ns): its samples are measured so many seconds after it.
    """

    def __init__(self, nats: NatsForTest, bus: Bus, database_url: str) -> None:
        self.nats, self.bus = nats, bus
        self.settings = AlertingSettings(
            database_url=database_url,
            smtp_url=SecretStr(f"smtp://127.0.0.1:{free_port()}"),
            public_url="http://andon.test",
        )
        # InfluxDB is not there, unless a story says so: what rules need of the past is then not known.
        self.influx = InfluxSettings(url=f"http://127.0.0.1:{free_port()}")
        self.begin = time_ns() // NS_PER_S * NS_PER_S
        self.robot = machine("robot-3")
        self.port = free_port()
        self.sent = 0
        self._server: Server | None = None
        self._task: asyncio.Task[None] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self.http = self.client()

    def client(self, role: Role = Role.ADMIN, scope: str = "", name: str = "Ada") -> httpx.AsyncClient:
        caller = Principal(id=name.lower(), name=name, role=role, scope=scope)
        token = Tokens(secret=SECRET).sign(caller, token_id=f"t-{name}", lifetime=600)
        url = f"http://127.0.0.1:{self.port}/api/alerting/v1"
        return httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=ANSWER_SECONDS)

    async def start(self) -> None:
        """Start in this process and wait until it evaluates."""
        tokens = TokenSettings(secret=SecretStr(SECRET))
        service = create_service(self.settings, self.nats.settings, tokens, self.influx)
        config = uvicorn.Config(
            create_front(service), host="127.0.0.1", port=self.port, log_config=None, timeout_graceful_shutdown=1
        )
        self._server = Server(config)
        self._task = asyncio.create_task(self._server.serve())
        await eventually(self.is_ready)

    async def stop(self) -> None:
        if self._server is not None and self._task is not None:
            self._server.should_exit = True
            await self._task
        self._server = None

    def twin(self) -> "Alerting":
        """Another instance on the same database and backbone."""
        other = Alerting(self.nats, self.bus, self.settings.database_url)
        other.settings = self.settings
        other.begin = self.begin
        return other

    @property
    def pid(self) -> int:
        """Of the process."""
        assert self._process is not None
        return self._process.pid

    async def owners(self) -> dict[str, str]:
        """Who holds the lease of each partition that somebody holds."""
        async with open_database(self.settings.database_url) as database, database.read() as session:
            rows = (await session.scalars(select(LeaseRow).where(LeaseRow.until > time_ns()))).all()
        return {row.name: row.owner for row in rows if row.name.startswith("evaluate.")}

    async def start_process(self, instance: str = "one", partitions: int = 1) -> None:
        """Start as a process, to be killed."""
        environment = os.environ | {
            "ANDON_NATS_URL": self.nats.settings.url,
            "ANDON_NATS_PASSWORD": self.nats.settings.password.get_secret_value(),
            # The default stream is larger than the disk of a nats-server under test, which would refuse it for ever.
            "ANDON_NATS_TELEMETRY_BYTES": str(self.nats.settings.telemetry_bytes),
            "ANDON_INFLUX_URL": self.influx.url,
            "ANDON_NATS_PARTITIONS": str(partitions),
            "ANDON_ALERTING_INSTANCE": instance,
            "ANDON_TOKEN_SECRET": SECRET,
            "ANDON_ALERTING_PORT": str(self.port),
            "ANDON_ALERTING_DATABASE_URL": self.settings.database_url,
            "ANDON_ALERTING_SMTP_URL": self.settings.smtp_url.get_secret_value(),
            "ANDON_ALERTING_WEBHOOK_ALLOW": ",".join(map(str, self.settings.webhook_allow)),
        }
        self._process = subprocess.Popen([sys.executable, "-m", "andon.alerting"], env=environment)  # noqa: ASYNC220
        await eventually(self.is_ready, timeout=40)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = None

    async def is_ready(self) -> bool:
        try:
            answer = await self.http.get(f"http://127.0.0.1:{self.port}/readyz")
        except httpx.HTTPError:
            return False
        return bool(answer.status_code == 200)

    async def know(self, *assets: Asset) -> None:
        """Publish machines as the registry does, and wait until a rule could watch them."""
        bucket = await self.bus.bucket(subjects.PLANT_BUCKET)
        for asset in assets:
            await bucket.put(subjects.asset_key(asset.id), encode_asset(asset))

    async def publish(self, *samples: tuple[float, Any], asset: str = "robot-3", key: str = "temperature") -> None:
        """Publish one batch of samples (seconds after `begin`, value)."""
        readings = [Reading(asset, self.begin + round(at * NS_PER_S), {key: value}) for at, value in samples]
        self.sent += 1
        data = encode_batch(Batch(self.begin + HOUR, readings))
        await self.bus.publish(subjects.telemetry(0), data, msg_id=f"batch-{self.sent}")

    def at(self, seconds: float) -> str:
        """The time so many seconds after `begin`, as answers tell it."""
        return ns_to_iso(self.begin + round(seconds * NS_PER_S))

    async def evaluated(self) -> None:
        """Wait until every batch is acknowledged."""
        await eventually(lambda: all_acknowledged(self.bus, subjects.EVALUATE_DURABLE))

    async def call(self, method: str, path: str, **arguments: Any) -> Any:
        answer = await self.http.request(method, path, **arguments)
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    async def refused(
        self, status: int, method: str, path: str, client: httpx.AsyncClient | None = None, **arguments: Any
    ) -> str:
        """One call that must be refused with `status`; what the problem says."""
        answer = await (client or self.http).request(method, path, **arguments)
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        return str(answer.json()["detail"])

    async def alarms(self, state: str = "all", **params: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.call("GET", "/alarms", params={"state": state, **params}))["items"]
        return found

    async def add_channel(self, name: str, kind: str, target: str) -> dict[str, Any]:
        found: dict[str, Any] = await self.call(
            "POST", "/channels", json={"name": name, "kind": kind, "target": target}
        )
        return found

    async def add_rule(self, **fields: Any) -> dict[str, Any]:
        rule = {
            "name": "Gearbox hot",
            "scope": {"sensor": "berlin/painting/line-1/robot-3/temperature"},
            "condition": {"above": 80},
            "severity": "high",
        }
        found: dict[str, Any] = await self.call("POST", "/rules", json=rule | fields)
        return found


@pytest.fixture
async def stopped(nats: NatsForTest, bus: Bus, own_url: str) -> AsyncIterator[Alerting]:
    """Alerting, not started yet, in a plant with two machines."""
    made = Alerting(nats, bus, own_url)
    await made.know(made.robot, machine("oven-1", "berlin/baking/line-1", "oven"))
    yield made
    await made.stop()
    made.kill()
    await made.http.aclose()


@pytest.fixture
async def alerting(stopped: Alerting) -> Alerting:
    """Alerting, running."""
    await stopped.start()
    return stopped


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with open_database(database_url) as opened:
        yield opened


@pytest.fixture
def mailbox(stopped: Alerting) -> Iterator[Mailbox]:
    """The mail server that alerting is set to, not started yet."""
    made = Mailbox(int(stopped.settings.smtp_url.get_secret_value().rpartition(":")[2]))
    yield made
    made.stop()


@pytest.fixture
def sink() -> Iterator[Sink]:
    made = Sink()
    yield made
    made.stop()


@pytest.fixture
def loopback() -> list[Any]:
    """The networks of an operator who allows webhooks to this machine."""
    return [ip_network("127.0.0.0/8")]
