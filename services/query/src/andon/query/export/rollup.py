"""Rollup: values of whole buckets instead of every one: which of them, and where the buckets begin. Pure."""

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args
from zoneinfo import ZoneInfo

import numpy as np

from andon.common.errors import InvalidError
from andon.common.reading import NS_PER_MS
from andon.common.times import parse_duration
from andon.query.history.columns import Floats, Times
from andon.query.history.history import Span
from andon.query.series import calendars
from andon.query.series.calendars import PERIODS
from andon.query.tiers.windows import Windows

Agg: TypeAlias = Literal["mean", "min", "max", "count", "sum", "first", "last", "stddev"]
AGGREGATES: tuple[Agg, ...] = get_args(Agg)
OF_SUMS: tuple[Agg, ...] = ("mean", "min", "max", "count", "sum")
"""Those that need no more of a window than count, sum, min and max, which are read faster."""

MOST_BUCKETS = 10**9
"""Thrice the seconds of the longest range. Empty ones take time as well, about a minute for each 250 million."""


@dataclass(frozen=True)
class Rollup:
    """One aggregate of each bucket. Buckets are `width` nanoseconds wide, or begin and end where `begins` says."""

    agg: Agg
    bucket: str
    width: int
    begins: Times

    def bounds(self, start: int, end: int, most: int) -> Times:
        """Where at most `most` buckets from `start` on begin, the last of which ends by `end`, cut to that range."""
        if self.width:
            first, last = start // self.width, -(-end // self.width)
            found = np.arange(first, min(last, first + most) + 1, dtype=np.int64) * self.width
        else:
            low = int(np.searchsorted(self.begins, start, side="right")) - 1
            high = int(np.searchsorted(self.begins, end))
            found = self.begins[low : min(high, low + most) + 1]
        return np.clip(found, start, end)

    def begin(self, at: int) -> int:
        """Where the bucket begins that holds a time: a cut one keeps the time of the whole."""
        if self.width:
            return at // self.width * self.width
        return int(self.begins[np.searchsorted(self.begins, at, side="right") - 1])

    def values(self, windows: Windows) -> Floats:
        """The aggregate of each window; NaN where there is none."""
        values: Floats = getattr(windows, self.agg)
        return values


def rollup_of(agg: Agg | None, bucket: str, span: Span, zone: ZoneInfo, shifts: str) -> Rollup | None:
    """The rollup a caller asks for; None where every value is wanted.

    Raises:
        InvalidError: only one of the two is given, or it is no bucket.
    """
    if agg is None and not bucket:
        return None
    if agg is None:
        raise InvalidError(f"bucket={bucket} needs an agg: one of {', '.join(AGGREGATES)}")
    if not bucket:
        raise InvalidError(f"agg={agg} needs a bucket, like 10s, 5m or 8h, or one of {', '.join(PERIODS)}")
    for period in PERIODS:
        if bucket == period:
            begins = calendars.begins(period, span, zone, calendars.clocks(shifts))
            return Rollup(agg, bucket, 0, begins)
    width = parse_duration(bucket)
    if width < NS_PER_MS or width % NS_PER_MS:
        raise InvalidError(f"bucket='{bucket}' is not so many whole milliseconds; at least 1ms")
    if (count := (span.end - span.start) // width) > MOST_BUCKETS:
        raise InvalidError(f"That makes {count:,} buckets; at most {MOST_BUCKETS:,}. Ask for wider ones, or less time")
    return Rollup(agg, bucket, width, np.empty(0, np.int64))
