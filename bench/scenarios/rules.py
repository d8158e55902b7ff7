"""Ten thousand sensors with a rule each at 1 Hz, while 300,000 samples a second pass by: do the rules keep up?

The core that evaluates is that of `api`, where on one machine registry, query and pages live, too.
"""

import asyncio
import time

from andon.common.testing.waiting import eventually
from bench.processes import used
from bench.row import Row, Target, percentile
from bench.scenarios.alarm import Heard, raise_alarms
from bench.stage import MACHINES, PLANTS, Stage, add_rule

PASSING_RATE = 6000.0
"""Messages a second of 50 values."""
SECONDS = 30
PROBES = 100
FIRST = 500
"""Other machines than those whose alarms another scenario has raised."""
_BEHIND_SECONDS = 2.0
"""What may be on its way when the load ends."""


async def run(stage: Stage) -> list[Row]:
    """Latency of alarms in ms, the core used, and how long the rules were behind at the end."""
    factory = await stage.factory()
    for key in range(1, PLANTS["ten"]):
        await add_rule(factory, f"ten/v{key}", 1e15)
    seconds, probes = int(stage.scaled(SECONDS)), int(stage.scaled(PROBES))
    heard = Heard()
    listening = asyncio.create_task(heard.listen(factory))
    await asyncio.wait_for(heard.connected.wait(), 10)
    pid = factory.pid("api")
    _, evaluated = await stage.counted()
    before, began = used(pid), time.monotonic()
    watched = asyncio.create_task(stage.send("ten", rate=float(MACHINES), seconds=seconds))
    passing = asyncio.create_task(stage.send("fifty", rate=PASSING_RATE, seconds=seconds))
    broker = await stage.broker()
    crossed = await asyncio.to_thread(raise_alarms, broker, probes, FIRST)
    reports = [await watched, await passing]
    core = (used(pid) - before) / (time.monotonic() - began)
    sent = sum(report.acknowledged for report in reports) + probes

    async def caught_up() -> bool:
        return (await stage.counted())[1] - evaluated >= sent

    ended = time.monotonic()
    await eventually(caught_up, timeout=60, what="all that was sent is held against the rules")
    behind = time.monotonic() - ended
    await eventually(lambda: len(heard.at) >= len(crossed), timeout=60, what="all alarms are heard")
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    took = [(heard.at[path] - at) * 1000 for path, at in crossed.items()]
    latency = Row("rules", "10,000 rules, limit to alarm, p99", percentile(took, 0.99), "ms", Target(500, at_most=True))
    samples = reports[1].acknowledged / reports[1].seconds * PLANTS["fifty"]
    latency.details = {"p50": percentile(took, 0.5), "max": max(took), "passing samples/s": samples}
    used_up = Row("rules", "core of api meanwhile", core, "cores", Target(1, at_most=True))
    late = Row("rules", "behind at the end", behind, "s", Target(_BEHIND_SECONDS, at_most=True))
    return [latency, used_up, late]
