"""Two query services: what was begun at one is followed, fetched and ended at the other, and goes on without it."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from andon.common.auth import Principal, Role, Tokens
from andon.common.influx import Influx
from andon.common.testing.ports import free_port
from andon.common.testing.waiting import ANSWER_SECONDS, eventually
from andon.query.export.jobs import FETCHED

from .conftest import OVEN, PLAIN, PRESS
from .plenty import TEMPERATURE, store_plenty

URL = "/api/query/v1/exports"
TAKES_OVER_SECONDS = 60.0
"""It begins within seven, on a machine that does nothing else."""


@dataclass
class Instance:
    """One process, and how to reach it."""

    process: subprocess.Popen[bytes]
    http: httpx.AsyncClient

    async def call(self, method: str, path: str = "", status: int = 200, **more: Any) -> Any:
        """JSON of an answer with this status; whoever calls waits for it."""
        found = await self.http.request(method, f"{URL}{path}", **more)
        assert found.status_code == status, found.text
        return found.json() if found.content else None

    async def done(self, name: str) -> Any:
        """An export, once it is done."""

        async def it_is() -> Any:
            found = await self.call("GET", f"/{name}")
            assert found["state"] == "done", found
            return found

        return await eventually(it_is, timeout=ANSWER_SECONDS, what="the export is done")

    async def file(self, name: str) -> bytes:
        """An export's file, once somebody has it."""

        async def there() -> bytes:
            found = await self.http.get(f"{URL}/{name}/file")
            assert found.status_code == 200, found.text
            return found.content

        return bytes(await eventually(there, timeout=TAKES_OVER_SECONDS, what="the file is there"))


def begin(name: str, port: int) -> subprocess.Popen[bytes]:
    more = {"ANDON_INSTANCE": name, "ANDON_QUERY_PORT": str(port)}
    return subprocess.Popen([sys.executable, "-m", "andon.query"], env={**os.environ, **more})


@pytest.fixture
async def pair(neighbours: None, plant: None, influx: Influx) -> AsyncIterator[list[Instance]]:
    """Two that know the plant; the caller is Anna."""
    anna = Principal(id="anna", name="Anna", role=Role.VIEWER)
    bearer = {"Authorization": f"Bearer {Tokens(secret='s' * 40).sign(anna, token_id='t', lifetime=600)}"}
    async with AsyncExitStack() as stack:
        found = []
        for name in ("query-1", "query-2"):
            port = free_port()
            address = f"http://127.0.0.1:{port}"
            client = httpx.AsyncClient(base_url=address, headers=bearer, verify=PLAIN, timeout=ANSWER_SECONDS)
            found.append(Instance(begin(name, port), await stack.enter_async_context(client)))
        try:
            for one in found:
                await eventually(lambda one=one: is_ready(one), timeout=ANSWER_SECONDS, what="it knows the plant")
            yield found
        finally:
            for one in found:
                one.process.kill()
                one.process.wait()


async def is_ready(one: Instance) -> bool:
    try:
        found = await one.http.get("/api/query/v1/latest", params={"under": OVEN.path})
    except httpx.HTTPError as error:
        raise AssertionError(repr(error)) from None
    return found.status_code == 200


async def test_an_export_begun_at_one_is_followed_fetched_and_removed_at_the_other(
    pair: list[Instance], influx: Influx
) -> None:
    first, second = pair
    span = await store_plenty(influx, PRESS, 40_000)  # more than one piece
    made = await first.call("POST", status=202, json={"sensor": [TEMPERATURE], "name": "both", **span})
    assert [one["id"] for one in (await second.call("GET"))["items"]] == [made["id"]]
    found = await second.done(made["id"])
    assert found == await first.call("GET", f"/{made['id']}")
    whole, there = [await one.http.get(f"{URL}/{made['id']}/file") for one in pair]
    assert (len(whole.content), found["bytes"]) == (len(there.content), len(whole.content))
    assert whole.content == there.content
    for header in ("content-type", "content-disposition", "etag", "content-length"):
        assert whole.headers[header] == there.headers[header], header
    for asked in ("bytes=100-199", "bytes=-50", f"bytes={2**19 - 10}-{2**19 + 10}", "bytes=1000000-"):
        parts = [await one.http.get(f"{URL}/{made['id']}/file", headers={"Range": asked}) for one in pair]
        assert parts[0].status_code == parts[1].status_code == 206
        assert parts[0].content == parts[1].content
        assert parts[0].headers["content-range"] == parts[1].headers["content-range"]
    for nothing in ({"Range": f"bytes={found['bytes']}-"}, {"Range": "bytes=-0"}):
        asked = [one.http.get(f"{URL}/{made['id']}/file", headers=nothing) for one in pair]
        assert [(await one).status_code for one in asked] == [416] * 2
    link = await first.call("POST", f"/{made['id']}/link")
    async with httpx.AsyncClient(base_url=second.http.base_url, verify=PLAIN, timeout=ANSWER_SECONDS) as stranger:
        assert (await stranger.get(link["url"])).content == whole.content
        assert (await stranger.get(link["url"].partition("?")[0])).status_code == 401
    await second.call("DELETE", f"/{made['id']}", 204)
    for one in pair:
        await one.call("GET", f"/{made['id']}", 404)


async def test_what_one_had_is_made_anew_by_the_other_when_it_stands_still_or_is_killed(
    pair: list[Instance], influx: Influx
) -> None:
    first, second = pair
    span = await store_plenty(influx, PRESS, 1000)
    asked = {"sensor": [TEMPERATURE], **span}
    fetched, name = [(await first.call("POST", status=202, json=asked))["id"] for _ in range(2)]
    await first.done(fetched)
    whole = (await first.http.get(f"{URL}/{fetched}/file")).content
    await first.done(name)
    first.process.send_signal(signal.SIGSTOP)
    refused = await second.http.get(f"{URL}/{name}/file")
    assert (refused.status_code, "does not answer; try again" in refused.json()["detail"]) == (503, True)
    assert await second.file(name) == whole
    gone = await second.call("GET", f"/{fetched}")
    assert (gone["state"], gone["detail"]) == ("failed", FETCHED)
    first.process.send_signal(signal.SIGCONT)

    async def knows() -> bool:
        return bool(await first.call("GET") == await second.call("GET"))

    await eventually(knows, what="who woke up tells what the other does")
    assert await first.file(name) == whole
    later = (await second.call("POST", status=202, json=asked))["id"]
    await second.done(later)
    second.process.kill()
    assert await first.file(later) == whole

    async def told() -> bool:
        states = {one["id"]: one["state"] for one in (await first.call("GET"))["items"]}
        return states == {fetched: "failed", name: "failed", later: "done"}

    await eventually(told, what="the list shows nothing that nobody has")
