"""What an alarm says, in one sentence."""

import math
from typing import Any

import pytest

from andon.alerting.rules.band import TRUTH, Band
from andon.alerting.rules.draft import RuleDraft
from andon.alerting.rules.meaning import meaning_of
from andon.alerting.rules.words import describe, length, limit_text, quantity
from andon.common.plant import Sensor

TEMPERATURE = Sensor(key="temperature", path="a/b/c/d/temperature", name="Gearbox temperature", unit="Cel")
JAMMED = Sensor(key="jammed", path="a/b/c/d/jammed", datatype="bool")
INF = math.inf


@pytest.mark.parametrize(
    ("condition", "band", "value", "sentence"),
    [
        ({"above": 80}, Band(-INF, 80), 81.2, "Gearbox temperature is 81.2 °C, above 80 °C"),
        ({"below": 5}, Band(5, INF), 4.0, "Gearbox temperature is 4.0 °C, below 5 °C"),
        ({"outside": [5, 80]}, Band(5, 80), 1.0, "Gearbox temperature is 1.0 °C, below 5 °C"),
        ({"above": 80.25}, Band(-INF, 80.25), 81, "Gearbox temperature is 81.0 °C, above 80.25 °C"),
        (
            {"deviation_from": "setpoint", "outside": [-5, 5]},
            Band(-5, 5),
            -7.0,
            "Gearbox temperature is 7.0 °C below setpoint; 5 °C is allowed",
        ),
        (
            {"rate_over": "10m", "above": 3},
            Band(-INF, 3),
            4.5,
            "Gearbox temperature rises 4.5 °C/min; 3 °C/min is allowed",
        ),
        (
            {"score_over": "1h", "outside": [-5, 5]},
            Band(-5, 5),
            -6.25,
            "Gearbox temperature is unusual: 6.2 deviations below its last 1 h, 5 is allowed",
        ),
        (
            {"expression": "temperature - ambient", "above": 40},
            Band(-INF, 40),
            41.5,
            "Gearbox temperature: temperature - ambient is 41.5, above 40",
        ),
        ({"expression": "temperature > 80"}, TRUTH, 1.0, "Gearbox temperature: temperature > 80"),
        ({"equals": ["FAULT", "ESTOP"]}, TRUTH, 2.0, "Gearbox temperature is ESTOP"),
        ({"equals": [True]}, TRUTH, 1.0, "Gearbox temperature is true"),
        ({"equals": [3]}, TRUTH, 1.0, "Gearbox temperature is 3"),
        (
            {"count": 5, "within": "10m", "of": {"above": 80}},
            TRUTH,
            1.0,
            "Gearbox temperature passed 80 °C 5 times within 10 min",
        ),
        ({"silent": "90s"}, TRUTH, 1.0, "Gearbox temperature has said nothing for 1 min 30 s"),
        ({"unchanged": "10m"}, TRUTH, 1.0, "Gearbox temperature has not changed for 10 min"),
        ({"quality": ["stale", "bad"]}, TRUTH, 1.0, "Gearbox temperature is of bad or stale quality"),
    ],
)
def test_a_sentence_says_what_is_wrong(condition: dict[str, Any], band: Band, value: float, sentence: str) -> None:
    rule = RuleDraft.model_validate({"name": "R", "scope": {"sensor": "a/b/c/d/temperature"}, "condition": condition})
    assert describe(meaning_of(rule).source, band, value, TEMPERATURE) == sentence


def test_a_bool_is_told_without_a_limit() -> None:
    rule = RuleDraft.model_validate({"name": "R", "scope": {"sensor": "a/b/c/d/jammed"}, "condition": {"above": 0.5}})
    assert describe(meaning_of(rule).source, Band(-INF, 0.5), 1.0, JAMMED) == "jammed is true"


def test_lengths_and_quantities_read_as_people_write_them() -> None:
    assert [length(ns) for ns in (500_000_000, 90 * 10**9, 86_400 * 10**9)] == ["500 ms", "1 min 30 s", "1 d"]
    assert quantity(1e16, TEMPERATURE) == "1e+16 °C"
    assert limit_text(0.1, Sensor(key="a", path="b/a", unit="1")) == "0.1"
