"""Times and durations as people and APIs write them. Inside, time is UTC nanoseconds."""

import re
from datetime import UTC, datetime, tzinfo
from time import time_ns
from zoneinfo import ZoneInfo

from andon.common.errors import InvalidError
from andon.common.reading import NS_PER_MS, NS_PER_S

_DURATION = re.compile(r"(\d{1,18}(?:\.\d+)?)(ms|s|m|h|d|w|y)")
_UNITS = {
    "ms": NS_PER_MS,
    "s": NS_PER_S,
    "m": 60 * NS_PER_S,
    "h": 3600 * NS_PER_S,
    "d": 86_400 * NS_PER_S,
    "w": 7 * 86_400 * NS_PER_S,
    "y": 365 * 86_400 * NS_PER_S,
}

SECONDS_OF_1980 = 315_532_800
"""From here on, and below a thousand times it, milliseconds lie in the seventies, and are meant as seconds."""


def parse_duration(text: str) -> int:
    """Nanoseconds of `500ms`, `5s`, `10m`, `8h`, `7d`, `2w`, `1y` (365 days), `1h30m`; `0` is allowed.

    Raises:
        InvalidError: the text is no duration.
    """
    clean = text.strip()
    if clean == "0":
        return 0
    parts = _DURATION.findall(clean)
    if not parts or "".join(n + u for n, u in parts) != clean:
        raise InvalidError(f"'{text}' is no duration; write for example 500ms, 5s, 10m, 8h, 7d, 2w or 1y (365 days)")
    return sum(round(float(n) * _UNITS[u]) for n, u in parts)


def parse_time(text: str, *, now: int | None = None, zone: tzinfo = UTC) -> int:
    """UTC nanoseconds of ISO 8601, epoch milliseconds, `now`, or `-1h` (an hour ago, and so with any duration).

    zone: whose clock shows a time that has no offset, as `datetime_to_ns` has it.

    Raises:
        InvalidError: the text is no time, or a number that says seconds.
    """
    clean = text.strip()
    base = time_ns() if now is None else now
    if clean == "now":
        return base
    if clean.startswith("-") and not clean[1:].isdecimal():
        return base - parse_duration(clean[1:])
    if clean.removeprefix("-").isdecimal() and len(clean) <= 16:
        return _epoch_ms(int(clean)) * NS_PER_MS
    try:
        moment = datetime.fromisoformat(clean)
    except ValueError:
        raise InvalidError(f"'{text}' is no time; write ISO 8601, epoch milliseconds, now, or -1h, -2w, -1y") from None
    return datetime_to_ns(moment, zone)


def _epoch_ms(number: int) -> int:
    if SECONDS_OF_1980 <= number < 1000 * SECONDS_OF_1980:
        raise InvalidError(
            f"'{number}' would be {ns_to_iso(number * NS_PER_MS)}, for epoch times are milliseconds; "
            f"write {number}000 for these seconds, or ISO 8601"
        )
    return number


def time_zone(name: str) -> ZoneInfo:
    """A time zone by its IANA name.

    Raises:
        InvalidError: there is none.
    """
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # no key, a path that leads elsewhere, a folder, not in the database
        raise InvalidError(f"tz='{name}' is no time zone; write for example Europe/Berlin, or UTC") from None


def datetime_to_ns(moment: datetime, zone: tzinfo = UTC) -> int:
    """UTC nanoseconds of a datetime; one without a zone is what a clock of `zone` shows.

    What that clock shows twice, as it is set back, is the first of both; what it leaves out lies as much later as it is
    set forward (PEP 495).
    """
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    delta = aware - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * NS_PER_S + delta.microseconds * 1000


def ns_to_iso(ns: int) -> str:
    """ISO 8601 in UTC with milliseconds, like `2026-11-23T12:00:00.250Z`."""
    moment = datetime.fromtimestamp(ns // NS_PER_S, tz=UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{ns % NS_PER_S // NS_PER_MS:03d}Z"


def ns_to_ms(ns: int) -> int:
    """Epoch milliseconds."""
    return ns // NS_PER_MS
