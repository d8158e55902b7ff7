"""Lag: whether what a machine says is old news, or its clock is just slow. Pure.

What a device has kept while it was offline comes late and catches up: it tells of more time than passes meanwhile. A
slow clock goes as fast as ours, and what it says lags as much as ever. Only the first is late: a machine with a slow
clock has alarms like any other.

How much is lagged is measured at arrival, so that what is delivered again lags as it did the first time. Several
devices of one machine have a clock each: a reading is known by its first sensor. Those that lag alike are one.
"""

from collections.abc import Callable, Iterable, Mapping

import msgspec

from andon.alerting.evaluate.phase import FOREVER
from andon.alerting.evaluate.sources.formula import Name
from andon.common.reading import NS_PER_S

LATE = 60 * NS_PER_S
"""Measured longer ago than this, people are not called for it."""
STEADY = 30 * NS_PER_S
"""A lag that has been looked at for this long, and for ten times as long as it varies, is the clock's."""
_TIMES = 10
MOST_CLOCKS = 64
"""A machine has no more of them; whoever sends ever new sensors loses the first ones."""


class Clock(msgspec.Struct):
    """A clock as it is known. lag: nanoseconds by which it is slow; those of 60 s and less are not looked at.

    is_set_back: when that was found out, rules had heard newer readings by it. since: when (UTC nanoseconds) readings
    were first seen that lag by something else, which is from `low` to `high`; 0 where there are none.
    """

    lag: int = 0
    is_set_back: bool = False
    since: int = 0
    low: int = 0
    high: int = 0


RIGHT = Clock()
SET_RIGHT = Clock(lag=-FOREVER // 2)
"""Of the first reading by a clock that was slow: the time it leaps over is old news, whatever is silent in it."""


class Lags:
    """Clocks of machines. slow: those that lag, by machine and first sensor; no other machine needs to be asked for."""

    def __init__(self) -> None:
        self.slow: dict[str, dict[str, Clock]] = {}

    def of(self, asset: str, key: str, lag: int, arrived: int, is_old: Callable[[], bool]) -> Clock:
        """The clock of a reading that arrived (UTC nanoseconds) `lag` nanoseconds after it was measured.

        is_old: whether newer readings were heard before.
        """
        if lag <= LATE:
            return self._forget(asset, key) if asset in self.slow else RIGHT
        clocks = self.slow.setdefault(asset, {})
        clock = clocks.get(key) or clocks.setdefault(key, _like(clocks, lag))
        if len(clocks) > MOST_CLOCKS:
            del clocks[next(iter(clocks))]
        if lag < clock.lag - LATE:  # it was set, or it was never slow
            clock = clocks[key] = Clock()
        if lag <= clock.lag + LATE:
            clock.since = 0
        elif clock.since == 0 or max(clock.high, lag) - min(clock.low, lag) > LATE:
            clock.since, clock.low, clock.high = arrived, lag, lag
        else:
            clock.low, clock.high = min(clock.low, lag), max(clock.high, lag)
            if arrived - clock.since >= max(STEADY, _TIMES * (clock.high - clock.low)):
                clock.lag, clock.is_set_back, clock.since = clock.low, is_old(), 0
        return clock

    def _forget(self, asset: str, key: str) -> Clock:
        clocks = self.slow[asset]
        before = clocks.pop(key, RIGHT)
        if not clocks:
            del self.slow[asset]
        return SET_RIGHT if before.lag and not before.is_set_back else RIGHT


def _like(clocks: Mapping[str, Clock], lag: int) -> Clock:
    """A clock that begins to lag: another one of its machine, if that is known to lag as much."""
    same = (
        Clock(clock.lag, clock.is_set_back) for clock in clocks.values() if clock.lag and abs(clock.lag - lag) <= LATE
    )
    return next(same, Clock())


def lagging(known: Mapping[Name, int], said: Iterable[Name], at: int, *, late: bool) -> Mapping[Name, int]:
    """The sensors of a rule that have yet to catch up, with the event time at which others went on without them.

    said: those that say something now, which is late or is not. Who is silent for long speaks only when it changes.
    """
    if late:
        return {**known, **dict.fromkeys(said, FOREVER)}
    now = set(said)
    waited = {name: min(since, at) for name, since in known.items() if name not in now}
    return {name: since for name, since in waited.items() if at - since <= LATE}
