"""Column of the robust score of a value against its own past (`evaluate.sources.windows.ScoreOf`). Pure."""

from collections.abc import Mapping

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from andon.alerting.backtest.columns.column import Feed, GivenColumn, said_by
from andon.alerting.backtest.columns.slots import Slots
from andon.alerting.backtest.series import Series
from andon.alerting.evaluate.sources.formula import Name
from andon.alerting.evaluate.sources.windows import LEAST_SLOTS, MEAN_TO_SIGMA, SCORE_SLOTS, TO_SIGMA, UNHEARD_OF
from andon.common.history.columns import Floats, Times

AT_ONCE = 20_000
"""Slots of which the windows are sorted at once: twenty megabytes."""


class ScoreColumn(GivenColumn):
    """Distance from the median of the slots before, in robust deviations."""

    def __init__(self, own: Name, over: int) -> None:
        self._own = own
        slot = max(over // SCORE_SLOTS, 1)
        self.reach = over + slot
        self._slots = Slots(slot)

    def take(self, said: Mapping[Name, Series]) -> Feed:
        """The scores."""
        series = said_by(said, self._own)
        numbers = series.usable
        found = np.full(len(series), np.nan)
        says = np.flatnonzero(~np.isnan(numbers))
        if len(says):
            found[says] = self._scores(series.times[says], numbers[says])
        return Feed(series.times, found)

    def _scores(self, times: Times, numbers: Floats) -> Floats:
        slots = self._slots
        slots.add(times, numbers)
        places = np.searchsorted(slots.times // slots.slot, times // slots.slot)
        first = int(places[0])
        center, scale = self._spread(first, len(slots.times))
        center, scale = center[places - first], scale[places - first]
        apart = numbers - center
        with np.errstate(all="ignore"):
            scores = np.where(scale != 0, apart / scale, np.where(apart != 0, np.copysign(UNHEARD_OF, apart), 0.0))
        slots.forget((int(times[-1]) // slots.slot - SCORE_SLOTS) * slots.slot)
        return np.where(np.isnan(center), np.nan, scores)

    def _spread(self, first: int, end: int) -> tuple[Floats, Floats]:
        """Median and robust deviation of what lies before each of the slots from `first` on."""
        empty = np.full(SCORE_SLOTS, np.nan)
        values = np.concatenate([empty, self._slots.values])
        numbers = np.concatenate([np.full(SCORE_SLOTS, -(2**62)), self._slots.times // self._slots.slot])
        parts = [_spreads(values, numbers, np.arange(at, min(at + AT_ONCE, end))) for at in range(first, end, AT_ONCE)]
        centers, scales = zip(*parts, strict=True)
        return np.concatenate(centers), np.concatenate(scales)


def _spreads(values: Floats, numbers: Times, places: Times) -> tuple[Floats, Floats]:
    """Of the windows that end before each place; `values` begins with as many as a window has, that are none."""
    kept = sliding_window_view(numbers, SCORE_SLOTS)[places] >= (numbers[places + SCORE_SLOTS] - SCORE_SLOTS)[:, None]
    windows = np.where(kept, sliding_window_view(values, SCORE_SLOTS)[places], np.nan)
    count = kept.sum(axis=1)
    center = _medians(windows, count)
    apart = np.abs(windows - center[:, None])
    # One after the other, as `sum` adds: numpy's own sum has other last digits.
    mean = np.cumsum(np.where(kept, apart, 0.0), axis=1)[:, -1] / np.maximum(count, 1)
    robust = TO_SIGMA * _medians(apart, count)
    return np.where(count >= LEAST_SLOTS, center, np.nan), np.where(robust != 0, robust, MEAN_TO_SIGMA * mean)


def _medians(windows: Floats, count: Times) -> Floats:
    ordered = np.sort(windows, axis=1)  # NaN comes last
    rows, half = np.arange(len(count)), count // 2
    upper = ordered[rows, np.minimum(half, SCORE_SLOTS - 1)]
    lower = ordered[rows, np.maximum(half - 1, 0)]
    return np.where(count % 2 == 1, upper, (lower + upper) / 2)
