"""Desk: all that the routes of exports need, opened and closed with the service."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from andon.common.auth import Tokens
from andon.common.history.history import History
from andon.common.influx import Influx
from andon.common.service import endless
from andon.query.export.export import Doors
from andon.query.export.exporter import TURNS, Exporter
from andon.query.export.folder import Folder, sweep
from andon.query.export.jobs import Jobs
from andon.query.tiers.coverage import Coverage


@asynccontextmanager
async def open_desk(app: FastAPI, influx: Influx, coverage: Coverage, tokens: Tokens) -> AsyncIterator[None]:
    """Exports are made while this is open; then they end, and nothing of them is left."""
    await asyncio.to_thread(sweep)
    folder = Folder()
    exporter = Exporter(History(influx, TURNS), coverage, folder)
    doors, jobs = Doors(exporter), Jobs(exporter, folder, tokens)
    app.state.doors, app.state.exports = doors, jobs
    try:
        with endless(doors.shut):
            yield
    finally:
        await jobs.close()
        exporter.close()
        folder.remove()
