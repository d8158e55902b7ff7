"""A healthy factory is believable: repeatable, within its limits, with sensors that move together."""

import itertools
from statistics import correlation, mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from andon.common.plant import Limits, Sensor
from andon.simulator.machine import Machine
from andon.simulator.plant_file import PlantFile

NOON = 1_732_532_400


def machine_of(plant: PlantFile, name: str, seed: int = 1) -> Machine:
    return next(Machine(seed, *parts) for parts in plant.machines() if parts[0] == name)


@pytest.fixture(scope="session")
def factory(plant: PlantFile) -> list[Machine]:
    return [Machine(1, *parts) for parts in plant.machines()]


@given(t=st.integers(1_700_000_000, 2_000_000_000), seed=st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_every_value_of_a_healthy_factory_lies_within_its_limits(plant: PlantFile, t: int, seed: int) -> None:
    for path, kind, sensors in plant.machines():
        values = Machine(seed, path, kind, sensors).values(t)
        for sensor in sensors:
            value, limits = values[sensor.key], sensor.limits
            if isinstance(value, float):
                assert limits.l is None or value >= limits.l, sensor.path
                assert limits.h is None or value <= limits.h, sensor.path


@given(t=st.integers(1_700_000_000, 2_000_000_000), seed=st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_no_rule_speaks_in_a_healthy_factory(plant: PlantFile, t: int, seed: int) -> None:
    for path, kind, sensors in plant.machines():
        values = Machine(seed, path, kind, sensors).values(t)
        for rule in plant.rules:
            if rule.scope["type"] == kind:
                value = values[rule.scope["sensor"]]
                assert isinstance(value, float)
                assert not rule.condition.holds(value), f"{rule.name} at {path}: {value}"


def test_the_same_moment_shows_the_same_values_in_any_order(plant: PlantFile) -> None:
    robot, again = (machine_of(plant, "berlin/painting/line-1/robot-3") for _ in range(2))
    forth = [robot.values(NOON + s) for s in range(100)]
    back = [again.values(NOON + s) for s in reversed(range(100))]
    assert forth == back[::-1]
    assert forth != [machine_of(plant, robot.path, seed=2).values(NOON + s) for s in range(100)]


def test_current_torque_and_vibration_of_a_running_robot_move_together(plant: PlantFile) -> None:
    rows = [machine_of(plant, "berlin/painting/line-1/robot-3").values(NOON + s) for s in range(0, 4000, 7)]
    running = [row for row in rows if row["state"] == "RUN"]
    current, torque, vibration = ([float(row[k]) for row in running] for k in ("motor_current", "torque", "vibration"))
    assert correlation(current, torque) > 0.97
    assert correlation(current, vibration) > 0.9


def test_the_more_a_pump_presses_the_less_flows(plant: PlantFile) -> None:
    rows = [machine_of(plant, "berlin/utilities/energy/pump-1").values(NOON + s) for s in range(0, 4000, 7)]
    running = [row for row in rows if row["state"] == "RUN"]
    assert correlation([float(r["pressure"]) for r in running], [float(r["flow"]) for r in running]) < -0.9


def test_machines_that_stand_cool_down_and_draw_no_current(factory: list[Machine]) -> None:
    presses = [m for m in factory if m.type == "press"]
    rows = [m.values(NOON + s) for m in presses for s in range(0, 86_400, 120)]
    standing, running = ([r for r in rows if r["state"] in states] for states in (("IDLE", "DOWN"), ("RUN",)))
    assert mean(float(r["oil_temperature"]) for r in standing) < mean(float(r["oil_temperature"]) for r in running) - 5
    assert max(float(r["motor_current"]) for r in standing) < 5


def test_parts_count_up_and_start_anew_with_the_shift(plant: PlantFile) -> None:
    counts = [
        machine_of(plant, "berlin/pressing/line-1/press-1").values(NOON + s)["parts"] for s in range(0, 90_000, 60)
    ]
    falls = [b for a, b in itertools.pairwise(counts) if b < a]
    assert 3 <= len(falls) <= 4
    assert all(float(fallen) < 10 for fallen in falls)


def test_a_sensor_nobody_wrote_a_law_for_lives_within_its_limits() -> None:
    own = (
        Sensor("ph", "a/b/c/tank-1/ph", limits=Limits(l=6.5, h=7.5), decimals=2),
        Sensor("dew", "a/b/c/tank-1/dew", limits=Limits(h=-40)),
        Sensor("count", "a/b/c/tank-1/count"),
    )
    tank = Machine(1, "a/b/c/tank-1", "tank", own)
    for s in range(0, 86_400, 600):
        values = tank.values(NOON + s)
        assert 6.5 < float(values["ph"]) < 7.5
        assert float(values["dew"]) < -40
        assert 0 < float(values["count"]) < 100
