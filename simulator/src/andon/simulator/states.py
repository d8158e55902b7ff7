"""States: when a machine runs, waits, is set up, or is down; decided by seed, machine and time alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal, TypeAlias

from andon.simulator.shifts import HOUR, NIGHT_RESTING, shift_at
from andon.simulator.signals import scatter, seed_of

State: TypeAlias = Literal["RUN", "IDLE", "DOWN", "SETUP"]

_SETUP_CHANCE, _DOWN_CHANCE = 0.15, 0.12  # of each hour
_REST, _STOP, _STOP_AT, _STOP_LONG, _SET, _SET_AT, _LOT = range(7)  # what a lot is drawn for


@dataclass(frozen=True)
class Span:
    """A stretch of time in one state; `end` is not part of it."""

    start: float
    end: float
    state: State


class States:
    """The life of one machine, hour by hour. Machines of one line have their breaks together.

    `attended`: stands while its people have a break, or are at home.
    """

    def __init__(self, seed: int, path: str, *, attended: bool = True) -> None:
        self._attended = attended
        self._seed = seed ^ seed_of(path)
        self._lot = scatter(seed, seed_of(path.rpartition("/")[0]), _LOT)
        self._hour = lru_cache(maxsize=32)(self._plan_hour)  # a day: all that the slowest body remembers

    def at(self, t: float) -> State:
        """State at a moment."""
        return next(span.state for span in self._hour(int(t // HOUR)) if span.start <= t < span.end)

    def spans(self, since: float, until: float) -> Iterator[Span]:
        """The spans that touch [since, until), in order; they begin and end at full hours at the latest."""
        for hour in range(int(since // HOUR), int(until // HOUR) + 1):
            yield from (span for span in self._hour(hour) if span.end > since and span.start < until)

    def _plan_hour(self, hour: int) -> tuple[Span, ...]:
        start, end = hour * HOUR, (hour + 1) * HOUR
        stops = list(self._stops(hour))
        edges = sorted({start, end, *(min(max(e, start), end) for s in stops for e in (s.start, s.end))})
        rest: State = "IDLE" if self._rests(start) else "RUN"
        return tuple(
            Span(a, b, next((s.state for s in stops if s.start <= a < s.end), rest)) for a, b in pairwise(edges)
        )

    def _stops(self, hour: int) -> Iterator[Span]:
        """What interrupts work in an hour; the first that fits wins."""
        start = hour * HOUR
        if scatter(self._seed, hour, _STOP) < _DOWN_CHANCE:
            began = start + 0.8 * HOUR * scatter(self._seed, hour, _STOP_AT)
            yield Span(began, began + 90 + 240 * scatter(self._seed, hour, _STOP_LONG), "DOWN")
        if self._attended:
            yield from (Span(began, ended, "IDLE") for began, ended in shift_at(start).breaks(self._lot))
        if not self._rests(start) and scatter(self._seed, hour, _SET) < _SETUP_CHANCE:
            began = start + 0.8 * HOUR * scatter(self._seed, hour, _SET_AT)
            yield Span(began, began + 6 * 60, "SETUP")

    def _rests(self, t: float) -> bool:
        shift = shift_at(t)
        return self._attended and shift.night and scatter(self._seed, shift.number, _REST) < NIGHT_RESTING
