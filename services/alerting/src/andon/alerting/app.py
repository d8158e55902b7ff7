"""Composition root of alerting: what there is, who gets it, in which order it starts and stops."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager

from fastapi import APIRouter, FastAPI

from andon.alerting.builtin import ensure_rules
from andon.alerting.couriers.email import Mail
from andon.alerting.couriers.webhook import Webhook
from andon.alerting.database import Database, open_database
from andon.alerting.evaluate import Evaluation
from andon.alerting.journal import News
from andon.alerting.outbox import Outbox, Sender
from andon.alerting.routes import alarms, apply, channels, rules
from andon.alerting.rulebook import Rulebook
from andon.alerting.settings import AlertingSettings
from andon.alerting.stream import Stream
from andon.common import settings as common
from andon.common.api import Service, create_front
from andon.common.auth import Tokens
from andon.common.bus import Bus, open_bus
from andon.common.following import PlantFollower
from andon.common.health import Check, beat
from andon.common.service import background, endless


def create_service(
    settings: AlertingSettings | None = None,
    nats: common.NatsSettings | None = None,
    tokens: common.TokenSettings | None = None,
) -> Service:
    """Alerting as a part of any front; settings come from the environment unless they are given.

    Raises:
        SetupError: a setting is missing or wrong.
    """
    own = settings or common.load(AlertingSettings)
    nats = nats or common.load(common.NatsSettings)
    secret = (tokens or common.load(common.TokenSettings)).secret.get_secret_value()
    signer, checks = Tokens(secret=secret), dict[str, Check]()
    router = APIRouter()
    for part in (rules.router, apply.router, channels.router, alarms.router):
        router.include_router(part)

    @asynccontextmanager
    async def start(app: FastAPI) -> AsyncIterator[None]:
        async with open_database(own.database_url) as database, open_bus(nats, "alerting") as bus:
            checks.update({"nats": lambda: "" if bus.connected else "not connected", "database": database.check})
            async with _run(app, own, database, bus, signer) as evaluation:
                checks["evaluate"] = evaluation.check
                async with background(("beat", beat(bus, "alerting", checks))):
                    yield

    return Service(name="alerting", title="Andon alerting", router=router, tokens=signer, start=start, checks=checks)


def create_app() -> FastAPI:
    """Alerting alone."""
    return create_front(create_service())


@asynccontextmanager
async def _run(
    app: FastAPI, settings: AlertingSettings, database: Database, bus: Bus, tokens: Tokens
) -> AsyncIterator[Evaluation]:
    follower = PlantFollower(bus)
    tokens.revoked = follower.revoked
    await ensure_rules(database)
    rulebook = Rulebook(database)
    await rulebook.load()
    stream = Stream()
    webhook = Webhook(settings.webhook_allow)
    senders: dict[str, Sender] = {"email": Mail(settings), "webhook": webhook}
    outbox = Outbox(database, senders)

    tell = _teller(outbox, stream, bus)
    evaluation = Evaluation(bus, database, follower, rulebook, tell)
    app.state.database, app.state.rulebook, app.state.evaluation = database, rulebook, evaluation
    app.state.stream, app.state.senders, app.state.tell = stream, senders, tell
    app.state.plant = follower.plant
    jobs = [
        ("plant", follower.follow()),
        ("evaluate", evaluation.run()),
        ("keep time", evaluation.keep_time()),
        ("outbox", outbox.deliver()),
    ]
    async with aclosing(webhook), background(*jobs):
        with endless(stream.close):
            yield evaluation


def _teller(outbox: Outbox, stream: Stream, bus: Bus) -> Callable[[list[News]], Awaitable[None]]:
    async def tell(news: list[News]) -> None:
        outbox.wake()
        for item in news:  # before anything is awaited, so that listeners hear transitions in the order of commits
            stream.publish(item.alarm)
        for item in news:
            await bus.announce("alarm", item.verb, item.alarm)

    return tell
