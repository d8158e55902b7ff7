"""Fewer intervals than there are: in each bucket the value that held longest, as a state chart can show it. Pure."""

import numpy as np

from andon.common.history.columns import Times
from andon.query.series.grid import Grid
from andon.query.series.states import Held, Intervals


def longest(found: Intervals, grid: Grid) -> Intervals:
    """Intervals within the grid's range made of whole buckets; of two values that held as long, the earlier one.

    Before the first interval and behind the last one nothing is known, so there the buckets are cut.
    """
    first, end = found.starts[0], found.ends[-1]
    inside = grid.bounds[(grid.bounds > first) & (grid.bounds < end)]
    cuts = np.union1d(found.starts, inside)
    lasted = np.diff(np.append(cuts, end))
    each = _codes(found.values)
    bucket, codes = grid.places(cuts), each[np.searchsorted(found.starts, cuts, side="right") - 1]
    keys, which = np.unique(bucket * (codes.max() + 1) + codes, return_inverse=True)
    total = np.bincount(which, weights=lasted)
    buckets, code = np.divmod(keys, codes.max() + 1)
    order = np.lexsort((-total, buckets))
    winners = order[np.flatnonzero(np.diff(buckets[order], prepend=-1))]
    starts = np.maximum(grid.bounds[buckets[winners]], first)
    return _merged(starts, code[winners], found.values[np.unique(each, return_index=True)[1]], end)


def _codes(values: Held) -> Times:
    """A number for each value, in the order in which they come first."""
    table: dict[object, int] = {}
    return np.array([table.setdefault(value, len(table)) for value in values.tolist()], np.int64)


def _merged(starts: Times, codes: Times, values: Held, end: int) -> Intervals:
    """Neighbours with one value as one interval; `values` by their codes."""
    changes = np.flatnonzero(np.diff(codes, prepend=-1))
    starts = starts[changes]
    return Intervals(starts, np.append(starts[1:], end), values[codes[changes]])
