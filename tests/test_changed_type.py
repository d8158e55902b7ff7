"""A machine that is given another type, in a whole Andon: it is one machine, with one history."""

import csv
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from time import time_ns
from typing import Any

import pytest

from andon.common.testing.factory import Factory
from andon.common.testing.waiting import eventually

from .conftest import PLANT, PRESS

pytestmark = pytest.mark.timeout(300)

MINUTE = 60_000
START = (time_ns() // 1_000_000 // (60 * MINUTE) - 3) * 60 * MINUTE
"""An hour that has long ended. All times in epoch milliseconds."""
OIL, DOUBLE = f"{PRESS}/oil_temperature", f"{PRESS}/double"
BENCH = """types:
  bench:
    sensors:
      - {key: oil_temperature, name: Oil temperature, unit: Cel}
      - {key: state, datatype: string}
      - {key: number}
      - {key: double, expression: 2 * oil_temperature}
"""
OVEN = "types: {oven: {sensors: [{key: oil_temperature, unit: Cel}, {key: number, datatype: string}]}}"
DOUBLING = PLANT.replace("{key: number}", "{key: number}\n      - {key: double, expression: 2 * oil_temperature}")


@pytest.fixture
async def factory(tmp_path: Path) -> AsyncIterator[Factory]:
    async with Factory(tmp_path / "andon") as started:
        await started.apply_plant(DOUBLING)
        await started.apply_plant(BENCH)
        yield started


async def say(factory: Factory, values: dict[int, float]) -> None:
    readings = [{"asset": PRESS, "ts": at, "values": {"oil_temperature": value}} for at, value in values.items()]
    await factory.call("POST", "/api/ingest/v1/readings", json=readings)


async def is_history(factory: Factory, values: dict[int, float]) -> bool:
    """Charts, rollups, statistics, exports, newest values and what is calculated tell all of it, each value once."""
    asked: dict[str, Any] = {"sensor": OIL, "from": START, "to": max(values) + 1}

    async def points(**params: Any) -> dict[int, float]:
        found = await factory.call("GET", "/api/query/v1/series", params={**asked, "points": 1_000, **params})
        return dict(found["points"])

    async def rows(**params: Any) -> list[dict[str, str]]:
        answer = await factory.http.get("/api/query/v1/export", params={**asked, "layout": "long", **params})
        assert answer.status_code == 200, answer.text
        return list(csv.DictReader(answer.text.splitlines()))

    assert await points(agg="raw") == values
    assert await points(agg="raw", sensor=DOUBLE) == {at: 2 * value for at, value in values.items()}
    in_hour = [value for at, value in values.items() if at < START + 60 * MINUTE]
    for agg, number in (("count", len(in_hour)), ("sum", sum(in_hour)), ("max", max(in_hour))):
        assert (await points(agg=agg, bucket="1h"))[START] == pytest.approx(number), agg
    stats = await factory.call("GET", "/api/query/v1/stats", params=asked)
    assert (stats["count"], stats["mean"]) == (len(values), pytest.approx(sum(values.values()) / len(values)))
    assert [float(row["value"]) for row in await rows()] == list(values.values())
    assert float((await rows(bucket="1h", agg="count"))[0]["value"]) == len(in_hour)
    newest = (await factory.call("GET", "/api/query/v1/latest", params={"under": PRESS}))["items"]
    assert {one["sensor"]: one["value"] for one in newest}[OIL] == values[max(values)]
    return True


async def hour_is_rolled_up(factory: Factory, count: int) -> bool:
    asked = {"sensor": OIL, "bucket": "1h", "agg": "count", "from": START, "to": START + 60 * MINUTE}
    found = await factory.call("GET", "/api/query/v1/series", params=asked)
    assert (found["tier"], found["points"]) == ("1h", [[START, count]])
    assert not (await factory.call("GET", "/api/query/v1/rollups"))["pending"]
    return True


async def history(factory: Factory, values: dict[int, float], what: str) -> None:
    values = dict(sorted(values.items()))
    count = sum(at < START + 60 * MINUTE for at in values)
    await eventually(lambda: hour_is_rolled_up(factory, count), timeout=100, what=f"the hour is made, {what}")
    await eventually(lambda: is_history(factory, values), timeout=60, what=what)


async def become(factory: Factory, type_: str) -> None:
    changed = await factory.call("PATCH", f"/api/registry/v1/assets/{PRESS}", json={"type": type_})
    assert (changed["type"], changed["warnings"]) == (type_, [])


async def test_a_machine_keeps_its_history_through_types(factory: Factory) -> None:
    values = {START + n * MINUTE: 50.0 + n for n in range(0, 60, 2)}
    await say(factory, values)
    await history(factory, values, "as a press")

    await become(factory, "bench")
    await history(factory, values, "what it said as a press")
    now = time_ns() // 1_000_000 - 5_000
    late = {START + n * MINUTE: 70.0 + n for n in range(1, 60, 2)}
    corrected = {START + 4 * MINUTE: -4.0, START + 4 * MINUTE + 500: 1.0}
    values |= {now + n: 60.0 + n for n in range(3)} | late | corrected
    await say(factory, {now + n: 60.0 + n for n in range(3)} | late | corrected)
    await history(factory, values, "as both, and an old value corrected")

    factory.kill("api")
    await factory.is_ready()
    await factory.sign_in()
    await history(factory, values, "after a restart")

    await become(factory, "press")
    await history(factory, values, "as a press again; what was corrected stays so")
    values |= {START + 6 * MINUTE: -6.0, now + 1_000: 90.0}
    await say(factory, {START + 6 * MINUTE: -6.0, now + 1_000: 90.0})
    await history(factory, values, "as all three")

    traced = await factory.call("GET", "/api/ingest/v1/trace", params={"sensor": OIL, "ts": START + 4 * MINUTE})
    assert (traced["value"], traced["items"][0]["value"]) == (-4.0, -4.0)
    for tier in ("raw", "1h"):
        kept = (await factory.call("GET", "/api/query/v1/retention"))["items"]
        assert next(one for one in kept if one["tier"] == tier)["oldest"] == START


async def raw(factory: Factory, key: str, at: int) -> list[list[Any]]:
    """What a sensor of the press said from a time on."""
    asked: dict[str, Any] = {"sensor": f"{PRESS}/{key}", "from": at, "to": at + MINUTE, "agg": "raw", "points": 1_000}
    points: list[list[Any]] = (await factory.call("GET", "/api/query/v1/series", params=asked))["points"]
    return points


async def takes_text(factory: Factory, at: int) -> bool:
    said = {"asset": PRESS, "ts": at, "values": {"number": "seven"}}
    return (await factory.http.post("/api/ingest/v1/readings", json=[said])).is_success


async def wait_for_influxdb(factory: Factory, at: int, count: int) -> None:
    """As a press it says numbers; more than the store has begun to write when it becomes an oven."""
    influxdb = factory.pid("influxdb")
    os.kill(influxdb, signal.SIGSTOP)
    try:
        for n in range(count):
            said = {"asset": PRESS, "ts": at + n, "values": {"oil_temperature": 50.0, "number": float(n)}}
            await factory.call("POST", "/api/ingest/v1/readings", json=[said])
        await factory.call("PATCH", f"/api/registry/v1/assets/{PRESS}", json={"type": "oven"})
        await eventually(lambda: takes_text(factory, at + count), what="ingest knows of the oven")
    finally:
        os.kill(influxdb, signal.SIGCONT)


async def test_what_waited_for_influxdb_spoils_no_field_of_the_new_type(factory: Factory) -> None:
    await factory.apply_plant(OVEN)
    at, count = time_ns() // 1_000_000 - 5_000, 100
    await wait_for_influxdb(factory, at, count)

    async def number_is(points: list[list[Any]]) -> bool:
        return await raw(factory, "number", at) == points

    await eventually(lambda: number_is([[at + count, "seven"]]), timeout=30, what="the number of an oven is a text")
    assert await raw(factory, "oil_temperature", at) == [[at + n, 50.0] for n in range(count)]
    letters = (await factory.call("GET", "/api/ingest/v1/deadletters"))["items"]
    assert {letter["reason"] for letter in letters} == {"bad-value"}
    assert all(f"'{PRESS}' was given another type" in letter["detail"] for letter in letters)

    await factory.call("PATCH", f"/api/registry/v1/assets/{PRESS}", json={"type": "press"})

    async def is_replayed() -> bool:
        told = await factory.call("POST", "/api/ingest/v1/deadletters/replay", json={})
        left = (await factory.call("GET", "/api/ingest/v1/deadletters"))["items"]
        assert not left, (told, left[:2])
        return True

    await eventually(is_replayed, timeout=30, what="all of them are replayed")
    told = [[at + n, float(n)] for n in range(count)]
    await eventually(lambda: number_is(told), timeout=30, what="with its type of then, nothing is missing")
