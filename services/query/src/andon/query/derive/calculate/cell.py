"""Cell: a formula, and the tracks of what it follows from. Pure."""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from math import nan
from typing import Any

from andon.common.expression import FLOATS, Formula, Input, Several, bind
from andon.common.reading import NS_PER_S, Quality, Reading, Value
from andon.query.derive.calculate.track import FOR_EVER, Track
from andon.query.tiers.coverage import Ranges

SPARE = 32
"""Times that are remembered beyond twice what is needed, before those that are not are looked for."""


class Cell:
    """A formula in memory. `order`: behind those it follows from; `newest`: when it was last changed, in event time.

    waiting: seconds that are not calculated yet, since when they wait, and the oldest batch that asked for each.
    said: what it yielded, by time: it is taken back where it follows no longer. Of what is before `floor`, and of what
    another process said of the very time of `floor`, history knows.
    """

    def __init__(self, formula: Formula, order: int, tracks: dict[Input | Several, list[Track]]) -> None:
        self.formula = formula
        self.order = order
        self.newest = 0
        self.waiting: dict[int, tuple[float, int]] = {}
        self.said: dict[int, Value] = {}
        self._most = SPARE
        self._meant = tracks
        self.tracks = list({track: None for some in tracks.values() for track in some})
        self._compute = bind(formula.tree, FLOATS, lambda named: _source(named, tracks[named]))

    def is_as(self, formula: Formula, tracks: dict[Input | Several, list[Track]]) -> bool:
        """Whether one of this formula and these tracks would yield the same."""
        return self.formula.sensor.expression == formula.sensor.expression and self._meant == tracks

    def floor(self) -> int:
        """From when on all its tracks can tell; FOR_EVER while one cannot."""
        return max((FOR_EVER if track.since is None else track.since for track in self.tracks), default=0)

    def is_edge(self, time: int) -> bool:
        """Whether a time is the first of which all its tracks can tell."""
        return time < self.floor() + (1 if self.formula.local else NS_PER_S)

    def remember(self, time: int, value: Value) -> None:
        """What was said of a time."""
        self.said[time] = value
        if len(self.said) > self._most and (floor := self.floor()) < FOR_EVER:
            self.said = {time: value for time, value in self.said.items() if time >= floor}
            self._most = 2 * len(self.said) + SPARE

    def learn(self, readings: Iterable[Reading]) -> None:
        """What history has said of it."""
        floor, key = self.floor(), self.formula.name[1]
        for reading in readings:
            if reading.time >= floor:
                if (reading.quality or {}).get(key) == Quality.BAD.value:
                    self.said.pop(reading.time, None)
                else:
                    self.remember(reading.time, reading.values[key])

    def latest(self) -> int:
        """When it was last changed, or one of its sensors was last measured; 0 where none was."""
        return max([self.newest, *(track.times[-1] for track in self.tracks if track.times)])

    def reach(self) -> int:
        """Up to when history calculates; from there on, memory does.

        The second in which it all ends is memory's only if it waits there: not if history was brought along until then.
        """
        newest = self.latest()
        if self.formula.local:
            return newest + 1
        second = -(-newest // NS_PER_S) * NS_PER_S
        return (newest // NS_PER_S * NS_PER_S if second in self.waiting else second) + 1

    def is_newest(self, time: int) -> bool:
        """Whether all its tracks can tell of a time, and of none after it."""
        for track in self.tracks:
            if track.since is None or track.since > time or (track.times and track.times[-1] > time):
                return False
        return True

    def measured(self, changes: Ranges, before: int = 0) -> set[int]:
        """Times within ranges, or so long before them, at which any of its sensors was measured."""
        found: set[int] = set()
        for track in self.tracks:
            for start, end in changes:
                low = bisect_left(track.times, start - before)
                found.update(track.times[low : bisect_left(track.times, end, low)])
        return found

    def value(self, time: int) -> tuple[Value | None, bool]:
        """What it yields at a time, None if nothing; and whether something it follows from is uncertain then."""
        value = self._compute(time)
        if value != value:  # noqa: PLR0124 - NaN
            return None, False
        uncertain = any(track.is_doubtful(time) for track in self.tracks if track.doubtful)
        return (bool(value) if self.formula.sensor.datatype == "bool" else value), uncertain


def _source(named: Input | Several, tracks: list[Track]) -> Callable[[int], Any]:
    """Where a value at a time comes from."""
    if isinstance(named, Several):
        return lambda time: [track.value(time) for track in tracks]
    return tracks[0].value if tracks else lambda _: nan
