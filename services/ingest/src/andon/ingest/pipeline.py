"""The path of a reading through ingest, stage by stage.

    broker ──> intake ──> decode ──> resolve ──> publish ──JetStream TELEMETRY──> store ──> InfluxDB
                 ^                                  │                               │
                 └── PUBACK once JetStream has it ──┘        JetStream ack on 204 <─┘

Each stage is the file of its name. What cannot be used becomes a dead letter on the way.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from time import time_ns
from typing import Any

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
from andon.ingest.broker.retire import retire
from andon.ingest.broker.watch import BrokerWatch
from andon.ingest.fill import fill_for_ever
from andon.ingest.intake import Intake
from andon.ingest.ledger.bookkeeper import Bookkeeper
from andon.ingest.ledger.tally import Tallies, Tally, tell
from andon.ingest.prober.prober import Prober
from andon.ingest.publish import Publisher
from andon.ingest.resolve import Resolver
from andon.ingest.share import Seat, Share
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
    tallies: Tallies
    bookkeeper: Bookkeeper
    watch: BrokerWatch
    retire: Callable[[], Awaitable[None]]
    prober: Prober | None = None
    """One in an installation."""

    @classmethod
    def build(cls, *, bus: Bus, influx: Influx, broker: Broker, share: Share = Share()) -> "Pipeline":  # noqa: B008 - frozen
        """Wire the stages together: an intake and a store for each partition of our share."""
        follower, publisher, tally, tallies = PlantFollower(bus), Publisher(bus), Tally(), Tallies(bus)
        resolver, partitions = Resolver(follower.plant), bus.settings.partitions
        seats = share.seats(broker, partitions)

        def open_intake(seat: Seat) -> Intake:
            return Intake(seat, resolver, publisher, tally, partitions=partitions, sessions=len(seats))

        intakes = [open_intake(seat) for seat in seats]
        sessions = {intake.key: intake.session for intake in intakes}
        return cls(
            bus=bus,
            influx=influx,
            follower=follower,
            share=share,
            intakes=intakes,
            stores=[
                Store(bus, influx, follower.plant, publisher, tally, partition=partition)
                for partition in share.partitions(partitions)
            ],
            publisher=publisher,
            tally=tally,
            tallies=tallies,
            bookkeeper=Bookkeeper(bus, tallies),
            retire=partial(retire, bus, broker, open_intake),
            watch=BrokerWatch(bus, sessions, tally, first=share.first),
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
            ("intake", self._take_in()),
            *[("session", self._tell_of_session(intake)) for intake in self.intakes],
            *[("store", self._store(store)) for store in self.stores],
            *(self._once() if self.share.first else []),
            ("broker", self.watch.watch()),
            ("advisories", self.watch.hear_advisories()),
            ("keep", self.publisher.keeper.keep()),
            ("tally", tell(self.bus, self.tally)),
            ("tallies", self.tallies.listen()),
            *([] if self.prober is None else [("probe", self.prober.keep())]),
            ("heartbeat", beat(self.bus, self.share.name, self.checks())),
        ):
            try:
                yield
            finally:
                with suppress(TimeoutError):  # what is not done in time comes again at the next start
                    async with asyncio.timeout(QUIET_END):
                        await asyncio.gather(*(intake.drain() for intake in self.intakes))
                        await asyncio.gather(*(store.finish() for store in self.stores))
                        await self.publisher.keeper.finish()
                for intake in self.intakes:
                    intake.abandon()

    def _once(self) -> list[tuple[str, Coroutine[Any, Any, None]]]:
        """What one ingest does for all of them."""
        return [
            ("ledger", self.bookkeeper.keep()),
            ("trim", trim_for_ever(self.bus)),
            ("fill", fill_for_ever(self.bus)),
            ("retire", self._retire()),
        ]

    def checks(self) -> dict[str, Check]:
        """Neighbours, and what is wrong with each."""
        return {
            "nats": lambda: self.bus.trouble,
            "jetstream": lambda: self.publisher.trouble.why,
            "broker": lambda: next((i.session.trouble for i in self.intakes if i.session.trouble), self.watch.check()),
            "influxdb": self._check_influx,
            **({"ledger": self.bookkeeper.check} if self.share.first else {}),
            **({} if self.prober is None else {"prober": self.prober.check}),
        }

    async def _check_influx(self) -> str:
        trouble = next((store.trouble.why for store in self.stores if store.trouble.why), "")
        return trouble or await self.influx.trouble()

    async def _take_in(self) -> None:
        await self.follower.complete.wait()
        await self.watch.recall()
        async with asyncio.TaskGroup() as sessions:
            for intake in self.intakes:
                sessions.create_task(intake.session.keep())

    async def _retire(self) -> None:
        if not self.share.taking_turns:
            await self.follower.complete.wait()
            await self.retire()

    async def _store(self, store: Store) -> None:
        await self.follower.complete.wait()
        await store.run()

    async def _tell_of_session(self, intake: Intake) -> None:
        """Say that the broker keeps a session for us: only now may devices come in, for nothing of theirs is lost."""
        epoch = 0
        while True:
            epoch = await intake.session.renewed(epoch)
            session = intake.session
            told = {"broker": session.place, "client_id": session.broker.client_id, "since": ns_to_iso(time_ns())}
            try:
                bucket = await self.bus.bucket(subjects.INTAKE_BUCKET)
                await bucket.put(intake.key, json.dumps(told).encode())
            except (NatsError, APIError, TimeoutError, UnavailableError) as error:
                log.warning("devices cannot be told to come in; trying again", error=str(error) or type(error).__name__)
                epoch = 0
                await asyncio.sleep(1)
