"""What rules mean, in all their forms; and the exact words for those that make no sense."""

from typing import Any

import pytest

from andon.alerting.alarm.state import Severity
from andon.alerting.rules import sources
from andon.alerting.rules.draft import Rule, RuleDraft
from andon.alerting.rules.levels import Level
from andon.alerting.rules.meaning import Meaning, meaning_of
from andon.common.errors import InvalidError
from andon.common.reading import NS_PER_S

SENSOR = "berlin/painting/line-1/robot-3/temperature"


def draft(condition: dict[str, Any], **fields: Any) -> RuleDraft:
    return RuleDraft.model_validate({"name": "R", "scope": {"sensor": SENSOR}, "condition": condition} | fields)


def meaning(condition: dict[str, Any], **fields: Any) -> Meaning:
    return meaning_of(draft(condition, **fields))


def only(condition: dict[str, Any], **fields: Any) -> Level:
    [level] = meaning(condition, **fields).levels
    return level


@pytest.mark.parametrize(
    ("condition", "low", "high"),
    [
        ({"above": 80}, None, 80.0),
        ({"below": "l"}, "l", None),
        ({"outside": [5, 80]}, 5.0, 80.0),
        ({"outside": ["ll", "hh"]}, "ll", "hh"),
    ],
)
def test_a_limit_is_a_number_or_one_of_the_sensors(condition: dict[str, Any], low: Any, high: Any) -> None:
    level = only(condition)
    assert (level.low, level.high, level.name) == (low, high, "")
    assert meaning(condition).source == sources.Own()


