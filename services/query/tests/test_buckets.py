"""Bucket widths, for every range and number of points."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.common.history.span import LATEST_TIME, LONGEST
from andon.query.series import buckets

SECOND = 1_000_000_000
T = 1_763_900_000 * SECOND


@st.composite
def spans(draw: st.DrawFn) -> tuple[int, int]:
    start = draw(st.integers(0, LATEST_TIME - 1))
    return start, draw(st.integers(start + 1, min(start + LONGEST, LATEST_TIME)))


@given(spans(), st.integers(buckets.MIN_POINTS, 10_000))
def test_the_width_is_nice_and_the_points_are_enough(span: tuple[int, int], points: int) -> None:
    start, end = span
    width = buckets.width_for(start, end, points)
    assert width in buckets.WIDTHS
    assert 1 <= buckets.count(start, end, width) <= points
    smaller = buckets.WIDTHS[: buckets.WIDTHS.index(width)]
    assert all(buckets.count(start, end, narrow) > points for narrow in smaller)


@given(spans(), st.sampled_from(buckets.WIDTHS))
def test_aligned_buckets_cover_the_range(span: tuple[int, int], width: int) -> None:
    start, end = span
    first = start // width * width
    last = first + (buckets.count(start, end, width) - 1) * width
    assert first <= start < first + width
    assert last < end <= last + width


@pytest.mark.parametrize(
    ("seconds", "points", "name"),
    [
        (0.001, 1000, "1ms"),
        (1, 1000, "1ms"),
        (600, 1000, "1s"),
        (3600, 1000, "5s"),
        (86_400, 1000, "2m"),
        (30 * 86_400, 1000, "1h"),
        (365 * 86_400, 1000, "12h"),
        (3650 * 86_400, 1000, "5d"),
        (3600, 20, "5m"),
        (30, 100, "500ms"),
    ],
)
def test_widths_are_the_ones_people_expect(seconds: float, points: int, name: str) -> None:
    assert buckets.name(buckets.width_for(T, T + round(seconds * SECOND), points)) == name


def test_what_cannot_be_cut_is_said() -> None:
    with pytest.raises(ValueError, match="no bucket is wide enough"):
        buckets.width_for(0, 2**63 - 1, 2)
