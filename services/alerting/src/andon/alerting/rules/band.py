"""Band: between which limits a number counts as good. Pure.

`above` leaves it at the top, `below` at the bottom, `outside` at either end. The deadband (hysteresis, in the number's
unit) is how far it must come back before it counts as good again, so that noise around a limit is one excursion and
not a hundred.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Band:
    """The band `low`..`high` (either may be infinite) with its deadband."""

    low: float
    high: float
    deadband: float = 0.0

    def violates(self, value: float, before: bool) -> bool:  # noqa: FBT001 - called per sample
        """Whether `value` is trouble, given whether the one `before` it was."""
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


TRUTH = Band(-math.inf, 0.5)
"""Of conditions that are there (1) or not (0)."""
