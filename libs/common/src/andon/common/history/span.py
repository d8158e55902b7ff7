"""Ranges of time, as people ask for them. They are half-open, [start, end), in UTC nanoseconds."""

from dataclasses import dataclass
from datetime import UTC, tzinfo
from time import time_ns

from andon.common.errors import InvalidError
from andon.common.reading import NS_PER_S
from andon.common.times import parse_time

LONGEST_DAYS = 3660
LONGEST = LONGEST_DAYS * 86_400 * NS_PER_S
LATEST_TIME = 2**63 - 1


@dataclass(frozen=True)
class Span:
    """A range of time, [start, end), nanoseconds."""

    start: int
    end: int


def span_of(from_: str, to: str, zone: tzinfo = UTC) -> Span:
    """The range that lies between two times as people write them; those without an offset on the clock of a zone.

    Raises:
        InvalidError: no times, not in order, or too far apart.
    """
    now = time_ns()  # one for both, so that -1h to -1h is as empty as it looks
    start, end = parse_time(from_, now=now, zone=zone), parse_time(to, now=now, zone=zone)
    if min(start, end) < 0 or max(start, end) > LATEST_TIME:
        raise InvalidError("'from' and 'to' must lie between 1970 and 2262; a number is epoch milliseconds")
    if start >= end:
        raise InvalidError(f"'from' ({from_}) must be before 'to' ({to})")
    if end - start > LONGEST:
        raise InvalidError(
            f"The range is {(end - start) / LONGEST * LONGEST_DAYS:.0f} days; at most {LONGEST_DAYS}: shorten it"
        )
    return Span(start, end)
