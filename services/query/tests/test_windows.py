"""The arithmetic of windows equals a plain computation over the samples, in whatever pieces it is done."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.query.tiers import windows
from andon.query.tiers.windows import Windows

S = 1_000_000_000
START, END = 1_700_000_000 * S, 1_700_000_600 * S
VALUES = st.floats(-1e6, 1e6).map(lambda v: round(v, 3))


@st.composite
def samples(draw: st.DrawFn) -> tuple[Any, Any, Any]:
    """Samples as InfluxDB keeps them: in order of time, each time once, with gaps and bursts."""
    found = draw(st.dictionaries(st.integers(START, END - 1), st.tuples(VALUES, st.booleans()), max_size=60))
    times = sorted(found)
    return (
        np.array(times, np.int64),
        np.array([found[t][0] for t in times], np.float64),
        np.array([found[t][1] for t in times], np.bool_),
    )


WIDTHS = st.sampled_from([S // 10, S, 7 * S, 60 * S, 300 * S, 3600 * S])


def plain(times: Any, values: Any, good: Any, start: int, end: int) -> dict[str, float]:
    """One window by the textbook."""
    inside = (times >= start) & (times < end)
    times, values, good = times[inside], values[inside], good[inside]
    area = sum(float(v) * (int(b) - int(a)) / S for v, a, b in zip(values, times, times[1:], strict=False))
    return {
        "start": start,
        "count": len(values),
        "good": int(good.sum()),
        "sum": float(np.sum(values)),
        "min": float(np.min(values)),
        "max": float(np.max(values)),
        "mean": float(np.mean(values)),
        "first": float(values[0]),
        "last": float(values[-1]),
        "stddev": float(np.std(values, ddof=1)) if len(values) > 1 else math.nan,
        "first_at": int(times[0]),
        "last_at": int(times[-1]),
        "area": area,
    }


def check(found: Windows, times: Any, values: Any, good: Any, width: int) -> None:
    starts = sorted({int(t) // width * width for t in times})
    assert found.start.tolist() == starts
    for index, start in enumerate(starts):
        for name, value in plain(times, values, good, start, start + width).items():
            got = getattr(found, name)[index]
            assert got == pytest.approx(value, rel=1e-9, abs=1e-3, nan_ok=True), (name, start)


@given(samples(), WIDTHS)
def test_windows_of_samples_are_what_numpy_says(some: tuple[Any, Any, Any], width: int) -> None:
    check(windows.from_samples(*some, windows.edges(START, END, width)), *some, width)


@given(samples(), st.sampled_from([(S, 60 * S), (7 * S, 21 * S), (60 * S, 3600 * S)]))
def test_wide_windows_of_narrow_ones_are_those_of_the_samples(
    some: tuple[Any, Any, Any], widths: tuple[int, int]
) -> None:
    narrow, wide = widths
    parts = windows.from_samples(*some, windows.edges(START, END, narrow))
    check(windows.merge(parts, windows.edges(START, END, wide)), *some, wide)


@given(samples(), st.integers(0, 600))
def test_a_seam_between_two_parts_is_not_seen(some: tuple[Any, Any, Any], seam: int) -> None:
    whole = windows.edges(START, END, 60 * S)
    at = START + seam * S
    left = windows.from_samples(*some, np.unique(np.append(whole[whole < at], at)))
    right = windows.from_samples(*some, np.unique(np.append(at, whole[whole > at])))
    check(windows.merge(windows.join(left, right), whole), *some, 60 * S)


def held(times: Any, values: Any, start: int, end: int, until: int) -> float | None:
    """Time-weighted mean by going through the samples one by one; None where nothing is known."""
    area = seconds = 0.0
    for index, (at, value) in enumerate(zip(times.tolist(), values.tolist(), strict=True)):
        after = times[index + 1] if index + 1 < len(times) else max(min(until, END_OF_GRID), at)
        left, right = max(at, start), min(int(after), end)
        if right > left:
            area += value * (right - left) / S
            seconds += (right - left) / S
    return area / seconds if seconds else None


END_OF_GRID = int(windows.edges(START, END, 60 * S)[-1])


@given(samples(), st.integers(-100, 700))
def test_the_time_weighted_mean_holds_each_value_to_the_next(some: tuple[Any, Any, Any], until: int) -> None:
    bounds, until = windows.edges(START, END, 60 * S), START + until * S
    times, values, good = some
    for parts in (
        windows.from_samples(times, values, good, bounds),
        windows.from_samples(times, values, good, windows.edges(START, END, S)),
    ):
        starts, means = windows.time_weighted(parts, bounds, until)
        found = dict(zip(starts.tolist(), means.tolist(), strict=True))
        for start, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
            expected = held(times, values, start, end, until)
            assert (start in found) == (expected is not None)
            if expected is not None:
                assert found[start] == pytest.approx(expected, rel=1e-6, abs=1e-2)


def test_nothing_makes_no_windows() -> None:
    bounds = windows.edges(START, END, 60 * S)
    empty = windows.from_samples(np.empty(0, np.int64), np.empty(0), np.empty(0, np.bool_), bounds)
    assert len(empty) == len(windows.none()) == len(windows.merge(empty, bounds)) == 0
    assert [len(part) for part in windows.time_weighted(empty, bounds, END)] == [0, 0]
