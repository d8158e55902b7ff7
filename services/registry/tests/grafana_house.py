"""A registry on a port of its own, before a stand-in for Grafana that checks signatures as Grafana does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import uvicorn
from websockets.asyncio.client import connect

from andon.common import service
from andon.common.testing.grafana_stand_in import GrafanaStandIn
from andon.common.testing.ports import free_port
from andon.common.testing.waiting import ANSWER_SECONDS, eventually


@dataclass
class House:
    """A registry that listens, and the Grafana behind it."""

    registry: Any
    grafana: GrafanaStandIn
    origin: str
    browsers: list[httpx.AsyncClient] = field(default_factory=list)

    @property
    def host(self) -> str:
        return self.origin.removeprefix("http://")

    async def browser(self, person: httpx.AsyncClient | None = None) -> httpx.AsyncClient:
        """A browser at this origin; of a person: with their session."""
        made = httpx.AsyncClient(
            base_url=self.origin, headers={"sec-fetch-site": "same-origin"}, timeout=ANSWER_SECONDS
        )
        self.browsers.append(made)
        if person is not None:
            bearer = {"Authorization": person.headers["Authorization"]}
            answer = await made.post("/api/registry/v1/grafana/session", headers=bearer)
            assert answer.status_code == 200, answer.text
        return made

    async def admin(self) -> httpx.AsyncClient:
        return await self.browser(self.registry.http)

    def listen(self, browser: httpx.AsyncClient, **headers: str) -> connect:
        """A WebSocket of this browser."""
        cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        said = {"Origin": self.origin, "Cookie": cookie, **headers}
        return connect(f"ws://{self.host}/grafana/api/live/ws", additional_headers=said, proxy=None)


@asynccontextmanager
async def open_house(start: Any, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    async with GrafanaStandIn(f"{origin}/api/registry/v1/grafana/jwks.json", dashboards=("andon-line",)) as grafana:
        monkeypatch.setenv("ANDON_REGISTRY_GRAFANA_URL", f"{grafana.url}/grafana/")
        registry = await start()
        config = service.configured(registry.app, host="127.0.0.1", port=port)
        config.lifespan = "off"  # it runs already
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        await eventually(lambda: server.started, what="the registry listens")
        built = House(registry, grafana, origin)
        yield built
        for browser in built.browsers:
            await browser.aclose()
        server.should_exit = server.force_exit = True
        await asyncio.wait_for(serving, 15)
