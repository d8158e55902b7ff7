"""The derive process: rollups of all that is stored, and calculated sensors. Composition root.

Of several one works, the one that has the lease; the others stand by.

NATS telemetry.*  ─> reader ─> marks ─> rounds ─> InfluxDB andon_1m, andon_1h
                                └─> backlog ──────────┘
NATS telemetry.*  ─> calculate/calculation ─> NATS telemetry.*
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from time import time_ns

from fastapi import APIRouter, FastAPI

from andon.common import subjects
from andon.common.api import Service, create_front
from andon.common.auth import Tokens
from andon.common.bus import Bus, open_bus
from andon.common.following import PlantFollower
from andon.common.health import Check, beat
from andon.common.history.history import History
from andon.common.influx import Influx
from andon.common.lease import Lease, lead
from andon.common.service import background
from andon.common.settings import InfluxSettings, InstanceSettings, NatsSettings, TokenSettings, load
from andon.query.derive.backlog import Backlog
from andon.query.derive.calculate.calculation import Calculation
from andon.query.derive.calculate.request import Requests
from andon.query.derive.marks import Marks
from andon.query.derive.reader import Reader
from andon.query.derive.rebuild import Rebuild
from andon.query.derive.retention import keep_retention
from andon.query.derive.rollup import Rollup
from andon.query.derive.rounds import Rounds
from andon.query.settings import QuerySettings
from andon.query.tiers.keeping import Keeper, wishes

NAME = "derive"


def create_service() -> Service:
    """The process, with its settings read and nothing started.

    Raises:
        SetupError: a setting is missing or wrong.
    """
    nats, influxdb, instance = load(NatsSettings), load(InfluxSettings), load(InstanceSettings).instance
    tokens = Tokens(secret=load(TokenSettings).secret.get_secret_value())
    checks: dict[str, Check] = {}

    @asynccontextmanager
    async def start(_: FastAPI) -> AsyncIterator[None]:
        async with open_bus(nats, NAME) as bus:
            lease = Lease(bus, subjects.DERIVE_LEASE, instance)
            bus.fence = lease.require
            async with aclosing(Influx(influxdb, lease.require)) as influx:
                work = _Work(bus, influx)
                checks.update(work.checks())
                try:
                    async with background(
                        ("follow the plant", work.follower.follow()),
                        ("lease", lease.keep()),
                        ("derive", lead(lease, work.going)),
                        ("beat", beat(bus, NAME, checks)),
                    ):
                        yield
                finally:
                    await lease.release()

    return Service(name=NAME, title="Andon derive", router=APIRouter(), tokens=tokens, start=start, checks=checks)


class _Work:
    """What the one does that has the lease. Nothing of it is left when it begins anew: others may have gone on."""

    def __init__(self, bus: Bus, influx: Influx) -> None:
        self.follower = PlantFollower(bus)
        self._bus = bus
        self._influx = influx
        self._rounds: Rounds | None = None
        self._calculation: Calculation | None = None

    def checks(self) -> dict[str, Check]:
        """Of one that stands by, nothing is wrong but with NATS."""
        return {
            "nats": lambda: self._bus.trouble,
            "rollups": lambda: self._rounds.trouble.why if self._rounds else "",
            "calculated sensors": lambda: self._calculation.check() if self._calculation else "",
        }

    @asynccontextmanager
    async def going(self) -> AsyncIterator[None]:
        """Do it while this is open."""
        bus, influx, follower = self._bus, self._influx, self.follower
        marks, turn = Marks(), asyncio.Lock()
        keeper = Keeper(influx, wishes(load(QuerySettings)))
        rollup = Rollup(History(influx), influx, lambda tier: keeper.whole_since(tier, time_ns()), made=keeper.made)
        backlog, reader = Backlog(bus, follower, rollup, turn), Reader(bus, marks)
        rounds = Rounds(bus, follower, rollup, backlog, reader, marks, turn, kept=keeper.enforced)
        keeper.owed, keeper.making, rollup.making = rounds.owes, rounds.owe_all, rounds.owe_all
        calculation = Calculation(bus, follower, History(influx))
        self._rounds = rounds
        self._calculation = calculation
        try:
            async with background(
                ("retention", keep_retention(keeper, bus)),
                ("rounds", rounds.go()),
                ("backlog", backlog.work()),
                ("hear what is to be made anew", Rebuild(bus, follower, backlog).hear()),
                ("calculate", calculation.run()),
                ("hear what is to be calculated anew", Requests(bus, calculation).hear()),
            ):
                yield
        finally:
            self._rounds = self._calculation = None


def create_app() -> FastAPI:
    """The process's front: its health."""
    return create_front(create_service())
