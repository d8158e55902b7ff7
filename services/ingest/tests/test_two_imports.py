"""Imports of several processes: each tells of all, and what one had that is gone has failed."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx

from andon.common.influx import Influx
from andon.common.testing.fixtures import NatsForTest
from andon.common.testing.ports import free_port
from andon.common.testing.waiting import ANSWER_SECONDS, eventually
from andon.ingest.imports import shared
from andon.ingest.pipeline import Pipeline

from .test_imports import URL, ended, environment, finished, knows_the_plant, stored, token, wide


async def serve(nats: NatsForTest, port: int) -> asyncio.subprocess.Process:
    """The HTTP process, as one of several."""
    program = (
        "from andon.common.api import create_front; from andon.common.service import run;"
        "from andon.ingest.app import create_http_service;"
        f"run('api', lambda: create_front(create_http_service()), host='127.0.0.1', port={port})"
    )
    return await asyncio.create_subprocess_exec(sys.executable, "-c", program, env=os.environ | environment(nats))


async def serves(http: httpx.AsyncClient) -> bool:
    """Whether it is up, and knows the plant."""
    try:
        return await knows_the_plant(http)
    except httpx.HTTPError:
        return False


@asynccontextmanager
async def two(nats: NatsForTest) -> AsyncIterator[tuple[asyncio.subprocess.Process, list[httpx.AsyncClient]]]:
    """Two processes that know the plant: the first of them, and clients of both."""
    ports = [free_port(), free_port()]
    servers: list[asyncio.subprocess.Process] = []
    async with AsyncExitStack() as stack:
        clients = [
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=token(), timeout=ANSWER_SECONDS)
            for port in ports
        ]
        try:
            for port in ports:
                servers += [await serve(nats, port)]
            for http in clients:
                await stack.enter_async_context(http)
                await eventually(lambda http=http: serves(http), timeout=ANSWER_SECONDS)
            yield servers[0], clients
        finally:
            for server in servers:
                if server.returncode is None:
                    server.kill()
                await server.wait()


async def test_what_one_process_reads_another_tells_and_ends_and_one_that_is_killed_has_failed(
    nats: NatsForTest, pipeline: Pipeline, influx: Influx
) -> None:
    async with two(nats) as (server, (first, second)):
        wrong = await ended(first, wide(3).replace(b"1.5", b"hot"), dry_run=True)
        assert await finished(second, wrong["id"]) == wrong
        refused = [(await http.get(f"{URL}/{wrong['id']}/refused")).text for http in (first, second)]
        assert refused[0] == refused[1]
        assert "hot" in refused[0]
        url = f"{URL}/{(await first.post(URL, content=wide(100_000))).json()['id']}"
        assert (await second.delete(url)).status_code == 204
        assert (await second.get(url)).json()["state"] == (await first.get(url)).json()["state"] == "cancelled"
        assert (await second.delete(url)).status_code == 204
        assert [(await http.get(url)).status_code for http in (first, second)] == [404, 404]
        stored_before = pipeline.tally.stored
        url = f"{URL}/{(await first.post(URL, content=wide(100_000))).json()['id']}"
        await eventually(lambda: pipeline.tally.stored > stored_before)
        assert (await second.get(url)).json()["state"] in ("waiting", "running")
        server.kill()
        lost = await finished(second, url.rpartition("/")[2])
        assert (lost["state"], lost["detail"]) == ("failed", shared.GONE)
        assert "import it again" in (await second.get(f"{url}/refused")).json()["detail"]
        done = await ended(second, wide(100_000))
        assert (done["state"], done["samples"]) == ("done", 200_000)
    assert len(await stored(influx)) == 100_000
