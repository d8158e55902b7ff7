"""House: Andon as it runs on Kubernetes, as processes on one machine.

Three nodes of nats-server, PostgreSQL, InfluxDB, two of each service, and nginx in front as the ingress would be.
Services, people and devices know nothing of it: what they are told are addresses.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from tests.address import Address, environment

from andon.common.secrets import word
from andon.common.servers.process import ServerProcess
from andon.common.testing.cluster import running_cluster
from andon.common.testing.fixtures import running_influxdb
from andon.common.testing.ports import free_port
from andon.common.testing.postgres import running_postgres
from andon.common.testing.waiting import ANSWER_SECONDS, eventually

from .proxy import proxy

PROGRAMS = {
    "registry": ["andon.registry"],
    "query": ["andon.query"],
    "derive": ["andon.query.derive"],
    "alerting": ["andon.alerting"],
    "ingest": ["andon.ingest"],
    "web": ["andon.cli", "web"],
}
EACH, PARTITIONS = 2, 6
"""Processes of each program; partitions of the telemetry stream."""


@dataclass
class House(Address):
    """What runs; `http` goes through the proxy."""

    postgres: ServerProcess
    services: dict[str, list[ServerProcess]]
    proxy: ServerProcess
    url: str
    password: str

    @property
    def processes(self) -> list[ServerProcess]:
        """All that was started."""
        ours = [process for several in self.services.values() for process in several]
        return [*self.nats.nodes, self.influx.process, self.postgres, self.proxy, *ours]

    async def is_well(self, timeout: float = 90) -> None:
        """Wait until all processes answer, and nobody says that anybody is sick."""

        async def well() -> bool:
            for several in self.services.values():
                for process in several:
                    if not process.running:
                        raise RuntimeError(f"{process.name} ended. {process.log_end()}")
                    await self.call("GET", f"http://127.0.0.1:{_port(process)}/readyz")
            return True

        await eventually(well, timeout=timeout, what="all is well")
        await eventually(lambda: self.call("GET", "/readyz"), timeout=timeout, what="all are called well")

    def story(self) -> str:
        """What everybody wrote last, for a failed test."""
        return "\n".join(f"{one.name}: {one.log_end()}" for one in self.processes)


@asynccontextmanager
async def running_house(folder: Path, **settings: str) -> AsyncIterator[House]:
    """A house in which all is well, and the admin signed in. `settings` are added to those of all services."""
    with ExitStack() as stack:
        nats = stack.enter_context(running_cluster(folder, partitions=PARTITIONS))
        influx = stack.enter_context(running_influxdb(folder))
        postgres = stack.enter_context(running_postgres(folder / "postgres"))
        databases = [stack.enter_context(postgres.fresh()) for _ in range(2)]
        password = word()
        (folder / "admin-password").write_text(password)
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        own = _environment(databases, url)
        given = {**environment(folder, nats, influx, ingests=EACH), **own, **settings}
        services = {name: [_service(name, n, folder, given) for n in range(EACH)] for name in PROGRAMS}
        front = proxy(folder / "proxy", port, {name: [_port(one) for one in two] for name, two in services.items()})
        stack.callback(_stop_all, [front, *(one for two in services.values() for one in two)])
        async with httpx.AsyncClient(base_url=url, timeout=ANSWER_SECONDS) as http:
            house = House(nats, influx, http, postgres.process, services, front, url, password)
            try:
                await nats.is_whole()
                for process in house.processes:
                    if not process.running:
                        process.spawn()
                await house.is_well(120)
                http.headers["Authorization"] = f"Bearer {await house.sign_in('admin', house.password)}"
                yield house
            except BaseException:
                print(house.story())  # noqa: T201 - pytest shows it with the failure
                raise


def _environment(databases: list[str], url: str) -> dict[str, str]:
    return {
        "ANDON_INGEST_LIVE_URL": f"ws{url.removeprefix('http')}/api/query/v1/live",
        "ANDON_REGISTRY_DATABASE_URL": databases[0],
        "ANDON_ALERTING_DATABASE_URL": databases[1],
        "ANDON_ALERTING_PUBLIC_URL": url,
        "ANDON_TRUSTED_PROXIES": "127.0.0.1",
    }


def _service(name: str, number: int, folder: Path, given: dict[str, str]) -> ServerProcess:
    """One process of a service, with a name and a folder of its own, as a pod has."""
    instance = f"{name}-{number}"
    own = {
        "ANDON_INSTANCE": instance,
        "ANDON_ALERTING_INSTANCE": instance,
        "ANDON_INGEST_INSTANCE": str(number),
        "ANDON_HOME": str(folder / instance),
        f"ANDON_{name.upper()}_PORT": str(free_port()),
    }
    command = [sys.executable, "-m", *PROGRAMS[name]]
    log = folder / "logs" / f"{instance}.log"
    return ServerProcess(instance, command, log, lambda: True, environment={**given, **own})


def _port(process: ServerProcess) -> int:
    service = process.name.rsplit("-", 1)[0]
    return int(process.environment[f"ANDON_{service.upper()}_PORT"])


def _stop_all(processes: list[ServerProcess]) -> None:
    """All at once, for each takes its time."""
    for process in processes:
        if process.process is not None and process.running:
            process.process.terminate()
    for process in processes:
        process.stop()
