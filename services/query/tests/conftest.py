"""A running query service for stories: real HTTP and WebSocket, real NATS and InfluxDB."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from time import time_ns
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import orjson
import pytest
import uvicorn
import websockets
from fastapi import FastAPI
from starlette.routing import Mount

from andon.common import secrets, subjects
from andon.common.auth import Principal, Role, Tokens
from andon.common.bus import Bus
from andon.common.influx import Influx
from andon.common.plant import Asset, encode_asset
from andon.common.reading import Reading
from andon.common.service import Server
from andon.common.testing.fixtures import InfluxForTest, NatsForTest, running_influxdb, running_nats
from andon.common.testing.machines import a_machine
from andon.common.testing.ports import free_port
from andon.common.testing.waiting import ANSWER_SECONDS, STATE_SECONDS, eventually
from andon.common.websocket import WebSocketProtocol
from andon.common.wire import Batch, encode_batch
from andon.query.app import create_app
from andon.query.live.hall import Hall
from andon.query.live.messages import Samples, Wrong
from andon.query.tiers.coverage import Coverage

PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""No certificates: to load them for each client would cost more than most stories do."""

S = 1_000_000_000
MS = 1_000_000
NOW = time_ns() // S * S - 3600 * S
"""A round event time of today."""


def nodes_above(machine: Asset) -> list[Asset]:
    """Site, area and line of a machine; their ids are their paths with dots."""
    slugs = machine.path.split("/")
    paths = ["/".join(slugs[:depth]) for depth in (1, 2, 3)]
    kinds = ("site", "area", "line")
    return [
        Asset(id=p.replace("/", "."), path=p, kind=k, slug=p.split("/")[-1], name=p)
        for p, k in zip(paths, kinds, strict=True)
    ]


PRESS = a_machine("berlin/body/line-1/press-1", id="p1")
ROBOT = a_machine("berlin/painting/line-1/robot-3", id="r3", type="robot")
OVEN = a_machine("lyon/heat/line-1/oven-1", id="o1", type="")
MACHINES = (PRESS, ROBOT, OVEN)


@dataclass
class QueryForTest:
    """The running service, and hands to feed it with."""

    url: str
    app: FastAPI
    server: Server
    http: httpx.AsyncClient
    tokens: Tokens

    @property
    def hall(self) -> Hall:
        """Where the live sessions are."""
        hall: Hall = self.state.hall
        return hall

    @property
    def coverage(self) -> Coverage:
        """How far the tiers reach, as the service has heard."""
        coverage: Coverage = self.state.coverage
        return coverage

    @property
    def state(self) -> Any:
        """What the service's routes share."""
        (mount,) = (route for route in self.app.routes if isinstance(route, Mount))
        return mount.app.state  # type: ignore[attr-defined]

    @property
    def sockets(self) -> int:
        """WebSocket connections that exist, whether anybody serves them or not."""
        return sum(isinstance(one, WebSocketProtocol) for one in self.server.server_state.connections)

    def token(
        self,
        *,
        scope: str = "",
        id: str = "t1",  # noqa: A002 - the token's id
        person: str = "anna",
        lifetime: float = 60,
    ) -> str:
        """A viewer's token."""
        viewer = Principal(id=person, name=person.title(), role=Role.VIEWER, scope=scope)
        return self.tokens.sign(viewer, token_id=id, lifetime=lifetime)

    def bearer(self, **claims: Any) -> dict[str, str]:
        """Header of a viewer."""
        return {"Authorization": f"Bearer {self.token(**claims)}"}

    async def get(self, path: str, *, scope: str = "", **query: Any) -> Any:
        """JSON of a good answer; AssertionError otherwise."""
        answer = await self.http.get(f"/api/query/v1{path}", params=query, headers=self.bearer(scope=scope))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def refusal(self, path: str, *, scope: str = "", **query: Any) -> tuple[int, str]:
        """Status and detail of a problem."""
        answer = await self.http.get(f"/api/query/v1{path}", params=query, headers=self.bearer(scope=scope))
        assert answer.headers["content-type"] == "application/problem+json", answer.text
        return answer.status_code, answer.json()["detail"]

    def connect(self, **options: Any) -> websockets.connect:
        """A live connection that has said nothing yet."""
        return websockets.connect(self.url.replace("http", "ws") + "/api/query/v1/live", **options)

    @asynccontextmanager
    async def live(self, *under: str, scope: str = "", **options: Any) -> AsyncIterator[websockets.ClientConnection]:
        """A live connection, signed in and subscribed."""
        async with self.connect() as socket:
            await say(socket, op="auth", token=self.token(scope=scope))
            await say(socket, op="subscribe", under=under, **options)
            yield socket


async def say(socket: websockets.ClientConnection, **message: Any) -> None:
    """Send one message."""
    await socket.send(orjson.dumps(message).decode())


async def hear(socket: websockets.ClientConnection) -> dict[str, Any]:
    """The next frame, which is what `messages` says that frames are."""
    frame: dict[str, Any] = orjson.loads(await asyncio.wait_for(socket.recv(), STATE_SECONDS))
    msgspec.convert(frame, Wrong if "op" in frame else Samples)
    return frame


async def hear_samples(socket: websockets.ClientConnection) -> list[list[Any]]:
    """The samples of the next frame."""
    frame = await hear(socket)
    assert "samples" in frame, frame
    samples: list[list[Any]] = frame["samples"]
    return samples


