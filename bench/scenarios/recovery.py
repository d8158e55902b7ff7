"""kill -9 of each process under load: how long until all is well again, and whether anything was lost."""

import asyncio
import time

from andon.common.testing.factory import Factory
from andon.common.testing.waiting import eventually
from bench.oracle import judge
from bench.processes import NAMES
from bench.row import Row, Target
from bench.stage import MACHINES, Stage

RATE = 3000
SECONDS = 60.0
_PATIENCE = 60.0


async def run(stage: Stage) -> list[Row]:
    """Seconds from the kill until everything is ready and what is published arrives in InfluxDB again."""
    factory = await stage.factory()
    stored = await _stored(stage)
    load = asyncio.create_task(stage.send("ten", rate=RATE, seconds=SECONDS, window=20_000))
    await eventually(lambda: _moves(stage, stored), timeout=30, what="the load arrives")
    rows = []
    for name, shown in NAMES.items():
        took = await _kill(stage, factory, name)
        rows.append(Row("recovery", f"kill -9 of {shown}", took, "s", Target(15, at_most=True)))
    report = await load
    influx = await stage.influx()
    await eventually(lambda: _at_rest(stage), timeout=_PATIENCE, what="all is stored")
    verdict = await judge(influx, "ten", 10, MACHINES, report.journal)
    rows[-1].loss = verdict.lost
    rows[-1].details = {"PUBACKed": report.acknowledged, "reconnects": report.reconnects}
    return rows


async def _kill(stage: Stage, factory: Factory, name: str) -> float:
    before = factory.pid(name)
    began = time.monotonic()
    factory.kill(name)
    await eventually(lambda: factory.pid(name) != before, timeout=_PATIENCE, what=f"{name} runs again")
    await factory.is_ready(timeout=_PATIENCE)
    stored = await _stored(stage)
    await eventually(lambda: _moves(stage, stored), timeout=_PATIENCE, what="readings are stored again")
    return time.monotonic() - began


async def _stored(stage: Stage) -> int:
    return (await stage.counted())[0]


async def _moves(stage: Stage, stored: int) -> bool:
    return await _stored(stage) > stored


async def _at_rest(stage: Stage) -> bool:
    """Nothing waits in the stream or in ingest."""
    factory = await stage.factory()
    ledger = await factory.call("GET", "/api/ingest/v1/ledger")
    held = sum(item["intake"]["in_hand"] + item["store"]["in_hand"] for item in ledger["instances"])
    return ledger["batches_waiting"] == 0 and held == 0 and bool(ledger["instances"])
