"""Address: Andon of several processes as who uses it has it, one address; and presses that speak to its nodes."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import aiomqtt
import httpx

from andon.common import jobs
from andon.common.testing.cluster import ClusterForTest
from andon.common.testing.factory import Credential
from andon.common.testing.fixtures import InfluxForTest
from soak.journal import Journal
from soak.press import Press


@dataclass
class Address:
    """`http` speaks as the first admin; `nats` is where devices come in."""

    nats: ClusterForTest
    influx: InfluxForTest
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

    async def sign_in(self, username: str, password: str) -> str:
        """A new token."""
        form = {"username": username, "password": password}
        token: str = (await self.call("POST", "/api/registry/v1/auth/token", data=form))["access_token"]
        return token

    async def apply_plant(self, text: str) -> None:
        """Load a plant written as YAML."""
        headers = {"Content-Type": "application/yaml"}
        await self.call("POST", "/api/registry/v1/plant", content=text.encode(), headers=headers)

    async def add_device(self, name: str, scope: str) -> Credential:
        """A new device with its credential."""
        made = await self.call("POST", "/api/registry/v1/devices", json={"name": name, "scope": scope})
        return Credential(made["id"], made["username"], made["password"])

    def device(self, known: Credential, node: int = 0) -> aiomqtt.Client:
        """A device's way to one of the nodes."""
        port = self.nats.mqtt_ports[node % len(self.nats.mqtt_ports)]
        return aiomqtt.Client(
            "127.0.0.1", port, username=known.username, password=known.password, identifier=known.id, timeout=5
        )

    @asynccontextmanager
    async def presses(self, paths: Sequence[str], journal: Journal) -> AsyncIterator[list[Press]]:
        """Presses that speak until the block ends, each by one node after the other."""
        known = [await self.add_device(path.rsplit("/", 1)[1], path) for path in paths]
        turns = count()

        def way(one: Credential) -> Callable[[], aiomqtt.Client]:
            return lambda: self.device(one, next(turns))

        made = [Press(path, way(one), journal, pause=0.02) for path, one in zip(paths, known, strict=True)]
        tasks = [asyncio.create_task(press.run(), name=press.path) for press in made]
        try:
            yield made
        finally:
            await jobs.end(*tasks)


def environment(folder: Path, nats: ClusterForTest, influx: InfluxForTest, *, ingests: int) -> dict[str, str]:
    """What all processes are told."""
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
        "ANDON_REGISTRY_ADMIN_PASSWORD_FILE": str(folder / "admin-password"),
        "PYTHONUNBUFFERED": "1",
    }
