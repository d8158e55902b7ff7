"""Columns of sources that look at one sample alone: the value itself, a state, a quality. Pure."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from andon.alerting.backtest.columns.column import Feed, GivenColumn, said_by
from andon.alerting.backtest.series import Series
from andon.alerting.evaluate.sources.formula import Name
from andon.common.history.columns import Floats
from andon.common.reading import Quality, Value


class OwnColumn(GivenColumn):
    """The value; one of bad or stale quality, or a text, says nothing."""

    def __init__(self, own: Name) -> None:
        self._own = own

    def take(self, said: Mapping[Name, Series]) -> Feed:
        """The values as numbers."""
        series = said_by(said, self._own)
        return Feed(series.times, series.usable)


class StateColumn(GivenColumn):
    """Which of some values it is, counted from 1; 0 for none of them."""

    def __init__(self, own: Name, values: Sequence[Value]) -> None:
        self._own = own
        self._places = {_typed(value): float(place) for place, value in reversed(list(enumerate(values, 1)))}

    def take(self, said: Mapping[Name, Series]) -> Feed:
        """The places of the values in the list."""
        series = said_by(said, self._own)
        return Feed(series.times, np.where(series.doubtful, np.nan, self._place(series)))

    def _place(self, series: Series) -> Floats:
        if series.values.dtype != np.float64:
            return np.array([self._places.get(_typed(value), 0.0) for value in series.values], np.float64)
        found = np.zeros(len(series))
        for (is_bool, value), place in self._places.items():
            if not is_bool and not isinstance(value, str):
                found[series.values == value] = place
        return found


class QualityColumn(GivenColumn):
    """1 for a value of one of some qualities, else 0."""

    def __init__(self, own: Name, qualities: Collection[str]) -> None:
        self._own = own
        self._qualities = qualities

    def take(self, said: Mapping[Name, Series]) -> Feed:
        """Whether they are of such a quality."""
        series = said_by(said, self._own)
        if series.words is None:
            return Feed(series.times, np.full(len(series), float(Quality.GOOD.value in self._qualities)))
        return Feed(series.times, np.isin(series.words.astype(str), list(self._qualities)).astype(np.float64))


def _typed(value: Value) -> tuple[bool, Value]:
    """True is not 1 here."""
    return isinstance(value, bool), value
