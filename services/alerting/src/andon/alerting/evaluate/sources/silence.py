"""Sources that tell how long nothing came, or nothing new. Pure."""

import math
from collections.abc import Sequence

from andon.alerting.evaluate.phase import FOREVER, NEVER
from andon.alerting.evaluate.sources.values import UNUSABLE
from andon.common.reading import Value


class SilenceOf:
    """1 from `after` behind the newest sample on, until the next one: 0."""

    def __init__(self, after: int) -> None:
        self._after = after
        self.due = FOREVER
        self.reach = after

    def take(self, time: int, value: Value, quality: str) -> float:  # noqa: ARG002 - as all sources
        """It speaks."""
        self.due = time + self._after
        return 0.0

    def pass_due(self) -> float:
        """It has been silent for that long."""
        self.due = FOREVER
        return 1.0

    def restart(self, time: int) -> float:
        """Silence counts from here on."""
        self.due = time + self._after
        return 0.0

    def recall(self, samples: Sequence[tuple[int, float]]) -> None:
        """It spoke then, if it has not since."""
        if samples and self.due == FOREVER:
            self.due = samples[-1][0] + self._after


class ConstancyOf:
    """1 from `after` behind the first sample of one value on, until another value comes: 0.

    What cannot be trusted is no value. Nothing is said before one of both is known: after a restart, the first value
    may be that of long ago.
    """

    def __init__(self, after: int) -> None:
        self._after = after
        self._value: Value | None = None
        self._since = self._first = NEVER
        self._number = math.nan
        self.due = FOREVER
        self.reach = 2 * after

    def take(self, time: int, value: Value, quality: str) -> float:
        """Whether it is still the same."""
        if quality in UNUSABLE or value != value:  # noqa: PLR0124 - NaN
            return math.nan
        if self._value is None:
            self._value, self._first = value, time
            self._count_from(time)
        elif value != self._value:
            self._value = value
            self._count_from(time)
            self._number = 0.0
        return self._number

    def pass_due(self) -> float:
        """It has been the same for that long."""
        self.due, self._number = FOREVER, 1.0
        return 1.0

    def restart(self, time: int) -> float:
        """Count from here on, if there is a value to count for."""
        if self._value is None:
            return math.nan
        self._count_from(time)
        self._number = 0.0
        return 0.0

    def recall(self, samples: Sequence[tuple[int, float]]) -> None:
        """It has had its value since then, if it has had no other."""
        if not samples or (self._value is not None and self._since != self._first):
            return
        if self._value is None:
            self._value, self._first = samples[-1][1], samples[-1][0]
            self._count_from(self._first)
        for time, value in reversed(samples):
            if value != self._value:
                self._number = 0.0 if self.due != FOREVER else self._number
                return
            if self.due != FOREVER:
                self._count_from(min(time, self._since))
                self._first = self._since

    def _count_from(self, time: int) -> None:
        self._since, self.due = time, time + self._after
