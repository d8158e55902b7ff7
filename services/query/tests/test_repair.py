"""What is calculated from history is so of all that has been said, however far behind the store is."""

from collections.abc import AsyncIterator, Iterable
from time import time_ns
from typing import Any

import pytest

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.expression import Name
from andon.common.history.columns import CutShortError
from andon.common.history.history import History
from andon.common.history.span import Span
from andon.common.influx import Influx
from andon.common.streams import ensure_streams
from andon.common.testing.waiting import eventually
from andon.common.wire import Batch, encode_batch
from andon.query.derive.calculate.track import FOR_EVER

from .calculating import METER, NOW, OTHER, ROBOT, CalculatingForTest, S, calculating, clean_up, machine, said
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


@pytest.fixture
def too_much(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, float]]:
    """Ranges, seconds from NOW, in which the first robot's power yields more than InfluxDB hands out, however short."""
    from andon.query.derive.calculate import repair  # noqa: PLC0415 - to be changed

    found, real = list[tuple[float, float]](), repair.inputs.said

    async def at_most(history: History, plant: Any, names: Iterable[Name], span: Span) -> Any:
        low, high = ((at - NOW) / S for at in (span.start, span.end))
        if ("r1", "power") in names and any(start < high and low < end for start, end in found):
            raise CutShortError("There are more rows than InfluxDB hands out at once")
        return await real(history, plant, names, span)

    monkeypatch.setattr(repair.inputs, "said", at_most)
    monkeypatch.setattr(repair, "AT_ONCE", 1)
    return found


async def test_a_formula_that_cannot_be_calculated_holds_up_no_other(
    process: CalculatingForTest, too_much: list[tuple[float, float]]
) -> None:
    repair, wrong = process.calculation._repair, process.calculation.calculator.wrong
    for n in (0, 1):
        await process.say(*(said(n, who, torque=9550.0, speed=1.0) for who in (ROBOT, OTHER)))
    await process.comes(OTHER, "power", {0.0: 1.0, 1.0: 1.0})
    await eventually(lambda: not repair.has_more, what="nothing is pending")
    too_much.append((-7200.0, 0.0))
    await process.say(*(said(-600, who, torque=9550.0, speed=7.0) for who in (ROBOT, OTHER)))
    await process.comes(OTHER, "power", {-600.0: 7.0, 0.0: 1.0, 1.0: 1.0})
    sentence = wrong["berlin/painting/line-1/r1/power"]
    assert "follows from more values than InfluxDB hands out" in sentence
    assert process.calculation.check() == ""
    await process.say(*(said(-500, who, torque=9550.0, speed=8.0) for who in (ROBOT, OTHER)))
    await process.comes(OTHER, "power", {-600.0: 7.0, -500.0: 8.0, 0.0: 1.0, 1.0: 1.0})
    await eventually(lambda: not repair.has_more and repair.number == FOR_EVER, what="it comes to an end")


async def test_of_a_range_all_is_calculated_but_where_there_is_too_much(
    process: CalculatingForTest, bus: Bus, too_much: list[tuple[float, float]]
) -> None:
    repair = process.calculation._repair
    readings = [said(n, torque=9550.0, speed=float(-n)) for n in range(-60, 1, 5)]
    for reading in readings:
        await process.say(reading)
    await process.comes(ROBOT, "power", {float(n): float(-n) for n in range(-60, 1, 5)})
    await eventually(lambda: not repair.has_more, what="nothing is pending")
    too_much.append((-40.0, -30.0))
    await put_assets(bus, TWICE)
    far = {float(n): -2.0 * n for n in (-60, -55, -15, -10, -5, 0)}

    async def there() -> bool:
        assert not repair.has_more
        stored = await process.stored(TWICE, "power")
        assert {at: stored[at] for at in far} == far
        assert stored[-35.0] == 35.0, "left as it was"
        return True

    await eventually(there, what="what can be is calculated")
