"""A peer that floods or does not read costs little, for a short time, and is cut off. Raw sockets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

from andon.common import websocket
from andon.common.service import Server
from andon.common.testing.ports import free_port
from andon.common.testing.waiting import ANSWER_SECONDS, eventually
from andon.common.websocket import BURST, MAX_FRAGMENTS, SLICE, WebSocketProtocol

EMPTY_PING, EMPTY_PONG, EMPTY_START, EMPTY_REST = b"\x89\x80abcd", b"\x8a\x80abcd", b"\x01\x80abcd", b"\x00\x80abcd"
LONG_PING = b"\x89\xfdabcd" + b"x" * 125
HELLO = b"\x81\x85\0\0\0\0hello"
TOO_MANY = b"\x03\xf0Too many frames"
"""Close code 1008 and its reason."""


class Peer:
    """One raw connection, after its handshake."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def flood(self, frames: bytes) -> None:
        """Write, and write on until the service ends the connection."""
        with suppress(OSError):
            while not self.reader.at_eof():
                self.writer.write(frames)
                await self.writer.drain()

    async def heard(self) -> bytes:
        """All that comes until the end."""
        found = bytearray()
        with suppress(OSError):
            while part := await self.reader.read(2**16):
                found += part
        return bytes(found)


class House:
    """A service whose one route listens for ever, and keeps what it was told."""

    def __init__(self) -> None:
        self.port = free_port()
        self.told: list[str] = []
        app = FastAPI()
        app.websocket("/live")(self._live)
        app.get("/healthz")(self._healthz)
        self.server = Server(uvicorn.Config(app, port=self.port, log_config=None, loop="none", ws=WebSocketProtocol))

    async def _live(self, socket: WebSocket) -> None:
        await socket.accept()
        with suppress(WebSocketDisconnect):
            while True:
                self.told.append(await socket.receive_text())

    async def _healthz(self) -> dict[str, str]:
        return {"status": "alive"}

    @property
    def protocols(self) -> list[WebSocketProtocol]:
        """The WebSocket connections there are."""
        return [one for one in self.server.server_state.connections if isinstance(one, WebSocketProtocol)]

    @asynccontextmanager
    async def peer(self) -> AsyncIterator[Peer]:
        """A connection that has said nothing yet."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**12)
        writer.write(
            f"GET /live HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        assert b"101" in await reader.readuntil(b"\r\n\r\n")
        try:
            yield Peer(reader, writer)
        finally:
            writer.close()


@pytest.fixture
async def house(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    monkeypatch.setattr(websocket, "FAREWELL_SECONDS", 0.2)
    found = House()
    task = asyncio.create_task(found.server.serve())
    await eventually(lambda: found.server.started, what="the service listens")
    yield found
    found.server.should_exit = True
    await asyncio.wait_for(task, 15)


@pytest.mark.parametrize("frames", [EMPTY_PING, EMPTY_PONG, HELLO], ids=["pings", "pongs", "messages"])
async def test_a_flood_of_frames_ends_the_connection_and_disturbs_nobody(house: House, frames: bytes) -> None:
    async with (
        house.peer() as peer,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{house.port}", timeout=ANSWER_SECONDS) as http,
        asyncio.timeout(20),
    ):
        flood = asyncio.create_task(peer.flood(frames * 10_000))
        assert (await http.get("/healthz")).status_code == 200
        heard = await peer.heard()
        await flood
        assert heard.count(b"\x8a\x00") <= BURST + SLICE / len(frames), "no more pongs than were allowed"
        assert len(house.told) <= BURST
        await eventually(lambda: not house.protocols, what="the connection is gone")


async def test_whoever_is_cut_off_is_told_why(house: House) -> None:
    async with house.peer() as peer, asyncio.timeout(20):
        peer.writer.write(EMPTY_PONG * int(BURST + 1))
        assert TOO_MANY in await peer.heard()


async def test_a_message_without_end_ends_the_connection(house: House) -> None:
    async with house.peer() as peer, asyncio.timeout(20):
        peer.writer.write(EMPTY_START + EMPTY_REST * MAX_FRAGMENTS)
        assert b"256 frames" in await peer.heard()
        assert house.told == []


async def test_whoever_does_not_read_is_not_read_from_and_is_cut_off(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(websocket, "BURST", 1e9)
    monkeypatch.setattr(websocket, "PER_SECOND", 1e9)
    monkeypatch.setattr(websocket, "STUCK_SECONDS", 0.5)
    monkeypatch.setattr(WebSocketProtocol, "_left", 1e9)
    async with house.peer() as peer, asyncio.timeout(20):
        (protocol,) = house.protocols
        highest = 0

        def gone() -> bool:
            nonlocal highest
            highest = max(highest, protocol.transport.get_write_buffer_size())
            return not house.protocols

        flood = asyncio.create_task(peer.flood(LONG_PING * 1_000))
        await eventually(gone, what="the connection is gone")
        await flood
        assert 0 < highest < 2**20, "what waits for it is bounded"


async def test_whoever_reads_again_is_read_from_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket, "BURST", 1e9)
    monkeypatch.setattr(WebSocketProtocol, "_left", 1e9)
    async with house.peer() as peer, asyncio.timeout(20):
        (protocol,) = house.protocols
        peer.writer.write(LONG_PING * 100_000 + HELLO)
        await eventually(lambda: not protocol.writable.is_set(), what="it is full")
        hearing = asyncio.create_task(peer.heard())
        await eventually(lambda: house.told == ["hello"], what="all is heard")
        hearing.cancel()
