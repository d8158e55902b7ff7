"""Which watches a changed rule, calendar or node of the plant touches."""

from typing import Any

import msgspec
import pytest

from andon.alerting.evaluate.change import Change, Look, change
from andon.alerting.rules.calendar import Calendar, HoursDraft
from andon.alerting.rules.draft import Rule
from andon.common.plant import Asset, Sensor

NOTHING = frozenset[str]()


def machine(name: str, line: str = "berlin/hall/line-1") -> Asset:
    path = f"{line}/{name}"
    sensors = (Sensor(key="t", path=f"{path}/t"), Sensor(key="u", path=f"{path}/u"))
    return Asset(id=name, path=path, kind="machine", slug=name, name=name, type="robot", sensors=sensors)


def node(path: str, kind: Any, **labels: str) -> Asset:
    return Asset(id=path.replace("/", "-"), path=path, kind=kind, slug=path, name=path, labels=labels)


def rule(name: str, **fields: Any) -> Rule:
    scope = {"type": "robot", "sensor": "t"}
    return Rule.model_validate({"id": name, "name": name, "scope": scope, "condition": {"above": 80}} | fields)


def shift(start: str) -> Calendar:
    return Calendar(id="c", name="shift", hours=[HoursDraft(start=start)])


PLANT = [node("berlin", "site"), node("berlin/hall/line-1", "line"), machine("m1"), machine("m2")]
PLANT += [machine("m3", "berlin/hall/line-2")]
RULES = [
    rule("hot"),
    rule("own", condition={"expression": "t > u"}),
    rule("line", condition={"expression": "t > mean('../*/t')"}),
    rule("shift", active_during=["shift"]),
    rule("child", suppressed_by={"rule": "hot"}, group={"name": "first"}),
]


def from_here(plant: list[Asset] = PLANT, rules: list[Rule] = RULES, start: str = "06:00") -> Change:
    before = Look(PLANT, RULES, [shift("06:00")])
    return change(before, Look(plant, rules, [shift(start)], before))


def with_rules(*rules: Rule) -> list[Rule]:
    """These rules, in the places of those of the same name."""
    return [*{one.id: one for one in (*RULES, *rules)}.values()]


def with_nodes(*assets: Asset) -> list[Asset]:
    return [*{one.id: one for one in (*PLANT, *assets)}.values()]


def test_rules_that_are_read_again_and_are_the_same_touch_nothing() -> None:
    again = [Rule.model_validate(one.model_dump()) for one in RULES]
    assert from_here(list(PLANT), again) == (NOTHING, NOTHING)


@pytest.mark.parametrize(
    ("fields", "touched"),
    [
        ({"condition": {"above": 90}}, {"hot"}),
        ({"cause": "A worn bearing"}, {"hot"}),
        ({"enabled": False}, {"hot"}),
        ({"scope": {"type": "oven", "sensor": "t"}}, {"hot"}),
    ],
)
def test_a_changed_rule_touches_itself_and_not_those_it_suppresses(fields: dict[str, Any], touched: set[str]) -> None:
    assert from_here(rules=with_rules(rule("hot", **fields))) == (touched, NOTHING)


def test_a_rule_that_is_new_or_gone_is_touched() -> None:
    assert from_here(rules=[*RULES[1:], rule("new")]) == ({"hot", "new"}, NOTHING)


def test_a_changed_calendar_touches_the_rules_that_name_it() -> None:
    assert from_here(start="07:00") == ({"shift"}, NOTHING)


@pytest.mark.parametrize(
    ("plant", "machines"),
    [
        (with_nodes(msgspec.structs.replace(machine("m1"), name="Robot 1")), {"m1"}),
        (with_nodes(machine("m9")), {"m9"}),
        (PLANT[:-1], {"m3"}),
        (with_nodes(machine("m1", "berlin/hall/line-2")), {"m1"}),
        (with_nodes(node("berlin/hall/line-1", "line", owner="ada")), {"m1", "m2"}),
        (with_nodes(node("berlin", "site", owner="ada")), {"m1", "m2", "m3"}),
    ],
)
def test_a_changed_node_touches_its_machines_and_rules_that_look_around(plant: list[Asset], machines: set[str]) -> None:
    assert from_here(plant) == ({"line"}, machines)


def test_a_changed_node_without_machines_touches_none() -> None:
    assert from_here(with_nodes(node("oslo", "site"))) == (NOTHING, NOTHING)
