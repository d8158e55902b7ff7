"""`andon web`: whoever asks the pages' process how the whole is, hears of every service that runs apart."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest
from fastapi import FastAPI

from andon.cli import web
from andon.common import health, subjects
from andon.common.bus import Bus
from andon.common.health import Beat
from andon.common.testing.fixtures import NatsForTest
from andon.common.testing.waiting import eventually


@pytest.fixture
def app(nats: NatsForTest, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    """The front of an installation with two ingests; who is silent is called so soon."""
    monkeypatch.setenv("ANDON_NATS_URL", nats.settings.url)
    monkeypatch.setenv("ANDON_NATS_PASSWORD", nats.secrets["ANDON_NATS_PASSWORD"])
    monkeypatch.setenv("ANDON_NATS_TELEMETRY_BYTES", str(nats.settings.telemetry_bytes))
    monkeypatch.setenv("ANDON_INGEST_INSTANCES", "2")
    monkeypatch.setattr(health, "SILENT_SECONDS", 1.0)
    return web.create_app()


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://andon") as client,
    ):
        yield client


async def readiness(browser: httpx.AsyncClient) -> tuple[int, dict[str, Any]]:
    answer = await browser.get("/readyz")
    return answer.status_code, answer.json()["sick"]


async def test_who_is_silent_or_sick_is_named_and_the_pages_are_there_all_the_same(
    browser: httpx.AsyncClient, bus: Bus
) -> None:
    async def said(wanted: int, sick: dict[str, str], *beats: Beat) -> bool:
        for one in beats:
            await bus.nc.publish(subjects.health(one.service), msgspec.msgpack.encode(one))
        found = await readiness(browser)
        assert found == (wanted, sick), found
        return True

    everybody = ["registry", "query", "derive", "alerting", "ingest-0", "ingest-1"]
    await eventually(lambda: said(503, dict.fromkeys(everybody, "silent")))
    assert (await browser.get("/healthz")).status_code == 200, "its own probe is of itself alone"
    assert (await browser.get("/metrics")).status_code == 404, "whoever may see the pages would see it"
    assert (await browser.get("/plant/berlin")).headers["content-type"].startswith("text/html")

    well = [Beat(name, {"nats": ""}) for name in everybody[:-1]]
    await eventually(lambda: said(503, {"ingest-1": "silent"}, *well))
    one_of_two = Beat("query", {"influxdb": "does not answer"}, process="second")
    all_beat = [*well, Beat("ingest-1", {}), one_of_two, Beat("query", {"influxdb": ""}, process="first")]
    await eventually(lambda: said(503, {"query: influxdb": "does not answer"}, *all_beat))
    all_beat.remove(one_of_two)
    await eventually(lambda: said(200, {}, *all_beat), what="one that has gone is not held against those that are left")
    assert set((await browser.get("/readyz")).json()) == {"status", "sick", "recent"}


async def test_without_nats_the_pages_are_served_and_it_is_said(browser: httpx.AsyncClient, nats: NatsForTest) -> None:
    async def named() -> bool:
        return "web: nats" in (await readiness(browser))[1]

    async def unnamed() -> bool:
        return not await named()

    await eventually(unnamed)
    nats.process.kill()
    await eventually(named)
    assert (await browser.get("/")).status_code == 200
    nats.process.start()
    await eventually(unnamed)
