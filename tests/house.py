"""House: Andon as it runs on many machines, on one: a cluster of nats-server, several ingests, InfluxDB and the api."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from andon.common.influx import Influx, quote_string
from andon.common.servers.process import ServerProcess
from andon.common.testing.cluster import ClusterForTest, running_cluster
from andon.common.testing.factory import Credential
from andon.common.testing.fixtures import InfluxForTest, running_influxdb
from andon.common.testing.ports import free_port
from andon.common.testing.waiting import ANSWER_SECONDS, eventually
from soak.journal import Journal
from soak.oracle import judge


@dataclass
class House:
    """What runs. `http` speaks as the first admin."""

    nats: ClusterForTest
    influx: InfluxForTest
    api: ServerProcess
    ingests: list[ServerProcess]
    http: httpx.AsyncClient

    async def call(self, method: str, path: str, **arguments: Any) -> Any:
        """One call; the JSON of the answer.

        Raises:
            AssertionError: the answer is an error, or there is none.
        """
        try:
            answer = await self.http.request(method, path, **arguments)
        except httpx.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error!r}") from None
        assert answer.status_code < 300, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    async def is_ready(self, timeout: float = 60) -> None:
        """Wait until nobody is sick, each ingest included."""

        async def ready() -> bool:
            await self.call("GET", "/readyz")
            return True

        await eventually(ready, timeout=timeout, what="everything is ready")

    async def add_device(self, name: str, scope: str) -> Credential:
        """A new device with its credential."""
        made = await self.call("POST", "/api/registry/v1/devices", json={"name": name, "scope": scope})
        return Credential(made["id"], made["username"], made["password"])

    def story(self) -> str:
        """What everybody wrote last, for a failed test."""
        return "\n".join(f"{one.name}: {one.log_end()}" for one in [*self.nats.nodes, self.api, *self.ingests])


@asynccontextmanager
async def running_house(folder: Path, *, ingests: int, partitions: int) -> AsyncIterator[House]:
    """A house that is ready, and signed in to."""
    with ExitStack() as stack:
        nats = stack.enter_context(running_cluster(folder, partitions=partitions))
        influx = stack.enter_context(running_influxdb(folder))
        port = free_port()
        given = _environment(folder, nats, influx, ingests)
        api = python("api", ["andon.cli", "api"], folder, {**given, "ANDON_PORT": str(port)})
        several = [
            python(
                f"ingest-{number}",
                ["andon.ingest"],
                folder,
                {**given, "ANDON_INGEST_INSTANCE": str(number), "ANDON_INGEST_PORT": str(free_port())},
            )
            for number in range(ingests)
        ]
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=ANSWER_SECONDS) as http:
            house = House(nats, influx, api, several, http)
            try:
                await nats.is_whole()
                for process in (api, *several):
                    stack.callback(process.stop)
                    process.spawn()
                await house.is_ready(90)
                await _sign_in(http, folder)
                yield house
            except BaseException:
                print(house.story())  # noqa: T201 - pytest shows it with the failure
                raise


async def _sign_in(http: httpx.AsyncClient, folder: Path) -> None:
    password = (folder / "admin-password").read_text().strip()
    answer = await http.post("/api/registry/v1/auth/token", data={"username": "admin", "password": password})
    http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"


def _environment(folder: Path, nats: ClusterForTest, influx: InfluxForTest, ingests: int) -> dict[str, str]:
    settings = nats.settings
    return {
        **os.environ,
        **nats.secrets,
        "ANDON_NATS_URL": settings.url,
        "ANDON_NATS_REPLICAS": str(settings.replicas),
        "ANDON_NATS_PARTITIONS": str(settings.partitions),
        "ANDON_NATS_TELEMETRY_BYTES": str(settings.telemetry_bytes),
        "ANDON_INFLUX_URL": influx.settings.url,
        "ANDON_INGEST_MQTT_URL": nats.mqtt_url,
        "ANDON_INGEST_INSTANCES": str(ingests),
        "ANDON_REGISTRY_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/registry.db",
        "ANDON_ALERTING_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/alerting.db",
        "ANDON_REGISTRY_ADMIN_PASSWORD_FILE": str(folder / "admin-password"),
        "PYTHONUNBUFFERED": "1",
    }


async def is_kept(influx: Influx, journal: Journal) -> bool:
    """Whether InfluxDB has all that was acknowledged, as it was sent and nothing else.

    Raises:
        AssertionError: it has not, or not yet; says what is amiss.
    """
    verdict = judge(journal, {path: await _stored(influx, path) for path in journal.sent}, set())
    assert verdict.clean, verdict
    return True


async def _stored(influx: Influx, path: str) -> list[tuple[int, float, float]]:
    line, machine = map(quote_string, path.split("/")[2:])
    [found] = await influx.query(
        f'SELECT "number", "oil_temperature" FROM "press" WHERE line = {line} AND machine = {machine}'
    )
    return [(row[0] // 10**6, row[1], row[2]) for series in found for row in series.rows]


def python(name: str, words: list[str], folder: Path, given: dict[str, str]) -> ServerProcess:
    """One of our own programs, as a process that is not waited for."""
    log = folder / "logs" / f"{name}.log"
    return ServerProcess(name, [sys.executable, "-m", *words], log, lambda: True, environment=given)