def test_a_level_has_what_the_rule_has_unless_it_says_otherwise() -> None:
    ladder = {"levels": [{"above": 95, "severity": "critical"}, {"above": 80, "on_delay": "1m"}, {"below": "l"}]}
    hh, h, low = meaning(ladder, on_delay="5s", severity="low").levels
    assert [level.name for level in (hh, h, low)] == ["hh", "h", "l"]
    assert [level.severity for level in (hh, h, low)] == [Severity.CRITICAL, Severity.LOW, Severity.LOW]
    assert [level.timing.on // NS_PER_S for level in (hh, h, low)] == [5, 60, 5]


def test_a_rule_that_is_stored_has_levels_too() -> None:
    stored = Rule(id="r1", **draft({"levels": [{"above": 95, "deadband": 1}, {"above": 80}]}).model_dump())
    assert [level.deadband for level in meaning_of(stored).levels] == [1, 0]


def test_a_state_that_lasts_grows_more_severe() -> None:
    levels = [{"severity": "low"}, {"on_delay": "10m", "severity": "critical", "name": "long"}]
    found = meaning({"equals": "FAULT", "levels": levels}).levels
    assert [(level.name, level.timing.on // NS_PER_S) for level in found] == [("1", 0), ("long", 600)]


@pytest.mark.parametrize(
    ("condition", "source"),
    [
        ({"rate_over": "10m", "per": "h", "above": 3}, sources.Rate(600 * NS_PER_S, "h")),
        ({"rate_over": "10m", "above": 3}, sources.Rate(600 * NS_PER_S, "min")),
        ({"score_over": "1h", "outside": [-5, 5]}, sources.Score(3600 * NS_PER_S)),
        ({"equals": "FAULT"}, sources.Equals(("FAULT",))),
        ({"equals": [1, True, "x"]}, sources.Equals((1.0, True, "x"))),
        ({"silent": "30s"}, sources.Silent(30 * NS_PER_S)),
        ({"unchanged": "10m"}, sources.Unchanged(600 * NS_PER_S)),
        ({"quality": "bad"}, sources.Doubt(frozenset({"bad"}))),
        ({"quality": ["bad", "stale"]}, sources.Doubt(frozenset({"bad", "stale"}))),
    ],
)
def test_a_source_is_read(condition: dict[str, Any], source: object) -> None:
    assert meaning(condition).source == source


def test_an_expression_is_a_number_where_it_is_compared_and_else_a_truth() -> None:
    number = meaning({"expression": "temperature - ambient", "above": 40})
    ladder = meaning({"expression": "temperature - ambient", "levels": [{"above": 40}]})
    truth = meaning({"expression": "temperature > 80 and not speed < 10"}, active_when="'../plc/running'")
    assert [getattr(one.source, "truth", None) for one in (number, ladder, truth)] == [False, False, True]
    assert truth.paths == {"temperature", "speed", "../plc/running"}


@pytest.mark.parametrize(
    ("other", "paths"),
    [
        ("setpoint", {"temperature", "setpoint"}),
        ("set-point", {"temperature", "set-point"}),
        ("../robot-4/temperature", {"temperature", "../robot-4/temperature"}),
        (-3.5, {"temperature"}),
    ],
)
def test_a_deviation_is_from_a_sensor_or_a_number(other: Any, paths: set[str]) -> None:
    assert meaning({"deviation_from": other, "outside": [-5, 5]}).paths == paths


def test_a_key_with_a_hyphen_is_no_difference() -> None:
    found = meaning({"deviation_from": "ambient", "above": 5}, scope={"sensor": "berlin/a/b/c/oil-temperature"})
    assert found.paths == {"oil-temperature", "ambient"}


def test_what_is_counted_has_the_deadband_of_the_rule() -> None:
    source = meaning({"count": 5, "within": "10m", "of": {"above": 80}}, deadband=2).source
    assert isinstance(source, sources.Count)
    assert (source.count, source.within, source.of.high, source.of.deadband) == (5, 600 * NS_PER_S, 80.0, 2)


def test_a_realarm_is_a_duration() -> None:
    assert meaning({"above": 80}, realarm="30m").realarm == 1800 * NS_PER_S


WRONG: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (
        {},
        {},
        'A condition has exactly one of above, below, outside: {"above": 80}, {"below": 5} or {"outside": [5, 80]}',
    ),
    ({"above": 1, "below": 0}, {}, "A condition has exactly one of above, below, outside"),
    ({"over": 1, "above": 1}, {}, "'over' does not belong in this condition; write {\"above\": 80}"),
    ({"above": "80"}, {}, "'above' must be a finite number, or one of the sensor's limits (ll, l, h, hh), not '80'"),
    ({"above": True}, {}, "'above' must be a finite number, or one of the sensor's limits (ll, l, h, hh), not True"),
    ({"above": 10**400}, {}, "'above' must be a finite number"),
    ({"above": None}, {}, "'above' must be a finite number"),
    ({"outside": [80, 5]}, {}, "'outside' needs low < high, not 80 and 5"),
    ({"outside": [5]}, {}, "'outside' must be two finite numbers, low and high, not [5]"),
    ({"outside": [5, 80]}, {"deadband": 40}, "A deadband of 40 leaves no room between 5 and 80"),
    ({"above": 80}, {"deadband": -1}, "deadband must be a finite number, 0 or more, not -1"),
    ({"above": 80}, {"on_delay": "soon"}, "on_delay: 'soon' is no duration"),
    ({"above": 80}, {"off_delay": "48h"}, "off_delay is 48h; the longest is 24h"),
    ({"above": 80}, {"minimum": "2d"}, "minimum is 2d; the longest is 24h"),
    ({"above": 80}, {"realarm": "x"}, "realarm: 'x' is no duration"),
    ({"above": 80}, {"active_when": "speed >"}, "active_when: "),
    ({"above": 80}, {"active_when": "1 > 0"}, "active_when: it names no sensor"),
    ({"levels": []}, {}, "'levels' is a list of up to 8"),
    ({"levels": [{"above": 1}] * 9}, {}, "'levels' is a list of up to 8"),
    ({"levels": [{"above": 1, "severity": "urgent"}]}, {}, "A level has no such severity: {'severity': 'urgent'}"),
    ({"levels": [{"above": 1, "color": "red"}]}, {}, "'color' does not belong in a level"),
    ({"levels": [{"above": 1, "name": 7}]}, {}, "The name of a level is a short text, not 7"),
    ({"levels": [{"above": 1, "name": "a"}, {"above": 2, "name": "a"}]}, {}, "Two levels have the same name"),
    ({"levels": [{"above": 1, "on_delay": "x"}]}, {}, "on_delay: 'x' is no duration"),
    ({"equals": "A", "silent": "1m"}, {}, "A condition has one of equals, silent, not both"),
    ({"equals": "A", "above": 1}, {}, "'above' does not belong in this condition"),
    ({"equals": []}, {}, "'equals' is a text, a number, true or false, or up to 50 of them; not []"),
    ({"equals": {"a": 1}}, {}, "'equals' is a text, a number, true or false, or up to 50 of them"),
    (
        {"deviation_from": None, "above": 1},
        {},
        "'deviation_from' is another sensor, like setpoint, or a number; not None",
    ),
    ({"deviation_from": "a b", "above": 1}, {}, "deviation_from: "),
    ({"deviation_from": "setpoint"}, {}, "A condition has exactly one of above, below, outside"),
    ({"rate_over": "10m", "per": "day", "above": 1}, {}, "'per' is one of s, min, h; not 'day'"),
    ({"rate_over": "10m", "per": ["s"], "above": 1}, {}, "'per' is one of s, min, h; not ['s']"),
    ({"rate_over": "8d", "above": 1}, {}, "rate_over is 8d; the longest is 168h"),
    ({"rate_over": 10, "above": 1}, {}, "'rate_over' is a duration, like 30s or 10m"),
    ({"score_over": "1ms", "above": 1}, {}, "'score_over' is 1ms; the shortest is 100ms"),
    ({"expression": 5}, {}, "'expression' is an expression, like \"temperature > 80 and speed < 10\""),
    ({"expression": "1 + 1", "above": 1}, {}, "expression: it names no sensor"),
    ({"expression": "temperature >"}, {}, "expression: "),
    ({"count": 1, "within": "1m", "of": {"above": 1}}, {}, "'count' is a whole number from 2 to 1000, not 1"),
    ({"count": True, "within": "1m", "of": {"above": 1}}, {}, "'count' is a whole number from 2 to 1000, not True"),
    ({"count": 5, "within": "1m"}, {}, "'of' is what is counted"),
    ({"count": 5, "of": {"above": 1}}, {}, "'within' is a duration, like 30s or 10m"),
    ({"count": 5, "within": "1m", "of": {"silent": "1m"}}, {}, "exactly one of above, below, outside"),
    ({"count": 5, "within": "1m", "of": {"above": 1, "x": 1}}, {}, "What is counted is one of above, below, outside"),
    ({"silent": "30s"}, {"repeat": 2}, "A silence has no samples to repeat"),
    ({"silent": ""}, {}, "silent: '' is no duration"),
    ({"unchanged": None}, {}, "'unchanged' is a duration, like 30s or 10m"),
    ({"quality": "wrong"}, {}, "'quality' is one or more of bad, good, stale, uncertain"),
    ({"quality": []}, {}, "'quality' is one or more of bad, good, stale, uncertain"),
    ({"quality": [["bad"]]}, {}, "'quality' is one or more of bad, good, stale, uncertain"),
    ({"above": 80}, {"scope": {"sensor": "temperature"}}, "The scope 'temperature' would match every machine"),
    ({"above": 80}, {"scope": {"sensor": "berlin/Temp erature"}}, "'Temp erature' is no sensor key"),
    ({"above": 80}, {"scope": {"sensor": "Berlin/t"}}, "'Berlin' is no path of the plant"),
    ({"above": 80}, {"scope": {"sensor": SENSOR, "type": "robot"}}, "A scope names one sensor by its path, or a key"),
]


@pytest.mark.parametrize(("condition", "fields", "message"), WRONG, ids=[str(number) for number in range(len(WRONG))])
def test_what_makes_no_sense_is_told_why(condition: dict[str, Any], fields: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidError) as told:
        meaning(condition, **fields)
    assert message in str(told.value)
