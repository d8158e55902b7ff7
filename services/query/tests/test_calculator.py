"""Calculated sensors in memory and over columns."""

import math
from collections.abc import Iterable

import numpy as np
import pytest

from andon.common.history.columns import Columns
from andon.common.history.span import Span
from andon.common.plant import Asset, Plant, Sensor
from andon.common.reading import Reading, Value
from andon.query.derive.calculate import inputs, over_history
from andon.query.derive.calculate.calculator import PATIENCE, Calculator
from andon.query.derive.calculate.inputs import Said
from andon.query.derive.calculate.track import FOR_EVER, KEPT, Track

from .calculating import renew

S = 1_000_000_000
T = 1_700_000_000 * S
LINE = "berlin/painting/line-1"


def machine(slug: str, measured: dict[str, str], **calculated: str) -> Asset:
    """A machine whose id is its slug; sensors whose expression compares are switches."""
    path = f"{LINE}/{slug}"
    sensors = [Sensor(key, f"{path}/{key}", datatype=kind) for key, kind in measured.items()]  # type: ignore[arg-type]
    for key, text in calculated.items():
        sensors.append(
            Sensor(key, f"{path}/{key}", datatype="bool" if key.startswith("is_") else "float", expression=text)
        )
    return Asset(id=slug, path=path, kind="machine", slug=slug, name=slug, sensors=tuple(sensors))


ROBOT = {"torque": "float", "speed": "float", "running": "bool", "state": "string"}
POWER = "torque * speed / 9550"


def plant_of(*machines: Asset) -> Plant:
    plant = Plant()
    for one in machines:
        plant.put(one)
    return plant


def opened(plant: Plant) -> Calculator:
    """A calculator that knows that nothing was before."""
    calculator = Calculator(plant)
    assert renew(calculator)
    for track in calculator.unseeded:
        track.seed(None)
    return calculator


def said(asset: str, seconds: float, **values: Value) -> Reading:
    return Reading(asset, T + round(seconds * S), dict(values))


def told(readings: Iterable[Reading]) -> list[tuple[str, float, dict[str, Value]]]:
    return [(r.asset, (r.time - T) / S, r.values) for r in readings]


def column(samples: dict[int, Value]) -> Said:
    """What a sensor said; NaN where it was bad."""
    times = sorted(samples)
    values = [samples[time] for time in times]
    texts = any(isinstance(value, str) for value in values)
    made = np.array(values, np.object_ if texts else np.float64)
    return Said(np.array(times, np.int64), made, np.zeros(len(times), np.bool_))


def test_power_follows_with_each_reading_and_holds_what_did_not_come() -> None:
    calculator = opened(plant_of(machine("r1", ROBOT, power=POWER, is_busy="power > 1")))
    assert calculator.take([said("r1", 0, torque=191.0)], 1, 0) == []
    assert calculator.without == 1
    assert told(calculator.take([said("r1", 1, speed=100.0, state="RUN")], 2, 0)) == [
        ("r1", 1, {"power": 2.0, "is_busy": True})
    ]
    assert told(calculator.take([said("r1", 2, torque=0.0)], 3, 0)) == [("r1", 2, {"power": 0.0, "is_busy": False})]
    assert calculator.take([said("r1", 3, state="STOP"), said("r2", 3, torque=1.0)], 4, 0) == []
    assert calculator.oldest() == FOR_EVER


def test_what_comes_in_another_order_is_calculated_anew_in_memory() -> None:
    calculator = opened(plant_of(machine("r1", ROBOT, power="torque * speed")))
    calculator.take([said("r1", 0, torque=1.0, speed=1.0), said("r1", 2, speed=2.0), said("r1", 4, torque=3.0)], 1, 0)
    assert told(calculator.take([said("r1", 1, torque=10.0)], 2, 0)) == [
        ("r1", 1, {"power": 10.0}),
        ("r1", 2, {"power": 20.0}),
    ]
    assert calculator.take([said("r1", 1, torque=10.0)], 3, 0) == []  # sent again
    assert calculator.late == {}


def test_bad_values_are_none_and_uncertain_ones_make_uncertain() -> None:
    calculator = opened(plant_of(machine("r1", ROBOT, power="torque * speed")))
    calculator.take([said("r1", 0, torque=2.0, speed=3.0)], 1, 0)
    bad = Reading("r1", T + S, {"torque": 9.0}, {"torque": "bad"})
    assert calculator.take([bad], 2, 0) == []
    assert calculator.take([said("r1", 2, speed=4.0)], 3, 0) == []
    unsure = Reading("r1", T + 3 * S, {"torque": 5.0}, {"torque": "uncertain"})
    (found,) = calculator.take([unsure], 4, 0)
    assert (found.values, found.quality) == ({"power": 20.0}, {"power": "uncertain"})
    (found,) = calculator.take([said("r1", 4, torque=6.0)], 5, 0)
    assert found.quality is None


