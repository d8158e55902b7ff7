"""What a client that comes back is told: the newest, whole from a time on, never too much, and the gap before it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.common.plant import Sensor
from andon.query.live.past import MAX_SAMPLES, REACH, Past, room

from .conftest import MS

NOW = 2 * REACH
A, B = Sensor("a", "m/a"), Sensor("b", "m/b", datatype="string")
rows = st.dictionaries(st.integers(NOW // MS - 50, NOW // MS), st.floats(0, 9) | st.none(), max_size=40)


@given(st.lists(rows, max_size=4), st.integers(1, 30), st.integers(NOW // MS - 60, NOW // MS + 10))
def test_all_from_a_time_on_and_the_gap_before_it(machines: list[dict[int, Any]], most: int, since: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("andon.query.live.past.MAX_SAMPLES", most)
        past, there = Past(since * MS, now=NOW), set[tuple[int, str]]()
        for number, found in enumerate(machines):
            name = f"m{number}"
            there |= {(at, name) for at, value in found.items() if value is not None and at >= since}
            asked = room(1, 1)
            newest = sorted((at for at in found if at * MS >= past.start), reverse=True)[:asked]
            past.add(name, [A], [[at * MS, found[at], None] for at in newest], asked)
        past.cut()
    told = [(item.sample[0] // MS, item.asset) for item in past.items]
    gap = past.gap or [since, since]
    assert gap[0] == since
    assert set(told) == {one for one in there if one[0] >= gap[1]}, "whole behind the gap, nothing in it"
    assert [at for at, _ in told] == sorted(at for at, _ in told)
    assert len(told) <= most
    few = len(there) <= most and all(sum(at >= since for at in found) <= most for found in machines)
    assert (past.gap is None) or not few, "no gap without need"


def test_nothing_is_told_of_too_long_ago() -> None:
    past = Past(5 * MS, now=NOW)
    past.cut()
    assert past.gap == [5, (NOW - REACH) // MS]


def test_whoever_gives_up_tells_the_whole_gap() -> None:
    past = Past(NOW - MS, now=NOW)
    past.add("m", [A, B], [[NOW, 1, None, None, None], [NOW - MS, None, None, "RUN", "bad"]], 10)
    assert [(i.key, i.sample) for i in past.items] == [("b", (NOW - MS, "RUN", "bad")), ("a", (NOW, 1.0, "good"))]
    assert past.gap is None
    past.give_up(NOW + MS)
    assert (past.items, past.gap) == ([], [NOW // MS - 1, NOW // MS + 1])


def test_what_a_sensor_said_as_something_else_is_not_told() -> None:
    past = Past(NOW - MS, now=NOW)
    past.add("m", [A, B], [[NOW, "RUN", None, True, None], [NOW - MS, True, None, 1, "bad"]], 10)
    assert past.items == []


@given(st.integers(1, 1000), st.integers(1, 20))
def test_what_is_asked_for_at_once_is_bounded_and_never_nothing(keys: int, machines: int) -> None:
    assert 2 <= room(keys, machines) <= MAX_SAMPLES // keys + 2
    assert machines * keys * (room(keys, machines) - 2) <= 4 * MAX_SAMPLES
