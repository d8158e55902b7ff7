"""Where shifts, days, weeks and months begin on a factory's clock. Pure.

A day of the clock change has 23 or 25 hours; a week begins on Monday (ISO 8601). An hour that the clock strikes twice
counts from its first stroke; one that it leaves out begins as much later as the clock was put forward (PEP 495).
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Literal, TypeAlias, get_args
from zoneinfo import ZoneInfo

import numpy as np

from andon.common.errors import InvalidError
from andon.common.history.columns import Times
from andon.common.history.span import LATEST_TIME, Span
from andon.common.reading import NS_PER_S

Period: TypeAlias = Literal["shift", "day", "week", "month"]
PERIODS: tuple[Period, ...] = get_args(Period)

MAX_SHIFTS = 24
"""In one day."""
USUAL_SHIFTS = "06:00,14:00,22:00"

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_MARGIN = {"shift": 2, "day": 2, "week": 8, "month": 32}
"""So many days before and after a range suffice for a bound on either side of it, in any time zone."""


def clocks(text: str) -> tuple[time, ...]:
    """When shifts begin, of `06:00,14:00,22:00`; in order.

    Raises:
        InvalidError: these are no times of a day, or too many.
    """
    found = [_CLOCK.fullmatch(one.strip()) for one in text.split(",")]
    if None in found:
        raise InvalidError(f"shifts='{text}' are no times of a day; write for example {USUAL_SHIFTS}")
    if len(found) > MAX_SHIFTS:
        raise InvalidError(f"'shifts' names {len(found)} shifts of a day; at most {MAX_SHIFTS}")
    return tuple(sorted({time(int(one[1]), int(one[2])) for one in found if one}))


def begins(period: Period, span: Span, where: ZoneInfo, shifts: tuple[time, ...] = ()) -> Times:
    """Where the periods begin that hold [start, end), and where the last of them ends; UTC nanoseconds.

    `shifts` tells when the shifts of a day begin, at least one if `period` is that.
    """
    margin = timedelta(_MARGIN[period])
    first, last = _day_of(span.start, where) - margin, _day_of(span.end, where) + margin
    at = shifts if period == "shift" else (time(),)
    seconds = _utc(_days(period, first, last), at, where)
    found: Times = np.unique(np.minimum(seconds, LATEST_TIME // NS_PER_S)) * NS_PER_S
    low, high = np.searchsorted(found, span.start, side="right") - 1, np.searchsorted(found, span.end)
    return found[low : high + 1]


def _days(period: Period, first: date, last: date) -> Iterator[date]:
    """The days on which a period may begin."""
    day = first
    while day <= last:
        if period in ("shift", "day") or (day.day == 1 if period == "month" else day.weekday() == 0):
            yield day
        day += timedelta(1)


def _day_of(at: int, where: ZoneInfo) -> date:
    return datetime.fromtimestamp(at // NS_PER_S, where).date()


def _utc(days: Iterable[date], clocks: tuple[time, ...], where: ZoneInfo) -> Times:
    """Epoch seconds of the times of some days, in no order.

    A zone is asked for each of them only where the clock is set that day: 24 shifts of ten years are 88,000 times.
    """
    midnights, others = list[int](), list[int]()
    for day in days:
        midnight, next_one = (datetime.combine(one, time(), where) for one in (day, day + timedelta(1)))
        if midnight.utcoffset() == next_one.utcoffset():
            midnights.append(int(midnight.timestamp()))
        else:
            others += [int(datetime.combine(day, clock, where).timestamp()) for clock in clocks]
    after = np.array([3600 * clock.hour + 60 * clock.minute for clock in clocks], np.int64)
    return np.append(np.add.outer(np.array(midnights, np.int64), after), np.array(others, np.int64))
