"""The buckets of a chart: of one width and aligned to the epoch, or shifts, days, weeks and months. Pure.

The first and the last one are cut to the range asked for, so that ranges side by side hold each sample once; they keep
the time at which the whole bucket begins, so that a chart that moves on keeps its buckets.
"""

from dataclasses import dataclass

import numpy as np

from andon.common.errors import InvalidError
from andon.common.history.columns import Times
from andon.common.history.span import Span
from andon.common.reading import NS_PER_MS, NS_PER_S
from andon.common.times import parse_duration, time_zone
from andon.query.series import buckets, calendars
from andon.query.series.calendars import PERIODS
from andon.query.tiers.tiers import TIERS

MAX_BUCKETS = 10_000
"""Of one sensor in one answer."""
DAY = 86_400 * NS_PER_S


@dataclass(frozen=True)
class Grid:
    """Buckets one after the other without a gap; UTC nanoseconds.

    name: their width as people say it, `10s` or `day`.
    starts: where each begins, the first perhaps before the range.
    bounds: where each begins within the range, and where the range ends; one more than `starts`.
    width: nanoseconds, 0 where they differ.
    """

    name: str
    starts: Times
    bounds: Times
    width: int = 0

    def __len__(self) -> int:
        return len(self.starts)

    def places(self, times: Times) -> Times:
        """Which bucket each of some times of the range lies in."""
        found: Times = np.searchsorted(self.bounds, times, side="right") - 1
        return found


def fitting(span: Span, points: int) -> list[Grid]:
    """The narrowest buckets of a usual width of which the range has at most `points`, and then those of the tiers.

    For where a sensor has too many samples for narrow ones, a tier's rows are read instead. One point is the whole
    range: buckets of any usual width may straddle a boundary.
    """
    if points < buckets.MIN_POINTS:
        return [whole(span)]
    width = buckets.width_for(span.start, span.end, points)
    return [of_width(span, one) for one in (width, *(tier.width for tier in TIERS if tier.width > width))]


def whole(span: Span) -> Grid:
    """The range as one bucket."""
    bounds = np.array([span.start, span.end], np.int64)
    return Grid("whole", bounds[:1], bounds)


def of_width(span: Span, width: int) -> Grid:
    """Buckets of one width, nanoseconds."""
    starts = np.arange(span.start // width, -(-span.end // width), dtype=np.int64) * width
    return Grid(buckets.name(width), starts, _cut(starts, span), width)


def of_period(span: Span, period: calendars.Period, tz: str, shifts: str) -> Grid:
    """Calendar buckets on the clock of a time zone.

    Raises:
        InvalidError: no such time zone, or shifts that are none.
    """
    begins = calendars.begins(period, span, time_zone(tz), calendars.clocks(shifts))
    return Grid(period, begins[:-1], _cut(begins[:-1], span))


def _cut(starts: Times, span: Span) -> Times:
    return np.concatenate(([span.start], starts[1:], [span.end])).astype(np.int64)


def asked(span: Span, bucket: str, tz: str, shifts: str) -> Grid:
    """The buckets a caller names: `10s`, `8h`, `shift`, `day`, `week` or `month`.

    Raises:
        InvalidError: no such bucket, or too many of them in the range.
    """
    period = next((one for one in PERIODS if one == bucket), None)
    if period == "shift":  # told before they are counted one by one, which takes a moment for ten years of them
        _require_few(period, (span.end - span.start) // DAY * len(calendars.clocks(shifts)))
    if period:
        found = of_period(span, period, tz, shifts)
        _require_few(period, len(found))
        return found
    width = _width(bucket)
    if buckets.count(span.start, span.end, width) > MAX_BUCKETS:
        raise _too_many(buckets.count(span.start, span.end, width), bucket, span)
    return of_width(span, width)


def _require_few(period: str, count: int) -> None:
    if count > MAX_BUCKETS:
        raise InvalidError(f"bucket={period} makes {count:,} buckets there; at most {MAX_BUCKETS:,}: shorten the range")


def _too_many(count: int, bucket: str, span: Span) -> InvalidError:
    wide = buckets.name(buckets.width_for(span.start, span.end, MAX_BUCKETS))
    return InvalidError(
        f"bucket={bucket} makes {count:,} buckets there; at most {MAX_BUCKETS:,}: "
        f"ask for bucket={wide}, or shorten the range"
    )


def _width(bucket: str) -> int:
    try:
        width = parse_duration(bucket)
    except InvalidError:
        raise InvalidError(
            f"bucket='{bucket}' is no width; write for example 10s, 5m or 8h, or one of {', '.join(PERIODS)}"
        ) from None
    if width < NS_PER_MS or width % NS_PER_MS or width > buckets.WIDTHS[-1]:
        raise InvalidError(
            f"bucket='{bucket}' must be whole milliseconds, from 1ms to {buckets.name(buckets.WIDTHS[-1])}"
        )
    return width
