"""Which sensors a rule watches."""

from typing import Any

import pytest

from andon.alerting.evaluate.index import Places, build, watches_any
from andon.alerting.rules.draft import Rule
from andon.alerting.rules.scope import Labels, idle
from andon.common.plant import Asset, Plant, Sensor


def machine(name: str, line: str, kind: str, **labels: str) -> Asset:
    path = f"{line}/{name}"
    keys = (("temperature", "float"), ("jammed", "bool"), ("state", "string"))
    sensors = tuple(Sensor(key=key, path=f"{path}/{key}", datatype=datatype) for key, datatype in keys)  # type: ignore[arg-type]
    return Asset(id=name, path=path, kind="machine", slug=name, name=name, type=kind, sensors=sensors, labels=labels)


@pytest.fixture
def plant() -> Plant:
    made = Plant()
    made.put(Asset(id="b", path="berlin", kind="site", slug="berlin", name="", labels={"owner": "ada", "zone": "eu"}))
    for asset in (
        machine("press-1", "berlin/stamping/line-1", "press", owner="bob"),
        machine("press-2", "oslo/stamping/line-1", "press"),
        machine("oven-1", "berlin/baking/line-1", "oven"),
    ):
        made.put(asset)
    return made


def rule(condition: dict[str, Any] | None = None, **scope: Any) -> Rule:
    return Rule.model_validate({"id": "r", "name": "Hot", "scope": scope, "condition": condition or {"above": 80}})


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
        ({"sensor": "temperature", "labels": {"zone": "eu"}}, {"press-1", "oven-1"}),
        ({"sensor": "temperature", "labels": {"owner": "ada"}}, {"oven-1"}),
        ({"sensor": "temperature", "labels": {"owner": "ada", "zone": "us"}}, set()),
    ],
)
def test_a_scope_reaches(plant: Plant, scope: dict[str, Any], expected: set[str]) -> None:
    assert {key[1] for key in build(Places(plant, []), [rule(**scope)])} == expected


def test_a_text_is_watched_by_what_can_say_something_of_it(plant: Plant) -> None:
    places = Places(plant, [])
    for condition, watched in [
        ({"equals": "FAULT"}, True),
        ({"silent": "30s"}, True),
        ({"unchanged": "10m"}, True),
        ({"quality": "bad"}, True),
        ({"rate_over": "10m", "above": 3}, False),
        ({"above": 3}, False),
    ]:
        assert bool(build(places, [rule(condition, sensor="state", type="press")])) is watched


def test_a_node_has_the_labels_of_what_it_stands_in_and_its_own_count_for_more(plant: Plant) -> None:
    labels = Labels(plant)
    assert labels.of("berlin/stamping/line-1/press-1") == {"owner": "bob", "zone": "eu"}
    assert labels.of("oslo/stamping/line-1/press-2") == {}


def test_rules_that_watch_nothing_are_named(plant: Plant) -> None:
    places = Places(plant, [])
    rules = [
        rule(sensor="temperature", type="press"),
        rule(sensor="temperature", type="ofen").model_copy(update={"name": "Misspelt"}),
        rule({"above": "hh"}, sensor="temperature", type="press").model_copy(update={"name": "No limit"}),
        rule({"equals": "70"}, sensor="temperature", type="press").model_copy(update={"name": "A text"}),
        rule({"equals": [1, True]}, sensor="state", type="press").model_copy(update={"name": "No text"}),
        rule({"equals": [70, "hot"]}, sensor="temperature", type="press").model_copy(update={"name": "Either"}),
        rule(sensor="oslo/stamping/line-1/press-9/temperature").model_copy(update={"name": "No machine"}),
    ]
    assert idle(plant, rules, lambda one, where: watches_any(places, one, where)) == [
        "Misspelt",
        "No limit",
        "A text",
        "No text",
        "No machine",
    ]
