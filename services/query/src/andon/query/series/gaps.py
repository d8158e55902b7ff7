"""What a chart shows in a bucket without a value. Pure.

Buckets that have not begun yet stay empty: nobody knows them.
"""

from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from andon.common.history.columns import Floats, Objects

Fill: TypeAlias = Literal["none", "null", "previous", "linear", "zero"]
WITH_ARITHMETIC = ("linear", "zero")
"""What cannot be asked of a state or a switch."""

Mask: TypeAlias = npt.NDArray[np.bool_]
Column: TypeAlias = Floats | Objects
"""One value for each bucket, NaN or None where there is none."""


def known(values: Column) -> Mask:
    """Which buckets have a value."""
    if values.dtype == np.object_:
        return np.array([one is not None for one in values], np.bool_)
    return ~np.isnan(values.astype(np.float64))


def fill(values: Column, how: Fill, begun: Mask) -> Column:
    """Values of all buckets, those without one filled where they have begun.

    none, null: left as they are. previous: the value of the nearest bucket before that has one. linear: on the line
    between the nearest buckets before and after; none before the first and behind the last. zero: 0.
    """
    have = known(values)
    if how in ("none", "null") or not (have.any() or how == "zero"):
        return values
    chosen = ~have & begun
    out = values.copy()
    out[chosen] = _filling(values, how, have)[chosen]
    return out


def _filling(values: Column, how: Fill, have: Mask) -> Column:
    if how == "zero":
        return np.zeros(len(values))
    return _previous(values, have) if how == "previous" else _linear(values, have)


def _previous(values: Column, have: Mask) -> Column:
    """The first bucket stands for all before the first known one: if it is empty, they stay so."""
    last = np.maximum.accumulate(np.where(have, np.arange(len(values)), 0))
    return values[last]


def _linear(values: Column, have: Mask) -> Floats:
    """By the number of buckets between: in a calendar a short month is as far from the next one as a long one."""
    place = np.arange(len(values))
    return np.interp(place, place[have], values[have].astype(np.float64), left=np.nan, right=np.nan)
