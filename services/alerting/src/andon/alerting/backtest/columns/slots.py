"""Slots of a fixed grid of time, and the first sample of each. Pure."""

import numpy as np

from andon.common.history.columns import Floats, Times


class Slots:
    """The first samples, in order of time. slot: the width, nanoseconds."""

    def __init__(self, slot: int) -> None:
        self.slot = slot
        self.times: Times = np.empty(0, np.int64)
        self.values: Floats = np.empty(0)

    def add(self, times: Times, values: Floats) -> None:
        """Take in samples behind those that are known, at least one."""
        numbers = times // self.slot
        first = np.ones(len(times), np.bool_)
        first[1:] = numbers[1:] != numbers[:-1]
        if len(self.times):
            first[0] = numbers[0] != self.times[-1] // self.slot
        self.times = np.concatenate([self.times, times[first]])
        self.values = np.concatenate([self.values, values[first]])

    def forget(self, before: int) -> None:
        """Those of before an instant are not needed any more."""
        kept = slice(int(np.searchsorted(self.times, before)), None)
        self.times, self.values = self.times[kept], self.values[kept]
