"""The plant overview: newest values of 1,000 machines with 10 sensors each, in one answer."""

import time

from andon.common.testing.waiting import eventually
from bench.row import Row, Target, percentile
from bench.stage import MACHINES, PLANTS, Stage

TIMES = 20
SENSORS = MACHINES * PLANTS["ten"]


async def run(stage: Stage) -> list[Row]:
    """Time of one answer in ms, the whole body included."""
    factory = await stage.factory()
    await stage.send("ten", messages=MACHINES)
    path = "/api/query/v1/latest?under=ten"

    async def complete() -> bool:
        return len((await factory.call("GET", path))["items"]) == SENSORS

    await eventually(complete, timeout=30, what=f"{SENSORS} newest values")
    took, size = [], 0
    for _ in range(TIMES):
        began = time.perf_counter()
        answer = await factory.http.get(path)
        took.append((time.perf_counter() - began) * 1000)
        size = len(answer.content)
    row = Row("latest", f"latest of {SENSORS:,} sensors", percentile(took, 0.5), "ms")
    row.target = Target(200, at_most=True)
    row.details = {"max": max(took), "kB": size / 1000}
    return [row]
