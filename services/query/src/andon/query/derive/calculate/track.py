"""Track: the newest samples of one sensor that others follow from. Pure.

A sensor holds what it last said, for HELD at most. What a track knows begins at `since`: from there on it can tell what
the sensor held at any time. What is older is known to InfluxDB alone.
"""

from bisect import bisect_left, bisect_right
from math import nan

from andon.common.expression import Name
from andon.common.reading import NS_PER_S, Quality, Value

HELD = 30 * 86_400 * NS_PER_S
KEPT = 10 * NS_PER_S
"""Event time for which samples are kept: such as come in another order than measured cost no look at InfluxDB."""
MOST = 256
"""Samples that are kept at most."""
FOR_EVER = 2**63 - 1

UNUSABLE = frozenset({Quality.BAD.value, Quality.STALE.value})
"""A sample of such a quality is none: nothing follows from it, and the one before it is no longer held."""


class Track:
    """Samples of one sensor, in order of time; those of `is_text` sensors are texts, all others floats."""

    def __init__(self, name: Name, *, is_text: bool) -> None:
        self.name = name
        self.is_text = is_text
        self.times: list[int] = []
        self.values: list[float | str] = []
        self.doubtful: set[int] = set()
        """Times of samples of uncertain quality."""
        self.since: int | None = None
        self._unheard: int | None = None
        """Time of a stored sample that may be still to come: nothing was calculated from it."""

    def put(self, time: int, value: Value, quality: str = "") -> int | None:
        """Take a sample in; up to when it changes what the sensor held, None if nothing changed.

        One from before `since` is not kept, for what lies between is not known.
        """
        found = self._usable(value, quality)
        if found is None:
            return None
        times = self.times
        if not quality and (not times or time > times[-1]) and (self.since is None or time >= self.since):
            times.append(time)  # as nearly all do
            self.values.append(found)
            if len(times) > 2 * MOST or times[0] < time - 2 * KEPT:
                self._forget()
            return FOR_EVER
        if self.since is not None and time < self.since:
            return self.times[0] if self.times else FOR_EVER
        at = bisect_left(self.times, time)
        uncertain = quality == Quality.UNCERTAIN.value
        if at < len(self.times) and self.times[at] == time:
            if self.values[at] == found and uncertain == (time in self.doubtful) and time != self._unheard:
                return None
            self.values[at] = found
            self._unheard = None if time == self._unheard else self._unheard
        else:
            self.times.insert(at, time)
            self.values.insert(at, found)
        self.doubtful.add(time) if uncertain else self.doubtful.discard(time)
        end = self.times[at + 1] if at + 1 < len(self.times) else FOR_EVER
        if len(self.times) > 2 * MOST or self.times[0] < self.times[-1] - 2 * KEPT:
            self._forget()
        return end

    def _usable(self, value: Value, quality: str) -> float | str | None:
        """The value as it is computed with; NaN is none. None: it is not of this sensor's kind."""
        if isinstance(value, str) != self.is_text:
            return None
        if quality in UNUSABLE:
            return nan
        return value if isinstance(value, str) else float(value)

    def _forget(self) -> None:
        """Leave the newest samples, and of the older ones that which is held when they begin."""
        first = bisect_right(self.times, self.times[-1] - KEPT) - 1
        first = max(first, len(self.times) - MOST, 0)
        if first and self.since is not None:
            self.since = self.times[first]
        gone = self.times[:first]
        del self.times[:first], self.values[:first]
        self.doubtful.difference_update(gone)

    def seed(self, sample: tuple[int, Value, str] | None) -> None:
        """Take in the newest sample that is stored, once all that came before this process is; None: there is none."""
        if sample is not None:
            time, value, quality = sample
            if time not in self.times:  # else what came since says the same, or corrects it
                self.put(time, value, quality)
                self._unheard = time
            older = bisect_left(self.times, time)
            del self.times[:older], self.values[:older]
            self.since = time
        else:
            self.since = self.times[0] if self.times else 0

    def at(self, time: int) -> int:
        """Index of the sample that is held at a time; -1 where there is none."""
        found = bisect_right(self.times, time) - 1
        return found if found >= 0 and time - self.times[found] <= HELD else -1

    def value(self, time: int) -> float | str:
        """What the sensor held at a time; NaN where it held nothing."""
        found = self.at(time)
        return self.values[found] if found >= 0 else nan

    def is_doubtful(self, time: int) -> bool:
        """Whether what it held at a time was uncertain."""
        found = self.at(time)
        return found >= 0 and self.times[found] in self.doubtful
