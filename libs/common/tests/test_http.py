"""Who connects and says nothing takes no place from who does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import httpx
import pytest
from fastapi import FastAPI, Request

from andon.common.http import MOST_OPEN
from andon.common.service import Server, configured
from andon.common.testing.ports import free_port
from andon.common.testing.waiting import eventually


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

    server = Server(configured(app, host="127.0.0.1", port=port))
    serving = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)
    yield port
    server.should_exit = True
    await serving


@pytest.mark.parametrize("said", [b"", b"GET / HT", b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n"])
async def test_those_that_only_connect_make_room_and_who_is_served_is_not_cut_off(port: int, said: bytes) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
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
