"""Pages that come and go: a gap is told afterwards, whoever was away; and who may see no more is sent away."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from time import time
from typing import Any

import httpx
import pytest
import pytest_asyncio
import websockets

from andon.common.testing.factory import Credential, Factory
from andon.common.testing.waiting import STATE_SECONDS, eventually

from .conftest import PLANT, PRESS

pytestmark = pytest.mark.asyncio(loop_scope="module")
NUMBER = f"{PRESS}/number"
LIVE = "/api/query/v1/live"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def factory(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Factory]:
    async with Factory(tmp_path_factory.mktemp("gap") / "andon") as made:
        await made.apply_plant(PLANT)
        yield made


@asynccontextmanager
async def numbers(factory: Factory, device: Credential, seen: list[int]) -> AsyncIterator[asyncio.Event]:
    """The press counts while the block runs, and until the event is set; the last number is then in `seen`."""
    enough = asyncio.Event()

    async def count() -> None:
        async with factory.device(device) as gateway:
            number = 0
            while not enough.is_set():
                message = {"ts": time() * 1000, "values": {"number": number}}
                await gateway.publish(f"factory/{PRESS}", json.dumps(message), qos=1)
                number += 1
            seen.append(number - 1)

    counting = asyncio.create_task(count())
    try:
        yield enough
    finally:
        enough.set()
        await counting


async def listen(factory: Factory, since: int | None, heard: dict[int, int], until: int) -> None:
    """One connection: note event time by number, until so many are known. A gap or a loss would be told."""
    async with websockets.connect(f"ws://127.0.0.1:{factory.port}{LIVE}", max_size=2**24) as page:
        wanted = {"op": "subscribe", "under": [NUMBER], "max_hz": 20, "every": True}
        for message in ({"op": "auth", "token": factory.token}, wanted | ({"since": since} if since else {})):
            await page.send(json.dumps(message))
        while len(heard) < until:
            frame = json.loads(await asyncio.wait_for(page.recv(), STATE_SECONDS))
            assert not {"gap", "lost"} & frame.keys(), {**frame, "samples": len(frame["samples"])}
            heard |= {int(value): at for _, at, value, _ in frame.get("samples", ())}


async def test_a_page_that_comes_and_goes_and_loses_its_service_misses_nothing(
    factory: Factory, device: Credential
) -> None:
    heard: dict[int, int] = {}
    last: list[int] = []
    async with numbers(factory, device, last) as enough:
        await listen(factory, None, heard, 10)
        for _ in range(8):
            await listen(factory, max(heard.values()), heard, len(heard) + 20)
        factory.kill("api")
        await factory.is_ready()
        await listen(factory, max(heard.values()), heard, len(heard) + 100)
        enough.set()
    first = min(heard)
    await listen(factory, max(heard.values()), heard, last[0] + 1 - first)
    assert sorted(heard) == list(range(first, last[0] + 1))


async def events_end(factory: Factory, token: str, begun: asyncio.Event) -> str:
    """Read an event stream until it ends; its last words."""
    words = ""
    async with factory.http.stream("GET", f"{LIVE}/events", headers={"Authorization": f"Bearer {token}"}) as answer:
        assert answer.status_code == 200
        async for line in answer.aiter_lines():
            begun.set()
            words = line or words
    return words


async def socket_end(factory: Factory, token: str, begun: asyncio.Event) -> str:
    """The same by WebSocket, entered by ticket."""
    headers = {"Authorization": f"Bearer {token}"}
    ticket = (await factory.call("POST", f"{LIVE}/ticket", headers=headers))["ticket"]
    async with websockets.connect(f"ws://127.0.0.1:{factory.port}{LIVE}?ticket={ticket}") as page:
        await page.send(json.dumps({"op": "subscribe", "under": [""]}))
        with suppress(websockets.ConnectionClosed):
            while await page.recv():
                begun.set()
    return f"{page.close_code} {page.close_reason}"


CHANGES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("PATCH", {"json": {"scope": "munich"}}),
    ("PATCH", {"json": {"password": "an entirely other one"}}),
    ("DELETE", {}),
)


async def test_whoever_is_moved_changed_or_removed_is_sent_away_at_once(factory: Factory) -> None:
    made = {"username": "vera", "password": "correct horse battery", "scope": "berlin"}
    person = await factory.call("POST", "/api/registry/v1/people", json=made)
    for method, change in CHANGES:
        token = await sign_in(factory, made["username"], made["password"])
        begun = asyncio.Event(), asyncio.Event()
        ends = asyncio.gather(socket_end(factory, token, begun[0]), events_end(factory, token, begun[1]))
        await asyncio.wait_for(asyncio.gather(*(one.wait() for one in begun)), STATE_SECONDS)
        await factory.call(method, f"/api/registry/v1/people/{person['id']}", **change)
        made |= {key: value for key, value in change.get("json", {}).items() if key == "password"}
        closed, words = await asyncio.wait_for(ends, 20)
        assert closed == "4401 The token was revoked; sign in again", change
        assert json.loads(words.removeprefix("data: "))["code"] == 4401, change


async def sign_in(factory: Factory, username: str, password: str) -> str:
    """A person's token, as soon as the registry gives one."""
    form = {"username": username, "password": password}

    async def token() -> str:
        answer: httpx.Response = await factory.http.post("/api/registry/v1/auth/token", data=form)
        return str(answer.json()["access_token"]) if answer.status_code == 200 else ""

    found: str = await eventually(token, what=f"{username} signs in")
    return found
