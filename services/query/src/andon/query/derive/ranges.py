"""Ranges of time: in order, apart, half-open, UTC nanoseconds. Pure."""

from collections.abc import Iterable
from itertools import pairwise

from andon.query.tiers.coverage import Ranges

MOST = 64
"""Ranges kept of one machine; of more, those that lie nearest to each other become one, with what lies between."""


def union(*some: Iterable[tuple[int, int]]) -> Ranges:
    """All that lies in any of them."""
    found: Ranges = []
    for start, end in sorted(one for ranges in some for one in ranges):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        elif start < end:
            found.append((start, end))
    return found


def without(ranges: Ranges, start: int, end: int) -> Ranges:
    """What lies outside [start, end)."""
    parts = [part for low, high in ranges for part in ((low, min(high, start)), (max(low, end), high))]
    return [part for part in parts if part[0] < part[1]]


def few(ranges: Ranges, most: int = MOST) -> Ranges:
    """At most so many ranges that hold all of these: only the widest gaps stay."""
    if len(ranges) <= most:
        return list(ranges)
    gaps = [after[0] - before[1] for before, after in pairwise(ranges)]
    widest = sorted(sorted(range(len(gaps)), key=gaps.__getitem__, reverse=True)[: most - 1])
    begins = [ranges[0][0], *(ranges[gap + 1][0] for gap in widest)]
    ends = [*(ranges[gap][1] for gap in widest), ranges[-1][1]]
    return list(zip(begins, ends, strict=True))


def of_windows(starts: Iterable[int], width: int) -> Ranges:
    """Ranges of windows of one width, given where they begin."""
    return union((start, start + width) for start in starts)


def widened(ranges: Ranges, width: int) -> Ranges:
    """The same, to whole windows of a width."""
    return union((start // width * width, -(-end // width) * width) for start, end in ranges)
