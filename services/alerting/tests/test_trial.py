"""The tests that are written with a rule."""

from typing import Any

import pytest

from andon.alerting.backtest import trial as trials
from andon.alerting.backtest.trial import failure, refuse_any_failing, refuse_failing
from andon.alerting.rules.draft import RuleDraft
from andon.common.errors import InvalidError


def draft(trial: dict[str, Any], condition: dict[str, Any] | None = None, **fields: Any) -> RuleDraft:
    rule = {"name": "R", "scope": {"sensor": "temperature", "type": "press"}, "condition": condition or {"above": 80}}
    return RuleDraft.model_validate(rule | fields | {"tests": [{"name": "T"} | trial]})


def fails(*arguments: Any, **fields: Any) -> str:
    rule = draft(*arguments, **fields)
    return failure(rule, rule.tests[0])


def test_a_rule_stands_as_its_test_says() -> None:
    samples = {"temperature": [["0s", 70], ["10s", 85], ["30s", 70]]}
    states = [["5s", "normal"], ["12s", "pending"], ["15s", "active"], ["31s", "clearing"], ["40s", "normal"]]
    assert fails({"samples": samples, "states": states}, on_delay="5s", off_delay="10s") == ""


def test_states_may_be_written_in_any_order() -> None:
    samples = {"temperature": [["10s", 85], ["0s", 70]]}
    assert fails({"samples": samples, "states": [["10s", "active"], ["5s", "normal"]]}) == ""


def test_what_comes_instead_is_told() -> None:
    trial = {"samples": {"temperature": [["0s", 85]]}, "states": [["1s", "normal"]]}
    assert fails(trial) == "after 1s it is active, and should be normal"
    with pytest.raises(InvalidError, match="Test 'T' fails: after 1s it is active, and should be normal"):
        refuse_failing(draft(trial))


def test_samples_of_a_sensor_the_rule_does_not_look_at_are_a_slip_of_the_pen() -> None:
    trial = {"samples": {"tempreature": [["0s", 85]]}, "states": [["1s", "normal"]]}
    with pytest.raises(InvalidError, match="Test 'T': the rule does not look at 'tempreature'"):
        fails(trial)
    gated = {"samples": {"temperature": [["0s", 85]], "state": [["0s", "RUN"]]}, "states": [["1s", "active"]]}
    assert fails(gated, active_when='state == "RUN"') == ""


def test_a_level_is_a_state_too() -> None:
    condition = {"levels": [{"above": "h"}, {"above": "hh", "severity": "critical"}]}
    samples = {"temperature": [["0s", 85], ["1s", 95], ["2s", 85]]}
    states = [["0s", "h"], ["1s", "hh"], ["2s", "h"], ["2s", "active"]]
    trial = {"samples": samples, "states": states, "limits": {"h": 80, "hh": 90}}
    assert fails(trial, condition) == ""
    trial["states"] = [["1s", "h"]]
    assert fails(trial, condition) == "after 1s it is active (hh), and should be h"


@pytest.mark.parametrize(
    ("condition", "samples", "states"),
    [
        ({"equals": "FAULT"}, {"temperature": [["0s", "RUN"], ["1s", "FAULT"]]}, [["0s", "normal"], ["1s", "active"]]),
        ({"silent": "30s"}, {"temperature": [["10s", 1]]}, [["39s", "normal"], ["40s", "active"]]),
        ({"silent": "30s"}, {}, [["29s", "normal"], ["30s", "active"]]),
        ({"unchanged": "10s"}, {"temperature": [["0s", 1], ["5s", 2]]}, [["14s", "normal"], ["15s", "active"]]),
        (
            {"count": 2, "within": "10s", "of": {"above": 80}},
            {"temperature": [["0s", 85], ["1s", 70], ["5s", 85]]},
            [["4s", "normal"], ["5s", "active"], ["10s", "normal"]],
        ),
        (
            {"deviation_from": "../press-2/temperature", "outside": [-5, 5]},
            {"temperature": [["0s", 20]], "../press-2/temperature": [["1s", 24], ["2s", 26]]},
            [["1s", "normal"], ["2s", "active"]],
        ),
        (
            {"expression": "temperature > sum('../*/setpoint')"},
            {"temperature": [["0s", 20]], "../a/setpoint": [["0s", 15]], "../b/setpoint": [["0s", 15], ["5s", 1]]},
            [["0s", "normal"], ["5s", "active"]],
        ),
        (
            {"rate_over": "1m", "above": 3},
            {"temperature": [["0s", 0], ["1m", 4], ["2m", 6]]},
            [["1m", "active"], ["2m", "normal"]],
        ),
    ],
)
def test_all_forms_are_tried(condition: dict[str, Any], samples: dict[str, Any], states: list[Any]) -> None:
    assert fails({"samples": samples, "states": states}, condition) == ""


def test_a_gate_is_tried_too() -> None:
    samples = {"temperature": [["0s", 85]], "speed": [["0s", 1], ["5s", 0], ["9s", 1]]}
    states = [["0s", "active"], ["5s", "suppressed"], ["9s", "active"]]
    assert fails({"samples": samples, "states": states}, active_when="speed > 0") == ""


@pytest.mark.parametrize(
    ("trial", "fields", "message"),
    [
        ({"states": [["1s", "hot"]]}, {}, "Test 'T': 'hot' is no state; write one of normal, pending, active"),
        ({"states": [["soon", "active"]]}, {}, "Test 'T': 'soon' is no duration"),
        ({"samples": {"temperature": [["soon", 1]]}}, {}, "Test 'T': 'soon' is no duration"),
        ({"samples": {"../*/temperature": [["0s", 1]]}}, {}, "'../*/temperature' means several sensors; name each"),
        ({"samples": {"No Sensor": [["0s", 1]]}}, {}, "Test 'T': 'No Sensor' "),
        ({"samples": {"../../../../../x/temperature": [["0s", 1]]}}, {}, "Test 'T': "),
        ({}, {"active_when": "speed > 0"}, "the rule watches nothing in it; give samples or limits for speed"),
        ({}, {"condition": {"above": "hh"}}, "the rule watches nothing in it; give samples or limits for limits"),
        ({"samples": {"temperature": [["0s", "hot"]]}}, {}, "the rule watches nothing in it"),
    ],
)
def test_a_test_that_makes_no_sense_is_told_why(trial: dict[str, Any], fields: dict[str, Any], message: str) -> None:
    whole = {"samples": {"temperature": [["0s", 85]]}, "states": [["1s", "active"]]} | trial
    with pytest.raises(InvalidError) as told:
        refuse_failing(draft(whole, **fields))
    assert message in str(told.value)


def test_tests_too_large_to_be_run_are_refused_before_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, "_set_up", lambda *_: pytest.fail("it was run"))
    rule = draft({"samples": {"temperature": [["0s", 1]] * 1000}, "states": [["1s", "normal"]]})
    with pytest.raises(InvalidError, match=r"Its tests have 6,000 values, and together may have 5,000; write those"):
        refuse_failing(rule.model_copy(update={"tests": rule.tests * 6}))
    with pytest.raises(InvalidError, match=r"these rules have 51,000 values, and together may have 50,000; apply"):
        refuse_any_failing([rule] * 51)


def test_of_the_rules_of_a_file_the_one_whose_test_fails_is_named() -> None:
    wrong = draft({"samples": {"temperature": [["0s", 85]]}, "states": [["1s", "normal"]]})
    with pytest.raises(InvalidError, match="Rule 'R': Test 'T' fails: after 1s it is active, and should be normal"):
        refuse_any_failing([draft({"states": [["0s", "normal"]], "samples": {}}), wrong])
