"""A rule tried on thirty days of one sensor at 1 Hz: 2.6 million samples, read and judged."""

import time
from dataclasses import replace

from andon.common.plant import Asset
from andon.common.testing.waiting import eventually
from andon.simulator.load_plant import load_plant
from bench.row import Row, Target
from bench.scenarios.history import settle
from bench.stage import Stage
from bench.year import KEYS, Year

PREFIX = "month/area-0/line-0"
DAYS = 30
TIMES = 3
RULE = {
    "name": "Tried",
    "condition": {"levels": [{"above": 76, "severity": "high"}, {"above": 74}]},
    "deadband": 1,
    "on_delay": "10s",
    "off_delay": "30s",
}


async def run(stage: Stage) -> list[Row]:
    """Seconds for one answer, the slowest of some."""
    factory, influx = await stage.factory(), await stage.influx()
    await factory.apply_plant(load_plant(1, 1, PREFIX, "month"))

    async def known() -> Asset:
        (found,) = (await factory.call("GET", f"/api/registry/v1/assets?under={PREFIX}&kind=machine"))["items"]
        return Asset(found["id"], found["path"], "machine", found["slug"], found["name"], found["type"])

    machine = await eventually(known, what="the machine is known")
    month = Year(machine, int(time.time()) // 60 * 60 - 60, int(stage.scaled(DAYS * 86_400)))
    samples = await replace(month).load(influx, KEYS[:1], 1)
    await settle(factory, packed=True)
    body = {
        "rule": RULE | {"scope": {"sensor": f"{machine.path}/{KEYS[0]}"}},
        "from": str(month.start * 1000),
        "to": str(month.end * 1000),
    }
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        answer = await factory.call("POST", "/api/alerting/v1/rules/backtest", json=body, timeout=60)
        took.append(time.perf_counter() - began)
    (sensor,) = answer["sensors"]
    row = Row("backtest", "a rule over 30 days at 1 Hz", max(took), "s", Target(5, at_most=True))
    row.details = {"samples": samples, "read": sensor["samples"], "alarms": sensor["count"], "first": took[0]}
    return [row]
