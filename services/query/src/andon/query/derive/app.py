"""The derive process: rollups of all that is stored, and calculated sensors. Composition root.

NATS telemetry.*  ─> reader ─> marks ─> rounds ─> InfluxDB andon_1m, andon_1h
                                └─> backlog ──────────┘
NATS telemetry.*  ─> calculate/calculation ─> NATS telemetry.*
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from time import time_ns

from fastapi import APIRouter, FastAPI

from andon.common.api import Service, create_front
from andon.common.auth import Tokens
from andon.common.bus import open_bus
from andon.common.following import PlantFollower
from andon.common.health import Check, beat
from andon.common.history.history import History
from andon.common.influx import Influx
from andon.common.service import background
from andon.common.settings import InfluxSettings, NatsSettings, TokenSettings, load
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
    nats, influxdb = load(NatsSettings), load(InfluxSettings)
    tokens = Tokens(secret=load(TokenSettings).secret.get_secret_value())
    checks: dict[str, Check] = {}

    @asynccontextmanager
    async def start(app: FastAPI) -> AsyncIterator[None]:
        async with open_bus(nats, NAME) as bus, aclosing(Influx(influxdb)) as influx:
            follower, marks, turn = PlantFollower(bus), Marks(), asyncio.Lock()
            keeper = Keeper(influx, wishes(load(QuerySettings)))
            rollup = Rollup(History(influx), influx, lambda tier: keeper.whole_since(tier, time_ns()), made=keeper.made)
            backlog, reader = Backlog(bus, follower, rollup, turn), Reader(bus, marks)
            rounds = Rounds(bus, follower, rollup, backlog, reader, marks, turn, kept=keeper.enforced)
            keeper.owed, keeper.making, rollup.making = rounds.owes, rounds.owe_all, rounds.owe_all
            calculation = Calculation(bus, follower, History(influx))
            checks["nats"] = lambda: bus.trouble
            checks["rollups"] = lambda: rounds.trouble.why
            checks["calculated sensors"] = calculation.check
            app.state.rounds = rounds
            async with background(
                ("follow the plant", follower.follow()),
                ("retention", keep_retention(keeper, bus)),
                ("rounds", rounds.go()),
                ("backlog", backlog.work()),
                ("hear what is to be made anew", Rebuild(bus, follower, backlog).hear()),
                ("calculate", calculation.run()),
                ("hear what is to be calculated anew", Requests(bus, calculation).hear()),
                ("beat", beat(bus, NAME, checks)),
            ):
                yield

    return Service(name=NAME, title="Andon derive", router=APIRouter(), tokens=tokens, start=start, checks=checks)


def create_app() -> FastAPI:
    """The process's front: its health."""
    return create_front(create_service())