def test_what_follows_no_longer_is_taken_back_and_comes_back_when_it_follows_again() -> None:
    robot = machine("r1", ROBOT, ratio="torque / speed", twice="ratio * 2")
    calculator = opened(plant_of(robot))
    calculator.take([said("r1", 0, torque=6.0), said("r1", 1, speed=2.0), said("r1", 2, speed=3.0)], 1, 0)
    (taken,) = calculator.take([said("r1", 1, speed=0.0)], 2, 0)
    assert (taken.values, taken.quality) == ({"ratio": 3.0, "twice": 6.0}, {"ratio": "bad", "twice": "bad"})
    assert calculator.take([said("r1", 1, torque=7.0, speed=0.0)], 3, 0)[0].time == T + 2 * S, "it is taken back once"
    bad = Reading("r1", T + 2 * S, {"speed": 3.0}, {"speed": "bad"})
    (taken,) = calculator.take([bad], 4, 0)
    assert (taken.values["ratio"], taken.quality) == (pytest.approx(7 / 3), {"ratio": "bad", "twice": "bad"})
    (found,) = calculator.take([said("r1", 2, speed=7.0)], 5, 0)
    assert (found.values, found.quality) == ({"ratio": 1.0, "twice": 2.0}, None)
    assert calculator.late == {}


def test_what_a_process_before_may_have_said_is_left_to_history() -> None:
    calculator = Calculator(plant_of(machine("r1", ROBOT, ratio="torque / speed")))
    renew(calculator)
    for track in calculator.unseeded:
        track.seed((T, 6.0, "") if track.name[1] in ("torque", "speed") else None)
    assert calculator.take([said("r1", 0, speed=0.0)], 1, 0) == []
    (late,) = calculator.take_late().values()
    assert (late.ranges, late.number) == ([(T, T + 1)], 1)
    assert calculator.take([said("r1", 1, speed=0.0)], 2, 0) == []
    assert calculator.late == {}, "of what came since, it knows itself"


def test_over_history_only_that_is_taken_back_which_was_said_and_counts_still() -> None:
    plant = plant_of(machine("r1", ROBOT, is_fast="torque / speed > 1"))
    calculator = opened(plant)
    formula = calculator.cells["r1", "is_fast"].formula
    times = [T + n * S for n in range(5)]
    inputs_said = {
        ("r1", "torque"): column(dict.fromkeys(times, 5.0)),
        ("r1", "speed"): column(dict(zip(times, [1.0, 0.0, 0.0, 0.0, 9.0], strict=True))),
    }
    before = column({times[1]: 1.0, times[2]: math.nan, times[2] + 1: 1.0, times[4]: 1.0})
    found = over_history.calculate(formula, inputs_said, Span(T, T + 9 * S), before=before)
    assert [(r.time, r.values["is_fast"], r.quality) for r in found] == [
        (times[0], True, None),
        (times[1], True, {"is_fast": "bad"}),
        (times[4], False, None),
    ]


def test_what_was_said_is_remembered_no_longer_than_memory_can_tell() -> None:
    calculator = opened(plant_of(machine("r1", ROBOT, power="torque * 2")))
    for n in range(5000):
        calculator.take([said("r1", n, torque=1.0)], n, 0)
    assert len(calculator.cells["r1", "power"].said) < 100


