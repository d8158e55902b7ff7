"""Ranges of time, and the minutes that are marked, against sets of numbers."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from andon.common.history.span import Span
from andon.common.plant import Plant
from andon.common.reading import Reading
from andon.common.wire import Batch, encode_batch
from andon.query.derive import ranges
from andon.query.derive.marks import Mark, Marks, read
from andon.query.derive.work import sort
from andon.query.tiers.coverage import Ranges

from .conftest import PRESS, ROBOT

S = 1_000_000_000
MINUTE, HOUR = 60 * S, 3600 * S
POINTS = st.integers(0, 40)
SOME = st.lists(st.tuples(POINTS, POINTS), max_size=8)


def points(some: Ranges) -> set[int]:
    return {point for start, end in some for point in range(start, end)}


@given(SOME, SOME)
def test_a_union_holds_what_lies_in_any_and_is_in_order(one: Ranges, other: Ranges) -> None:
    found = ranges.union(one, other)
    assert points(found) == points(one) | points(other)
    assert all(before[1] < after[0] for before, after in pairwise(found))


@given(SOME, POINTS, POINTS)
def test_what_is_taken_away_is_gone_and_nothing_else(some: Ranges, start: int, end: int) -> None:
    whole = ranges.union(some)
    start, end = min(start, end), max(start, end)
    assert points(ranges.without(whole, start, end)) == points(whole) - set(range(start, end))


@given(SOME, st.integers(1, 5))
def test_few_ranges_hold_all_and_lie_within_the_same_ends(some: Ranges, most: int) -> None:
    whole = ranges.union(some)
    found = ranges.few(whole, most)
    assert len(found) <= most
    assert points(found) >= points(whole)
    assert not whole or (found[0][0], found[-1][1]) == (whole[0][0], whole[-1][1])


def test_of_many_ranges_the_nearest_become_one() -> None:
    assert ranges.few([(0, 1), (5, 6), (7, 8)], 2) == [(0, 1), (5, 8)]


def test_of_half_a_million_ranges_few_are_made_at_once() -> None:
    minutes = [(10 * n + n // 1000, 10 * n + n // 1000 + 1) for n in range(500_000)]
    found = ranges.few(minutes, 3)  # going through all gaps for each that closes would take days
    assert len(found) == 3
    assert (found[0][0], found[-1][1]) == (minutes[0][0], minutes[-1][1])


@given(SOME)
def test_whole_windows(some: Ranges) -> None:
    found = ranges.widened(ranges.union(some), 5)
    assert points(found) == {p // 5 * 5 + i for p in points(some) for i in range(5)}


MARKS = st.lists(st.tuples(st.sampled_from(["p1", "r3", "gone"]), st.integers(0, 600)), max_size=30)


@given(MARKS, st.integers(0, 12))
def test_marks_are_taken_once_each_and_come_back(said: list[tuple[str, int]], before: int) -> None:
    marks = Marks()
    marks.put(Mark(asset, second * S) for asset, second in said)
    expected = {(asset, second // 60) for asset, second in said}
    assert len(marks) == len(expected)
    first = marks.take(before=before * MINUTE)
    assert minutes(first) == {(asset, minute) for asset, minute in expected if minute < before}
    marks.put(Mark(asset, second * S) for asset, second in said)
    assert len(marks) == len(expected)
    marks.give_back(first)
    assert len(marks) == len(expected)
    assert minutes(marks.take()) == expected
    assert len(marks) == 0


def minutes(found: dict[str, Ranges]) -> set[tuple[str, int]]:
    return {(asset, minute // MINUTE) for asset, some in found.items() for minute in starts(some)}


def starts(some: Ranges) -> list[int]:
    return [at for start, end in some for at in range(start, end, MINUTE)]


def test_marks_are_read_of_a_batch_and_the_rest_passed_over() -> None:
    reading = Reading("p1", 5 * S, {"temperature": 1.0, "state": "RUN"}, {"temperature": "bad"}, 7, "boot")
    found = read(encode_batch(Batch(9, [reading, Reading("r3", 6 * S, {"x": True})])))
    assert (found.arrived, [(m.asset, m.time) for m in found.readings]) == (9, [("p1", 5 * S), ("r3", 6 * S)])


def test_work_is_sorted_into_new_old_and_hours_that_are_made_already() -> None:
    plant = Plant()
    for machine in (PRESS, ROBOT):
        plant.put(machine)
    marked = {
        "p1": [(HOUR, HOUR + MINUTE), (5 * HOUR - MINUTE, 5 * HOUR + MINUTE)],
        "r3": [(5 * HOUR - MINUTE, 5 * HOUR + MINUTE)],
        "gone": [(0, MINUTE)],
    }
    work = sort(marked, plant, recent=4 * HOUR, hours=5 * HOUR)
    assert work.left == {"p1": [(HOUR, HOUR + MINUTE)], "gone": [(0, MINUTE)]}
    assert dict(work.minutes) == {Span(5 * HOUR - MINUTE, 5 * HOUR + MINUTE): [PRESS, ROBOT]}
    assert dict(work.hours) == {Span(4 * HOUR, 5 * HOUR): [PRESS, ROBOT]}
