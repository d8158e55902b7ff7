"""What a caller wants to see of some sensors: the range, the buckets, and what each of them tells."""

from dataclasses import dataclass
from time import time_ns
from typing import Annotated, Literal, TypeAlias

from fastapi import Depends, Query

from andon.common.errors import InvalidError
from andon.common.history.api import From, To
from andon.common.history.span import Span, span_of
from andon.common.times import time_zone
from andon.query.series import aggregates, buckets, calendars, grid
from andon.query.series.gaps import Fill
from andon.query.series.grid import MAX_BUCKETS, Grid

Draw: TypeAlias = Literal["envelope", "lttb"]


@dataclass(frozen=True)
class Question:
    """Of each sensor at most `points` values, or what the buckets of one of the `grids` tell.

    aggs: what a bucket tells, or one of aggregates.ALONE.
    grids: the buckets to take; the wider ones where a sensor has too many samples for the narrower.
    bucketed: never the values as they are, even if they fit into `points`.
    now: UTC nanoseconds; what lies behind it has not happened.
    """

    span: Span
    points: int
    aggs: tuple[str, ...]
    grids: tuple[Grid, ...]
    bucketed: bool
    fill: Fill
    align: bool
    draw: Draw
    now: int

    @property
    def until(self) -> int:
        """Up to when the last value is known to hold."""
        return min(self.span.end, self.now)


def _question(
    *,
    from_: From = "-1h",
    to: To = "now",
    points: Annotated[int, Query(ge=1, le=MAX_BUCKETS, description="at most so many values of a sensor")] = 1000,
    agg: Annotated[
        str,
        Query(
            max_length=128,
            description="auto, raw, states; or some of mean, min, max, sum, count, first, last, stddev, twa, delta,"
            " rate, median, p95, p99.9 with commas",
        ),
    ] = "auto",
    bucket: Annotated[str, Query(max_length=32, description="10s, 5m, 8h; shift, day, week, month")] = "",
    tz: Annotated[str, Query(max_length=64, description="the clock of days, and of times without an offset")] = "UTC",
    shifts: Annotated[
        str, Query(max_length=200, description="when shifts begin, on that clock")
    ] = calendars.USUAL_SHIFTS,
    fill: Annotated[Fill, Query(description="what to show in buckets without a value")] = "none",
    align: Annotated[bool, Query(description="all sensors on one clock: times once, values for each sensor")] = False,
    draw: Annotated[
        Draw, Query(description="too many values for agg=auto: means with their extent, or chosen values")
    ] = "envelope",
) -> Question:
    """The question of a request.

    Raises:
        InvalidError: something is not known, or does not go together.
    """
    span, aggs = span_of(from_, to, time_zone(tz)), aggregates.parse(agg)
    grids = [grid.asked(span, bucket, tz, shifts)] if bucket else grid.fitting(span, points)
    bucketed = bool(bucket) or fill != "none" or align
    if bucketed and aggs[0] in ("raw", "states"):
        raise InvalidError(f"agg={aggs[0]} has no buckets; ask for it without 'bucket', 'fill' and 'align'")
    if draw == "lttb" and (bucketed or aggs != ("auto",)):
        raise InvalidError("draw=lttb chooses among the values as they are; ask for it without 'agg' and buckets")
    if draw == "lttb" and points < buckets.MIN_POINTS:
        raise InvalidError("draw=lttb draws a line, which has two ends; ask for at least 2 points")
    return Question(span, points, aggs, tuple(grids), bucketed, fill, align, draw, time_ns())


AskedQuestion = Annotated[Question, Depends(_question)]