def test_what_follows_from_sensors_that_are_still_follows_as_soon_as_it_is_asked_for() -> None:
    robots = [machine(slug, ROBOT) for slug in ("r1", "r2")]
    plant = plant_of(*robots)
    calculator = Calculator(plant)
    plant.put(machine("meter", {}, total="'../r1/torque' + '../r2/torque'"))
    renew(calculator)
    for track in calculator.unseeded:
        track.seed((T + S // 4, 2.0, ""))
    calculator.seeded(0, 0)
    cell = calculator.cells["meter", "total"]
    assert cell.reach() == T + 1, "history calculates the seconds that have ended"
    assert told(calculator.flush(PATIENCE)) == [("meter", 1, {"total": 4.0})]
    assert calculator.oldest() == FOR_EVER


def test_after_a_restart_the_last_second_of_a_year_ago_is_not_said_as_if_it_were_news() -> None:
    calculator = Calculator(plant_of(machine("r1", ROBOT), machine("meter", {}, total="max('../*/torque')")))
    renew(calculator)
    for track in calculator.unseeded:
        track.seed((T + S // 4, 2.0, ""))
    calculator.seeded(0, T + 10 * S)
    assert calculator.flush(PATIENCE) == []
    assert calculator.cells["meter", "total"].reach() == T + S + 1, "history calculates it, where it is asked to"


@pytest.mark.parametrize("by", ["memory", "history"])
def test_what_was_said_is_taken_back_after_a_change_of_the_plant_too(by: str) -> None:
    robot = machine("r1", ROBOT, ratio="torque / speed")
    plant = plant_of(robot if by == "memory" else machine("r1", ROBOT, power="torque * speed"))
    calculator = opened(plant)
    calculator.take([said("r1", 0, torque=6.0, speed=3.0), said("r1", 1, speed=2.0), said("r1", 2, speed=3.0)], 1, 0)
    plant.put(robot)
    assert renew(calculator)
    if by == "history":
        calculator.cells["r1", "ratio"].learn([said("r1", 1, ratio=3.0)])
    (taken,) = calculator.take([said("r1", 1, speed=0.0)], 2, 0)
    assert (taken.time, taken.values, taken.quality) == (T + S, {"ratio": 3.0}, {"ratio": "bad"})


def test_a_sum_over_the_line_comes_once_a_second_whoever_speaks() -> None:
    robots = [machine(f"r{n}", {"power": "float"}) for n in range(1, 4)]
    calculator = opened(
        plant_of(*robots, machine("meter", {}, total="sum('../*/power')", robots="count('../*/power')"))
    )
    found = []
    for second in range(5):
        for n in range(1, 4):
            found += calculator.take([said(f"r{n}", second + 0.1 * n, power=10.0**n)], 3 * second + n, 0)
    assert told(found) == [("meter", second, {"total": 1110.0, "robots": 3.0}) for second in range(1, 4)]
    assert calculator.oldest() == 10  # the fourth second still waits, and the batches it follows from with it
    flushed = calculator.flush(5)
    assert told(flushed) == [("meter", second, {"total": 1110.0, "robots": 3.0}) for second in (4, 5)]
    assert calculator.oldest() == FOR_EVER
    assert calculator.source == 1
    assert calculator.take([said("r1", 1.7, power=0.0)], 20, 9) == []
    assert calculator.oldest() == 20
    assert told(calculator.flush(9 + PATIENCE)) == [("meter", 2, {"total": 1100.0, "robots": 3.0})]


@pytest.mark.parametrize("ahead", [0, 600])
def test_a_sum_does_not_come_with_each_reading_because_one_clock_runs_ahead(ahead: int) -> None:
    robots = [machine(f"r{n}", {"power": "float"}) for n in range(50)]
    calculator, found = opened(plant_of(*robots, machine("meter", {}, total="sum('../*/power')"))), list[Reading]()
    for second in range(1, 21):
        for n in range(50):
            at = second + n / 100 + (ahead if n == 0 else 0)
            found += calculator.take([said(f"r{n}", at, power=1.0)], 50 * second + n, second + n / 100)
            found += calculator.flush(second + n / 100)
    found += calculator.flush(1e9)
    assert max(found, key=lambda reading: reading.time).values == {"total": 50.0}
    assert len(found) < (200 if ahead else 22), "each second of its own every two seconds, and not fifty times"


def test_what_waits_keeps_its_batch_and_no_later_one() -> None:
    meter = machine("meter", {"price": "float"}, total="sum('../*/power')", cost="total * price")
    calculator = Calculator(plant_of(machine("r1", {"power": "float"}), meter))
    renew(calculator)
    for track in calculator.unseeded:
        if track.name != ("meter", "price"):
            track.seed(None)
    calculator.take([said("r1", 0.2, power=1.0)], 3, 0)
    assert told(calculator.take([said("r1", 2.2, power=1.0)], 9, 0)) == [("meter", 1, {"total": 1.0})]
    assert (calculator.source, calculator.oldest()) == (3, 3)
    assert calculator.take_late()[("meter", "cost"), False].number == 3  # whose second it was
    assert calculator.oldest() == 9


def test_before_it_is_known_what_was_before_all_is_left_to_history() -> None:
    calculator = Calculator(plant_of(machine("r1", ROBOT, power="torque * speed")))
    renew(calculator)
    assert calculator.take([said("r1", 0, torque=1.0)], 7, 0) == []
    assert calculator.oldest() == 7
    late = calculator.take_late()[("r1", "power"), False]
    assert (late.ranges, late.open) == ([(T, FOR_EVER)], {})
    for track in calculator.unseeded:
        track.seed((T - 5 * S, 4.0, "") if track.name == ("r1", "speed") else (T, 1.0, ""))
    assert told(calculator.take([said("r1", 1, torque=2.0)], 8, 0)) == [("r1", 1, {"power": 8.0})]
    assert calculator.take([said("r1", -7, speed=1.0), said("r1", -6, speed=1.0)], 9, 0) == []
    late = calculator.take_late()[("r1", "power"), False]
    assert (late.ranges, late.open) == ([(T - 7 * S, T - 6 * S)], {("r1", "speed"): {T - 6 * S}})
    assert late.number == 9


def test_what_changes_while_history_is_at_work_is_gone_over_again() -> None:
    calculator = opened(plant_of(machine("r1", ROBOT, power="torque * speed")))
    calculator.take([said("r1", 0, torque=1.0, speed=1.0), said("r1", 3, torque=1.0)], 1, 0)
    calculator.busy["r1", "power"] = [(T - 9 * S, T + 2 * S)]
    assert len(calculator.take([said("r1", 1, torque=5.0), said("r1", 4, torque=6.0)], 2, 0)) == 2
    assert calculator.late[("r1", "power"), False].ranges == [(T + S, T + 2 * S)]


def test_a_changed_plant_keeps_what_is_known() -> None:
    robot = machine("r1", ROBOT, power="torque * speed")
    plant = plant_of(robot)
    calculator = opened(plant)
    calculator.take([said("r1", 0, torque=2.0, speed=3.0)], 1, 0)
    plant.put(machine("r1", ROBOT, power="torque * speed", twice="power * 2"))
    assert renew(calculator)
    assert not renew(calculator)
    assert [track.name for track in calculator.unseeded] == [("r1", "power")]
    assert told(calculator.take([said("r1", 1, torque=5.0)], 2, 0)) == [("r1", 1, {"power": 15.0})]  # the other is late
    assert set(calculator.take_late()) == {(("r1", "twice"), False)}
    plant.remove("r1")
    renew(calculator)
    assert (calculator.cells, calculator.tracks, calculator.take([said("r1", 2, torque=1.0)], 3, 0)) == ({}, {}, [])


def test_what_follows_from_the_same_as_before_is_not_built_anew() -> None:
    plant = plant_of(machine("r1", ROBOT, power="torque * speed", is_fast="speed > 2"), machine("r2", ROBOT))
    calculator = opened(plant)
    calculator.take([said("r1", 0, torque=2.0, speed=3.0)], 1, 0)
    before = dict(calculator.cells)
    plant.put(machine("r0", ROBOT, twice="'../r1/power' * 2"))
    plant.put(machine("r1", {**ROBOT, "torque": "bool"}, power="torque * speed", is_fast="speed > 1"))
    renew(calculator)
    assert calculator.cells["r1", "power"] is before["r1", "power"]
    assert calculator.cells["r1", "is_fast"] is not before["r1", "is_fast"]
    cells = calculator.cells.values()
    assert sorted(cell.order for cell in cells) == [0, 1, 2]
    assert calculator.cells["r0", "twice"].order > calculator.cells["r1", "power"].order
    assert told(calculator.take([said("r1", 1, speed=1.5)], 2, 0)) == [("r1", 1, {"power": 3.0, "is_fast": True})]
    plant.put(machine("r1", {**ROBOT, "speed": "string"}, power="torque + 1"))
    renew(calculator)
    assert calculator.cells["r1", "power"] is not before["r1", "power"]


def test_a_track_stays_small_and_knows_from_when_on_it_can_tell() -> None:
    track = Track(("r1", "torque"), is_text=False)
    track.seed(None)
    for n in range(5000):
        track.put(T + n * S, float(n))
    assert len(track.times) <= 2 * KEPT // S + 2
    assert track.since == track.times[0]
    assert track.value(T + 4999 * S) == 4999.0
    assert track.put(T, 1.0) == track.times[0]  # too old to be kept
    assert track.times[0] > T
    fast = Track(("r1", "torque"), is_text=False)
    for n in range(5000):
        fast.put(T + n, float(n))
    assert len(fast.times) <= 600


def test_what_a_sensor_said_when_it_was_something_else_is_passed_over() -> None:
    mixed = np.array([1.0, "RUN", True, None], np.object_)
    rows = Columns({}, np.arange(4, dtype=np.int64), {"x": mixed})
    numbers, texts = (inputs._column(rows, "x", None, is_text=is_text) for is_text in (False, True))
    assert (numbers.times.tolist(), numbers.values.tolist()) == ([0, 2], [1.0, 1.0])
    assert (texts.times.tolist(), texts.values.tolist()) == ([1], ["RUN"])
    track = Track(("r1", "x"), is_text=False)
    assert [track.put(T, "RUN"), track.times] == [None, []]
