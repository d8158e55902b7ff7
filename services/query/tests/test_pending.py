"""Pending: what is still to be calculated is kept in NATS, and a step takes off it only what it has seen."""

import asyncio

import pytest

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.expression import Formula, formulas
from andon.common.plant import Asset, Sensor
from andon.query.derive.calculate.pending import BY_ITSELF, Entry, Pending

PATH = "berlin/assembly/line-1/robot-1"
NOW = 10 * BY_ITSELF
DAY = [(NOW - BY_ITSELF, NOW)]


def doubled(expression: str) -> list[Formula]:
    """What a robot with one calculated sensor calculates."""
    sensors = (Sensor("torque", f"{PATH}/torque"), Sensor("twice", f"{PATH}/twice", expression=expression))
    robot = Asset(id="r1", path=PATH, kind="machine", slug="robot-1", name="Robot 1", sensors=sensors)
    return formulas([robot])[0]


@pytest.fixture
async def pending(bus: Bus) -> Pending:
    """One that has met an expression, whose last day is to be calculated."""
    await bus.js.purge_stream(f"KV_{subjects.DERIVE_BUCKET}")
    found = Pending(bus)
    await found.meet(doubled("2 * torque"), NOW)
    return found


async def left(bus: Bus) -> list[tuple[int, int]]:
    """What the next process would know."""
    again = Pending(bus)
    await again.load()
    return again.entries["r1", "twice"].ranges


async def test_a_step_takes_off_what_it_calculated(bus: Bus, pending: Pending) -> None:
    known = pending.entries["r1", "twice"]
    await pending.done(("r1", "twice"), known, NOW - 100, NOW)
    assert await left(bus) == [(NOW - BY_ITSELF, NOW - 100)]


async def test_what_is_asked_for_during_a_step_is_calculated_behind_it(bus: Bus, pending: Pending) -> None:
    """The step may have read what is to be read anew."""
    known = pending.entries["r1", "twice"]
    await pending.add(("r1", "twice"), [(NOW - 50, NOW)])
    await pending.done(("r1", "twice"), known, NOW - BY_ITSELF, NOW)
    assert await left(bus) == DAY


async def test_a_step_and_an_order_at_once_lose_nothing(bus: Bus, pending: Pending) -> None:
    known = pending.entries["r1", "twice"]
    older = (NOW - 3 * BY_ITSELF, NOW - 2 * BY_ITSELF)
    await asyncio.gather(
        pending.done(("r1", "twice"), known, NOW - BY_ITSELF, NOW), pending.add(("r1", "twice"), [older])
    )
    assert await left(bus) == [older]
    assert pending.entries["r1", "twice"] == Entry("2 * torque", [older])


async def test_a_step_of_what_an_expression_said_before_takes_off_nothing(bus: Bus, pending: Pending) -> None:
    known = pending.entries["r1", "twice"]
    await pending.meet(doubled("torque + torque"), NOW)
    await pending.done(("r1", "twice"), known, NOW - BY_ITSELF, NOW)
    assert await left(bus) == DAY
