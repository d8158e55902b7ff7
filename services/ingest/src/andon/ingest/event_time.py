"""When a reading was measured: event time from what a device wrote, checked against the clock. Pure."""

from datetime import datetime

from andon.common.errors import Reason, RefusedError
from andon.common.reading import NS_PER_MS, NS_PER_S
from andon.common.times import datetime_to_ns, ns_to_iso

OLDEST = 400 * 86_400 * NS_PER_S
"""A gateway may have been offline for a year; before that, its clock is more likely wrong than its data old."""
LONGEST = 40
"""Characters of an ISO 8601 time."""
NEWEST = 600 * NS_PER_S
"""Clocks of devices run ahead by minutes, not by hours."""

_UNITS = ((10**11, NS_PER_S), (10**14, NS_PER_MS), (10**17, 1000), (10**20, 1))
"""Up to this number of ... since 1970 a time is in seconds, milliseconds, microseconds, nanoseconds."""


def event_time(ts: float | str, arrived: int) -> int:
    """UTC nanoseconds of `ts`: epoch seconds, ms, µs or ns (told apart by magnitude), or ISO 8601.

    Raises:
        RefusedError: no time, or one that lies absurdly far from `arrived`.
    """
    time = _from_text(ts) if isinstance(ts, str) else _from_number(ts)
    if not arrived - OLDEST <= time <= arrived + NEWEST:
        side = "in the future" if time > arrived else "in the past"
        raise RefusedError(Reason.BAD_TIME, f"'ts' {str(ts)[:40]} lies too far {side}; check the device's clock")
    return time


def _from_number(ts: float) -> int:
    for below, unit in _UNITS:
        if 0 <= ts < below:
            return int(ts) * unit if isinstance(ts, int) else round(ts * unit)
    raise RefusedError(Reason.BAD_TIME, f"'ts' {ts} is no time since 1970")


def _from_text(ts: str) -> int:
    try:
        return datetime_to_ns(datetime.fromisoformat(ts if len(ts) <= LONGEST else ""))
    except ValueError:
        example = ns_to_iso(1_732_380_000 * NS_PER_S)
        raise RefusedError(Reason.BAD_TIME, f"'ts' {ts[:40]!r} is no time; write epoch ms, or like {example}") from None
