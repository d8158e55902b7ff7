"""The query service: history from InfluxDB, newest values and the live feed from NATS. Composition root.

NATS telemetry.*  ─> feed ─> table ─> GET /latest
                       └──> audience ─> outbox ─> client ─> session ─> WS /live
                                                       └─> events ─> GET /live/events
InfluxDB ─> recall ─> table;   InfluxDB ─> history ─> GET /series;   history ─> analysis ─> GET /stats, /histogram ...
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from andon.common.api import Service, create_front
from andon.common.auth import Tokens
from andon.common.bus import Bus, open_bus
from andon.common.following import PlantFollower
from andon.common.health import Check, Pulse, beat
from andon.common.history.history import History
from andon.common.influx import Influx
from andon.common.service import background, endless
from andon.common.settings import InfluxSettings, NatsSettings, TokenSettings, load
from andon.query import calculated
from andon.query.analysis import routes as analysis
from andon.query.branches import Branches
from andon.query.export import export, exports
from andon.query.export.desk import open_desk
from andon.query.live import events, latest, live
from andon.query.live.audience import Audience
from andon.query.live.effort import Effort
from andon.query.live.feed import Feed
from andon.query.live.hall import Hall
from andon.query.live.recall import Recall
from andon.query.live.resume import Resume
from andon.query.live.seam import Seam
from andon.query.live.table import Table
from andon.query.live.tickets import Tickets
from andon.query.series import series
from andon.query.settings import QuerySettings
from andon.query.tiers import retention, rollups
from andon.query.tiers.coverage import Coverage
from andon.query.tiers.keeping import Keeper, wishes


def create_service() -> Service:
    """The service, with its settings read and nothing started.

    Raises:
        SetupError: a setting is missing or wrong.
    """
    nats, influxdb, wished = load(NatsSettings), load(InfluxSettings), wishes(load(QuerySettings))
    tokens = Tokens(secret=load(TokenSettings).secret.get_secret_value())
    checks: dict[str, Check] = {}

    @asynccontextmanager
    async def start(app: FastAPI) -> AsyncIterator[None]:
        async with open_bus(nats, "query") as bus, _influx(influxdb) as influx:
            checks.update(_checks(bus, influx))
            app.state.keeper = Keeper(influx, wished)
            async with _running(app, tokens, bus, influx, checks):
                yield

    router, public = APIRouter(), APIRouter()
    for part in (series, rollups, calculated, retention, analysis, latest, export, exports):
        router.include_router(part.router)
    router.include_router(live.signed_in)
    for part in (live, events):
        public.include_router(part.router)
    public.include_router(exports.public)
    return Service(
        name="query",
        title="Andon query",
        router=router,
        tokens=tokens,
        start=start,
        checks=checks,
        public=public,
    )


@asynccontextmanager
async def _running(
    app: FastAPI, tokens: Tokens, bus: Bus, influx: Influx, checks: dict[str, Check]
) -> AsyncIterator[None]:
    follower, table, history, coverage = PlantFollower(bus), Table(), History(influx), Coverage()
    tokens.revoked = follower.revoked
    branches = Branches(follower.plant)
    audience = Audience(branches, table, Effort())
    feed = Feed(bus, table, audience)
    resume = Resume(follower.plant, follower.complete, audience, history, Seam(bus, feed.listening))
    hall = Hall(follower.plant, table, audience, tokens=tokens, tickets=Tickets(bus), resume=resume)
    recall = Recall(follower.plant, history, table, audience)
    checks["rollups"] = lambda: rollups.check(coverage)
    pulse = Pulse(bus)
    checks["derive"] = lambda: pulse.silent("derive") if coverage.progress.minutes or pulse.heard("derive") else ""
    app.state.bus, app.state.findings = bus, calculated.Findings(follower.plant)
    app.state.follower, app.state.branches, app.state.history = follower, branches, history
    app.state.table, app.state.recall, app.state.hall, app.state.coverage = table, recall, hall, coverage
    async with background(
        ("follow plant", follower.follow()),
        ("coverage", coverage.follow(bus)),
        ("pulse", pulse.listen()),
        ("feed", feed.listen()),
        ("recall", recall.keep(bus, follower.complete, feed.listening)),
        ("audience", hall.follow_plant()),
        ("tickets", hall.tickets.answer()),
        ("beat", beat(bus, "query", checks)),
    ):
        async with open_desk(app, bus, influx, coverage=coverage, tokens=tokens, known=follower.complete):
            with endless(hall.closing.set):
                yield
        await hall.close()


@asynccontextmanager
async def _influx(settings: InfluxSettings) -> AsyncIterator[Influx]:
    influx = Influx(settings)
    try:
        yield influx
    finally:
        await influx.aclose()


def _checks(bus: Bus, influx: Influx) -> dict[str, Check]:
    def nats() -> str:
        return "" if bus.connected else "not connected"

    return {"nats": nats, "influxdb": influx.trouble}


def create_app() -> FastAPI:
    """The service alone on its own origin."""
    return create_front(create_service())
