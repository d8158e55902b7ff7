"""Instants that people write, kept to what calendars, clocks and databases can count. Pure; UTC nanoseconds."""

from datetime import UTC, datetime, tzinfo

from andon.common.errors import InvalidError
from andon.common.times import datetime_to_ns, parse_time

_LAST = datetime_to_ns(datetime(2200, 1, 1, tzinfo=UTC))


def instant(text: str, *, now: int | None = None, zone: tzinfo = UTC) -> int:
    """What `parse_time` makes of a text.

    Raises:
        InvalidError: it is no time, or none from 1970 to 2200.
    """
    return sane(text, parse_time(text, now=now, zone=zone))


def moment(name: str, said: datetime, zone: tzinfo) -> int:
    """A time that is written on the clock of `zone`, unless it has an offset; `name` is the field.

    Raises:
        InvalidError: it is none from 1970 to 2200.
    """
    return sane(f"{name}: {said.isoformat()}", datetime_to_ns(said, zone))


def sane(text: str, at: int) -> int:
    """The same instant.

    Raises:
        InvalidError: it lies before 1970, or after 2200.
    """
    if not 0 <= at <= _LAST:
        raise InvalidError(f"'{text}' is out of all reason; write a time from 1970 to 2200")
    return at
