"""House: Andon as it runs on many machines, on one: a cluster of nats-server, several ingests, InfluxDB and the api."""

import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from andon.common.servers.process import ServerProcess
from andon.common.testing.cluster import running_cluster
from andon.common.testing.fixtures import running_influxdb
from andon.common.testing.ports import free_port
from andon.common.testing.waiting import ANSWER_SECONDS, eventually

from .address import Address, environment


@dataclass
class House(Address):
    """What runs. given: what its processes are told."""

    given: dict[str, str]
    api: ServerProcess
    ingests: list[ServerProcess]

    async def is_ready(self, timeout: float = 60) -> None:
        """Wait until nobody is sick, each ingest included."""

        async def ready() -> bool:
            await self.call("GET", "/readyz")
            return True

        await eventually(ready, timeout=timeout, what="everything is ready")

    def story(self) -> str:
        """What everybody wrote last, for a failed test."""
        return "\n".join(f"{one.name}: {one.log_end()}" for one in [*self.nats.nodes, self.api, *self.ingests])


@asynccontextmanager
async def running_house(
    folder: Path,
    *,
    ingests: int,
    partitions: int,
    before: Callable[[House], Awaitable[None]] | None = None,
    **settings: str,
) -> AsyncIterator[House]:
    """A house that is ready, and signed in to. before: done once the servers run, and Andon does not yet."""
    with ExitStack() as stack:
        nats = stack.enter_context(running_cluster(folder, partitions=partitions))
        influx = stack.enter_context(running_influxdb(folder))
        port = free_port()
        given = {**environment(folder, nats, influx, ingests=ingests), **_databases(folder), **settings}
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
            house = House(nats, influx, http, given, api, several)
            try:
                await nats.is_whole()
                if before is not None:
                    await before(house)
                for process in (api, *several):
                    stack.callback(process.stop)
                    process.spawn()
                await house.is_ready(90)
                password = (folder / "admin-password").read_text().strip()
                http.headers["Authorization"] = f"Bearer {await house.sign_in('admin', password)}"
                yield house
            except BaseException:
                print(house.story())  # noqa: T201 - pytest shows it with the failure
                raise


def _databases(folder: Path) -> dict[str, str]:
    return {
        "ANDON_REGISTRY_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/registry.db",
        "ANDON_ALERTING_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/alerting.db",
    }


def python(name: str, words: list[str], folder: Path, given: dict[str, str]) -> ServerProcess:
    """One of our own programs, as a process that is not waited for."""
    log = folder / "logs" / f"{name}.log"
    return ServerProcess(name, [sys.executable, "-m", *words], log, lambda: True, environment=given)
