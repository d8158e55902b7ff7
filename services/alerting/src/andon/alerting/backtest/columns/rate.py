"""Column of the change of a value over a window (`evaluate.sources.windows.RateOf`). Pure."""

from collections.abc import Mapping

import numpy as np

from andon.alerting.backtest.columns.column import Feed, GivenColumn, said_by
from andon.alerting.backtest.columns.slots import Slots
from andon.alerting.backtest.series import Series
from andon.alerting.evaluate.sources.formula import Name
from andon.alerting.evaluate.sources.windows import RATE_SLOTS


class RateColumn(GivenColumn):
    """Change per `per`, since the newest kept sample at least `over` old."""

    def __init__(self, own: Name, over: int, per: int) -> None:
        self._own, self._over, self._per = own, over, per
        slot = max(over // RATE_SLOTS, 1)
        self.reach = 2 * over + slot
        self._slots = Slots(slot)

    def take(self, said: Mapping[Name, Series]) -> Feed:
        """The changes."""
        series = said_by(said, self._own)
        numbers = series.usable
        found = np.full(len(series), np.nan)
        says = np.flatnonzero(~np.isnan(numbers))
        if len(says):
            found[says] = self._rates(series.times[says], numbers[says])
        return Feed(series.times, found)

    def _rates(self, times: np.ndarray, numbers: np.ndarray) -> np.ndarray:
        self._slots.add(times, numbers)
        place = np.maximum(np.searchsorted(self._slots.times, times - self._over, "right") - 1, 0)
        since = times - self._slots.times[place]
        told = (since >= self._over) & (since <= 2 * self._over)
        with np.errstate(all="ignore"):
            rates = (numbers - self._slots.values[place]) / since * self._per
        self._slots.forget(int(times[-1]) - self.reach - self._over)
        return np.where(told, rates, np.nan)
