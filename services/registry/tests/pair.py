"""Two registries as processes, on one database and one backbone: any of them can be killed, or stand still."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiomqtt
import httpx
import msgspec

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.lease import Holding
from andon.common.testing.fixtures import NatsForTest
from andon.common.testing.ports import free_port
from andon.common.testing.waiting import ANSWER_SECONDS, eventually

PASSWORD = "a password that was there before"
QUOTA = 50
"""Messages a second for the device of one machine."""
CUT_OFF = (aiomqtt.MqttError, OSError)


@dataclass
class Instance:
    """One registry; its name is that of the lease's holder."""

    name: str
    environment: dict[str, str]
    port: int
    log: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "andon.registry"], env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )

    def signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)
        if number is signal.SIGKILL:
            self.process.wait()
            self.process = None

    def client(self, token: str = "") -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.AsyncClient(base_url=f"{self.origin}/api/registry/v1", headers=headers, timeout=ANSWER_SECONDS)


@dataclass
class Pair:
    """Both of them."""

    instances: list[Instance]
    nats: NatsForTest
    token: str = ""

    def story(self) -> str:
        """What they wrote last, for a failed test."""
        return "\n".join(f"{one.name}: {one.log.read_text()[-4000:]}" for one in self.instances)

    async def whole(self, *expected: Instance) -> None:
        """Wait until those that should be there are, and somebody has signed in as the admin."""
        for one in expected or self.instances:
            if one.process is None:
                one.start()

            async def ready(one: Instance = one) -> bool:
                try:
                    async with one.client() as http:
                        return (await http.get(f"{one.origin}/readyz")).status_code == 200
                except httpx.HTTPError:
                    return False

            await eventually(ready, timeout=60, what=f"{one.name} is ready")
        self.token = self.token or await self.sign_in((expected or self.instances)[0], "admin", PASSWORD)

    async def sign_in(self, at: Instance, username: str, password: str) -> str:
        async with at.client() as http:
            answer = await http.post("/auth/token", data={"username": username, "password": password})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    async def call(self, at: Instance, method: str, path: str, **arguments: Any) -> Any:
        """What one of them answers the admin."""
        async with at.client(self.token) as http:
            answer = await http.request(method, path, **arguments)
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    async def leader(self, bus: Bus) -> tuple[Instance, Instance]:
        """Who leads, and who does not."""

        async def holder() -> str:
            return (await holding(bus)).holder

        name = await eventually(holder)
        by_name = sorted(self.instances, key=lambda one: one.name != name)
        assert by_name[0].name == name
        return by_name[0], by_name[1]

    async def device(self, at: Instance, name: str, scope: str) -> dict[str, Any]:
        made: dict[str, Any] = await self.call(at, "POST", "/devices", json={"name": name, "scope": scope})
        return made

    def mqtt(self, device: dict[str, Any], client_id: str | None = None) -> aiomqtt.Client:
        return aiomqtt.Client(
            "127.0.0.1",
            self.nats.mqtt_port,
            username=device["username"],
            password=device["password"],
            identifier=client_id,
            timeout=15,
        )

    async def comes_in(self, device: dict[str, Any], client_id: str | None = None) -> bool:
        try:
            async with self.mqtt(device, client_id) as mqtt:
                await mqtt.publish("factory/berlin/painting/line-1/robot-3", b"1", qos=1)
                return True
        except CUT_OFF:
            return False


async def holding(bus: Bus) -> Holding:
    """Who holds the registries' lease."""
    entry = await (await bus.bucket(subjects.LEASES_BUCKET)).get(subjects.REGISTRY_LEASE)
    return msgspec.json.decode(entry.value or b"", type=Holding)


@contextmanager
def running_pair(folder: Path, nats: NatsForTest, database_url: str, grafana_url: str) -> Iterator[Pair]:
    """Both started at once on an empty database. The admin's password lies in a file that nobody may write."""
    secret = folder / "admin-password"
    secret.write_text(f"{PASSWORD}\n")
    secret.chmod(0o400)
    instances = []
    for name in ("one", "two"):
        port = free_port()
        environment = (
            os.environ
            | nats.secrets
            | {
                "ANDON_INSTANCE": name,
                "ANDON_NATS_URL": nats.settings.url,
                "ANDON_NATS_TELEMETRY_BYTES": str(nats.settings.telemetry_bytes),
                "ANDON_REGISTRY_PORT": str(port),
                "ANDON_REGISTRY_DATABASE_URL": database_url,
                "ANDON_REGISTRY_ADMIN_PASSWORD_FILE": str(secret),
                "ANDON_REGISTRY_DEVICE_MESSAGES": str(QUOTA),
                "ANDON_REGISTRY_GRAFANA_URL": grafana_url,
            }
        )
        instances.append(Instance(name, environment, port, folder / f"{name}.log"))
    for one in instances:
        one.start()
    try:
        yield Pair(instances, nats)
    finally:
        for one in instances:
            if one.process is not None:
                one.signal(signal.SIGKILL)
