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
from andon.ingest.share import Share
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
    share: Share
    intakes: list[Intake]
    stores: list[Store]
    publisher: Publisher
    tally: Tally
    bookkeeper: Bookkeeper

    @classmethod
    def build(cls, *, bus: Bus, influx: Influx, broker: Broker, share: Share = Share()) -> "Pipeline":  # noqa: B008 - frozen
        """Wire the stages together: an intake and a store for each partition of our share."""
        follower, publisher, tally = PlantFollower(bus), Publisher(bus), Tally()
        resolver, partitions = Resolver(follower.plant), bus.settings.partitions
        seats = share.seats(broker, partitions)
        return cls(
            bus=bus,
            influx=influx,
            follower=follower,
            share=share,
            intakes=[
                Intake(seat, resolver, publisher, tally, partitions=partitions, sessions=len(seats)) for seat in seats
            ],
            stores=[
                Store(bus, influx, follower.plant, publisher, tally, partition=partition)
                for partition in share.partitions(partitions)
            ],
            publisher=publisher,
            tally=tally,
            bookkeeper=Bookkeeper(bus),
        )

    @property
    def intake(self) -> Intake:
        """The first intake; with one partition there is no other."""
        return self.intakes[0]

    @property
    def store(self) -> Store:
        """The first store; with one partition there is no other."""
        return self.stores[0]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run all stages; none before the plant is known, for what is unknown would be refused."""
        async with background(
            ("follow the plant", self.follower.follow()),
            *[("intake", self._take_in(intake)) for intake in self.intakes],
            *[("session", self._tell_of_session(intake)) for intake in self.intakes],
            *[("store", self._store(store)) for store in self.stores],
            *([("ledger", self.bookkeeper.keep())] if self.share.first else []),
            ("trim", trim_for_ever(self.bus)),
            ("tally", tell(self.bus, self.tally)),
            ("heartbeat", beat(self.bus, self.share.name, self.checks())),
        ):
            try:
                yield
            finally:
                with suppress(TimeoutError):  # what is not done in time comes again at the next start
                    async with asyncio.timeout(QUIET_END):
                        await asyncio.gather(*(intake.drain() for intake in self.intakes))
                        await asyncio.gather(*(store.finish() for store in self.stores))
                for intake in self.intakes:
                    intake.abandon()

    def checks(self) -> dict[str, Check]:
        """Neighbours, and what is wrong with each."""
        return {
            "nats": lambda: self.bus.trouble,
            "jetstream": lambda: self.publisher.trouble,
            "broker": lambda: next((t for intake in self.intakes if (t := intake.session.trouble)), ""),
            "influxdb": self._check_influx,
            "ledger": self.bookkeeper.check,
        }

    async def _check_influx(self) -> str:
        trouble = next((store.trouble for store in self.stores if store.trouble), "")
        return trouble or ("" if await self.influx.ping() else "not reachable")

    async def _take_in(self, intake: Intake) -> None:
        await self.follower.complete.wait()
        await intake.session.keep()

    async def _store(self, store: Store) -> None:
        await self.follower.complete.wait()
        await store.run()

    async def _tell_of_session(self, intake: Intake) -> None:
        """Say that the broker keeps a session for us: only now may devices come in, for nothing of theirs is lost."""
        epoch = 0
        while True:
            epoch = await intake.session.renewed(epoch)
            told = json.dumps({"broker": intake.session.place, "since": ns_to_iso(time_ns())}).encode()
            try:
                bucket = await self.bus.bucket(subjects.INTAKE_BUCKET)
                await bucket.put(intake.key, told)
            except (NatsError, APIError, TimeoutError, UnavailableError) as error:
                log.warning("devices cannot be told to come in; trying again", error=str(error) or type(error).__name__)
                epoch = 0
                await asyncio.sleep(1)
