"""Where notifications go refuses, hangs, or crawls: each is told once it is taken, and nobody else waits for it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from time import time_ns
from typing import Any

import orjson
import pytest

from andon.common.testing.ports import free_port
from andon.common.testing.sinks import Sink
from andon.common.testing.waiting import eventually
from soak.faults import REFUSING_HOOK
from soak.plant import ODD
from soak.press import COOL, HOT
from soak.scene import Scene

pytestmark = [pytest.mark.timeout(180), pytest.mark.asyncio(loop_scope="module")]

ALERTING = "/api/alerting/v1"
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]


async def hang(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Take all, and answer nothing."""
    while await reader.read(1000):
        pass


async def crawl(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer letter by letter, without end."""
    with suppress(ConnectionError):
        writer.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while True:
            writer.write(b"o")
            await writer.drain()
            await asyncio.sleep(0.2)


@asynccontextmanager
async def server(serve: Serve) -> AsyncIterator[str]:
    """The address of somebody who behaves badly."""
    port, tasks = free_port(), set[asyncio.Task[None]]()

    async def kept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            with suppress(asyncio.CancelledError):
                await serve(reader, writer)
        finally:
            writer.close()
            tasks.discard(task)

    async with await asyncio.start_server(kept, "127.0.0.1", port):
        try:
            yield f"http://127.0.0.1:{port}/hook"
        finally:
            for task in list(tasks):
                task.cancel()


async def test_a_webhook_that_refuses(scene: Scene) -> None:
    def refused() -> int:
        return len(scene.hook.requests) - len(scene.hook.accepted)

    before = refused()

    async def accept(scene: Scene) -> None:
        await eventually(lambda: refused() > before, what="a notification was refused")
        await REFUSING_HOOK.heal(scene)

    outcome = await scene.suffer(replace(REFUSING_HOOK, heal=accept, lasts=0))
    assert outcome.verdict.clean, outcome.verdict


@pytest.mark.parametrize("serve", [hang, crawl])
async def test_one_that_hangs_or_crawls_holds_up_no_other(scene: Scene, serve: Serve) -> None:
    good, call = Sink(), scene.factory.call
    async with server(serve) as bad:
        for name, target in (("bad", bad), ("good", good.url)):
            channel = {"name": f"{name} {serve.__name__}", "kind": "webhook", "target": target}
            await call("POST", f"{ALERTING}/channels", json=channel)
        rule = {
            "name": f"Odd, {serve.__name__}",
            "scope": {"sensor": f"{ODD}/oil_temperature"},
            "condition": {"above": 65},
            "channels": [f"bad {serve.__name__}", f"good {serve.__name__}"],
        }
        made = await call("POST", f"{ALERTING}/rules", json=rule)
        async with scene.factory.device(scene.device) as gateway:
            now = time_ns() // 10**6
            for number, value in enumerate((COOL, HOT, COOL, HOT)):
                message = {"ts": now + number, "values": {"oil_temperature": value}}
                await gateway.publish(f"factory/{ODD}", orjson.dumps(message), qos=1)

        def turns() -> list[str]:
            mine = [orjson.loads(body) for body in good.accepted]
            return [one["transition"]["to"] for one in mine if one["alarm"]["rule"] == made["id"]]

        await eventually(lambda: turns()[-1:] == ["unacknowledged"], what="the other is told all the same")
        await call("DELETE", f"{ALERTING}/rules/{made['id']}")
    good.stop()
