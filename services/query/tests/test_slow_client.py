"""A client that does not read: it costs a bounded amount of memory for a bounded time, and disturbs nobody."""

import asyncio
import os
import socket
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing

import orjson
import pytest
import websockets

from andon.common import metrics
from andon.common.bus import Bus
from andon.common.reading import Reading
from andon.common.testing.waiting import eventually
from andon.query.live.outbox import QUEUE_SAMPLES

from .conftest import MS, NOW, PRESS, QueryForTest, hear, hear_until, publish, say

LONG = "x" * 300_000
"""A state so long that a few of them fill every buffer between the service and a client."""


@asynccontextmanager
async def deaf(query: QueryForTest, *, every: bool) -> AsyncIterator[None]:
    """A client that signs in, subscribes, and never reads a byte after the handshake."""
    host, _, port = query.url.removeprefix("http://").partition(":")
    loop = asyncio.get_running_loop()
    with closing(socket.socket()) as raw:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        raw.setblocking(False)
        await loop.sock_connect(raw, (host, int(port)))
        await loop.sock_sendall(
            raw,
            f"GET /api/query/v1/live HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode(),
        )
        assert b"101" in await loop.sock_recv(raw, 64)
        for message in (
            {"op": "auth", "token": query.token()},
            {"op": "subscribe", "under": ["p1"], "max_hz": 20, "every": every},
        ):
            await loop.sock_sendall(raw, frame_of(orjson.dumps(message)))
        yield


def frame_of(payload: bytes) -> bytes:
    """A masked text frame, as RFC 6455 has it."""
    mask = os.urandom(4)
    size = bytes([0x80 | len(payload)]) if len(payload) < 126 else bytes([0x80 | 126]) + len(payload).to_bytes(2, "big")
    return b"\x81" + size + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))


async def flood(bus: Bus, healthy: websockets.ClientConnection, first: int, count: int) -> None:
    """Publish values that do not fit into any buffer, no faster than a healthy client hears them."""
    for i in range(first, first + count):
        await publish(bus, Reading("p1", NOW + i * MS, {"state": f"{LONG}{i}", "temperature": float(i)}))
        await hear_until(healthy, [f"{PRESS.path}/temperature", NOW // MS + i, float(i), "good"])


@pytest.mark.parametrize("every", [False, True])
async def test_memory_stays_flat_and_others_are_not_disturbed(
    query: QueryForTest, bus: Bus, monkeypatch: pytest.MonkeyPatch, *, every: bool
) -> None:
    monkeypatch.setattr("andon.query.live.outbox.QUEUE_SAMPLES", 20)
    async with query.live(f"{PRESS.path}/temperature", max_hz=20) as healthy, deaf(query, every=every):
        await hear(healthy)
        await eventually(lambda: len(query.hall.audience.by_machine.get("p1", {})) == 2, what="both listen")
        await flood(bus, healthy, 0, 25)
        tracemalloc.start()
        try:
            before, _ = tracemalloc.get_traced_memory()
            await flood(bus, healthy, 25, 25)
            after, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert after - before < 5 * len(LONG), "25 times as much went by"
        slow = next(one for one in query.hall.audience._listeners if one.chosen["p1"] is None)
        assert len(slow.outbox._queue) <= 20
        assert len(slow.outbox._dirty) <= len(PRESS.sensors)


async def test_whoever_takes_nothing_more_is_cut_off_and_leaves_nothing_behind(
    query: QueryForTest, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("andon.query.live.client.SEND_SECONDS", 0.3)
    monkeypatch.setattr("andon.query.live.session.CLOSE_SECONDS", 0.1)
    monkeypatch.setattr("andon.common.websocket.FAREWELL_SECONDS", 0.3)
    monkeypatch.setattr("andon.common.websocket.STUCK_SECONDS", 600.0)  # the connection has patience, the session none
    async with query.live(f"{PRESS.path}/temperature", max_hz=20) as healthy, deaf(query, every=False):
        await hear(healthy)
        await eventually(lambda: metrics.LIVE_CLIENTS._value.get() == 2, what="both are there")

        async def left() -> bool:
            await flood(bus, healthy, left_at[0], 5)
            left_at[0] += 5
            return metrics.LIVE_CLIENTS._value.get() == 1

        left_at = [0]
        await eventually(left, what="the deaf one is sent away")
        assert len(query.hall.audience._listeners) == 1
        await eventually(lambda: query.sockets == 1, what="its connection is cut, what was buffered for it dropped")
        await flood(bus, healthy, left_at[0], 5)


async def test_a_reader_that_pauses_catches_up_with_the_newest(query: QueryForTest, bus: Bus) -> None:
    async with query.connect(max_queue=1, compression=None) as slow, query.live("p1", max_hz=20) as healthy:
        await say(slow, op="auth", token=query.token(id="t2"))
        await say(slow, op="subscribe", under=["p1"], max_hz=20)
        await hear(slow)
        await hear(healthy)
        await flood(bus, healthy, 0, 50)
        heard = await hear_until(slow, [f"{PRESS.path}/temperature", NOW // MS + 49, 49.0, "good"])
        times = [at for path, at, *_ in heard if path.endswith("temperature")]
        assert times == sorted(set(times))
        assert len(times) < 50


async def test_a_full_queue_says_how_many_it_left_out(
    query: QueryForTest, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert QUEUE_SAMPLES >= 1000
    monkeypatch.setattr("andon.query.live.outbox.QUEUE_SAMPLES", 10)
    before = metrics.LIVE_LOST._value.get()
    async with query.live("p1", every=True, max_hz=1) as socket:
        await hear(socket)
        await publish(bus, *(Reading("p1", NOW + i * MS, {"temperature": float(i)}) for i in range(100)))
        frame = await hear(socket)
        assert [value for _, _, value, _ in frame["samples"]] == [*range(10), 99]
        assert frame["lost"] == 90
        assert metrics.LIVE_LOST._value.get() - before == 90
