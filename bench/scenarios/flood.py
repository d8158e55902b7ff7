"""A neighbour under a flood: what a device that speaks as it should notices of one that sends far too much.

From PUBLISH to the WebSocket, in three parts of one run: all is calm, another device sends ten times as much as it
does, and it sends as fast as the broker takes it. Both have the quota of one machine's device.
"""

import asyncio
import time
from dataclasses import replace

from andon.simulator.crew import new_stop, run_load
from andon.simulator.load import LoadPlan, LoadReport
from andon.simulator.settings import Broker
from bench.oracle import judge
from bench.row import Row, Target, percentile
from bench.scenarios.live import listening
from bench.stage import MACHINES, PLANTS, Stage

RATE, NORMAL = 100, 1000
"""Messages per second of the neighbour, and of the other when it behaves."""
QUOTA = 2000
SECONDS = 40.0
SETTLE_SECONDS = 2.0
NEIGHBOURS = 20
"""Machines it speaks for."""
PATIENCE = 600.0
PARTS = {"calm": NORMAL, "ten-fold": 10 * NORMAL, "as fast as it can": 0}
"""What the other device sends in a second; 0 is as fast as possible."""


async def run(stage: Stage) -> list[Row]:
    """The 99th percentile as a multiple of that in the calm part."""
    neighbour = LoadPlan(await _device(stage, "neighbour", "ten"), NEIGHBOURS, PLANTS["ten"], RATE)
    neighbour = replace(neighbour, prefix="ten/area-0/line-0", patience=PATIENCE)
    other = LoadPlan(await _device(stage, "flooder", "one"), MACHINES, prefix="one/area-0/line-0", patience=PATIENCE)
    calm, rows = 0.0, list[Row]()
    for part, rate in PARTS.items():
        took, reports = await _both(stage, neighbour, replace(other, rate=rate))
        p99 = percentile(took, 0.99)
        calm = calm or p99
        row = Row("flood", f"neighbour p99, other {part}", p99, "ms")
        if part != "calm":
            row = Row("flood", f"neighbour p99, flood {part}", p99 / calm, "x calm", Target(2, at_most=True))
        row.details = {"p50 ms": percentile(took, 0.5), "p99 ms": p99, "max ms": max(took), "seen": len(took)}
        row.details |= {"other msg/s": reports[1].acknowledged / reports[1].seconds, "kicks": reports[1].reconnects}
        row.loss = await _lost(stage, reports)
        rows.append(row)
    return rows


async def _device(stage: Stage, name: str, scope: str) -> Broker:
    factory = await stage.factory()
    made = await factory.add_device(name, scope, quota=QUOTA)
    return Broker("127.0.0.1", factory.mqtt_port, made.username, made.password)


async def _both(stage: Stage, neighbour: LoadPlan, other: LoadPlan) -> tuple[list[float], list[LoadReport]]:
    """Latencies of the neighbour in ms while the other sends, and what each has sent."""
    watched = [neighbour.path(number) for number in range(NEIGHBOURS)]
    seconds, stop = stage.scaled(SECONDS), new_stop()
    async with listening(stage, watched) as arrived:
        other_sends = asyncio.create_task(asyncio.to_thread(run_load, replace(other, seconds=seconds), stop))
        began = (time.time() + SETTLE_SECONDS) * 1000
        ours = await asyncio.to_thread(run_load, replace(neighbour, seconds=seconds), new_stop())
        theirs = await other_sends  # waits for its last PUBACK, through all its quarantines
        await asyncio.sleep(SETTLE_SECONDS)
    return [at - ts for at, ts in arrived if ts >= began], [ours, theirs]


async def _lost(stage: Stage, reports: list[LoadReport]) -> int:
    """Acknowledged messages of both that are not stored, as soon as all that came is."""
    lost = 0
    for site, report in zip(("ten", "one"), reports, strict=True):
        for _ in range(60):
            verdict = await judge(await stage.influx(), site, PLANTS[site], MACHINES, report.journal)
            if not verdict.lost:
                break
            await asyncio.sleep(1)
        lost += verdict.lost
    return lost
