"""Conditions: when a value counts as trouble. Pure.

A condition is a band that a value should stay in: `above` leaves it at the top, `below` at the bottom, `outside` at
either end. The deadband (hysteresis, in the sensor's unit) is how far a value must come back before it counts as
good again, so that noise around a limit is one excursion and not a hundred.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from sys import float_info
from typing import Any

from andon.common.errors import InvalidError

_FORMS = 'write {"above": 80}, {"below": 5} or {"outside": [5, 80]}'


@dataclass(frozen=True, slots=True)
class Condition:
    """The band `low`..`high` (either may be infinite) with its deadband; build it with `parse_condition`."""

    low: float
    high: float
    deadband: float

    def violates(self, value: float, before: bool) -> bool:  # noqa: FBT001 - called per sample
        """Whether `value` is trouble, given whether the one `before` it was. NaN decides nothing."""
        if value > self.high or value < self.low:
            return True
        if not before:
            return False
        return not (self.low + self.deadband <= value <= self.high - self.deadband)

    def limit(self, value: float) -> float:
        """The limit that `value` has passed, or is nearest to."""
        if math.isinf(self.low) or value > self.high:
            return self.high
        if math.isinf(self.high) or value < self.low:
            return self.low
        return self.high if self.high - value < value - self.low else self.low

    def words(self, value: float) -> str:
        """`above` or `below`, whichever `value` is about."""
        return "above" if self.limit(value) == self.high else "below"


def parse_condition(condition: Mapping[str, Any], deadband: float = 0.0) -> Condition:
    """Condition as a rule writes it.

    Raises:
        InvalidError: another form, a number that is not finite, or a band nothing can return to.
    """
    if len(condition) != 1:
        raise InvalidError(f"A condition has exactly one of above, below, outside; {_FORMS}")
    if not _is_number(deadband) or deadband < 0:
        raise InvalidError(f"deadband must be a finite number, 0 or more, not {deadband!r}")
    (form, limit), *_ = condition.items()
    if form == "outside":
        return _outside(limit, deadband)
    if form not in ("above", "below"):
        raise InvalidError(f"'{form}' is no condition; {_FORMS}")
    if not _is_number(limit):
        raise InvalidError(f"'{form}' must be a finite number, not {limit!r}")
    if form == "above":
        return Condition(-math.inf, float(limit), deadband)
    return Condition(float(limit), math.inf, deadband)


def _outside(limits: object, deadband: float) -> Condition:
    if not isinstance(limits, list | tuple) or len(limits) != 2 or not all(map(_is_number, limits)):
        raise InvalidError(f"'outside' must be two finite numbers, low and high, not {limits!r}")
    low, high = map(float, limits)
    if low >= high:
        raise InvalidError(f"'outside' needs low < high, not {low:g} and {high:g}")
    if 2 * deadband >= high - low:
        raise InvalidError(
            f"A deadband of {deadband:g} leaves no room between {low:g} and {high:g}: no value could clear the alarm; "
            f"use less than {(high - low) / 2:g}"
        )
    return Condition(low, high, deadband)


def _is_number(value: object) -> bool:
    # Compared, not math.isfinite: an integer of 400 digits would overflow there.
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= float_info.max
