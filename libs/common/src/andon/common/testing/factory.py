"""A whole factory under test: `andon up` with real processes on free ports, to be used, broken and mended.

The story of a test reads:

    async with Factory(folder) as factory:
        await factory.apply_plant(PLANT)
        gateway = await factory.add_device("gateway-1", scope="berlin")
        ...
        factory.kill("ingest")
        await factory.is_ready()
"""

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiomqtt
import httpx

from andon.common.testing.ports import free_port
from andon.common.testing.waiting import ANSWER_SECONDS, eventually

MARKS = {
    "nats": "nats-server",
    "influxdb": "influxd",
    "api": "andon.cli api",
    "ingest": "andon.ingest",
    "derive": "andon.query.derive",
    "simulator": "andon.simulator",
}
"""Process -> what its command line shows."""


@dataclass(frozen=True)
class Credential:
    """A device's user name and password for the broker."""

    id: str
    username: str
    password: str


class Factory:
    """One `andon up` in a folder of its own. `environment` adds settings."""

    def __init__(self, folder: Path, *, demo: bool = False, environment: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.demo = demo
        self.port, self.mqtt_port, self.ingest_port, self.influx_port = (free_port() for _ in range(4))
        self.environment = {
            **os.environ,
            "ANDON_HOME": str(folder),
            "ANDON_PORT": str(self.port),
            "ANDON_MQTT_PORT": str(self.mqtt_port),
            "ANDON_INGEST_PORT": str(self.ingest_port),
            "ANDON_DERIVE_PORT": str(free_port()),
            "ANDON_INFLUX_PORT": str(self.influx_port),
            "ANDON_NATS_PORT": str(free_port()),
            "ANDON_NATS_MONITOR_PORT": str(free_port()),
            "ANDON_INFLUX_BACKUP_PORT": str(free_port()),
            **(environment or {}),
        }
        within = httpx.Limits(keepalive_expiry=2)  # uvicorn closes after 5 s; a call in that moment would be lost
        self.http = httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", timeout=ANSWER_SECONDS, limits=within)
        self.output = folder / "up.log"
        self._up: subprocess.Popen[bytes] | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            print(self.story())  # noqa: T201 - pytest shows it with the failure
        await self.http.aclose()
        await self.stop()

    async def start(self) -> None:
        """Start everything, wait until it is ready, and sign in as the first admin."""
        self.folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "andon.cli", "up", *([] if self.demo else ["--no-demo"])]
        with self.output.open("ab") as output:
            self._up = subprocess.Popen(  # noqa: S603, ASYNC220 - our own program, and starting it is quick
                command, env=self.environment, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
            )
        await self.is_ready(timeout=90)
        await self.sign_in()

    async def stop(self) -> None:
        """Ctrl-C, and wait for the end."""
        if self._up is None:
            return
        with suppress(ProcessLookupError):
            self._up.send_signal(signal.SIGINT)
        try:
            await asyncio.to_thread(self._up.wait, 40)
        except subprocess.TimeoutExpired:
            self._up.kill()
            raise AssertionError("andon up did not end within 40 s of Ctrl-C\n" + self.story()) from None
        self._up = None

    async def sign_in(self) -> None:
        """Use the first admin's token from now on."""
        password = (self.folder / "admin-password").read_text().strip()
        answer = await self.http.post("/api/registry/v1/auth/token", data={"username": "admin", "password": password})
        assert answer.status_code == 200, answer.text
        self.http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    @property
    def token(self) -> str:
        """The admin's bearer token."""
        return str(self.http.headers["Authorization"]).removeprefix("Bearer ")

    async def is_ready(self, timeout: float = 30) -> None:
        """Wait until /readyz finds nobody sick, neither in the api nor in ingest."""

        async def ready() -> bool:
            if self._up is not None and self._up.poll() is not None:
                raise ChildProcessError("andon up ended: " + self.story())  # waiting longer brings nothing
            for port in (self.port, self.ingest_port):
                try:
                    answer = await self.http.get(f"http://127.0.0.1:{port}/readyz")
                except httpx.HTTPError as error:
                    raise AssertionError(f"port {port}: {error!r}") from None
                assert answer.status_code == 200, answer.text
            return True

        await eventually(ready, timeout=timeout, what="everything is ready")

    def pid(self, name: str) -> int:
        """Process id of one of MARKS below this `andon up`.

        Raises:
            AssertionError: it does not run.
        """
        up = self._up
        assert up is not None
        for folder in _processes():
            if _parent(folder) == up.pid and MARKS[name] in _command(folder):
                return int(folder.name)
        raise AssertionError(f"{name} does not run; {self.story()}")

    def kill(self, name: str) -> None:
        """SIGKILL one process."""
        os.kill(self.pid(name), signal.SIGKILL)

    async def call(self, method: str, path: str, **arguments: Any) -> Any:
        """One HTTP call as the admin; the JSON of the answer.

        Raises:
            AssertionError: the answer is an error.
        """
        answer = await self.http.request(method, path, **arguments)
        assert answer.status_code < 300, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    async def apply_plant(self, text: str) -> None:
        """Load a plant written as YAML."""
        await self.call(
            "POST", "/api/registry/v1/plant", content=text.encode(), headers={"Content-Type": "application/yaml"}
        )

    async def add_device(self, name: str, scope: str, *, quota: int | None = None) -> Credential:
        """A new device with its credential, and maybe a quota of its own in messages per second."""
        body = {"name": name, "scope": scope, "quota": quota}
        made = await self.call("POST", "/api/registry/v1/devices", json=body)
        return Credential(made["id"], made["username"], made["password"])

    def device(self, credential: Credential) -> aiomqtt.Client:
        """An MQTT client that comes in as a device."""
        return aiomqtt.Client(
            "127.0.0.1", self.mqtt_port, username=credential.username, password=credential.password, timeout=10
        )

    def children(self) -> list[int]:
        """Process ids of all that run below this `andon up`."""
        up = self._up
        return [] if up is None else [int(f.name) for f in _processes() if _parent(f) == up.pid]

    def story(self) -> str:
        """What the processes wrote last, for a failed test."""
        logs = sorted((self.folder / "logs").glob("*.log")) if (self.folder / "logs").exists() else []
        parts = [
            f"--- {p.name}\n" + "\n".join(p.read_text(errors="replace").splitlines()[-25:])
            for p in [self.output, *logs]
            if p.exists()
        ]
        return "\n".join(parts)


def _processes() -> list[Path]:
    return [folder for folder in Path("/proc").iterdir() if folder.name.isdigit()]


def _parent(folder: Path) -> int:
    try:
        return int(folder.joinpath("stat").read_text().rsplit(")", 1)[1].split()[1])
    except (OSError, IndexError, ValueError):
        return 0


def _command(folder: Path) -> str:
    try:
        return folder.joinpath("cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
