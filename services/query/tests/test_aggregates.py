"""What a bucket tells of its samples, against plain numpy over the samples themselves."""

from contextlib import suppress
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.common.errors import InvalidError
from andon.common.history.columns import Floats, Times
from andon.common.history.span import Span
from andon.query.series import aggregates
from andon.query.series.grid import Grid, of_width
from andon.query.tiers import windows
from andon.query.tiers.windows import Windows

from .conftest import S

VALUES = st.floats(-1e6, 1e6)
SAMPLES = st.dictionaries(st.integers(0, 99), VALUES, max_size=40)


def arrays(samples: dict[int, float]) -> tuple[Times, Floats]:
    times = np.array(sorted(samples), np.int64) * S
    return times, np.array([samples[int(at) // S] for at in times], np.float64)


def windows_of(times: Times, values: Floats, bounds: Times) -> Windows:
    return windows.from_samples(times, values, np.ones(len(times), np.bool_), bounds)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Times, Floats, Grid, Windows]:
    """Samples within a range, its buckets, and the newest sample before it."""
    times, values = arrays(draw(SAMPLES))
    start, width = draw(st.integers(0, 50)), draw(st.integers(1, 40))
    span = Span(start * S, draw(st.integers(start + 1, 100)) * S)
    earlier = times < span.start
    bounds = np.array([0, span.start], np.int64)
    before = windows_of(times[earlier][-1:], values[earlier][-1:], bounds)
    inside = ~earlier & (times < span.end)
    return times[inside], values[inside], of_width(span, width * S), before


def of_(name: str, case: tuple[Times, Floats, Grid, Windows]) -> list[float]:
    times, values, grid, before = case
    found = windows_of(times, values, grid.bounds)
    return aggregates.of_windows(name, found, grid, before, int(grid.bounds[-1])).tolist()


def each(case: tuple[Times, Floats, Grid, Windows]) -> list[Floats]:
    times, values, grid, _ = case
    return [
        values[(times >= low) & (times < high)] for low, high in zip(grid.bounds[:-1], grid.bounds[1:], strict=True)
    ]


PLAIN = {
    "mean": np.mean,
    "min": np.min,
    "max": np.max,
    "sum": np.sum,
    "count": len,
    "first": lambda part: part[0],
    "last": lambda part: part[-1],
    "stddev": lambda part: np.std(part, ddof=1) if len(part) > 1 else np.nan,
}


@given(cases())
def test_of_windows_as_of_samples(case: tuple[Times, Floats, Grid, Windows]) -> None:
    for name, plain in PLAIN.items():
        expected = [plain(part) if len(part) else np.nan for part in each(case)]
        assert of_(name, case) == pytest.approx(expected, rel=1e-9, abs=1e-6, nan_ok=True), name


@given(cases(), st.lists(st.floats(0, 100).map(lambda p: f"p{p:.3f}"), min_size=1, max_size=3))
def test_percentiles_are_those_of_numpy(case: tuple[Times, Floats, Grid, Windows], names: list[str]) -> None:
    times, values, grid, _ = case
    names = [name.replace("p100.000", "p100") for name in names] + ["median"]
    found = aggregates.percentiles(names, times, values, grid)
    for name in names:
        percent = aggregates.percent(name)
        assert percent is not None
        expected = [np.percentile(part, percent) if len(part) else np.nan for part in each(case)]
        assert found[name].tolist() == pytest.approx(expected, rel=1e-9, abs=1e-9, nan_ok=True)


@given(cases())
def test_the_growth_of_a_counter_adds_up(case: tuple[Times, Floats, Grid, Windows]) -> None:
    times, values, _, before = case
    growth = np.array(of_("delta", case))
    if not len(times):
        assert np.isnan(growth).all()
        return
    began = before.last[-1] if len(before) else values[0]
    assert np.nansum(growth) == pytest.approx(values[-1] - began, rel=1e-9, abs=1e-6)
    seconds = np.diff(np.append(before.last_at if len(before) else times[:1], lasts(case))) / S
    rate = np.array(of_("rate", case))[~np.isnan(growth)]
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = growth[~np.isnan(growth)] / seconds
    assert rate.tolist() == pytest.approx(expected.tolist(), rel=1e-9, abs=1e-9, nan_ok=True)


def lasts(case: tuple[Times, Floats, Grid, Windows]) -> list[int]:
    times, _, grid, _ = case
    parts = [times[(times >= low) & (times < high)] for low, high in pairwise(grid.bounds)]
    return [int(part[-1]) for part in parts if len(part)]


@given(cases())
def test_the_time_weighted_mean_is_that_of_the_value_held_each_second(
    case: tuple[Times, Floats, Grid, Windows],
) -> None:
    times, values, grid, before = case
    held = dict(zip((times // S).tolist(), values.tolist(), strict=True))
    at = before.last[-1] if len(before) else np.nan
    by_second = {}
    for second in range(int(grid.bounds[0]) // S, int(grid.bounds[-1]) // S):
        at = held.get(second, at)
        by_second[second] = at
    expected = []
    for low, high in zip(grid.bounds[:-1] // S, grid.bounds[1:] // S, strict=True):
        part = np.array([by_second[second] for second in range(low, high)])
        part = part[~np.isnan(part)]
        expected.append(part.mean() if len(part) else np.nan)
    assert of_("twa", case) == pytest.approx(expected, rel=1e-9, abs=1e-6, nan_ok=True)


def test_names_in_order_and_each_once() -> None:
    assert aggregates.parse("mean, max,p99.9,mean") == ("mean", "max", "p99.9")
    assert [aggregates.percent(name) for name in ("median", "p0", "p100", "p99.9", "mean")] == [50, 0, 100, 99.9, None]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "agg='' is no aggregate; there are auto, raw, states, mean"),
        ("avg", "agg='avg' is no aggregate"),
        ("p101", "is no aggregate"),
        ("p99.9999", "is no aggregate"),
        ("p-1", "is no aggregate"),
        ("mean,", "agg='' is no aggregate"),
        ("raw,mean", "agg=raw stands alone; ask for it without mean"),
        ("p1,p2,p3,p4,p5,p6,p7,p8,p9", "names 9 aggregates; at most 8"),
    ],
)
def test_names_that_are_none_are_said(text: str, says: str) -> None:
    with pytest.raises(InvalidError) as error:
        aggregates.parse(text)
    assert says in str(error.value)


@given(st.text(max_size=30))
def test_garbage_is_refused_or_a_name(text: str) -> None:
    with suppress(InvalidError):
        assert all(aggregates.parse(text))
