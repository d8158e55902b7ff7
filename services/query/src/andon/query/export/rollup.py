"""Rollup: what whole buckets tell instead of every value, and where the buckets begin. Pure."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np

from andon.common.errors import InvalidError
from andon.common.history.columns import Times
from andon.common.history.span import Span
from andon.common.reading import NS_PER_MS
from andon.common.times import parse_duration
from andon.query.series import aggregates, calendars
from andon.query.series.calendars import PERIODS

AGGREGATES = aggregates.OF_WINDOWS
"""Those that the tiers tell: an export may be of years."""

MOST_BUCKETS = 10**9
"""Thrice the seconds of the longest range. Empty ones take time as well, about a minute for each 250 million."""


@dataclass(frozen=True)
class Rollup:
    """Aggregates of each bucket. Buckets are `width` nanoseconds wide, or begin and end where `begins` says."""

    aggs: tuple[str, ...]
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


def aggs_of(text: str) -> tuple[str, ...]:
    """Aggregates of `mean,max`, in that order, each once.

    Raises:
        InvalidError: there is no such aggregate, the tiers do not tell it, or they are too many.
    """
    found = aggregates.parse(text)
    for one in found:
        if one not in AGGREGATES:
            raise InvalidError(
                f"agg={one} cannot be exported, for minutes and hours do not tell it; ask for some of "
                f"{', '.join(AGGREGATES)}, or without agg and bucket for every value"
            )
    return found


def rollup_of(agg: str, bucket: str, span: Span, zone: ZoneInfo, shifts: str) -> Rollup | None:
    """The rollup a caller asks for; None where every value is wanted.

    Raises:
        InvalidError: only one of the two is given, or it is no bucket, or no aggregate of one.
    """
    if not agg and not bucket:
        return None
    if not agg:
        raise InvalidError(f"bucket={bucket} needs an agg: one of {', '.join(AGGREGATES)}")
    if not bucket:
        raise InvalidError(f"agg={agg} needs a bucket, like 10s, 5m or 8h, or one of {', '.join(PERIODS)}")
    aggs = aggs_of(agg)
    for period in PERIODS:
        if bucket == period:
            begins = calendars.begins(period, span, zone, calendars.clocks(shifts))
            return Rollup(aggs, bucket, 0, begins)
    width = parse_duration(bucket)
    if width < NS_PER_MS or width % NS_PER_MS:
        raise InvalidError(f"bucket='{bucket}' is not so many whole milliseconds; at least 1ms")
    if (count := (span.end - span.start) // width) > MOST_BUCKETS:
        raise InvalidError(f"That makes {count:,} buckets; at most {MOST_BUCKETS:,}. Ask for wider ones, or less time")
    return Rollup(aggs, bucket, width, np.empty(0, np.int64))
