"""`andon web`: the pages, and the health of the whole, where registry, query, alerting and ingest run apart.

A proxy leads the services' paths to them, and all others here. `/readyz` tells who is sick among all services, as
their heartbeats have it; whether this process itself can be used `/healthz` says. There is no `/metrics`: whatever is
here is open to all who reach the pages.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from andon.cli import pages
from andon.common import service
from andon.common.api import create_bare_front
from andon.common.bus import open_bus
from andon.common.health import Pulse
from andon.common.service import background
from andon.common.settings import NatsSettings, load
from andon.ingest.settings import IngestSettings
from andon.ingest.share import names

SERVICES = ("registry", "query", "derive", "alerting")
"""Those of which one at least must beat; besides, every single ingest must."""


class WebSettings(BaseSettings):
    """Where the pages are served: `ANDON_WEB_<FIELD>`."""

    model_config = SettingsConfigDict(env_prefix="ANDON_WEB_")

    host: str = Field(default="127.0.0.1", description="Address it listens at.")
    port: int = Field(default=8000, ge=1, le=65535, description="Pages, `/readyz` and `/healthz` of the whole.")


def create_app() -> FastAPI:
    """The pages, in front of the health of the whole.

    Raises:
        SetupError: a setting is missing or wrong.
    """
    nats, expected = load(NatsSettings), (*SERVICES, *names(load(IngestSettings).instances))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_bus(nats, "web") as bus:
            app.state.bus, app.state.pulse = bus, Pulse(bus, expected=expected)
            async with background(("pulse", app.state.pulse.listen())):
                yield

    async def sick() -> dict[str, str]:
        return {"web: nats": front.state.bus.trouble, **front.state.pulse.sick()}

    def recent() -> dict[str, str]:
        told: dict[str, str] = front.state.pulse.recent()
        return told

    front = create_bare_front(lifespan, sick, recent)
    pages.mount(front, pages.DIST)
    return front


def run() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    settings = load(WebSettings)
    service.run("web", create_app, host=settings.host, port=settings.port)
