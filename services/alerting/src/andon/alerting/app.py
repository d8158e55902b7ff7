"""Composition root of alerting: what there is, who gets it, in which order it starts and stops."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from time import time_ns

import httpx
from fastapi import APIRouter, FastAPI

from andon.alerting.alarm import retention, timers
from andon.alerting.alarm.record import Recorder
from andon.alerting.alarm.stream import Stream
from andon.alerting.couriers.ways import open_ways
from andon.alerting.database import FAILURES, Database, Impatient, open_database
from andon.alerting.evaluate.late import Reworker
from andon.alerting.evaluate.leases import Leases
from andon.alerting.evaluate.work import Jobs, Work, lease_name
from andon.alerting.notify import vitals
from andon.alerting.notify.dispatch import Dispatch
from andon.alerting.notify.heartbeat import Heartbeat
from andon.alerting.notify.links import Links, load_key
from andon.alerting.notify.outbox import Outbox
from andon.alerting.routes import PUBLIC, ROUTERS
from andon.alerting.rules.builtin import ensure_rules
from andon.alerting.rules.rulebook import Rulebook
from andon.alerting.settings import AlertingSettings
from andon.alerting.tell import Teller
from andon.common import settings as common
from andon.common.api import Service, create_front
from andon.common.auth import Tokens
from andon.common.bus import Bus, open_bus
from andon.common.following import PlantFollower
from andon.common.health import Check, beat
from andon.common.history.history import History
from andon.common.influx import Influx
from andon.common.service import background, endless

NOTIFY = "notify"
"""The lease of the instance that notifies, and sees to what came late."""


def create_service(
    settings: AlertingSettings | None = None,
    nats: common.NatsSettings | None = None,
    tokens: common.TokenSettings | None = None,
    influx: common.InfluxSettings | None = None,
) -> Service:
    """Alerting as a part of any front; settings come from the environment unless they are given.

    Raises:
        SetupError: a setting is missing or wrong.
    """
    own = settings or common.load(AlertingSettings)
    nats = nats or common.load(common.NatsSettings)
    influx = influx or common.load(common.InfluxSettings)
    secret = (tokens or common.load(common.TokenSettings)).secret.get_secret_value()
    signer, checks = Tokens(secret=secret), dict[str, Check]()
    router = APIRouter()
    for part in ROUTERS:
        router.include_router(part)

    @asynccontextmanager
    async def start(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            database = await stack.enter_async_context(open_database(own.database_url))
            bus = await stack.enter_async_context(open_bus(nats, "alerting"))
            influxdb = await stack.enter_async_context(aclosing(Influx(influx)))
            checks.update({"nats": lambda: "" if bus.connected else "not connected", "database": database.check})
            running = _Running(app, own, database, bus, influxdb, signer)
            checks["evaluate"] = running.work.check
            await stack.enter_async_context(running.run(checks))
            await stack.enter_async_context(background(("beat", beat(bus, "alerting", checks))))
            yield

    return Service(
        name="alerting",
        title="Andon alerting",
        router=router,
        tokens=signer,
        start=start,
        checks=checks,
        public=PUBLIC,
        failures=FAILURES,
    )


def create_app() -> FastAPI:
    """Alerting alone."""
    return create_front(create_service())


class _Running:
    """What runs while the service does, put together."""

    def __init__(  # noqa: PLR0917 - what it is put together from
        self,
        app: FastAPI,
        settings: AlertingSettings,
        database: Database,
        bus: Bus,
        influx: Influx,
        tokens: Tokens,
    ) -> None:
        self._settings, self._database, self._bus, self._influx = settings, database, bus, influx
        self._history = history = History(influx)
        self._follower = PlantFollower(bus)
        tokens.revoked = self._follower.revoked
        self._rulebook = Rulebook(database)
        self._stream = Stream()
        self._dispatch = Dispatch(database, lambda: self._follower.plant, self._wake_outbox)
        self._outbox: Outbox | None = None
        self._teller = Teller(bus, self._stream, self._dispatch.wake)
        names = [*map(lease_name, range(bus.settings.partitions)), NOTIFY]
        self._leases = Leases(database, settings.instance, names)
        self.work = Work(bus, database, self._follower, self._rulebook, history, self._leases, self._teller.tell)
        app.state.database, app.state.rulebook, app.state.work = Impatient(database), self._rulebook, self.work
        app.state.stream, app.state.tell, app.state.history = self._stream, self._teller.tell, history
        app.state.plant, app.state.settings = self._follower.plant, settings
        self._state = app.state

    def _wake_outbox(self) -> None:
        if self._outbox is not None:
            self._outbox.wake()

    @asynccontextmanager
    async def run(self, checks: dict[str, Check]) -> AsyncIterator[None]:
        """Run all of it."""
        await ensure_rules(self._database)
        await self._rulebook.load()
        links = Links(self._settings.public_url, await load_key(self._database))
        opened = open_ways(self._settings, self._database, self._follower.plant, self._history)
        async with opened as ways, httpx.AsyncClient() as http:
            self._outbox = Outbox(self._database, ways.couriers, links)
            self._state.couriers, self._state.vapid, self._state.links = ways.couriers, ways.vapid, links
            heartbeat = Heartbeat(
                self._settings.heartbeat_url.get_secret_value(), checks | self._vitals(self._outbox), http
            )
            try:
                async with background(*self._jobs(self._outbox, heartbeat), *self.work.jobs()):
                    with endless(self._stream.close):
                        yield
            finally:
                await self._leases.release()

    def _vitals(self, outbox: Outbox) -> dict[str, Check]:
        """What must be well, too, for a sign of life to be true."""
        return {
            "outbox": outbox.check,
            "notifications": lambda: vitals.unheard(self._database, time_ns()),
            "judgement": lambda: vitals.behind(self._bus),
        }

    def _jobs(self, outbox: Outbox, heartbeat: Heartbeat) -> Jobs:
        holds: Callable[[], bool] = lambda: self._leases[NOTIFY].held  # noqa: E731 - a word for it
        plant, tell = self._follower.plant, self._teller.tell
        late = Reworker(self._database, self._history, plant, self._rulebook, holds, tell)
        return [
            ("plant", self._follower.follow()),
            ("rules", self._rulebook.follow()),
            ("leases", self._leases.keep()),
            ("others", self._teller.hear()),
            ("late", late.run()),
            ("retention", retention.run(self._database, self._settings.retention, holds)),
            ("record", Recorder(self._database, self._influx, holds).run()),
            ("timers", timers.run(self._database, self._teller.tell)),
            ("dispatch", self._dispatch.run(holds)),
            ("outbox", outbox.deliver(holds)),
            ("heartbeat", heartbeat.run(holds)),
        ]
