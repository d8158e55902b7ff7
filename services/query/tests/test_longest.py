"""In each bucket the value that held longest, against going through it instant by instant."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from andon.common.history.span import Span
from andon.query.series.grid import of_width
from andon.query.series.longest import longest
from andon.query.series.states import Intervals, intervals

WORDS = st.sampled_from(["RUN", "IDLE", "FAULT"])


def by_instant(found: Intervals) -> dict[int, str]:
    rows = zip(found.starts, found.ends, found.values, strict=True)
    return {at: value for start, end, value in rows for at in range(start, end)}


@given(
    st.dictionaries(st.integers(0, 99), WORDS, min_size=1, max_size=40),
    st.integers(0, 60),
    st.integers(1, 40),
    st.integers(1, 30),
)
def test_each_bucket_shows_what_held_longest(samples: dict[int, str], start: int, lasts: int, width: int) -> None:
    times = sorted(samples)
    values = np.empty(len(times), np.object_)
    values[:] = [samples[at] for at in times]
    end = start + lasts
    all_ = intervals(np.array(times, np.int64), values, start, end)
    if not len(all_):
        return
    grid = of_width(Span(start, end), width)
    found = longest(all_, grid)
    held, shown = by_instant(all_), by_instant(found)
    assert held.keys() == shown.keys()
    for low, high in zip(grid.bounds[:-1], grid.bounds[1:], strict=True):
        inside = [at for at in range(low, high) if at in held]
        if inside:
            (value,) = {shown[at] for at in inside}
            counts = Counter(held[at] for at in inside)
            assert counts[value] == max(counts.values())
    assert (found.values[1:] != found.values[:-1]).all()
    assert len(found) <= len(grid)
