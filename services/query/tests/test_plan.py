"""From which tier each part of a range is taken."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.common.errors import InvalidError
from andon.common.history.span import Span
from andon.common.history.tier import RAW
from andon.query.tiers.coverage import Coverage, Progress
from andon.query.tiers.plan import Part, coarsest, plan, require_kept
from andon.query.tiers.tiers import HOURS, MINUTES
from andon.query.tiers.windows import edges

S = 1_000_000_000
MINUTE, HOUR, DAY = 60 * S, 3600 * S, 86_400 * S
T = 1_763_856_000 * S
"""Midnight."""


def covered(minutes: int, hours: int, *pending: tuple[int, int]) -> Coverage:
    coverage = Coverage()
    coverage.progress = Progress(minutes=T + minutes, hours=T + hours)
    coverage.pending = {"p1": list(pending)} if pending else {}
    return coverage


def test_a_day_in_hours_ends_with_minutes_and_then_samples() -> None:
    bounds = edges(T, T + DAY, HOUR)
    assert plan(covered(23 * HOUR + 40 * MINUTE, 23 * HOUR), "p1", bounds) == [
        Part(HOURS, Span(T, T + 23 * HOUR)),
        Part(MINUTES, Span(T + 23 * HOUR, T + 23 * HOUR + 40 * MINUTE)),
        Part(RAW, Span(T + 23 * HOUR + 40 * MINUTE, T + DAY)),
    ]


def test_bounds_that_no_tier_fits_are_read_from_the_samples() -> None:
    assert [part.tier for part in plan(covered(DAY, DAY), "p1", edges(T, T + HOUR, 5 * S))] == [RAW]
    assert [part.tier for part in plan(covered(DAY, DAY), "p1", edges(T, T + HOUR, 5 * MINUTE))] == [MINUTES]
    half_past = edges(T, T + DAY, HOUR) + 30 * MINUTE  # a zone that is half an hour off, as India's
    assert {part.tier for part in plan(covered(2 * DAY, 2 * DAY), "p1", half_past)} == {MINUTES}


def test_what_is_pending_is_read_from_the_samples() -> None:
    coverage = covered(DAY, DAY, (T + 2 * HOUR + 5 * MINUTE, T + 2 * HOUR + 6 * MINUTE))
    assert plan(coverage, "p1", edges(T, T + 4 * HOUR, HOUR)) == [
        Part(HOURS, Span(T, T + 2 * HOUR)),
        Part(MINUTES, Span(T + 2 * HOUR, T + 2 * HOUR + 5 * MINUTE)),
        Part(RAW, Span(T + 2 * HOUR + 5 * MINUTE, T + 2 * HOUR + 6 * MINUTE)),
        Part(MINUTES, Span(T + 2 * HOUR + 6 * MINUTE, T + 3 * HOUR)),
        Part(HOURS, Span(T + 3 * HOUR, T + 4 * HOUR)),
    ]
    assert [part.tier for part in plan(coverage, "p2", edges(T, T + 4 * HOUR, HOUR))] == [HOURS]


def test_nothing_known_is_nothing_rolled_up() -> None:
    parts = plan(Coverage(), "p1", edges(T, T + DAY, HOUR))
    assert parts == [Part(RAW, Span(T, T + DAY))]
    assert (coarsest(parts), sum(part.span.end - part.span.start for part in parts)) == (RAW, DAY)


TIMES = st.integers(0, 3 * DAY // S).map(lambda s: T + s * S)


@given(
    st.tuples(TIMES, TIMES).filter(lambda pair: pair[0] < pair[1]),
    st.sampled_from([7 * S, MINUTE, 5 * MINUTE, HOUR, 6 * HOUR, DAY]),
    st.integers(0, 3 * DAY // MINUTE),
    st.integers(0, 3 * DAY // HOUR),
    st.lists(st.integers(0, 3 * DAY // MINUTE), unique=True, max_size=6),
)
def test_the_parts_are_the_range_and_nothing_twice(
    span: tuple[int, int], width: int, minutes: int, hours: int, pending: list[int]
) -> None:
    start, end = span
    inside = edges(start, end, width)
    bounds = np.unique(np.concatenate(([start], inside[(inside > start) & (inside < end)], [end])))
    marks = sorted(pending)[: len(pending) // 2 * 2]
    ranges = [(T + a * MINUTE, T + b * MINUTE) for a, b in zip(marks[::2], marks[1::2], strict=True)]
    coverage = covered(minutes * MINUTE, hours * HOUR, *ranges)
    parts = plan(coverage, "p1", bounds)
    assert (parts[0].span.start, parts[-1].span.end) == (start, end)
    for one, other in pairwise(parts):
        assert one.span.end == other.span.start
    for tier, part in parts:
        assert part.start < part.end
        if tier is not RAW:
            assert part.start % tier.width == part.end % tier.width == 0
            assert part.end <= coverage.until(tier)
            assert not (bounds[(bounds > part.start) & (bounds < part.end)] % tier.width).any()
            assert not any(low < part.end and part.start < high for low, high in ranges)


def test_a_tier_that_is_kept_shorter_than_a_finer_one_is_not_asked_for_what_it_lost() -> None:
    coverage = covered(DAY, DAY)
    coverage.gone = {"1m": T + 2 * HOUR + MINUTE, "1h": T + 5 * HOUR}
    assert plan(coverage, "p1", edges(T, T + DAY, HOUR)) == [
        Part(RAW, Span(T, T + 2 * HOUR + MINUTE)),
        Part(MINUTES, Span(T + 2 * HOUR + MINUTE, T + 5 * HOUR)),
        Part(HOURS, Span(T + 5 * HOUR, T + DAY)),
    ]
    coverage.gone["raw"] = T + 12 * HOUR  # of what only hours may still be there, hours are asked for
    assert plan(coverage, "p1", edges(T, T + 20 * MINUTE, 5 * MINUTE)) == [Part(MINUTES, Span(T, T + 20 * MINUTE))]


def test_buckets_finer_than_what_is_kept_are_refused_with_the_way_out() -> None:
    coverage = covered(DAY, DAY)
    coverage.gone = {"raw": T + 12 * HOUR, "1m": T + 6 * HOUR}
    with pytest.raises(InvalidError, match=r"before 2025-11-23T12:00:00\.000Z only whole minutes are kept"):
        require_kept(coverage, edges(T + 8 * HOUR, T + 9 * HOUR, 10 * S))
    with pytest.raises(InvalidError, match=r"before 2025-11-23T06:00:00\.000Z only whole hours are kept"):
        require_kept(coverage, edges(T, T + HOUR, 5 * MINUTE))
    for bounds in (edges(T + 8 * HOUR, T + 9 * HOUR, MINUTE), edges(T + 12 * HOUR, T + 13 * HOUR, S)):
        require_kept(coverage, bounds)
    require_kept(coverage, edges(T, T + 9 * HOUR, HOUR))
    require_kept(covered(0, 0), edges(T, T + HOUR, S))


def test_the_way_out_is_one_that_works_where_the_minutes_are_gone_too() -> None:
    coverage = covered(DAY, DAY)
    coverage.gone = {"raw": T + 12 * HOUR, "1m": T + 6 * HOUR}
    for end in (T + HOUR, T + 9 * HOUR):
        with pytest.raises(InvalidError, match=r"before 2025-11-23T06:00:00\.000Z only whole hours are kept; ask for"):
            require_kept(coverage, edges(T, end, 10 * S))
    coverage.gone["1h"] = T + HOUR
    with pytest.raises(InvalidError, match="only whole hours are kept"):
        require_kept(coverage, edges(T, T + 9 * HOUR, 10 * S))


def test_a_range_in_which_no_window_lies_is_told_by_none() -> None:
    """It would look as if nothing had been measured then."""
    coverage = covered(DAY, DAY)
    coverage.gone = {"raw": T + 12 * HOUR, "1m": T + 6 * HOUR}
    for start, end, words in ((10, 50, "minutes"), (40, 100, "minutes"), (-7200 - 300, -7200 + 300, "hours")):
        at = T + 8 * HOUR
        with pytest.raises(InvalidError, match=f"only whole {words} are kept; ask for buckets and a range of whole"):
            require_kept(coverage, np.array([at + start * S, at + end * S]))
    require_kept(coverage, np.array([T + 8 * HOUR + 10 * S, T + 8 * HOUR + 130 * S]))
    require_kept(coverage, np.array([T + 12 * HOUR, T + 12 * HOUR + S]))
