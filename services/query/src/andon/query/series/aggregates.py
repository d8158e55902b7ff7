"""What a bucket of a chart tells of its samples: mean, p95, rate ... Pure.

An array has one value for each bucket of a grid, NaN where there is none.
"""

import re
from collections.abc import Iterable

import numpy as np

from andon.common.errors import InvalidError
from andon.common.history.columns import Floats, Times
from andon.common.reading import NS_PER_S
from andon.query.series.grid import Grid
from andon.query.tiers import windows
from andon.query.tiers.windows import Windows

ALONE = ("auto", "raw", "states")
"""Ways to draw, not numbers of a bucket: none of them goes with another one."""
OF_WINDOWS = ("mean", "min", "max", "sum", "count", "first", "last", "stddev", "twa", "delta", "rate")
OF_SUMS = frozenset({"mean", "min", "max", "sum", "count"})
"""What needs no more of a window than its count, sum, min and max."""
WITH_BEFORE = frozenset({"twa", "delta", "rate"})
"""What begins with the newest value before the range."""
WITHOUT_ARITHMETIC = ("auto", "raw", "last", "first", "count", "states")
"""What can be asked of a state or a switch."""
OF_SWITCHES = (*WITHOUT_ARITHMETIC, "twa")
"""Of a switch also the share of time it was on, from 0 to 1."""
MOST = 8

_PERCENTILE = re.compile(r"p(100|\d{1,2}(?:\.\d{1,3})?)")
_HUGE = np.errstate(divide="ignore", over="ignore", invalid="ignore")


def parse(text: str) -> tuple[str, ...]:
    """Aggregates of `mean,max`, in that order, each once.

    Raises:
        InvalidError: there is no such aggregate, too many, or one that stands alone is not alone.
    """
    found = tuple(dict.fromkeys(one.strip() for one in text.split(",")))
    for one in found:
        if one not in (*ALONE, *OF_WINDOWS) and percent(one) is None:
            raise InvalidError(
                f"agg='{one}' is no aggregate; there are {', '.join((*ALONE, *OF_WINDOWS))}, median, and p0 to p100"
            )
        if one in ALONE and len(found) > 1:
            raise InvalidError(f"agg={one} stands alone; ask for it without {', '.join(set(found) - {one})}")
    if len(found) > MOST:
        raise InvalidError(f"'agg' names {len(found)} aggregates; at most {MOST} in one request")
    return found


def percent(name: str) -> float | None:
    """50 of `median`, 99.9 of `p99.9`; None of what is no percentile."""
    if name == "median":
        return 50.0
    found = _PERCENTILE.fullmatch(name)
    return float(found[1]) if found else None


def of_windows(name: str, found: Windows, grid: Grid, before: Windows, until: int) -> Floats:
    """One of OF_WINDOWS, of one window for each bucket that has samples.

    `before` holds the newest sample before the range, or nothing. The last value holds until `until`, UTC nanoseconds.
    """
    if name == "twa":
        return _placed(grid, *windows.time_weighted(windows.join(before, found), grid.bounds, until))
    if name in WITH_BEFORE:
        return _placed(grid, found.start, _growth(found, before, per_second=name == "rate"))
    return _placed(grid, found.start, getattr(found, name))


def _placed(grid: Grid, times: Times, values: Floats) -> Floats:
    placed = np.full(len(grid), np.nan)
    placed[grid.places(times)] = values
    return placed


@_HUGE
def _growth(found: Windows, before: Windows, *, per_second: bool) -> Floats:
    """From the last sample before a bucket to its own last one: so those of buckets side by side add up.

    Where nothing is known before, from the bucket's first sample.
    """
    if not len(found):
        return np.empty(0)
    known = len(before) > 0
    value, at = (before.last[-1], before.last_at[-1]) if known else (found.first[0], found.first_at[0])
    growth: Floats = found.last - np.append(value, found.last[:-1])
    if not per_second:
        return growth
    passed = found.last_at - np.append(at, found.last_at[:-1])
    growth /= passed / NS_PER_S
    return growth


@_HUGE
def percentiles(names: Iterable[str], times: Times, values: Floats, grid: Grid) -> dict[str, Floats]:
    """Percentiles by name, of samples of the range in order of time; linear between two samples, as numpy has it."""
    if not len(times):
        return {name: np.full(len(grid), np.nan) for name in names}
    which = grid.places(times)
    ranked = values[np.lexsort((values, which))]
    begins = np.flatnonzero(np.diff(which, prepend=-1))
    count = np.diff(np.append(begins, len(times)))
    found = {}
    for name in names:
        place = (percent(name) or 0.0) / 100 * (count - 1)
        low = np.floor(place).astype(np.int64)
        high = np.minimum(low + 1, count - 1)
        one, other = ranked[begins + low], ranked[begins + high]
        found[name] = np.full(len(grid), np.nan)
        found[name][which[begins]] = one + (other - one) * (place - low)
    return found
