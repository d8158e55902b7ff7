"""Intervals equal what going through the samples one by one gives."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from andon.query.series.states import intervals

WORDS = st.sampled_from(["RUN", "IDLE", "FAULT"])


def plain(samples: dict[int, Any], start: int, end: int, carry: Any) -> list[list[Any]]:
    """One instant after the other."""
    found: list[list[Any]] = []
    held = carry
    for at in range(start, end):
        held = samples.get(at, held)
        if held is None:
            continue
        if found and found[-1][2] == held:
            found[-1][1] = at + 1
        else:
            found.append([at, at + 1, held])
    return found


@given(
    st.dictionaries(st.integers(0, 40), st.one_of(WORDS, st.booleans()), max_size=20),
    st.integers(0, 40),
    st.integers(0, 40),
    st.one_of(st.none(), WORDS),
)
def test_each_instant_belongs_to_the_value_held_then(samples: dict[int, Any], start: int, end: int, carry: Any) -> None:
    times = sorted(samples)
    values = np.empty(len(times), np.object_)
    values[:] = [samples[at] for at in times]
    found = intervals(np.array(times, np.int64), values, start, end, carry)
    rows = zip(found.starts.tolist(), found.ends.tolist(), found.values.tolist(), strict=True)
    assert [list(row) for row in rows] == plain(samples, start, end, carry)


def test_answers_to_a_question_keep_their_kind() -> None:
    times = np.arange(5, dtype=np.int64)
    found = intervals(times, np.array([True, True, False, True, True]), 0, 9, carry=False)
    assert (found.starts.tolist(), found.ends.tolist()) == ([0, 2, 3], [2, 3, 9])
    assert found.values.dtype == np.bool_
    assert len(intervals(times[:0], np.empty(0), 0, 9)) == 0
    assert intervals(times[:0], np.empty(0), 3, 9, carry="RUN").values.tolist() == ["RUN"]
