"""Sources that look back over a window: change, robust score, and how often something began. Pure.

A window is kept in slots of a fixed grid of time, of each the first sample: so it stays small however many samples
there are, and is the same whenever one begins to look.
"""

import math
from collections import deque
from collections.abc import Sequence
from statistics import median

from andon.alerting.evaluate.phase import FOREVER
from andon.alerting.evaluate.sources.values import usable
from andon.alerting.rules.band import Band
from andon.common.reading import Value

RATE_SLOTS = 64
SCORE_SLOTS = 120
LEAST_SLOTS = 30
"""Slots with a sample that a score needs; before that nothing is unusual."""
TO_SIGMA = 1.4826
"""Median absolute deviation to standard deviation, of a normal distribution (Rousseeuw and Croux 1993)."""
MEAN_TO_SIGMA = 1.2533
"""Mean absolute deviation to standard deviation, likewise; for values of which more than half are the same."""
UNHEARD_OF = 1e6
"""Score of a value that differs from one that never changed."""


class RateOf:
    """Change of the value per `per`, between the newest kept sample at least `over` old and the present one.

    Nothing is said before there is one, nor where it is more than twice as old.
    """

    due = FOREVER

    def __init__(self, over: int, per: int) -> None:
        self._over = over
        self._per = per
        self._slot = max(over // RATE_SLOTS, 1)
        self._kept: deque[tuple[int, float]] = deque()
        self.reach = 2 * over + self._slot

    def take(self, time: int, value: Value, quality: str) -> float:
        """The change per unit of time."""
        number = usable(value, quality)
        if math.isnan(number):
            return number
        kept = self._kept
        if not kept or kept[-1][0] // self._slot != time // self._slot:
            kept.append((time, number))
        while len(kept) > 1 and kept[1][0] <= time - self._over:
            kept.popleft()
        at, before = kept[0]
        if not self._over <= time - at <= 2 * self._over:
            return math.nan
        return (number - before) / (time - at) * self._per

    def pass_due(self) -> float:
        """Never asked."""
        return math.nan

    def restart(self, time: int) -> float:  # noqa: ARG002 - as all sources
        """The past stays what it was."""
        return math.nan

    def recall(self, samples: Sequence[tuple[int, float]]) -> None:
        """Put the past before what is known already."""
        first = {time // self._slot: (time, value) for time, value in reversed([*samples, *self._kept])}
        self._kept = deque(first[slot] for slot in sorted(first))


class ScoreOf:
    """Distance from the median of the slots of the last `over`, the present one not among them, in robust deviations.

    Scale: 1.4826 times the median absolute deviation; where that is 0, 1.2533 times the mean one (Iglewicz and Hoaglin
    1993, "How to detect and handle outliers").
    """

    due = FOREVER

    def __init__(self, over: int) -> None:
        self._slot = max(over // SCORE_SLOTS, 1)
        self._kept: deque[tuple[int, float]] = deque()
        self._at = -1
        self._center = self._scale = math.nan
        self.reach = over + self._slot

    def take(self, time: int, value: Value, quality: str) -> float:
        """The score."""
        number = usable(value, quality)
        if math.isnan(number):
            return number
        slot = time // self._slot
        if slot != self._at:
            self._look_back(slot)
            if not self._kept or self._kept[-1][0] != slot:
                self._kept.append((slot, number))
        if math.isnan(self._center):
            return math.nan
        apart = number - self._center
        if self._scale:
            return apart / self._scale
        return math.copysign(UNHEARD_OF, apart) if apart else 0.0

    def _look_back(self, slot: int) -> None:
        self._at = slot
        while self._kept and self._kept[0][0] < slot - SCORE_SLOTS:
            self._kept.popleft()
        values = [value for kept, value in self._kept if kept < slot]
        self._center, self._scale = spread(values) if len(values) >= LEAST_SLOTS else (math.nan, math.nan)

    def pass_due(self) -> float:
        """Never asked."""
        return math.nan

    def restart(self, time: int) -> float:  # noqa: ARG002 - as all sources
        """The past stays what it was."""
        return math.nan

    def recall(self, samples: Sequence[tuple[int, float]]) -> None:
        """Put the past before what is known already."""
        first = dict(reversed([*((time // self._slot, value) for time, value in samples), *self._kept]))
        self._kept = deque(sorted(first.items()))
        self._at = -1


def spread(values: list[float]) -> tuple[float, float]:
    """Median, and robust standard deviation, of at least one value."""
    center = median(values)
    apart = [abs(value - center) for value in values]
    return center, TO_SIGMA * median(apart) or MEAN_TO_SIGMA * sum(apart) / len(apart)


class CountOf:
    """1 while something has begun `count` times within the last `within`, else 0.

    A first sample in trouble counts as a beginning, unless the past tells that it was so before.
    """

    def __init__(self, count: int, within: int, band: Band) -> None:
        self._within = within
        self._band = band
        self._trouble = False
        self._first: int | None = None
        self._begun: deque[int] = deque(maxlen=count)
        self.due = FOREVER
        self.reach = 2 * within

    def take(self, time: int, value: Value, quality: str) -> float:
        """Whether it has begun that often."""
        number = usable(value, quality)
        if math.isnan(number):
            return number
        before, self._trouble = self._trouble, self._band.violates(number, self._trouble)
        if self._first is None:
            self._first = time
        if self._trouble and not before:
            self._begun.append(time)
        return self._number(time)

    def pass_due(self) -> float:
        """It is too long ago that the first of them began."""
        return self._number(self.due)

    def _number(self, time: int) -> float:
        often = len(self._begun) == self._begun.maxlen and self._begun[0] > time - self._within
        self.due = self._begun[0] + self._within if often else FOREVER
        return float(often)

    def restart(self, time: int) -> float:  # noqa: ARG002 - as all sources
        """The past stays what it was."""
        return math.nan

    def recall(self, samples: Sequence[tuple[int, float]]) -> None:
        """Count what began in the past, before what is known already; the oldest sample may have been so before."""
        past = [(time, value) for time, value in samples if self._first is None or time < self._first]
        if not past:
            return
        trouble, begun = self._band.violates(past[0][1], before=False), list[int]()
        for time, value in past[1:]:
            before, trouble = trouble, self._band.violates(value, trouble)
            if trouble and not before:
                begun.append(time)
        known = [time for time in self._begun if not (trouble and time == self._first)]
        self._begun = deque([*begun, *known], self._begun.maxlen)
        if self._first is None:
            self._trouble, self._first = trouble, past[-1][0]
        self._number(max([past[-1][0], *known]))
