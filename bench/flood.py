"""Flood: publish as fast as the broker takes it, until all of it is in InfluxDB and was held against the rules."""

import asyncio
import time
from dataclasses import dataclass

from bench.oracle import judge
from bench.processes import NAMES, cpu_seconds, resident
from bench.stage import MACHINES, PLANTS, Stage

_PATIENCE = 120.0
_CLOSE = 20_000
"""Readings before the end from which on the counters are looked at often."""


@dataclass(frozen=True)
class Flood:
    """Messages per second from the first PUBLISH until the last reading was in InfluxDB, and the same for the rules.

    cores: how much of a core each process took on the average. memory: what each has at the end, in MB.
    """

    stored: float
    evaluated: float
    acknowledged: float
    lost: int
    cores: dict[str, float]
    memory: dict[str, float]


async def flood(stage: Stage, site: str, messages: int) -> Flood:
    """One flood; everything counts, the backlog too."""
    stored, evaluated = await stage.counted()
    factory = await stage.factory()
    since, used = time.time(), cpu_seconds(factory)
    watching = asyncio.create_task(_watch(stage, stored + messages, evaluated + messages))
    report = await stage.send(site, messages=messages)
    ends = await asyncio.wait_for(watching, _PATIENCE)
    began = report.journal.numbers[1] / 1000
    took = time.time() - since
    cores = {f"{name} cores": (cpu - used[name]) / took for name, cpu in cpu_seconds(factory).items()}
    memory = {f"{shown} MB": resident(factory.pid(name)) for name, shown in NAMES.items()}
    verdict = await judge(await stage.influx(), site, PLANTS[site], MACHINES, report.journal)
    speeds = [messages / (end - began) for end in ends]
    return Flood(speeds[0], speeds[1], report.acknowledged / report.seconds, verdict.lost, cores, memory)


async def _watch(stage: Stage, stored: int, evaluated: int) -> tuple[float, float]:
    """When so many readings were stored, and so many evaluated."""
    ends: list[float | None] = [None, None]
    close = False
    while None in ends:
        await asyncio.sleep(0.1 if close else 1.0)  # each look takes from what is measured
        now = time.time()
        for place, (count, wanted) in enumerate(zip(await stage.counted(), (stored, evaluated), strict=True)):
            close = close or wanted - count < _CLOSE
            if ends[place] is None and count >= wanted:
                ends[place] = now
    return ends[0] or 0.0, ends[1] or 0.0
