"""The registry's composition root: its parts, put together and run."""

from collections.abc import AsyncIterator, Coroutine
from contextlib import aclosing, asynccontextmanager
from time import time_ns
from typing import Any

from fastapi import FastAPI

from andon.common import health
from andon.common.api import Service, create_front
from andon.common.auth import Tokens
from andon.common.bus import open_bus
from andon.common.health import Check
from andon.common.reading import NS_PER_S
from andon.common.service import background
from andon.common.settings import NatsSettings, TokenSettings, load
from andon.registry import routes
from andon.registry.admin import ensure_admin
from andon.registry.admission import Signer
from andon.registry.callout import Callout
from andon.registry.connections import Connections
from andon.registry.grafana.grafana import Grafana
from andon.registry.kick import Kicker
from andon.registry.passwords import Passwords
from andon.registry.publisher import Publisher
from andon.registry.quarantine import Quarantine
from andon.registry.quota import Quotas
from andon.registry.refusals import Refusals
from andon.registry.routes.state import State
from andon.registry.settings import AuthSettings, RegistrySettings, SystemSettings
from andon.registry.storage import devices, tokens
from andon.registry.storage.database import Database
from andon.registry.storage.platform import ensure_platform
from andon.registry.throttle import Throttle

KICKED_AGAIN_SECONDS = 24 * 3600
"""Devices revoked this recently are kicked when the registry starts, should it have ended before it could."""


def create_service() -> Service:
    """The registry, ready to be mounted on a front.

    Raises:
        SetupError: a setting is missing or wrong.
    """
    settings, nats = load(RegistrySettings), load(NatsSettings)
    auth, system = load(AuthSettings), load(SystemSettings)
    signer = Signer(auth.seed.get_secret_value())
    bearer = Tokens(secret=load(TokenSettings).secret.get_secret_value())
    connections = Connections(nats.url, system.password)
    checks: dict[str, Check] = {}
    grafana = Grafana(settings.grafana_url, bearer)

    @asynccontextmanager
    async def start(app: FastAPI) -> AsyncIterator[None]:
        async with grafana.open(), _open(settings, nats, bearer, connections, grafana) as state:
            callout = Callout(
                state.bus, state.database, signer, connections, quarantine=state.quarantine, password=auth.password
            )
            app.state.registry = state
            checks.update(_checks(state, callout))
            jobs = _jobs(state, callout)
            if settings.nats_log is not None:
                jobs.append(("refusals", Refusals(state.bus, state.database, connections).keep(settings.nats_log)))
            async with background(*jobs, ("beat", health.beat(state.bus, "registry", checks))):
                yield

    return Service(
        name="registry",
        title="Andon registry",
        router=routes.router,
        public=routes.public,
        tokens=bearer,
        start=start,
        checks=checks,
        beside=grafana.beside,
    )


def _checks(state: State, callout: Callout) -> dict[str, Check]:
    return {
        "NATS": lambda: "" if state.bus.connected else "not connected",
        "auth callout": callout.check,
        "database": state.database.check,
        "quotas": state.quarantine.check,
    }


def _jobs(state: State, callout: Callout) -> list[tuple[str, Coroutine[Any, Any, None]]]:
    return [
        ("publisher", state.publisher.keep()),
        ("callout", callout.keep()),
        ("intake's session", callout.follow_intake()),
        ("kick", state.kicker.keep()),
        ("quarantine", state.quarantine.keep()),
        ("last seen", state.quarantine.last_seen.keep()),
        ("useless messages", state.quarantine.follow_useless()),
    ]


@asynccontextmanager
async def _open(
    settings: RegistrySettings, nats: NatsSettings, bearer: Tokens, connections: Connections, grafana: Grafana
) -> AsyncIterator[State]:
    """Database and backbone, with the tables up to date, the platform's site, an admin, and what was revoked."""
    passwords, kicker = Passwords(), Kicker(connections)
    quotas = Quotas(settings.device_messages, settings.device_bytes, settings.line_messages)
    async with aclosing(Database(settings.database_url)) as database, open_bus(nats, "registry") as bus:
        await database.migrate()
        await ensure_platform(database)
        await ensure_admin(database, passwords, settings.admin_password_file)
        await _remember_revoked(database, bearer, kicker)
        quarantine = Quarantine(bus, database, connections, kicker, quotas)
        yield State(
            database=database,
            bus=bus,
            publisher=Publisher(bus, database, bearer),
            kicker=kicker,
            quarantine=quarantine,
            quotas=quotas,
            passwords=passwords,
            throttle=Throttle(),
            tokens=bearer,
            mqtt_port=settings.mqtt_port,
            grafana=grafana,
        )
        await quarantine.last_seen.save()


async def _remember_revoked(database: Database, bearer: Tokens, kicker: Kicker) -> None:
    """What was revoked before a restart stays revoked after it."""
    async with database.read() as session:
        bearer.revoked.update(await tokens.revoked(session))
        for username in await devices.revoked_since(session, time_ns() - KICKED_AGAIN_SECONDS * NS_PER_S):
            kicker.kick(username, thorough=False)


def create_app() -> FastAPI:
    """The registry alone, on an origin of its own."""
    return create_front(create_service())
