"""What counts as trouble for a number."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.alerting.rules.band import Band

numbers = st.floats(-1e6, 1e6)


def above(limit: float, deadband: float = 0) -> Band:
    return Band(-math.inf, limit, deadband)


def below(limit: float, deadband: float = 0) -> Band:
    return Band(limit, math.inf, deadband)


@given(limit=numbers, deadband=st.floats(0, 1e3), value=numbers)
def test_below_mirrors_above(limit: float, deadband: float, value: float) -> None:
    for before in (False, True):
        assert above(limit, deadband).violates(value, before) == below(-limit, deadband).violates(-value, before)


@given(value=numbers)
def test_outside_is_above_or_below(value: float) -> None:
    for before in (False, True):
        either = above(80, 2).violates(value, before) or below(5, 2).violates(value, before)
        assert Band(5, 80, 2).violates(value, before) == either


def test_inside_the_deadband_nothing_changes() -> None:
    hot = above(80, 2)
    assert [hot.violates(79, before) for before in (False, True)] == [False, True]
    assert not hot.violates(78, before=True)
    assert not hot.violates(80, before=False)


@pytest.mark.parametrize(
    ("value", "limit", "words"), [(90, 80, "above"), (1, 5, "below"), (79, 80, "above"), (6, 5, "below")]
)
def test_the_limit_told_is_the_one_passed_or_nearest(value: float, limit: float, words: str) -> None:
    outside = Band(5, 80, 2)
    assert (outside.limit(value), outside.words(value)) == (limit, words)
