"""Desk: all that the routes of exports need, opened and closed with the service."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from andon.common import subjects
from andon.common.auth import Tokens
from andon.common.board import Board
from andon.common.bus import Bus
from andon.common.history.history import History
from andon.common.history.tier import RAW
from andon.common.influx import Influx
from andon.common.service import background, endless
from andon.common.settings import InstanceSettings, load
from andon.query.export.export import Doors
from andon.query.export.exporter import TURNS, Exporter
from andon.query.export.folder import Folder, sweep
from andon.query.export.jobs import Jobs
from andon.query.export.order import Order
from andon.query.export.record import Record, order_again
from andon.query.tiers.coverage import Coverage


@asynccontextmanager
async def open_desk(
    app: FastAPI, bus: Bus, influx: Influx, *, coverage: Coverage, tokens: Tokens, known: asyncio.Event
) -> AsyncIterator[None]:
    """Exports are made while this is open. Then nothing of them is left here; another service makes them, or the next.

    known: set once the plant is.
    """
    await asyncio.to_thread(sweep)
    folder, branches, board = Folder(), app.state.branches, Board(bus, subjects.EXPORTS_BUCKET)
    exporter = Exporter(History(influx, TURNS), coverage, folder)
    doors = Doors(exporter)

    def again(record: Record) -> Order | None:
        return order_again(record, branches, coverage.since(RAW)) if known.is_set() else None

    instance = load(InstanceSettings).instance
    jobs = Jobs(exporter, folder, tokens, board, again=again, instance=instance)
    app.state.doors, app.state.exports = doors, jobs
    try:
        async with background(
            ("follow exports", board.follow(jobs.on_change)),
            ("hand on exports", board.answer(jobs.on_ask)),
            ("keep exports", jobs.keep()),
        ):
            with endless(doors.shut):
                yield
    finally:
        await jobs.close()
        exporter.close()
        folder.remove()
