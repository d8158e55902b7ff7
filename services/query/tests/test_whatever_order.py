"""Calculated sensors in memory and over columns: whatever the order of readings, the end is what plain loops make."""

import math
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from andon.common.expression import FLOATS, evaluate
from andon.common.history.span import Span
from andon.common.plant import Plant
from andon.common.reading import Reading, Value
from andon.query.derive import ranges
from andon.query.derive.calculate import inputs, over_history
from andon.query.derive.calculate.calculator import Calculator
from andon.query.derive.calculate.track import FOR_EVER

from .calculating import renew
from .test_calculator import ROBOT, S, T, column, machine, plant_of

EXPRESSIONS = {
    "power": "torque * speed / 9550",
    "guarded": "0 if speed == 0 else torque / speed",
    "is_busy": 'running and state == "RUN" or torque > 5',
    "twice": "power * 2 + guarded",
    "rest": "torque % 3 - min(speed, 2) ** 2",
    "ratio": "torque / speed",
}
METER = {
    "total": "sum('../*/power') - 1",
    "best": "max('../*/torque')",
    "spread": "'../r1/torque' - '../r2/torque'",
    "share": "best / total",
}


def reference(
    plant: Plant, samples: dict[tuple[str, str], dict[int, Value]]
) -> dict[tuple[str, str], dict[int, Value]]:
    """Plain loops: formula by formula in their order, time by time, sensor by sensor."""
    calculator = Calculator(plant)
    renew(calculator)
    known = {name: dict(found) for name, found in samples.items()}
    for (asset, key), cell in calculator.cells.items():
        formula, made = cell.formula, dict[int, Value]()
        times = {time for name in formula.names for time in known.get(name, {})}
        for time in times if formula.local else {-(-time // S) * S for time in times}:

            def held(name: tuple[str, str], at: int = time) -> Any:
                before = [one for one in known.get(name, {}) if one <= at]
                return known[name][max(before)] if before else math.nan

            def look(node: Any, uses: Any = formula.uses, held: Any = held) -> Any:
                found = [held(name) for name in uses[node]]
                return (
                    [float(v) for v in found]
                    if "*" in node.path
                    else found[0]
                    if isinstance(found[0], str)
                    else float(found[0])
                )

            value = evaluate(formula.tree, FLOATS, look)
            if not math.isnan(value):
                made[time] = bool(value) if formula.sensor.datatype == "bool" else value
        known[asset, key] = made
    return {name: known[name] for name in calculator.cells}


def newest(samples: dict[int, Value]) -> tuple[int, Value, str]:
    time = max(samples)
    value = samples[time]
    return (time, 0.0, "bad") if value != value else (time, value, "")  # noqa: PLR0124 - NaN


class World:
    """Published readings are stored at once; what is late is calculated from what is stored, as repair does it."""

    def __init__(self, plant: Plant, *, seeded: bool) -> None:
        self.calculator = Calculator(plant)
        renew(self.calculator)
        self.stored: dict[tuple[str, str], dict[int, Value]] = {}
        """Values that are not bad, and NaN where one is."""
        self.withdrawn = False
        if seeded:
            self.seed()

    def store(self, readings: Iterable[Reading]) -> None:
        for reading in readings:
            for key, value in reading.values.items():
                is_bad = (reading.quality or {}).get(key) == "bad"
                self.stored.setdefault((reading.asset, key), {})[reading.time] = math.nan if is_bad else value
                self.withdrawn |= is_bad and (reading.asset, key) in self.calculator.cells

    def seed(self) -> None:
        if not self.calculator.unseeded:
            return
        for track in self.calculator.unseeded:
            times = self.stored.get(track.name)
            track.seed(newest(times) if times else None)
        self.calculator.seeded(0, 0)

    def meet(self, plant: Plant) -> None:
        """Formulas are new: history calculates them for all that is stored."""
        self.calculator.plant = plant
        renew(self.calculator)
        self.seed()
        for cell in self.calculator.cells.values():
            self.calculator.late_of(cell, 1).put([(0, T + 3600 * S)], 1)
        self.mend()

    def take(self, batch: list[Reading], number: int, *, past: bool) -> None:
        self.store(batch)
        self.store(self.calculator.take(batch, number, number, past=past))

    def mend(self) -> None:
        self.seed()
        while taken := self.calculator.take_late():
            for wanted in sorted(taken, key=lambda wanted: self.calculator.cells[wanted[0]].order):
                cell, late = self.calculator.cells[wanted[0]], taken[wanted]
                found = list(late.ranges)
                for sensor, times in late.open.items():
                    after = {time: [one for one in self.stored[sensor] if one > time] for time in times}
                    found += [(time, min(later, default=FOR_EVER)) for time, later in after.items()]
                columns = {name: column(samples) for name, samples in self.stored.items()}
                for start, end in ranges.without(ranges.union(found), cell.reach(), FOR_EVER):
                    before = columns.get(cell.formula.name, inputs.NOTHING)
                    readings = over_history.calculate(cell.formula, columns, Span(start, end), before=before)
                    self.store(readings)
                    cell.learn(readings)
                    self.store(self.calculator.take(readings, 10**6, 10**6))


VALUES = {
    "torque": st.sampled_from([0.0, 1.5, -4.0, 7.25, 191.0]),
    "speed": st.sampled_from([0.0, 2.0, 3.5, 100.0]),
    "running": st.booleans(),
    "state": st.sampled_from(["RUN", "STOP"]),
}


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[int, bool, list[Reading]]]:
    """Readings of two robots over a minute; some late, some brought along, with a mending now and then."""
    count = draw(st.integers(1, 25))
    made = []
    for _ in range(count):
        asset, time = draw(st.sampled_from(["r1", "r2"])), T + draw(st.integers(0, 240)) * S // 4
        keys = draw(st.sets(st.sampled_from(sorted(VALUES)), min_size=1))
        bad = {key: "bad" for key in sorted(keys - {"state"}) if draw(st.integers(0, 9)) == 0}
        made.append(Reading(asset, time, {key: draw(VALUES[key]) for key in sorted(keys)}, bad or None))
    lateness = [draw(st.sampled_from([0, 0, 0, 2, 30, 100])) * S for _ in made]
    order = sorted(range(count), key=lambda n: made[n].time + lateness[n])
    return [(draw(st.sampled_from([0, 0, 1])), draw(st.sampled_from([False, False, True])), [made[n]]) for n in order]


@settings(max_examples=60, deadline=None)
@given(histories(), st.sampled_from(["new", "seeded", "behind", "later"]))
def test_in_whatever_order_readings_come_the_end_is_the_same(
    history: list[tuple[int, bool, list[Reading]]],
    begin: str,
) -> None:
    robots = [machine(slug, ROBOT, **EXPRESSIONS) for slug in ("r1", "r2")]
    plant = plant_of(*robots, machine("meter", {}, **METER))
    before = plant_of(*(machine(slug, ROBOT) for slug in ("r1", "r2"))) if begin == "later" else plant
    world = World(before, seeded=begin in ("seeded", "later"))
    if begin == "behind":  # the store was faster
        for _, _, batch in history:
            world.store(batch)
        world.seed()
    for number, (mending, past, batch) in enumerate(history, 1):
        world.take(batch, number, past=past)
        if begin == "later" and number == (len(history) + 1) // 2:
            world.meet(plant)
        elif mending:
            world.mend()
    world.store(world.calculator.flush(1e9))
    world.mend()
    world.store(world.calculator.flush(2e9))
    world.mend()
    measured = {name: found for name, found in world.stored.items() if name[1] in ROBOT}
    for name, expected in reference(plant, measured).items():
        of_measured = set(world.calculator.cells[name].formula.names) <= set(measured)
        if of_measured or not world.withdrawn:  # what is taken back is bad, and so is no longer held by what follows
            found = world.stored.get(name, {}).items()
            assert {time: value for time, value in found if value == value} == pytest.approx(expected), name  # noqa: PLR0124
    assert world.calculator.oldest() == FOR_EVER
