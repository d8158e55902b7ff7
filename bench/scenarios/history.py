"""A year of history: how fast it is rolled up while readings come in and derive is killed, and how fast it is read."""

import asyncio
import time
from collections import defaultdict

from andon.common.plant import Asset
from andon.common.testing.factory import Factory
from andon.common.testing.waiting import eventually
from andon.simulator.crew import new_stop, run_load
from andon.simulator.load import LoadPlan
from andon.simulator.load_plant import load_plant
from bench import disk
from bench.processes import used
from bench.row import Row, Target, percentile
from bench.stage import MACHINES, Stage
from bench.year import KEYS, SECONDS, Year

PREFIX = "year/area-0/line-0"
ROLLED_UP = Target(500_000)
LIVE_RATE = 2_000.0
PATIENCE = 900.0
CALM, CALM_SECONDS = 0.1, 5
FEW_BYTES = 8_000_000
RANGES = {"1 h": 3600, "1 d": 86_400, "30 d": 30 * 86_400, "1 y": SECONDS}
TIMES = 40
POINTS = 1000
ONE, TEN = Target(100, at_most=True), Target(300, at_most=True)


async def run(stage: Stage) -> list[Row]:
    """Samples rolled up per second; p95 of one answer in ms for each range, of one sensor and of ten."""
    factory, influx = await stage.factory(), await stage.influx()
    await factory.apply_plant(load_plant(1, len(KEYS), PREFIX, "year"))
    machine = await eventually(lambda: _machine(factory), what="the machine is known")
    year = Year(machine, int(time.time()) // 60 * 60 - 60, int(stage.scaled(SECONDS)))
    samples = await year.load(influx, KEYS[:1], 1)
    await settle(factory)
    built = await _build_under_load(stage, factory, year, samples)
    await year.load_others(influx)
    await _rebuild(factory, year)
    await eventually(lambda: _is_done(factory), timeout=PATIENCE, what="the other nine are rolled up")
    await settle(factory, packed=True)
    rows = [built]
    for span in RANGES.items():
        rows.append(await _read(factory, year, KEYS[:1], span, ONE))
        rows.append(await _read(factory, year, KEYS, span, TEN))
    return [*rows, *await _on_disk(factory, year)]


async def settle(factory: Factory, *, packed: bool = False) -> None:
    """Wait until InfluxDB is calm after what it was given: that of a year in two minutes takes it as long again.

    packed: until it has also written to its files what it keeps in memory for its first two minutes. The heap is full
    of it after a year's load, so that each question would wait for Go's collector: no day of a factory is like that.
    """
    pid, calm = factory.pid("influxdb"), 0
    async with asyncio.timeout(PATIENCE):
        while calm < CALM_SECONDS:
            before = used(pid)
            await asyncio.sleep(1)
            is_calm = used(pid) - before < CALM and not (packed and await _cached(factory) > FEW_BYTES)
            calm = calm + 1 if is_calm else 0


async def _cached(factory: Factory) -> int:
    """Bytes that InfluxDB keeps in memory of what came once: of each database, all but what is written to just now."""
    counters = (await factory.http.get(f"http://127.0.0.1:{factory.influx_port}/debug/vars")).json()
    found = defaultdict[str, list[int]](list)
    for one in counters.values():
        if isinstance(one, dict) and one.get("name") == "tsm1_cache":
            found[one["tags"]["database"]].append(one["values"]["memBytes"])
    return sum(sum(caches) - max(caches) for caches in found.values())


async def _machine(factory: Factory) -> Asset:
    (found,) = (await factory.call("GET", f"/api/registry/v1/assets?under={PREFIX}&kind=machine"))["items"]
    return Asset(found["id"], found["path"], "machine", found["slug"], found["name"], found["type"])


async def _rebuild(factory: Factory, year: Year) -> None:
    span = f"from={year.start * 1000}&to={year.end * 1000}"
    answer = await factory.call("POST", f"/api/query/v1/rollups?under={PREFIX}&{span}")
    assert answer["machines"] == 1, answer

    async def begun() -> bool:
        return bool((await factory.call("GET", "/api/query/v1/rollups"))["pending"])

    await eventually(begun, what="it is in the backlog")


async def _is_done(factory: Factory) -> bool:
    return not (await factory.call("GET", "/api/query/v1/rollups"))["pending"]


async def _build_under_load(stage: Stage, factory: Factory, year: Year, samples: int) -> Row:
    """Roll up all of it, killed with SIGKILL in the middle, while readings come in; none of these may be lost."""
    before, _ = await stage.counted()
    stop = new_stop()
    plan = LoadPlan(await stage.broker(), machines=MACHINES, prefix="one/area-0/line-0", rate=LIVE_RATE)
    live = asyncio.create_task(asyncio.to_thread(run_load, plan, stop))
    began = time.monotonic()
    await _rebuild(factory, year)
    await eventually(lambda: _is_half(factory, year), timeout=PATIENCE, what="half of the year is rolled up")
    half = time.monotonic() - began
    factory.kill("derive")
    await eventually(lambda: _is_done(factory), timeout=PATIENCE, what="the year is rolled up")
    took = time.monotonic() - began
    stop.set()
    sent = (await live).acknowledged

    async def stored() -> bool:
        return (await stage.counted())[0] - before >= sent

    await eventually(stored, timeout=30, what="all that was sent meanwhile is stored")
    row = Row("history", "rolled up, killed half way", samples / took, "samples/s", ROLLED_UP, loss=0)
    row.details = {"samples": samples, "half after s": half, "whole after s": took, "live msg/s": sent / took}
    return row


async def _is_half(factory: Factory, year: Year) -> bool:
    pending = (await factory.call("GET", "/api/query/v1/rollups"))["pending"]
    left = sum(end - start for one in pending for start, end in one["ranges"])
    return bool(left < year.seconds * 1000 / 2)


async def _on_disk(factory: Factory, year: Year) -> list[Row]:
    """What the packed year takes."""
    url, data = f"http://127.0.0.1:{factory.influx_port}", factory.folder / "influxdb" / "data"
    found = []
    for name, database, every in (("a sample", "andon", 1), ("a row of a minute", "andon_1m", 60)):
        size = disk.of_each(await disk.shards(factory.http, url, data, database), year, every)
        found.append(Row("history", f"{name} on disk", size, "bytes"))
    return found


async def _read(factory: Factory, year: Year, keys: list[str], span: tuple[str, int], target: Target) -> Row:
    """p95 of an answer, the first asking left out."""
    name, seconds = span
    asked = "&".join(f"sensor={year.machine.path}/{key}" for key in keys)
    start = max(year.end - seconds, year.start) * 1000
    path = f"/api/query/v1/series?{asked}&from={start}&to={year.end * 1000}&points={POINTS}"
    took, size = [], 0
    for _ in range(TIMES):
        began = time.perf_counter()
        answer = await factory.http.get(path)
        took.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, answer.text
        size = len(answer.content)
    row = Row("history", f"{name}, {len(keys)} sensor{'s' * (len(keys) > 1)}", percentile(took[1:], 0.95), "ms", target)
    row.details = {"p50": percentile(took[1:], 0.5), "first": took[0], "kB": size / 1000}
    return row
