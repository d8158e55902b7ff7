"""How many annunciations there are in ten minutes, an hour, a day, and in each bucket of a chart. Pure.

Windows of ten minutes and hours are those of the clock (12:00, 12:10 ...), so that a figure does not change with the
second at which it is asked for. Days begin at midnight of the factory's clock; one of a clock change has 23 or 25
hours.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from andon.alerting.kpis.columns import SEVERITIES, Numbers, Span
from andon.common.reading import NS_PER_S
from andon.common.times import datetime_to_ns

TEN_MINUTES = 600 * NS_PER_S
HOUR = 3600 * NS_PER_S
DAY = 24 * HOUR
MANY = 10
"""Annunciations in ten minutes that an operator can still answer (ISA-18.2-2016, section 16)."""
MAX_BUCKETS = 500
_BUCKETS = {"10m": TEN_MINUTES, "1h": HOUR, "6h": 6 * HOUR, "1d": DAY}


@dataclass(frozen=True)
class Rates:
    """Annunciations per window: on average over the range, and in the fullest window.

    crowded: percent of the windows of ten minutes with more than ten.
    """

    per_ten_minutes: float
    per_hour: float
    per_day: float
    peak_ten_minutes: int
    peak_hour: int
    peak_day: int
    crowded: float


def rates(at: Numbers, span: Span, zone: ZoneInfo) -> Rates:
    """Rates of annunciations at `at`, in order of time and within the range."""
    width, count = max(1, span.end - span.start), len(at)
    windows = np.diff(np.searchsorted(at, edges(span, TEN_MINUTES)))
    hours = np.diff(np.searchsorted(at, edges(span, HOUR)))
    of_days = np.diff(np.searchsorted(at, days(span, zone)))
    return Rates(
        per_ten_minutes=count * TEN_MINUTES / width,
        per_hour=count * HOUR / width,
        per_day=count * DAY / width,
        peak_ten_minutes=int(windows.max(initial=0)),
        peak_hour=int(hours.max(initial=0)),
        peak_day=int(of_days.max(initial=0)),
        crowded=100 * float(np.mean(windows > MANY)) if len(windows) else 0.0,
    )


@dataclass(frozen=True)
class Chart:
    """Annunciations per bucket. bounds: where the buckets begin, and the last one ends; counts: [bucket, severity]."""

    resolution: str
    bounds: Numbers
    counts: Numbers


def chart(at: Numbers, severity: Numbers, span: Span, zone: ZoneInfo) -> Chart:
    """Annunciations in the narrowest of 10m, 1h, 6h and 1d that makes at most 500 buckets of the range."""
    name = next((one for one, wide in _BUCKETS.items() if (span.end - span.start) // wide + 2 <= MAX_BUCKETS), "1d")
    width = _BUCKETS[name]
    bounds = edges(span, width) if width <= HOUR else days(span, zone, every=width // HOUR)
    bucket = np.searchsorted(bounds, at, side="right") - 1
    cells = np.bincount(bucket * len(SEVERITIES) + severity, minlength=(len(bounds) - 1) * len(SEVERITIES))
    return Chart(name, bounds, cells.reshape(-1, len(SEVERITIES)))


def edges(span: Span, width: int) -> Numbers:
    """Where the clock's windows begin that touch the range, and where the last of them ends."""
    return np.arange(span.start // width, -(-span.end // width) + 1, dtype=np.int64) * width


def days(span: Span, zone: ZoneInfo, *, every: int = 24) -> Numbers:
    """Where a clock's days, or parts of them of `every` hours, begin that touch the range; and where the last ends."""
    first, last = (_day_of(bound, zone) for bound in (span.start, span.end))
    found = [
        datetime_to_ns(datetime.combine(first + timedelta(day), time(hour), tzinfo=zone))
        for day in range(-1, (last - first).days + 2)
        for hour in range(0, 24, every)
    ]
    bounds = np.unique(np.array(found, np.int64))
    low = int(np.searchsorted(bounds, span.start, side="right")) - 1
    high = int(np.searchsorted(bounds, span.end))
    return bounds[low : high + 1]


def _day_of(at: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(at // NS_PER_S, tz=UTC).astimezone(zone).date()
