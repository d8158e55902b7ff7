"""The registry's composition root: its parts, put together and run."""

from collections.abc import AsyncIterator, Coroutine
from contextlib import aclosing, asynccontextmanager
from typing import Any

from fastapi import FastAPI

from andon.common import health, subjects
from andon.common.api import Service, create_front
from andon.common.auth import Tokens
from andon.common.bus import Bus, open_bus
from andon.common.health import Check
from andon.common.lease import Lease
from andon.common.service import background
from andon.common.settings import InstanceSettings, NatsSettings, TokenSettings, load
from andon.registry import routes
from andon.registry.admin import ensure_admin
from andon.registry.admission import Signer
from andon.registry.callout import Callout
from andon.registry.connections import Connections
from andon.registry.grafana.grafana import Grafana
from andon.registry.kick import Kicker
from andon.registry.passwords import Passwords
from andon.registry.peers import Peers
from andon.registry.publisher import Publisher
from andon.registry.quarantine import Quarantine
from andon.registry.quota import Quotas
from andon.registry.refusals import Refusals
from andon.registry.revoked import Revoked
from andon.registry.routes.state import State
from andon.registry.settings import AuthSettings, RegistrySettings, SystemSettings
from andon.registry.storage.database import Database
from andon.registry.storage.platform import ensure_platform
from andon.registry.throttle import Throttle
from andon.registry.together import Together


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
    together = Together(state)
    return [
        ("peers", state.peers.keep()),
        ("lease", state.lease.keep()),
        ("lead", together.lead()),
        ("together", together.keep()),
        ("publisher", state.publisher.keep()),
        ("revoked tokens", state.revoked.keep()),
        ("callout", callout.keep()),
        ("intake's session", callout.follow_intake()),
        ("client ids", callout.claims.follow()),
        ("kick", state.kicker.keep()),
        ("quarantine", state.quarantine.keep()),
        ("stays in quarantine", state.quarantine.stays.follow()),
        ("last seen", state.quarantine.last_seen.keep()),
        ("useless messages", state.quarantine.follow_useless()),
    ]


@asynccontextmanager
async def _open(
    settings: RegistrySettings, nats: NatsSettings, bearer: Tokens, connections: Connections, grafana: Grafana
) -> AsyncIterator[State]:
    """Database and backbone, with the tables up to date, the platform's site, an admin, and what was revoked."""
    passwords = Passwords()
    async with aclosing(Database(settings.database_url)) as database, open_bus(nats, "registry") as bus:
        await database.migrate()
        await ensure_platform(database)
        given = settings.admin_password.get_secret_value()
        await ensure_admin(database, passwords, settings.admin_password_file, given)
        state = _compose(settings, bus, database, bearer, connections, grafana=grafana, passwords=passwords)
        await state.revoked.read()
        try:
            yield state
            await state.quarantine.last_seen.save()
        finally:
            await state.lease.release()


def _compose(
    settings: RegistrySettings,
    bus: Bus,
    database: Database,
    bearer: Tokens,
    connections: Connections,
    *,
    grafana: Grafana,
    passwords: Passwords,
) -> State:
    """The parts that know each other."""
    lease, peers = Lease(bus, subjects.REGISTRY_LEASE, load(InstanceSettings).instance), Peers(bus)
    quotas, kicker = (
        Quotas(settings.device_messages, settings.device_bytes, settings.line_messages),
        Kicker(connections),
    )
    return State(
        database=database,
        bus=bus,
        lease=lease,
        peers=peers,
        revoked=Revoked(bus, database, bearer),
        publisher=Publisher(bus, database, lease=lease, peers=peers),
        kicker=kicker,
        quarantine=Quarantine(bus, database, connections, kicker, quotas, lease=lease),
        quotas=quotas,
        passwords=passwords,
        throttle=Throttle(),
        tokens=bearer,
        mqtt_port=settings.mqtt_port,
        grafana=grafana,
    )


def create_app() -> FastAPI:
    """The registry alone, on an origin of its own."""
    return create_front(create_service())
