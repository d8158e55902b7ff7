"""Lag: whether what a machine says is old news, or its clock is just slow. Pure.

What a device has kept while it was offline comes late and catches up; what a slow clock says lags as much as ever. Only
the first is late: a machine with a slow clock has alarms like any other.
"""

from andon.common.reading import NS_PER_S

LATE = 60 * NS_PER_S
"""Measured longer ago than this, people are not called for it."""
STEADY = 600 * NS_PER_S
"""A lag that has not changed for this long is the clock's."""


class Lags:
    """Machines that lag, each with when it began to lag as it does, by how much, and whether it is the clock's lag."""

    def __init__(self) -> None:
        self._lagging: dict[str, tuple[int, int, bool]] = {}

    def is_late(self, asset: str, lag: int, now: int) -> bool:
        """Whether a reading that was measured `lag` nanoseconds ago is late; `now` is UTC nanoseconds."""
        if lag <= LATE:
            if self._lagging:
                self._lagging.pop(asset, None)
            return False
        since, usual, steady = self._lagging.get(asset, (now, lag, False))
        if abs(lag - usual) > LATE:
            since, usual, steady = now, lag, False
        steady = steady or now - since >= STEADY
        self._lagging[asset] = (since, usual, steady)
        return not steady
