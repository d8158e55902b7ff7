"""What counts as trouble, and the exact words for a condition that makes no sense."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.alerting.condition import parse_condition
from andon.common.errors import InvalidError

numbers = st.floats(-1e6, 1e6)


@given(limit=numbers, deadband=st.floats(0, 1e3), value=numbers)
def test_below_mirrors_above(limit: float, deadband: float, value: float) -> None:
    above, below = parse_condition({"above": limit}, deadband), parse_condition({"below": -limit}, deadband)
    for before in (False, True):
        assert above.violates(value, before) == below.violates(-value, before)


@given(value=numbers)
def test_outside_is_above_or_below(value: float) -> None:
    outside = parse_condition({"outside": [5, 80]}, 2)
    above, below = parse_condition({"above": 80}, 2), parse_condition({"below": 5}, 2)
    for before in (False, True):
        assert outside.violates(value, before) == (above.violates(value, before) or below.violates(value, before))


def test_inside_the_deadband_nothing_changes() -> None:
    hot = parse_condition({"above": 80}, 2)
    assert [hot.violates(79, before) for before in (False, True)] == [False, True]
    assert not hot.violates(78, before=True)
    assert not hot.violates(80, before=False)


def test_a_bool_counts_as_one() -> None:
    jammed = parse_condition({"above": 0.5})
    assert jammed.violates(True, before=False)
    assert not jammed.violates(False, before=True)


@pytest.mark.parametrize(
    ("value", "limit", "words"), [(90, 80, "above"), (1, 5, "below"), (79, 80, "above"), (6, 5, "below")]
)
def test_the_limit_told_is_the_one_passed_or_nearest(value: float, limit: float, words: str) -> None:
    outside = parse_condition({"outside": [5, 80]}, 2)
    assert (outside.limit(value), outside.words(value)) == (limit, words)


@pytest.mark.parametrize(
    ("condition", "deadband", "message"),
    [
        ({}, 0, "exactly one of above, below, outside"),
        ({"above": 1, "below": 0}, 0, "exactly one of above, below, outside"),
        ({"over": 1}, 0, "'over' is no condition"),
        ({"above": "80"}, 0, "'above' must be a finite number, not '80'"),
        ({"above": True}, 0, "'above' must be a finite number, not True"),
        ({"below": math.inf}, 0, "'below' must be a finite number, not inf"),
        ({"above": 10**400}, 0, "'above' must be a finite number"),
        ({"outside": [80, 5]}, 0, "'outside' needs low < high, not 80 and 5"),
        ({"outside": [5]}, 0, "'outside' must be two finite numbers"),
        ({"outside": [5, 80]}, 40, "leaves no room between 5 and 80"),
        ({"above": 80}, -1, "deadband must be a finite number, 0 or more, not -1"),
        ({"above": 80}, math.nan, "deadband must be a finite number, 0 or more, not nan"),
    ],
)
def test_a_condition_that_makes_no_sense_is_told_why(
    condition: dict[str, object], deadband: float, message: str
) -> None:
    with pytest.raises(InvalidError, match=message):
        parse_condition(condition, deadband)
