"""Latency: how long readings take, told by one reading of a batch. Costs a batch the same however many it holds.

Of the newest arrival, which is the last of a batch: what is older waited for it. What is history, calculated, or was
measured long before it came says how long something lay elsewhere, and nothing of Andon: it is left out, and counted.
"""

from typing import NamedTuple

from andon.common.metrics import READING_AGE, READING_LATE, READING_TRANSIT
from andon.common.reading import NS_PER_S
from andon.common.wire import Batch

LATE = 60 * NS_PER_S
AHEAD = NS_PER_S
"""A clock of a device may be ahead by so much; one that is further says nothing of how long its readings take."""


class Trip(NamedTuple):
    """Of one batch: event time of its last reading, and when that arrived; UTC nanoseconds."""

    measured: int
    arrived: int


def trip(batch: Batch) -> Trip | None:
    """What there is to be timed of a batch; None where it says nothing."""
    if batch.past or batch.calculated or not batch.readings:
        return None
    return Trip(batch.readings[-1].time, batch.arrived)


def passed(at: str, on: Trip | None, now: int) -> None:
    """It is there now: `stored`, `live` or `judged`."""
    if on is None:
        return
    READING_TRANSIT.labels(at).observe(max(now - on.arrived, 0) / NS_PER_S)
    if -AHEAD <= on.arrived - on.measured <= LATE:
        READING_AGE.labels(at).observe(max(now - on.measured, 0) / NS_PER_S)
    else:
        READING_LATE.labels(at).inc()