async def hear_until(socket: websockets.ClientConnection, last: list[Any]) -> list[list[Any]]:
    """All samples up to and with the frame that brings `last`."""
    heard: list[list[Any]] = []
    while last not in heard:
        heard += await hear_samples(socket)
    return heard


async def hear_close(socket: websockets.ClientConnection) -> int | None:
    """The close code with which the service ends the connection."""
    with suppress(websockets.ConnectionClosed):
        async with asyncio.timeout(STATE_SECONDS):
            while True:
                await socket.recv()
    return socket.close_code


@asynccontextmanager
async def serve(app: FastAPI) -> AsyncIterator[tuple[str, Server]]:
    """The service on a port of its own, in this process; settings come from the environment."""
    port = free_port()
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_config=None, timeout_graceful_shutdown=5, ws=WebSocketProtocol
    )
    server = Server(config)
    task = asyncio.create_task(server.serve())
    await eventually(lambda: server.started, what="the service listens")
    try:
        yield f"http://127.0.0.1:{port}", server
    finally:
        server.should_exit = True
        await asyncio.wait_for(task, 15)


@asynccontextmanager
async def running() -> AsyncIterator[QueryForTest]:
    """The service with hands to it; in a test's own `async with` when it restarts."""
    app = create_app()
    async with (
        serve(app) as (url, server),
        httpx.AsyncClient(base_url=url, verify=PLAIN, timeout=ANSWER_SECONDS) as http,
    ):
        yield QueryForTest(url, app, server, http, Tokens(secret="s" * 40))


async def put_assets(bus: Bus, *assets: Asset) -> None:
    """Write to the plant bucket as the registry does."""
    bucket = await bus.bucket(subjects.PLANT_BUCKET)
    for asset in assets:
        await bucket.put(subjects.asset_key(asset.id), encode_asset(asset))


async def publish(bus: Bus, *readings: Reading) -> None:
    """Publish a batch as ingest does."""
    data = encode_batch(Batch(readings[-1].time, list(readings)))
    await bus.publish(subjects.telemetry(0), data, msg_id=uuid4().hex)


@pytest.fixture(scope="module")
def shared_nats(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsForTest]:
    """One nats-server for all stories of a file."""
    with running_nats(tmp_path_factory.mktemp("nats")) as found:
        yield found


@pytest.fixture(scope="module")
def shared_influxdb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InfluxForTest]:
    """One InfluxDB for all stories of a file."""
    with running_influxdb(tmp_path_factory.mktemp("influxdb")) as found:
        yield found


@pytest.fixture
def nats(shared_nats: NatsForTest) -> NatsForTest:
    """It runs again, should the story before have failed while it was down."""
    if not shared_nats.process.running:
        shared_nats.process.start()
    return shared_nats


@pytest.fixture
def influxdb(shared_influxdb: InfluxForTest) -> InfluxForTest:
    """The same, with a database of the story's own."""
    if not shared_influxdb.process.running:
        shared_influxdb.process.start()
    return replace(shared_influxdb, database=f"story-{uuid4().hex}")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of a service all of whose neighbours are missing."""
    monkeypatch.setenv("ANDON_TOKEN_SECRET", "s" * 40)
    monkeypatch.setenv("ANDON_NATS_PASSWORD", secrets.generate()["ANDON_NATS_PASSWORD"])
    monkeypatch.setenv("ANDON_NATS_URL", f"nats://127.0.0.1:{free_port()}")
    monkeypatch.setenv("ANDON_INFLUX_URL", f"http://127.0.0.1:{free_port()}")


@pytest.fixture
def neighbours(environment: None, monkeypatch: pytest.MonkeyPatch, nats: NatsForTest, influxdb: InfluxForTest) -> None:
    """Settings that point to a real NATS and a real InfluxDB."""
    monkeypatch.setenv("ANDON_NATS_PASSWORD", nats.secrets["ANDON_NATS_PASSWORD"])
    monkeypatch.setenv("ANDON_NATS_URL", nats.settings.url)
    monkeypatch.setenv("ANDON_NATS_TELEMETRY_BYTES", str(nats.settings.telemetry_bytes))
    monkeypatch.setenv("ANDON_INFLUX_URL", influxdb.settings.url)
    monkeypatch.setenv("ANDON_INFLUX_DATABASE", influxdb.settings.database)


@pytest.fixture
async def plant(bus: Bus) -> None:
    """Two factories, and nothing else: a press and a robot in Berlin, an untyped oven in Lyon."""
    for bucket in (subjects.PLANT_BUCKET, subjects.EXPORTS_BUCKET):
        await bus.js.purge_stream(f"KV_{bucket}")
    assets = {asset.id: asset for machine in MACHINES for asset in (*nodes_above(machine), machine)}
    await put_assets(bus, *assets.values())


@pytest.fixture
async def query(neighbours: None, influx: Influx, plant: None) -> AsyncIterator[QueryForTest]:
    """The service, ready, with that plant."""
    async with running() as service:
        await eventually(lambda: is_ready(service), what="the plant is known")
        yield service


async def is_ready(service: QueryForTest) -> bool:
    """Neighbours well, and the plant known to the last machine."""
    try:
        ready = await service.http.get("/readyz")
    except httpx.TimeoutException:  # a machine that does much else; `eventually` has the patience
        return False
    assert ready.status_code == 200, ready.text
    asked = await service.http.get("/api/query/v1/latest", params={"under": OVEN.path}, headers=service.bearer())
    return asked.status_code == 200
