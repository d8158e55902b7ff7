"""Late: where a formula is to be calculated from history, for it lies before what is in memory. Pure."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

from andon.common.expression import Name
from andon.common.reading import NS_PER_S
from andon.query.derive import ranges
from andon.query.tiers.coverage import Ranges

MOST = 32
"""Ends of one sensor that are looked up at most."""
NEAR = 60 * NS_PER_S
"""Samples of one sensor this near to each other are not looked at singly."""

Wanted: TypeAlias = tuple[Name, bool]
"""What is late: a calculated sensor, and whether all of it follows from history that people brought along."""


@dataclass
class Late:
    """Ranges to calculate anew, and `open` ones: what a sensor says at a time holds until it says something else.

    open: by sensor the times of samples that came late; only history knows which was the next one.
    number: the oldest batch of the stream that asked for it.
    """

    number: int
    ranges: Ranges = field(default_factory=list)
    open: dict[Name, set[int]] = field(default_factory=dict)

    def put(self, more: Ranges, number: int) -> None:
        """Ranges whose end is known."""
        self.number = min(self.number, number)
        self.ranges = ranges.few(ranges.union(self.ranges, more))

    def put_open(self, sensor: Name, times: set[int], number: int) -> None:
        """Samples of a sensor that came late. The next of them is no later than the next at all."""
        self.number = min(self.number, number)
        known = sorted(self.open.get(sensor, set()) | times)
        pairs = list(pairwise(known))
        far = sorted((after - before for before, after in pairs), reverse=True)[MOST - 1 : MOST]
        near = max(NEAR, *far) if far else NEAR
        closed = [(before, after) for before, after in pairs if after - before <= near]
        self.ranges = ranges.few(ranges.union(self.ranges, closed))
        self.open[sensor] = set(known).difference(before for before, _ in closed)
