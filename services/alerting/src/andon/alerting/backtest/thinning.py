"""Thinning: which samples a rule must see, so that it turns as if it had seen all. Pure.

What a number means to a level is only whether it is in trouble, within the deadband, or good. Of samples that mean the
same one after the other, the first is enough, and as many more as a rule counts (`repeat`); delays end by time alone.
"""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from andon.alerting.backtest.series import Mask
from andon.alerting.rules.band import Band
from andon.common.history.columns import Floats, Times

NEVER_SEEN = -1


class Thinning:
    """Of one rule, over a past in pieces."""

    def __init__(self, bands: Iterable[Band], repeat: int) -> None:
        self._bands = list(dict.fromkeys(bands))
        self._repeat = repeat
        self._last = NEVER_SEEN
        self._age = 0

    def keep(self, times: Times, numbers: Floats, anchors: Times) -> Mask:
        """Which samples are to be seen. anchors: instants behind which samples are counted anew."""
        kept = np.zeros(len(times), np.bool_)
        says = np.flatnonzero(~np.isnan(numbers))
        if not len(says):
            return kept
        meant = self._meanings(numbers[says])
        begins = np.empty(len(says), np.bool_)
        begins[0] = meant[0] != self._last
        begins[1:] = meant[1:] != meant[:-1]
        if self._repeat > 1 and len(anchors):
            at = np.searchsorted(times[says], anchors)
            begins[at[at < len(says)]] = True
        kept[says] = self._first(begins)
        self._last = int(meant[-1])
        return kept

    def _first(self, begins: Mask) -> Mask:
        """The first `repeat` from each beginning on."""
        if self._repeat == 1:
            return begins
        place = np.arange(len(begins)) + self._age
        began = np.maximum.accumulate(np.where(begins, place, 0))
        age = place - began
        self._age = int(age[-1]) + 1
        first: Mask = age < self._repeat
        return first

    def _meanings(self, numbers: Floats) -> npt.NDArray[np.int64]:
        meant = np.zeros(len(numbers), np.int64)
        for band in self._bands:
            trouble = (numbers > band.high) | (numbers < band.low)
            good = (band.low + band.deadband <= numbers) & (numbers <= band.high - band.deadband)
            meant = meant * 3 + np.where(trouble, 2, np.where(good, 0, 1))
        return meant
