"""Composition root of ingest: the whole pipeline, or its HTTP routes alone."""

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import aclosing, asynccontextmanager
from functools import partial
from typing import Any

from fastapi import FastAPI

from andon.common.api import Service, create_front
from andon.common.auth import Tokens
from andon.common.bus import open_bus
from andon.common.following import PlantFollower
from andon.common.health import Check, Pulse
from andon.common.influx import Influx
from andon.common.mqtt import Broker
from andon.common.service import background
from andon.common.settings import InfluxSettings, NatsSettings, TokenSettings, load
from andon.ingest.broker.bounds import keep_bounded
from andon.ingest.deadletters.deadletters import DeadLetters
from andon.ingest.deadletters.letterbox import Letterbox
from andon.ingest.deadletters.replay import Replay
from andon.ingest.http import router
from andon.ingest.imports.http import FILES
from andon.ingest.imports.imports import Imports
from andon.ingest.ledger.ledger import Ledger
from andon.ingest.ledger.report import report_for_ever
from andon.ingest.ledger.tally import Tallies
from andon.ingest.pipeline import Pipeline
from andon.ingest.prober.probe import Probes
from andon.ingest.prober.prober import Prober
from andon.ingest.publish import Publisher
from andon.ingest.readings import Readings
from andon.ingest.resolve import Resolver
from andon.ingest.settings import IngestSettings, IntakeSettings
from andon.ingest.share import Share, names
from andon.ingest.trace.trace import Trace
from andon.ingest.whole import Whole

_service = partial(Service, name="ingest", title="Andon ingest", router=router, files=FILES)


def create_service() -> Service:
    """MQTT intake, store, and the routes."""
    nats, influx_settings, settings = load(NatsSettings), load(InfluxSettings), load(IngestSettings)
    broker, share = broker_of(settings), Share.of(settings, nats.partitions)
    tokens, checks = Tokens(secret=load(TokenSettings).secret.get_secret_value()), dict[str, Check]()

    @asynccontextmanager
    async def start(app: FastAPI) -> AsyncIterator[None]:
        async with aclosing(Influx(influx_settings)) as influx, open_bus(nats, share.name) as bus:
            pipeline = Pipeline.build(bus=bus, influx=influx, broker=broker, share=share)
            tokens.revoked = pipeline.follower.revoked
            if share.first:
                plant, url = pipeline.follower.plant, settings.live_url
                pipeline.prober = Prober(bus=bus, influx=influx, broker=broker, plant=plant, url=url, tokens=tokens)
            checks.update(pipeline.checks())
            app.state.whole = Whole(bus, influx, Pulse(bus))
            ledger = _fill(app, pipeline.follower, pipeline.publisher, pipeline.tallies, influx)
            bounding = keep_bounded(pipeline.intake.session, nats.url, broker.username, broker.password)
            async with (
                background(
                    ("hear the prober", app.state.probes.listen()),
                    ("pulse", app.state.whole.pulse.listen()),
                    ("imports", app.state.imports.keep()),
                    ("bounds", bounding),
                    *([("report", _report(ledger, pipeline))] if share.first else []),
                ),
                pipeline.running(),
            ):
                yield

    return _service(tokens=tokens, start=start, checks=checks)


def _report(ledger: Ledger, pipeline: Pipeline) -> Coroutine[Any, Any, None]:
    return report_for_ever(ledger, pipeline.bookkeeper, pipeline.publisher, pipeline.bus.settings.partitions)


def create_http_service() -> Service:
    """The routes alone, for a process beside the one that runs the pipeline; /readyz watches that one's heartbeat."""
    nats, influx_settings, expected = load(NatsSettings), load(InfluxSettings), names(load(IngestSettings).instances)
    tokens, checks = Tokens(secret=load(TokenSettings).secret.get_secret_value()), dict[str, Check]()
    recent: list[Callable[[], dict[str, str]]] = []

    @asynccontextmanager
    async def start(app: FastAPI) -> AsyncIterator[None]:
        async with aclosing(Influx(influx_settings)) as influx, open_bus(nats, "ingest-http") as bus:
            follower, pulse = PlantFollower(bus), Pulse(bus, expected=expected)
            tokens.revoked = follower.revoked
            recent.append(pulse.recent)
            checks["nats"] = lambda: bus.trouble
            checks["pipeline"] = lambda: "; ".join(f"{who}: {what}" for who, what in pulse.sick().items())
            tallies, publisher = Tallies(bus), Publisher(bus)
            app.state.whole = Whole(bus, influx, pulse)
            _fill(app, follower, publisher, tallies, influx)
            async with background(
                ("follow the plant", follower.follow()),
                ("pulse", pulse.listen()),
                ("hear the tallies", tallies.listen()),
                ("hear the prober", app.state.probes.listen()),
                ("keep", publisher.keeper.keep()),
                ("imports", app.state.imports.keep()),
            ):
                yield

    return _service(tokens=tokens, start=start, checks=checks, recent=recent)


def create_app() -> FastAPI:
    """Ingest alone on its own origin."""
    return create_front(create_service())


def broker_of(settings: IngestSettings) -> Broker:
    """The broker the settings name."""
    own = settings.mqtt_password.get_secret_value()
    return Broker.at(
        settings.mqtt_url,
        client_id=settings.mqtt_client_id,
        username=settings.mqtt_username,
        password=own or load(IntakeSettings).password.get_secret_value(),
        version=5 if settings.mqtt_version == "5" else 4,
    )


def _fill(app: FastAPI, follower: PlantFollower, publisher: Publisher, tallies: Tallies, influx: Influx) -> Ledger:
    bus, plant = tallies.bus, follower.plant
    box = Letterbox(bus)
    app.state.deadletters, app.state.replay = DeadLetters(box, plant), Replay(bus, box, plant, publisher.keeper)
    app.state.plant, app.state.trace = plant, Trace(bus, influx, plant, follower.devices)
    app.state.imports = Imports(bus, influx, plant, publisher)
    app.state.readings = Readings(plant, Resolver(plant), publisher, bus.settings.partitions)
    app.state.ledger, app.state.probes = Ledger(bus, tallies, plant, follower.devices), Probes(bus)
    return app.state.ledger  # type: ignore[no-any-return]
