"""Somebody doubts a value: where did it come from? Before and after ingest was killed in the middle of the day."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator
from time import time_ns
from typing import Any

import pytest
import pytest_asyncio

from andon.common.testing.factory import Credential, Factory
from andon.common.testing.waiting import eventually

from .conftest import PLANT, PRESS

pytestmark = [pytest.mark.timeout(180), pytest.mark.asyncio(loop_scope="module")]

ROUTE = "/api/ingest/v1/trace"
SENSOR = f"{PRESS}/number"
DAY_MS = 86_400_000


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def factory(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Factory]:
    async with Factory(tmp_path_factory.mktemp("andon"), environment={"ANDON_NATS_PARTITIONS": "3"}) as started:
        await started.apply_plant(PLANT)
        yield started


async def say(factory: Factory, device: Credential, *told: tuple[int, int]) -> None:
    """Times in epoch milliseconds, and numbers, one message each."""
    async with factory.device(device) as gateway:
        for ts, number in told:
            payload = json.dumps({"ts": ts, "values": {"number": number}})
            await gateway.publish(f"factory/{PRESS}", payload, qos=1)


async def traced(factory: Factory, ts: int) -> Any:
    """What is told of the number at a time, once its last hop is known."""

    async def found() -> Any:
        answer = await factory.http.get(ROUTE, params={"sensor": SENSOR, "ts": ts})
        assert answer.status_code == 200, answer.text
        assert answer.json()["items"][0]["hops"][-1]["name"] == "stored"
        return answer.json()

    return await eventually(found, timeout=30)


async def test_a_value_is_traced_also_after_ingest_was_killed(factory: Factory, device: Credential) -> None:
    now = time_ns() // 10**6
    await say(factory, device, *((now + n, n) for n in range(100)), *((now - DAY_MS + n, 1000 + n) for n in range(100)))
    before = [await traced(factory, ts) for ts in (now + 50, now - DAY_MS + 50)]
    assert [(found["value"], len(found["items"])) for found in before] == [(50.0, 1), (1050.0, 1)]
    for found in before:
        (item,) = found["items"]
        assert (item["topic"], item["devices"], item["source"]) == (f"factory/{PRESS}", ["press shop"], "mqtt")
        assert json.loads(item["payload"])["values"] == {"number": found["value"]}
    late = before[1]["items"][0]["hops"][1]
    assert (late["name"], late["after_ms"]) == ("arrived", pytest.approx(DAY_MS, rel=0.01))

    factory.kill("ingest")
    await say(factory, device, (now + 1000, 7), (now + 50, 8))
    await factory.is_ready()
    after = await traced(factory, now + 1000)
    assert [item["value"] for item in after["items"]] == [7.0]
    again = await traced(factory, now + 50)
    assert (again["value"], [item["value"] for item in again["items"]]) == (8.0, [8.0, 50.0])
    assert [item["counts"] for item in again["items"]] == [True, False]


async def test_the_command_line_tells_the_same_and_why_it_cannot(factory: Factory, device: Credential) -> None:
    ts = time_ns() // 10**6
    await say(factory, device, (ts, 42))
    await traced(factory, ts)
    code, told = await andon(factory, "trace", SENSOR, str(ts))
    assert code == 0, told
    for words in (
        "42.0",
        "measured",
        "arrived",
        "published",
        "stored",
        f"factory/{PRESS}",
        "press shop",
        '"number": 42',
    ):
        assert words in told
    code, told = await andon(factory, "trace", SENSOR, str(ts - 5000))
    assert (code, "no such value is stored" in told) == (1, True), told


async def andon(factory: Factory, *words: str) -> tuple[int | None, str]:
    command = (sys.executable, "-m", "andon.cli", *words)
    run = await asyncio.create_subprocess_exec(*command, env=factory.environment, stdout=PIPE, stderr=STDOUT)
    output, _ = await run.communicate()
    return run.returncode, output.decode()
