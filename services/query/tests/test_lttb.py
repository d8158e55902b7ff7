"""Largest-Triangle-Three-Buckets, against the algorithm as the thesis writes it down."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.query.series.lttb import choose

from .conftest import S

T = 1_763_900_000 * S


def areas(x: list[float], y: list[float], before: int, bucket: range, after: range) -> list[float]:
    """Of the triangles of one bucket, as the thesis writes them down."""
    mean_x, mean_y = (sum(one[i] for i in after) / len(after) for one in (x, y))
    a = before
    return [abs((x[a] - mean_x) * (y[i] - y[a]) - (x[a] - x[i]) * (mean_y - y[a])) for i in bucket]


@given(st.lists(st.tuples(st.integers(1, 100), st.integers(-50, 50)), min_size=4, max_size=80), st.integers(3, 40))
def test_it_chooses_as_the_thesis_does(steps: list[tuple[int, int]], points: int) -> None:
    times = np.cumsum([step for step, _ in steps]).astype(np.int64)
    values = np.array([value for _, value in steps], np.float64)
    found = choose(times, values, points).tolist()
    if len(times) <= points:
        assert found == list(range(len(times)))
        return
    assert (len(found), found[0], found[-1]) == (points, 0, len(times) - 1)
    x, y, inner = (times - times[0]).tolist(), values.tolist(), len(times) - 2
    edges = [1 + bucket * inner // (points - 2) for bucket in range(points - 1)] + [len(times)]
    for n, (before, chosen) in enumerate(pairwise(found[:-1])):
        bucket, after = range(edges[n], edges[n + 1]), range(edges[n + 1], edges[n + 2])
        made = areas(x, y, before, bucket, after)
        assert made[bucket.index(chosen)] == pytest.approx(max(made), rel=1e-9)


def test_a_peak_is_kept() -> None:
    times = T + np.arange(100_000, dtype=np.int64) * S // 1000
    values = np.sin(np.arange(100_000) / 9000)
    values[54_321] = 7.0
    found = choose(times, values, 1000)
    assert len(found) == 1000
    assert 54_321 in found


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_few_samples_are_all_kept(count: int) -> None:
    times = T + np.arange(count, dtype=np.int64)
    assert choose(times, times.astype(np.float64), 3).tolist() == list(range(count))


def test_two_points_are_the_ends() -> None:
    times = T + np.arange(50, dtype=np.int64)
    assert choose(times, times.astype(np.float64), 2).tolist() == [0, 49]


def test_huge_values_do_no_harm() -> None:
    times = T + np.arange(50, dtype=np.int64) * S
    values = np.where(times % 2 == 0, 1.7e308, -1.7e308)
    assert len(choose(times, values, 10)) == 10
