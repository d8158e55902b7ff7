"""How long a state, a switch or a condition held: stretches of time instead of samples. Pure.

A value holds from its sample to the next one, so a device that reports only changes and one that repeats itself every
second have the same intervals.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from andon.common.history.columns import Floats, Objects, Times
from andon.common.reading import Value

Held: TypeAlias = Objects | Floats | npt.NDArray[np.bool_]
"""Texts, switches, numbers, or the answers to a yes-or-no question."""


@dataclass(frozen=True)
class Intervals:
    """Stretches [start, end) in each of which one value held, in order, each other than the one before.

    Arrays of one length. Before the first one nothing is known; from there to the end there is no gap.
    """

    starts: Times
    ends: Times
    values: Held

    def __len__(self) -> int:
        return len(self.starts)


def intervals(times: Times, values: Held, start: int, end: int, carry: Value | None = None) -> Intervals:
    """What held when from `start` to `end`, of samples in order of time; those outside are left out.

    `carry` is the value held already at `start`, None where none is known. The last value is held to `end`, so that
    must not lie in the future.
    """
    chosen = slice(*np.searchsorted(times, (start, end)))
    times, values = times[chosen], values[chosen]
    if carry is not None and start < end and not (len(times) and times[0] == start):
        kind = values.dtype if len(values) else np.object_
        times = np.concatenate((np.array([start], np.int64), times))
        values = np.concatenate((np.array([carry], kind), values.astype(kind, copy=False)))
    if not len(times):
        return Intervals(times, times, values)
    changes = np.flatnonzero(np.append(np.True_, values[1:] != values[:-1]))
    starts = times[changes]
    return Intervals(starts, np.append(starts[1:], end), values[changes])
