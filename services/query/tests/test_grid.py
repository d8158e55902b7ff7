"""The buckets of a chart, whatever the range."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.common.errors import InvalidError
from andon.common.history.span import LATEST_TIME, LONGEST, Span
from andon.query.series import buckets, grid

from .conftest import S

T = 1_763_899_200 * S
HOUR = Span(T, T + 3600 * S)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    start = draw(st.integers(0, LATEST_TIME - 1))
    return Span(start, draw(st.integers(start + 1, min(start + LONGEST, LATEST_TIME))))


@given(spans(), st.integers(2, 1000), st.data())
def test_each_instant_of_the_range_lies_in_the_bucket_that_says_so(span: Span, points: int, data: Any) -> None:
    for found in grid.fitting(span, points):
        assert 1 <= len(found) <= points
        assert len(found.bounds) == len(found) + 1
        assert (found.bounds[0], found.bounds[-1]) == (span.start, span.end)
        assert (found.bounds[1:] > found.bounds[:-1]).all()
        instant = data.draw(st.integers(span.start, span.end - 1))
        place = int(found.places(instant))
        assert found.starts[place] == instant // found.width * found.width


@given(spans(), st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_whatever_is_asked_for_is_a_grid_or_a_clear_refusal(span: Span, bucket: str, tz: str, shifts: str) -> None:
    for one in (bucket, "shift", "day", "week", "month", "1ms", "1h", "99999w"):
        for zone in (tz, "Europe/Berlin"):
            with suppress(InvalidError):
                assert 1 <= len(grid.asked(span, one, zone, shifts)) <= grid.MAX_BUCKETS


def test_one_point_is_the_whole_range() -> None:
    (only,) = grid.fitting(HOUR, 1)
    assert (only.name, only.starts.tolist(), only.bounds.tolist()) == ("whole", [T], [T, T + 3600 * S])


def test_wider_buckets_are_those_of_the_tiers() -> None:
    assert [one.name for one in grid.fitting(HOUR, 1000)] == ["5s", "1m", "1h"]
    assert [one.name for one in grid.fitting(Span(T, T + 86_400 * S), 1000)] == ["2m", "1h"]
    assert [one.name for one in grid.fitting(Span(T, T + 365 * 86_400 * S), 1000)] == ["12h"]


@pytest.mark.parametrize(
    ("bucket", "says"),
    [
        ("1ms", "3,600,000 buckets there; at most 10,000: ask for bucket=500ms, or shorten the range"),
        ("0", "from 1ms to 5000d"),
        ("0.5ms", "from 1ms to 5000d"),
        ("5001d", "from 1ms to 5000d"),
        ("quarter", "is no width; write for example 10s, 5m or 8h, or one of shift, day, week, month"),
        ("10 s", "is no width"),
    ],
)
def test_buckets_that_cannot_be_are_said(bucket: str, says: str) -> None:
    with pytest.raises(InvalidError) as error:
        grid.asked(HOUR, bucket, "UTC", "06:00")
    assert says in str(error.value)


def test_too_many_shifts_are_said() -> None:
    with pytest.raises(InvalidError, match=r"bucket=shift makes 10,9\d\d buckets there; at most 10,000: shorten"):
        grid.asked(Span(T, T + LONGEST), "shift", "Europe/Berlin", "06:00,14:00,22:00")


def test_every_width_has_the_name_it_is_asked_by() -> None:
    for width in buckets.WIDTHS:
        assert grid.asked(Span(T, T + width), buckets.name(width), "UTC", "").width == width
    assert grid.asked(HOUR, "1h30m", "UTC", "").name == "90m"
