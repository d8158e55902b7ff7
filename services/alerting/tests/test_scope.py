"""Which sensors a rule watches."""

from typing import Any

import pytest

from andon.alerting.phase import Phase, State
from andon.alerting.rule import Rule
from andon.alerting.scope import build_index, watches
from andon.common.plant import Asset, Plant, Sensor


def machine(name: str, line: str, kind: str) -> Asset:
    path = f"{line}/{name}"
    keys = (("temperature", "float"), ("jammed", "bool"), ("state", "string"))
    sensors = tuple(Sensor(key=key, path=f"{path}/{key}", datatype=datatype) for key, datatype in keys)  # type: ignore[arg-type]
    return Asset(id=name, path=path, kind="machine", slug=name, name=name, type=kind, sensors=sensors)


@pytest.fixture
def plant() -> Plant:
    made = Plant()
    for asset in (
        machine("press-1", "berlin/stamping/line-1", "press"),
        machine("press-2", "oslo/stamping/line-1", "press"),
        machine("oven-1", "berlin/baking/line-1", "oven"),
    ):
        made.put(asset)
    return made


def rule(**scope: Any) -> Rule:
    return Rule(id="r", name="Hot", scope=scope, condition={"above": 80})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ({"sensor": "berlin/stamping/line-1/press-1/temperature"}, {"press-1"}),
        ({"type": "press", "sensor": "temperature"}, {"press-1", "press-2"}),
        ({"type": "press", "sensor": "temperature", "under": "berlin"}, {"press-1"}),
        ({"sensor": "temperature", "under": "berlin"}, {"press-1", "oven-1"}),
        ({"sensor": "jammed", "under": "berlin/baking/line-1/oven-1"}, {"oven-1"}),
        ({"sensor": "pressure", "under": "berlin"}, set()),
        ({"sensor": "state", "under": "berlin"}, set()),
        ({"type": "press", "sensor": "temperature", "under": "ber"}, set()),
    ],
)
def test_a_scope_reaches(plant: Plant, scope: dict[str, str], expected: set[str]) -> None:
    assert set(build_index(plant, [rule(**scope)], {})) == expected


def test_phases_go_on_when_the_index_is_rebuilt(plant: Plant) -> None:
    hot = Phase(State.ACTIVE, 5, 6, 90.0)
    index = build_index(plant, [rule(type="press", sensor="temperature")], {("r", "press-1", "temperature"): hot})
    found = watches(index)
    assert found["r", "press-1", "temperature"].phase is hot
    assert found["r", "press-2", "temperature"].phase.state is State.NORMAL
