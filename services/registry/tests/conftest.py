"""A registry of the test's own, on a nats-server that the tests of one module share."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import aiomqtt
import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI

from andon.common import secrets, subjects
from andon.common.bus import Bus
from andon.common.servers.nats import nats_server
from andon.common.testing.fixtures import NatsForTest
from andon.common.testing.ports import free_port
from andon.common.testing.waiting import eventually
from andon.registry import passwords
from andon.registry.app import create_app

from .grafana_house import House, open_house

ROOT = "http://registry/api/registry/v1"

PLANT = """
types:
  robot: {name: Robot, sensors: [{key: temperature, name: Gearbox temperature, unit: Cel, limits: {h: 80, hh: 95}}]}
sites:
  - slug: berlin
    name: Berlin
    areas:
      - {slug: painting, lines: [{slug: line-1, machines: [{slug: robot-3, name: Robot 3, type: robot}]}]}
      - {slug: welding, lines: [{slug: line-1}]}
  - {slug: paris, name: Paris}
"""


@dataclass
class RunningRegistry:
    """A running registry, and the admin's HTTP client on it."""

    app: FastAPI
    http: httpx.AsyncClient
    folder: Path
    mqtt_port: int

    def stranger(self) -> httpx.AsyncClient:
        """The client of somebody who has not signed in."""
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=ROOT)

    async def sign_in(self, username: str, password: str) -> httpx.AsyncClient:
        """Somebody's own client."""
        client = self.stranger()
        answer = await client.post("/auth/token", data={"username": username, "password": password})
        assert answer.status_code == 200, answer.text
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return client

    async def person(self, username: str, role: str, scope: str = "") -> httpx.AsyncClient:
        """The client of a new person."""
        made = {"username": username, "password": f"{username}-password", "role": role, "scope": scope}
        answer = await self.http.post("/people", json=made)
        assert answer.status_code == 201, answer.text
        return await self.sign_in(username, f"{username}-password")

    async def ready(self) -> None:
        """Wait until /readyz finds nobody sick."""

        async def is_ready() -> bool:
            answer = await self.http.get("http://registry/readyz")
            assert answer.status_code == 200, answer.text
            return True

        await eventually(is_ready)

    async def asset(self, name: str) -> dict[str, Any]:
        """One asset as the admin sees it."""
        answer = await self.http.get(f"/assets/{name}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def stop(self) -> None:
        """End it before the test ends."""
        await self.app.state.stop()

    async def apply(self, text: str = PLANT) -> dict[str, int]:
        """Apply a plant file as the admin; what it counted."""
        answer = await self.http.post("/plant", content=text, headers={"Content-Type": "application/yaml"})
        assert answer.status_code == 200, answer.text
        counts: dict[str, int] = answer.json()
        for sentences in ("removed", "warnings"):
            counts.pop(sentences)
        return counts

    async def device(self, name: str, scope: str) -> dict[str, str]:
        """A new device, with its password."""
        answer = await self.http.post("/devices", json={"name": name, "scope": scope})
        assert answer.status_code == 201, answer.text
        made: dict[str, str] = answer.json()
        return made

    def mqtt(self, device: dict[str, str], **changes: str) -> aiomqtt.Client:
        """An MQTT client of a device."""
        username, password = device["username"], changes.get("password", device["password"])
        return aiomqtt.Client(
            "127.0.0.1",
            self.mqtt_port,
            username=username,
            password=password,
            identifier=changes.get("client_id"),
            timeout=10,
        )


Start = Callable[[], Awaitable[RunningRegistry]]


@pytest.fixture(scope="module")
def nats(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsForTest]:
    """A nats-server of the module's own; who kills it starts it again."""
    made, folder = secrets.generate(), tmp_path_factory.mktemp("nats")
    port, mqtt_port, monitor_port = free_port(), free_port(), free_port()
    process = nats_server(folder, made, port=port, mqtt_port=mqtt_port, monitor_port=monitor_port)
    process.start()
    yield NatsForTest(process, made, port, mqtt_port, monitor_port)
    process.kill()


@pytest.fixture
async def start(
    nats: NatsForTest, own_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Start]:
    """Starts a registry (again) on the same data, with passwords that are quick to check."""
    monkeypatch.setattr(passwords, "PasswordHasher", partial(PasswordHasher, time_cost=1, memory_cost=64))
    for name, value in nats.secrets.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("ANDON_NATS_URL", f"nats://127.0.0.1:{nats.port}")
    monkeypatch.setenv("ANDON_NATS_TELEMETRY_BYTES", str(nats.settings.telemetry_bytes))
    monkeypatch.setenv("ANDON_REGISTRY_DATABASE_URL", own_url)
    monkeypatch.setenv("ANDON_REGISTRY_ADMIN_PASSWORD_FILE", str(tmp_path / "admin-password"))
    monkeypatch.setenv("ANDON_REGISTRY_NATS_LOG", str(nats.process.log))
    async with AsyncExitStack() as everything:

        async def start_one() -> RunningRegistry:
            running = await everything.enter_async_context(AsyncExitStack())
            app = create_app()
            await running.enter_async_context(app.router.lifespan_context(app))
            app.state.stop = running.aclose
            http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ROOT)
            registry = RunningRegistry(app, http, tmp_path, nats.mqtt_port)
            password = (tmp_path / "admin-password").read_text().strip()
            registry.http = await registry.sign_in("admin", password)
            return registry

        yield start_one


@pytest.fixture
async def registry(start: Start) -> RunningRegistry:
    """A registry that has found its nats-server."""
    running = await start()
    await running.ready()
    return running


@pytest.fixture
async def open_door(registry: RunningRegistry, bus: Bus) -> None:
    """Intake's session exists: devices may come in."""
    await (await bus.bucket(subjects.INTAKE_BUCKET)).put(subjects.INTAKE_SESSION_KEY, b"there")
    device = await registry.device("door opener", "berlin")

    async def admitted() -> bool:
        try:
            async with registry.mqtt(device):
                return True
        except aiomqtt.MqttError as error:
            raise AssertionError(str(error)) from None

    await eventually(admitted)


@pytest.fixture
async def house(start: Start, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    """A registry that listens, with a Grafana behind it."""
    async with open_house(start, monkeypatch) as built:
        yield built
