"""What is calculated from history is so of all that has been said, however far behind the store is."""

from collections.abc import AsyncIterator
from time import time_ns

import pytest

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.influx import Influx
from andon.common.streams import ensure_streams
from andon.common.testing.waiting import eventually
from andon.common.wire import Batch, encode_batch
from andon.query.derive.calculate.track import FOR_EVER

from .calculating import METER, OTHER, ROBOT, CalculatingForTest, calculating, clean_up, machine, said
from .conftest import put_assets

TWICE = machine("r1", "torque", "speed", power="2 * torque * speed / 9550")


@pytest.fixture
async def clean(bus: Bus) -> None:
    """Nothing is left of the story before."""
    await clean_up(bus)


@pytest.fixture
async def process(bus: Bus, influx: Influx, clean: None) -> AsyncIterator[CalculatingForTest]:
    """Two robots that calculate their power, and a meter of the line."""
    async with calculating(bus, influx, ROBOT, OTHER, METER) as found:
        yield found


async def test_an_expression_that_changes_while_the_store_is_behind_holds_for_what_is_not_stored_yet(
    process: CalculatingForTest, bus: Bus
) -> None:
    await process.say(said(0, torque=9550.0, speed=1.0))
    await process.comes(ROBOT, "power", {0.0: 1.0})
    process.writing.clear()
    for n in (1, 2, 3):
        await process.say(said(n, speed=float(n)))
    cells = process.calculation.calculator.cells
    await eventually(lambda: len(cells["r1", "power"].said) == 4, what="power follows live")
    await put_assets(bus, TWICE)
    entries, wanted = process.calculation.pending.entries, TWICE.sensors[2].expression
    await eventually(lambda: entries["r1", "power"].expression == wanted, what="it is taken up")
    process.writing.set()
    await process.comes(TWICE, "power", {0.0: 2.0, 1.0: 2.0, 2.0: 4.0, 3.0: 6.0})


async def test_nats_that_loses_its_data_holds_up_no_history(process: CalculatingForTest, bus: Bus) -> None:
    for n in range(3):
        await process.say(said(n, torque=9550.0, speed=1.0))
    await process.comes(ROBOT, "power", {0.0: 1.0, 1.0: 1.0, 2.0: 1.0})
    repair = process.calculation._repair
    await eventually(lambda: not repair.has_more, what="nothing is pending")
    process.writing.clear()
    await process.say(said(-600, torque=9550.0, speed=7.0))
    await eventually(lambda: repair.number < FOR_EVER, what="a round waits for the store")
    await bus.js.delete_stream(subjects.TELEMETRY)
    await ensure_streams(bus.js, bus.settings)
    process.writing.set()
    await process.say(said(-500, torque=9550.0, speed=8.0))
    await process.comes(ROBOT, "power", {-600.0: 7.0, -500.0: 8.0, 0.0: 1.0, 1.0: 1.0, 2.0: 1.0})


async def test_a_sum_of_what_was_brought_along_goes_up_to_its_last_second(
    process: CalculatingForTest, bus: Bus
) -> None:
    readings = [said(n - 2999.5, who, torque=9550.0, speed=float(n)) for n in range(3) for who in (ROBOT, OTHER)]
    await bus.js.publish(subjects.telemetry(0), encode_batch(Batch(time_ns(), readings, past=True)))
    await process.comes(METER, "total", {n - 2999.0: 2.0 * n for n in range(3)})
