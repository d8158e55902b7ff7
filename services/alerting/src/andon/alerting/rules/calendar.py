"""Calendars: weekly hours on the clock of a place, and days that are none. Shifts, working hours, quiet hours. Pure."""

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field

from andon.alerting.draft import Draft, Name
from andon.common.errors import InvalidError
from andon.common.reading import NS_PER_S
from andon.common.times import time_zone

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FOREVER = 2**63 - 1
_DAY = 24 * 3600 * NS_PER_S
_CLOCK = r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$"


def _known_zone(name: str) -> str:
    try:
        time_zone(name)
    except InvalidError as error:
        raise ValueError(str(error)) from None
    return name


def _quoted(clock: object) -> object:
    if isinstance(clock, int):  # YAML reads 22:00 as 22 times 60
        raise ValueError(f'{clock} is no time of day; put it in quotes, like "22:00"')  # noqa: TRY004 - pydantic's way
    return clock


Zone = Annotated[str, Field(max_length=64), AfterValidator(_known_zone)]
Clock = Annotated[str, BeforeValidator(_quoted), Field(pattern=_CLOCK)]


class HoursDraft(Draft):
    """Hours on some days of the week; those that end at or before they begin go on until the next day."""

    days: list[Day] = Field(default=list(DAYS), min_length=1, max_length=7)
    start: Clock = "00:00"
    end: Clock = "24:00"


class CalendarDraft(Draft):
    """A calendar as it is written. closed: days (ISO 8601) on which no hours begin."""

    name: Name
    zone: Zone = "UTC"
    hours: list[HoursDraft] = Field(min_length=1, max_length=50)
    closed: list[date] = Field(default=[], max_length=1000)


class Calendar(CalendarDraft):
    """A calendar with its id."""

    id: str


class Hours:
    """When a calendar is open, asked by event time (UTC nanoseconds)."""

    def __init__(self, draft: CalendarDraft) -> None:
        self._zone = ZoneInfo(draft.zone)
        self._closed = frozenset(draft.closed)
        self._hours = [
            (frozenset(map(DAYS.index, hours.days)), _minute(hours.start), _minute(hours.end)) for hours in draft.hours
        ]
        self._around = lru_cache(64)(self._spans_around)
        self._known = (0, 0, FOREVER)
        """From when until when the next change is known, and when it is."""

    def is_open(self, at: int) -> bool:
        """Whether it is open at an instant; an end is not part of it any more."""
        return bisect_right(self._around(self._date(at)), at) % 2 == 1

    def next_change(self, at: int) -> int:
        """The first instant after `at` at which it opens or closes; FOREVER where it does not within a year."""
        since, until, change = self._known
        if not since <= at < until:
            change = self._look_ahead(at)
            self._known = at, min(change, at + _DAY), change  # ten thousand machines ask for the same
        return change

    def _look_ahead(self, at: int) -> int:
        day = self._date(at)
        for _ in range(370):
            # What begins two days before may go on from the day before that: only edges near the middle are real ones.
            near = (day - timedelta(days=1), day + timedelta(days=1))
            for edge in self._around(day):
                if edge > at and near[0] <= self._date(edge) <= near[1]:
                    return edge
            day += timedelta(days=1)
        return FOREVER

    def _date(self, at: int) -> date:
        return datetime.fromtimestamp(at // NS_PER_S, UTC).astimezone(self._zone).date()

    def _spans_around(self, day: date) -> list[int]:
        """Edges, opening and closing in turn, of the hours that begin up to two days before or after a day."""
        spans = sorted(span for offset in range(-2, 3) for span in self._spans_of(day + timedelta(days=offset)))
        edges = list[int]()
        for start, end in spans:
            if edges and start <= edges[-1]:
                edges[-1] = max(edges[-1], end)
            else:
                edges += (start, end)
        return edges

    def _spans_of(self, day: date) -> list[tuple[int, int]]:
        if day in self._closed:
            return []
        return [
            (self._instant(day, start), self._instant(day, end if end > start else end + 24 * 60))
            for days, start, end in self._hours
            if day.weekday() in days
        ]

    def _instant(self, day: date, minute: int) -> int:
        local = datetime.combine(day, time(), self._zone) + timedelta(days=minute // 1440)
        local = local.replace(hour=minute % 1440 // 60, minute=minute % 60)
        return int(local.timestamp()) * NS_PER_S


def _minute(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])
