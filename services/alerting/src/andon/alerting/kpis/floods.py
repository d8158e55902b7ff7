"""Alarm floods: more than an operator can answer. Pure.

ISA-18.2-2016, section 16: a flood begins when more than 10 alarms come in 10 minutes, and ends when it is fewer than 5.
Here the ten minutes are those that end at each instant, so a flood across a boundary of the clock is seen as well. It
begins with the first of the eleven annunciations that make it one.
"""

from dataclasses import dataclass

import numpy as np

from andon.alerting.kpis.columns import Numbers, Span
from andon.alerting.kpis.windows import MANY, TEN_MINUTES

CALM = 5
"""Fewer than so many in ten minutes end a flood."""


@dataclass(frozen=True)
class Flood:
    """One flood. end: when it was calm again, the end of the range if it was not (`over` is false then)."""

    start: int
    end: int
    count: int
    over: bool


def floods(at: Numbers, span: Span) -> list[Flood]:
    """Floods of annunciations at `at`, in order of time and within the range; oldest first.

    What came before the range is not known here, so a flood that begins within the first ten minutes may be seen late.
    """
    hot = np.flatnonzero(at[MANY:] - at[:-MANY] < TEN_MINUTES) + MANY
    calm_at = at[: -(CALM - 1)] + TEN_MINUTES  # four are left in the window from here on, unless another one came
    following = np.append(at[CALM:], span.end)
    cool = np.flatnonzero(calm_at < following) + CALM - 1
    found = list[Flood]()
    index, before = 0, span.start
    while True:
        place = int(np.searchsorted(hot, index))
        if place == len(hot):
            return found
        first, end = int(hot[place]), int(np.searchsorted(cool, hot[place]))
        over = end < len(cool)
        until = int(calm_at[cool[end] - CALM + 1]) if over else span.end
        start = max(int(at[first - MANY]), before)
        low, high = np.searchsorted(at, [start, until])
        found.append(Flood(start, until, int(high - low), over))
        if not over:
            return found
        index, before = int(cool[end]) + 1, until


def percent_of_time(found: list[Flood], span: Span) -> float:
    """How much of the range was flooded."""
    return 100 * sum(flood.end - flood.start for flood in found) / max(1, span.end - span.start)
