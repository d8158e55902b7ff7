"""Sources that look at one sample alone: the value itself, a state, a quality. Pure."""

import math
from collections.abc import Sequence

from andon.alerting.evaluate.phase import FOREVER
from andon.common.reading import Quality, Value

UNUSABLE = {Quality.BAD.value, Quality.STALE.value}
"""Qualities of values that say nothing."""


class OneByOne:
    """What all of them are: nothing changes by itself, nothing of the past is needed."""

    due = FOREVER
    reach = 0

    def pass_due(self) -> float:
        """Never asked."""
        return math.nan

    def restart(self, time: int) -> float:  # noqa: ARG002 - as all sources
        """There is nothing to begin anew."""
        return math.nan

    def recall(self, samples: Sequence[tuple[int, float]]) -> None:
        """There is nothing to know of the past."""


class OwnValue(OneByOne):
    """The value; one of bad or stale quality, or a text, says nothing."""

    def take(self, time: int, value: Value, quality: str) -> float:  # noqa: ARG002 - as all sources
        """The value as a number."""
        return usable(value, quality)


class StateOf(OneByOne):
    """Which of some values it is, counted from 1; 0 for none of them."""

    def __init__(self, values: Sequence[Value]) -> None:
        self._places = {_typed(value): float(place) for place, value in reversed(list(enumerate(values, 1)))}

    def take(self, time: int, value: Value, quality: str) -> float:  # noqa: ARG002 - as all sources
        """The place of the value in the list."""
        if quality in UNUSABLE or value != value:  # noqa: PLR0124 - NaN
            return math.nan
        return self._places.get(_typed(value), 0.0)


class QualityOf(OneByOne):
    """1 for a value of one of some qualities, else 0."""

    def __init__(self, qualities: frozenset[str]) -> None:
        self._qualities = qualities

    def take(self, time: int, value: Value, quality: str) -> float:  # noqa: ARG002 - as all sources
        """Whether it is of such a quality."""
        return float((quality or Quality.GOOD.value) in self._qualities)


def usable(value: Value, quality: str) -> float:
    """A value as a number; NaN for a text, and for what cannot be trusted."""
    return math.nan if isinstance(value, str) or quality in UNUSABLE else float(value)


def _typed(value: Value) -> tuple[bool, Value]:
    """True is not 1 here."""
    return isinstance(value, bool), value
