"""What is cut of texts for those who have a part of the plant."""

import pytest

from andon.alerting.elsewhere import cut_all, cut_text, near, shortened
from andon.common.auth import Principal, Role

ROBOT = "berlin/painting/line-1/robot-3"
BAKER = Principal(id="bo", name="Bo", role=Role.ENGINEER, scope="berlin/baking")
PAINTER = Principal(id="pa", name="Pa", role=Role.ENGINEER, scope="berlin/painting/line-1")


@pytest.mark.parametrize(
    ("text", "painter", "baker"),
    [
        (f"Temperature is 5 °C above {ROBOT}/temperature; 4 °C is allowed", ..., "… is 5 °C above …; 4 °C is allowed"),
        ("flow falls 3 m3/h, 1/min and N.m/s", ..., "flow falls 3 m3/h, 1/min and N.m/s"),
        ("'../robot-4/power' + power", ..., "'…' + power"),
        ("sum('../../*/*/power') > 1", "sum('…') > 1", "sum('…') > 1"),
        (
            f"max({ROBOT}/t, berlin/baking/line-1/oven-1/t).",
            f"max({ROBOT}/t, …).",
            "max(…, berlin/baking/line-1/oven-1/t).",
        ),
    ],
)
def test_sensors_outside_are_cut_and_all_else_stays(text: str, painter: object, baker: str) -> None:
    baker = baker.replace("… is 5", "Temperature is 5")
    assert cut_text(text, ROBOT, PAINTER.scope) == (text if painter is ... else painter)
    assert cut_text(text, ROBOT, BAKER.scope) == baker
    assert cut_text(text, ROBOT, "") == text


def test_maps_and_lists_are_cut_within() -> None:
    value = {"samples": {f"{ROBOT}/t": [("0s", 1.0)]}, "expression": f"'{ROBOT}/t' > 1", "above": 3, "none": None}
    assert cut_all(value, ROBOT, BAKER.scope) == {
        "samples": {"…": [["0s", 1.0]]},
        "expression": "'…' > 1",
        "above": 3,
        "none": None,
    }


def test_a_rule_is_looked_at_from_where_the_caller_and_it_meet() -> None:
    assert near("", BAKER) == near("berlin", BAKER) == "berlin/baking/*/*"
    assert near("berlin/baking/line-1", BAKER) == "berlin/baking/line-1/*"
    assert near(ROBOT, PAINTER) == ROBOT


def test_a_text_that_is_too_long_ends_with_no_piece_of_a_path() -> None:
    text = "Hot counts only while 'oslo/baking/line-1/oven-1/temperature' > 5"
    assert shortened(text, len(text)) == text
    for most in range(25, len(text)):
        told = cut_text(shortened(text, most), ROBOT, PAINTER.scope)
        assert "oslo" not in told
        assert len(told) <= most
