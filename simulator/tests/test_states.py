"""Machines run most of the time, rest at night, pause with their line, and stop now and then."""

import itertools
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from andon.simulator.shifts import HOUR, shift_at
from andon.simulator.states import States

MONDAY_DAY_SHIFT = 1_732_514_400  # 2024-11-25 07:00 at UTC+1
PATHS = [f"berlin/painting/line-{line}/robot-{n}" for line in (1, 2) for n in range(10)]


def share(state: str, start: int, hours: int) -> float:
    lives = [States(1, path) for path in PATHS]
    seen = Counter(life.at(t) for life in lives for t in range(start, start + hours * HOUR, 60))
    return seen[state] / sum(seen.values())


@given(st.integers(0, 2**32), st.integers(0, 4_000_000_000))
def test_spans_are_gapless_and_agree_with_the_state_at_each_moment(seed: int, t: int) -> None:
    life = States(seed, "berlin/painting/line-1/robot-3")
    spans = list(life.spans(t, t + 3 * HOUR))
    assert all(a.end == b.start for a, b in itertools.pairwise(spans))
    assert spans[0].start <= t
    assert spans[-1].end >= t + 3 * HOUR
    assert all(life.at(span.start) == span.state for span in spans)


def test_by_day_the_plant_runs_and_by_night_less_of_it() -> None:
    day, night = share("RUN", MONDAY_DAY_SHIFT, 6), share("RUN", MONDAY_DAY_SHIFT + 16 * HOUR, 6)
    assert 0.8 < day < 0.97
    assert night < day - 0.15


def test_machines_break_down_and_are_set_up_now_and_then() -> None:
    assert 0.001 < share("DOWN", MONDAY_DAY_SHIFT, 24) < 0.05
    assert 0.001 < share("SETUP", MONDAY_DAY_SHIFT, 24) < 0.05


def test_a_line_has_its_break_together() -> None:
    start, lot = shift_at(MONDAY_DAY_SHIFT).start, States(1, PATHS[0])._lot
    began, ended = shift_at(start).breaks(lot)[0]
    assert {States(1, path).at((began + ended) / 2) for path in PATHS[:10]} <= {"IDLE", "DOWN"}


def test_the_plant_never_stands_as_a_whole_by_day() -> None:
    lives = [States(1, f"berlin/painting/line-{line}/robot-1") for line in range(30)]
    day = range(MONDAY_DAY_SHIFT, MONDAY_DAY_SHIFT + 14 * HOUR, 300)
    assert min(sum(life.at(t) == "RUN" for life in lives) for t in day) >= 0.4 * len(lives)


def test_what_the_plant_always_needs_has_neither_breaks_nor_nights() -> None:
    life = States(1, "berlin/utilities/energy/compressor-1", attended=False)
    assert {span.state for span in life.spans(MONDAY_DAY_SHIFT, MONDAY_DAY_SHIFT + 240 * HOUR)} <= {
        "RUN",
        "DOWN",
        "SETUP",
    }


def test_shifts_begin_at_6_14_and_22() -> None:
    assert [(shift_at(t).start - t, shift_at(t).night) for t in range(18_000, 18_000 + 86_400, 8 * HOUR)] == [
        (0, False),
        (0, False),
        (0, True),
    ]
