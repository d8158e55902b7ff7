"""Too little of everything: no more open files, a storm of connections, a reader that never reads."""

import asyncio
import json
import resource
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager, suppress

import pytest
from websockets.asyncio.client import connect

from andon.common.testing.waiting import eventually
from soak.scene import Scene
from soak.watch import open_files

from .raw_device import raw_device

pytestmark = [pytest.mark.timeout(180), pytest.mark.asyncio(loop_scope="module")]

STORM = 300


@contextmanager
def few_files(pid: int, most: int) -> Iterator[None]:
    """A process may have only so many files open, until the block ends."""
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (most, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)


@pytest.mark.parametrize("name", ["ingest", "api"])
async def test_no_more_open_files(scene: Scene, name: str) -> None:
    port = {"ingest": scene.factory.ingest_port, "api": scene.factory.port}[name]
    pid = scene.factory.pid(name)
    with few_files(pid, open_files(scene.factory)[name] + 3):
        async with AsyncExitStack() as held:
            for _ in range(30):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                held.callback(writer.close)
            for wire in scene.wires:
                wire.reset()
            enough = scene.journal.acknowledged + 50
            await eventually(lambda: scene.journal.acknowledged > enough, what="devices speak on")
    verdict = await scene.verdict()
    assert verdict.clean, verdict
    assert scene.factory.pid(name) == pid, "it has not died of it"


async def test_a_storm_of_devices(scene: Scene) -> None:
    async def comes_in() -> bool:
        with suppress(OSError, asyncio.IncompleteReadError):  # a device that is refused tries again
            async with raw_device(scene.factory, scene.device):
                return True
        return False

    await asyncio.gather(*(eventually(comes_in, what="each of them comes in") for _ in range(STORM)))
    verdict = await scene.verdict()
    assert verdict.clean, verdict


async def test_a_websocket_that_never_reads(scene: Scene) -> None:
    url = f"ws://127.0.0.1:{scene.factory.port}/api/query/v1/live"
    async with connect(url, max_queue=1) as page:
        await page.send(json.dumps({"op": "auth", "token": scene.factory.token}))
        await page.send(json.dumps({"op": "subscribe", "under": ["berlin"], "max_hz": 50}))
        for _ in range(3):
            verdict = await scene.verdict()
            assert verdict.clean, verdict
