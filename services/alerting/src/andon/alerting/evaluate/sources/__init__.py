"""Sources at work: from samples to the number that is judged. Pure; time is event time, UTC nanoseconds.

Each has `take(time, value, quality)`, the number from this sample on (NaN: it says nothing), and `due`, the event time
at which its number changes by itself; `pass_due()` is the number from then on. All depend on the times of samples
alone, not on when they came, so that history, a restart and the live stream yield the same. In a rule of several
sensors, a sample counts from the newest time on that was heard of any of them.
"""

from collections.abc import Sequence
from typing import Protocol

from andon.common.reading import Value


class Judged(Protocol):
    """A source at work on one sensor. reach: how many nanoseconds of the past it needs to know."""

    due: int
    reach: int

    def take(self, time: int, value: Value, quality: str) -> float:
        """The number from this sample on; NaN where it says nothing. Times grow."""

    def pass_due(self) -> float:
        """The number from `due` on, which is later or FOREVER after this."""

    def restart(self, time: int) -> float:
        """Begin to measure durations anew; the number from then on, NaN where that changes nothing."""

    def recall(self, samples: Sequence[tuple[int, float]]) -> None:
        """Take in the past, in order of time, up to where the stream goes on: it was judged before."""
