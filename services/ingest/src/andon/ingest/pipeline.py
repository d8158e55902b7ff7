"""The path of a reading through ingest, stage by stage.

    broker ──> intake ──> decode ──> resolve ──> publish ──JetStream TELEMETRY──> store ──> InfluxDB
                 ^                                  │                               │
                 └── PUBACK once JetStream has it ──┘        JetStream ack on 204 <─┘

Each stage is the file of its name. What cannot be used becomes a dead letter on the way.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from time import time_ns

from nats.errors import Error as NatsError
from nats.js.errors import APIError

from andon.common import logs, subjects
from andon.common.bus import Bus
from andon.common.errors import UnavailableError
from andon.common.following import PlantFollower
from andon.common.health import Check, beat
from andon.common.influx import Influx
from andon.common.mqtt import Broker
from andon.common.service import background
from andon.common.times import ns_to_iso
from andon.ingest.bookkeeper import Bookkeeper
from andon.ingest.intake import Intake
from andon.ingest.ledger import Tally, tell
from andon.ingest.publish import Publisher
from andon.ingest.resolve import Resolver
from andon.ingest.store import Store
from andon.ingest.trim import trim_for_ever

log = logs.get("ingest")

QUIET_END = 3.0
"""Seconds an end may take."""


@dataclass(kw_only=True)
class Pipeline:
    """Intake and store over one bus. Run with `async with pipeline.running()`."""

    bus: Bus
    influx: Influx
    follower: PlantFollower
    intake: Intake
    store: Store
    publisher: Publisher
    tally: Tally
    bookkeeper: Bookkeeper

    @classmethod
    def build(cls, *, bus: Bus, influx: Influx, broker: Broker) -> "Pipeline":
        """Wire the stages together."""
        follower, publisher, tally = PlantFollower(bus), Publisher(bus), Tally()
        resolver = Resolver(follower.plant)
        intake = Intake(broker, resolver, publisher, bus.settings.partitions, tally)
        store = Store(bus, influx, follower.plant, publisher, tally)
        return cls(
            bus=bus,
            influx=influx,
            follower=follower,
            intake=intake,
            store=store,
            publisher=publisher,
            tally=tally,
            bookkeeper=Bookkeeper(bus),
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run all stages; none before the plant is known, for what is unknown would be refused."""
        async with background(
            ("follow the plant", self.follower.follow()),
            ("intake", self._take_in()),
            ("store", self._store()),
            ("session", self._tell_of_session()),
            ("trim", trim_for_ever(self.bus)),
            ("tally", tell(self.bus, self.tally)),
            ("ledger", self.bookkeeper.keep()),
            ("heartbeat", beat(self.bus, "ingest", self.checks())),
        ):
            try:
                yield
            finally:
                with suppress(TimeoutError):  # what is not done in time comes again at the next start
                    async with asyncio.timeout(QUIET_END):
                        await self.intake.drain()
                        await self.store.finish()
                self.intake.abandon()

    def checks(self) -> dict[str, Check]:
        """Neighbours, and what is wrong with each."""
        return {
            "nats": lambda: self.bus.trouble,
            "jetstream": lambda: self.publisher.trouble,
            "broker": lambda: self.intake.session.trouble,
            "influxdb": self._check_influx,
        }

    async def _check_influx(self) -> str:
        return self.store.trouble or ("" if await self.influx.ping() else "not reachable")

    async def _take_in(self) -> None:
        await self.follower.complete.wait()
        await self.intake.session.keep()

    async def _store(self) -> None:
        await self.follower.complete.wait()
        await self.store.run()

    async def _tell_of_session(self) -> None:
        """Say that the broker keeps a session for us: only now may devices come in, for nothing of theirs is lost."""
        epoch = 0
        while True:
            epoch = await self.intake.session.renewed(epoch)
            told = json.dumps({"broker": self.intake.session.place, "since": ns_to_iso(time_ns())}).encode()
            try:
                bucket = await self.bus.bucket(subjects.INTAKE_BUCKET)
                await bucket.put(subjects.INTAKE_SESSION_KEY, told)
            except (NatsError, APIError, TimeoutError, UnavailableError) as error:
                log.warning("devices cannot be told to come in; trying again", error=str(error) or type(error).__name__)
                epoch = 0
                await asyncio.sleep(1)
