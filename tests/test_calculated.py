"""Calculated sensors in a whole Andon: from a device's torque to the power on the page, its alarm, and the ledger."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from time import time_ns
from typing import Any

import aiomqtt
import pytest

from andon.common.testing.factory import Credential, Factory
from andon.common.testing.waiting import eventually

PLANT = """
types:
  robot:
    sensors:
      - {key: torque, unit: N.m}
      - {key: speed, unit: 1/min}
      - {key: power, unit: kW, expression: torque * speed / 9550}
  meter:
    sensors:
      - {key: total, unit: kW, expression: "sum('../*/power')"}
sites:
  - slug: berlin
    areas:
      - slug: painting
        lines:
          - slug: line-1
            machines:
              - {slug: robot-1, type: robot}
              - {slug: robot-2, type: robot}
              - {slug: meter, type: meter}
"""
LINE = "berlin/painting/line-1"
ROBOT, POWER, TOTAL = f"{LINE}/robot-1", f"{LINE}/robot-1/power", f"{LINE}/meter/total"
QUERY = "/api/query/v1"


@pytest.fixture
async def factory(tmp_path: Path) -> AsyncIterator[Factory]:
    """A line of two robots and what counts their power."""
    async with Factory(tmp_path / "andon") as factory:
        await factory.apply_plant(PLANT)
        yield factory


@pytest.fixture
async def device(factory: Factory) -> Credential:
    """Who speaks for the line."""
    return await factory.add_device("line 1", LINE)


async def latest(factory: Factory, sensor: str) -> Any:
    found = (await factory.call("GET", f"{QUERY}/latest", params={"under": sensor}))["items"]
    return found[0]["value"] if found else None


async def history(factory: Factory, sensor: str) -> dict[int, float]:
    asked = {"sensor": sensor, "from": "-10m", "agg": "raw"}
    return dict((await factory.call("GET", f"{QUERY}/series", params=asked))["points"])


async def say(gateway: aiomqtt.Client, machine: str, at: int, **values: float) -> None:
    await gateway.publish(f"factory/{machine}", json.dumps({"ts": at, "values": values}), qos=1)


async def is_balanced(factory: Factory, messages: int) -> bool:
    """Whether the device has so many messages, none of them calculated, and nothing is unexplained."""
    ledger = await factory.call("GET", "/api/ingest/v1/ledger")
    assert (ledger["balanced"], ledger["unexplained"], ledger["lost"]) == (True, 0, 0), ledger
    line = next((item for item in ledger["items"] if item["device"] == "line 1"), None)
    assert line is not None, ledger
    assert (line["received"], line["in_flight"], line["dead_lettered"]) == (messages, 0, 0), line
    assert line["readings"] == line["stored"] > messages, line
    return True


async def test_power_is_seen_kept_watched_and_accounted_for(factory: Factory, device: Credential) -> None:
    rule = {"name": "Power high", "scope": {"sensor": POWER}, "condition": {"above": 3}, "severity": "high"}
    await factory.call("POST", "/api/alerting/v1/rules", json=rule)
    now = time_ns() // 10**9 * 1000
    async with factory.device(device) as gateway:
        await say(gateway, ROBOT, now - 2000, torque=191, speed=100)
        await say(gateway, f"{LINE}/robot-2", now - 1900, torque=95.5, speed=100)

        async def follows(value: float, sensor: str = POWER) -> bool:
            return await latest(factory, sensor) == pytest.approx(value)

        await eventually(lambda: follows(2.0), what="power follows")
        await say(gateway, ROBOT, now - 1000, torque=382)
        await eventually(lambda: follows(4.0), what="power follows again")
        await eventually(lambda: follows(5.0, TOTAL), what="the sum of the line follows")

        async def alarm() -> list[Any]:
            return list((await factory.call("GET", "/api/alerting/v1/alarms"))["items"])

        (raised,) = await eventually(alarm, what="an alarm")
        assert (raised["sensor"], raised["value"]) == (POWER, pytest.approx(4.0))

        async def kept() -> bool:
            assert await history(factory, POWER) == {now - 2000: pytest.approx(2.0), now - 1000: pytest.approx(4.0)}
            return True

        await eventually(kept, what="power is in history")
        await say(gateway, ROBOT, now - 500, power=99, torque=382)  # a device has no say in what is calculated

        async def refused() -> list[Any]:
            return list((await factory.call("GET", "/api/ingest/v1/deadletters"))["items"])

        (letter,) = await eventually(refused, what="a dead letter")
        assert letter["reason"] == "forbidden"
        assert f"'{POWER}' is calculated by Andon, and takes no values" in letter["detail"]

    await eventually(lambda: is_balanced(factory, 4), what="the ledger is balanced")


async def test_derive_is_killed_and_late_torque_comes(factory: Factory, device: Credential) -> None:
    now = time_ns() // 10**9 * 1000
    async with factory.device(device) as gateway:
        for second in range(60, 30, -1):
            await say(gateway, ROBOT, now - second * 1000, torque=9550, speed=second)
        factory.kill("derive")
        for second in range(30, 0, -1):
            await say(gateway, ROBOT, now - second * 1000, speed=second)
        await factory.is_ready()
        expected = {now - second * 1000: float(second) for second in range(60, 0, -1)}

        async def whole() -> bool:
            assert await history(factory, POWER) == pytest.approx(expected)
            return True

        await eventually(whole, what="nothing is missing")
        await say(gateway, ROBOT, now - 20_500, torque=2 * 9550)
        expected |= {time: 2 * value for time, value in expected.items() if time > now - 20_500}
        expected[now - 20_500] = 42.0
        await eventually(whole, what="late torque counts")

    asked = {"under": LINE, "from": "-1h"}
    answer = await factory.call("POST", f"{QUERY}/calculated/recompute", params=asked)
    assert answer == {"sensors": 3}
    listed = (await factory.call("GET", f"{QUERY}/calculated", params={"under": LINE}))["items"]
    assert [(one["sensor"], one["waits_for"], one["trouble"]) for one in listed] == [
        (TOTAL, [], ""),
        (POWER, [], ""),
        (f"{LINE}/robot-2/power", [], ""),
    ]
    await eventually(lambda: is_balanced(factory, 61), what="the ledger is balanced")
