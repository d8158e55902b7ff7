"""Who connects and says nothing, or takes nothing, takes no place from who does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

from andon.common.http import MOST_OPEN, HttpProtocol
from andon.common.service import Server, configured
from andon.common.testing.ports import free_port
from andon.common.testing.waiting import ANSWER_SECONDS, eventually


@pytest.fixture
async def port() -> AsyncIterator[int]:
    app, port = FastAPI(), free_port()

    @app.get("/")
    async def greet() -> str:
        return "hello"

    @app.post("/")
    async def read(request: Request) -> int:
        return len(await request.body())

    @app.get("/slow")
    async def think() -> str:
        await asyncio.sleep(2)
        return "done"

    @app.get("/endless")
    async def tell() -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            while True:
                yield b"x" * 100_000
                await asyncio.sleep(0)

        return StreamingResponse(parts())

    server = Server(configured(app, host="127.0.0.1", port=port))
    serving = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)
    yield port
    server.should_exit = True
    await serving


@pytest.mark.parametrize("said", [b"", b"GET / HT", b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n"])
async def test_those_that_only_connect_make_room_and_who_is_served_is_not_cut_off(port: int, said: bytes) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=ANSWER_SECONDS) as http:
        slow = asyncio.create_task(http.get("/slow"))
        held = []
        for _ in range(MOST_OPEN + 100):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(said)
            held.append((reader, writer))
        assert (await http.get("/")).json() == "hello"
        assert (await slow).json() == "done"
        with suppress(ConnectionError):
            assert await asyncio.wait_for(held[0][0].read(1), 5) == b""
        for _, writer in held:
            writer.close()


async def test_who_takes_nothing_of_an_answer_is_cut_off_and_who_takes_it_slowly_is_not(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("andon.common.http.STUCK_SECONDS", 0.3)
    slow, _ = ends = await asyncio.open_connection("127.0.0.1", port, limit=1000)
    deaf = await asyncio.open_connection("127.0.0.1", port, limit=1000)
    for _, writer in (ends, deaf):
        writer.write(b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
    await eventually(lambda: sum(one.flow.write_paused for one in HttpProtocol._open) == 2, what="both are waited for")

    async def one_left() -> bool:
        await slow.readexactly(500_000)
        return len(HttpProtocol._open) == 1

    await eventually(one_left, what="the deaf one is cut off")
    assert await slow.readexactly(500_000)
    for _, writer in (ends, deaf):
        writer.close()
