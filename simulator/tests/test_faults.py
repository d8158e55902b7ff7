"""Things go wrong in five ways, each for its time only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.common.plant import Limits, Sensor
from andon.simulator.faults import Fault, FaultKind, drift_share, report, worst_of
from andon.simulator.machine import Machine
from andon.simulator.plant_file import PlantFile

PRESS = "berlin/pressing/line-1/press-1"
AT_WORK = 1_732_538_700  # 2024-11-25 13:45 at UTC+1, after the breaks of the shift


@pytest.fixture(scope="session")
def press(plant: PlantFile) -> Machine:
    return next(Machine(1, *parts) for parts in plant.machines() if parts[0] == PRESS)


def fault(kind: FaultKind, key: str = "oil_temperature", to: float = 80) -> Fault:
    return Fault(PRESS, key, kind, AT_WORK, 100, to)


def shown(press: Machine, trouble: Fault, t: float, key: str = "oil_temperature") -> object:
    said = report(press, t, [trouble])
    assert said is not None
    return said.values.get(key)


@pytest.mark.parametrize("kind", list(FaultKind))
def test_before_and_after_a_fault_all_is_as_it_was(press: Machine, kind: FaultKind) -> None:
    for t in (AT_WORK - 1, AT_WORK + 100):
        assert report(press, t, [fault(kind)]) == report(press, t, [])


def test_a_drift_rises_holds_and_returns(press: Machine) -> None:
    course = [float(str(shown(press, fault(FaultKind.DRIFT), AT_WORK + s))) for s in (0, 20, 50, 70, 99)]
    assert course[0] < 60 < course[1] < course[2]
    assert abs(course[2] - 80) < 2
    assert abs(course[3] - 80) < 2
    assert course[4] < 60


def test_a_stuck_sensor_repeats_what_it_showed_last(press: Machine) -> None:
    values = {shown(press, fault(FaultKind.STUCK, "vibration"), AT_WORK + s, "vibration") for s in range(100)}
    assert values == {press.values(AT_WORK)["vibration"]}


def test_a_spike_jumps_at_once(press: Machine) -> None:
    assert abs(float(str(shown(press, fault(FaultKind.SPIKE), AT_WORK))) - 80) < 2


def test_a_sensor_drops_out_alone_and_a_machine_altogether(press: Machine) -> None:
    assert shown(press, fault(FaultKind.DROP_OUT), AT_WORK) is None
    assert shown(press, fault(FaultKind.DROP_OUT), AT_WORK, "force") is not None
    assert report(press, AT_WORK, [fault(FaultKind.DROP_OUT, "")]) is None


def test_a_skewed_clock_tells_the_wrong_time_and_the_right_values(press: Machine) -> None:
    said = report(press, AT_WORK, [fault(FaultKind.CLOCK_SKEW, "", -30)])
    assert said is not None
    assert said.ts == (AT_WORK - 30) * 1000
    assert said.values == press.values(AT_WORK)


def test_a_fault_of_another_machine_is_none_of_ours(press: Machine) -> None:
    other = Fault("berlin/pressing/line-1/press-2", "", FaultKind.DROP_OUT, AT_WORK, 100)
    assert report(press, AT_WORK, [other]) == report(press, AT_WORK, [])


@given(st.floats(0, 1, exclude_max=True))
def test_a_drift_is_never_more_than_itself(progress: float) -> None:
    assert 0 <= drift_share(progress) <= 1


def test_the_worst_of_a_sensor_lies_beyond_its_outermost_limit() -> None:
    assert worst_of(Sensor("a", "a", limits=Limits(h=80, hh=100))) == 108
    assert worst_of(Sensor("a", "a", limits=Limits(l=5))) == pytest.approx(4.6)
    assert worst_of(Sensor("a", "a", limits=Limits(l=0))) < 0
    assert worst_of(Sensor("a", "a")) == 100
