"""Rules that look at very much: held against the plant once; one that would hold up all others watches none."""

from typing import Any

from andon.alerting.evaluate import index
from andon.alerting.evaluate.index import Places, build
from andon.alerting.rules.draft import Rule
from andon.common.plant import Asset, Plant, Sensor


def plant(lines: int, machines: int) -> Plant:
    made = Plant()
    for line in range(lines):
        for number in range(machines):
            path = f"berlin/hall/line-{line}/robot-{number}"
            sensors = tuple(Sensor(key=key, path=f"{path}/{key}") for key in ("power", "temperature"))
            made.put(Asset(id=f"{line}-{number}", path=path, kind="machine", slug="r", name="R", sensors=sensors))
    return made


def rule(name: str, expression: str) -> Rule:
    scope = {"sensor": "temperature", "under": "berlin"}
    fields: dict[str, Any] = {"id": name, "name": name, "scope": scope, "condition": {"expression": expression}}
    return Rule.model_validate(fields)


def test_each_machine_may_be_compared_with_its_line_and_not_with_all_there_are() -> None:
    rules = [rule("line", "sum('../*/power') > 3"), rule("all", "sum('../../*/*/power') > 3"), rule("own", "power > 3")]
    watches = build(Places(plant(30, 20), []), rules).values()
    assert {name: sum(watch.rule.id == name for watch in watches) for name in ("line", "all", "own")} == {
        "line": 600,
        "all": 0,
        "own": 600,
    }


def test_a_pattern_is_held_against_the_plant_once_however_many_machines_look_from_it() -> None:
    places = Places(plant(10, 10), [])
    assert len(build(places, [rule("all", "sum('*/*/*/*/power') > 3")])) == 100
    sensors = [watch.source for watch in build(places, [rule("all", "sum('berlin/*/*/*/power') > 3")]).values()]
    assert len({id(names) for source in sensors for names in source._meant.values()}) == 1  # type: ignore[union-attr]
    assert index.MOST_LOOKED_AT > 100 * 100
