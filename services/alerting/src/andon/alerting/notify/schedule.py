"""Schedules: who is on call, by turns, on the clock of a place. Pure; times are UTC nanoseconds."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Self
from zoneinfo import ZoneInfo

import msgspec
from pydantic import Field, model_validator

from andon.alerting.draft import Draft, Duration, Name
from andon.alerting.rules.calendar import FOREVER, Hours, Zone
from andon.common.errors import InvalidError
from andon.common.reading import NS_PER_S
from andon.common.times import datetime_to_ns, parse_duration

HOUR, DAY = 3600 * NS_PER_S, 24 * 3600 * NS_PER_S
MOST_SHIFTS = 5000


class LayerDraft(Draft):
    """People who take turns. start: when the first one's first turn begins; every: how long a turn is.

    A turn of whole days or weeks begins at the same time on the clock, also after the clocks were changed. hours: a
    calendar; outside of it this layer says nothing.
    """

    members: Annotated[list[Name], Field(min_length=1, max_length=100, description="Channels, in order of their turns")]
    start: datetime
    every: Duration = "1w"
    hours: Name | None = None


class ScheduleDraft(Draft):
    """A schedule as it is written: later layers go before earlier ones where they say who it is."""

    name: Name
    zone: Zone = "UTC"
    layers: list[LayerDraft] = Field(min_length=1, max_length=10)

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        try:
            for layer in self.layers:
                turns_of(layer, self.zone)
        except InvalidError as error:
            raise ValueError(str(error)) from None
        return self


class SchedulePatch(Draft):
    """Fields of a schedule to change."""

    name: Name | None = None
    zone: Zone | None = None
    layers: Annotated[list[LayerDraft], Field(min_length=1, max_length=10)] | None = None


class Schedule(ScheduleDraft):
    """A schedule with its id."""

    id: str


class Override(msgspec.Struct, frozen=True):
    """Somebody who is on call instead."""

    member: str
    start: int
    end: int


class Shift(msgspec.Struct, frozen=True):
    """Who is on call from `start` until `end`; None for nobody."""

    member: str | None
    start: int
    end: int


class Turns:
    """The turns of a layer: number 0 begins at its start. days: whole days of a turn, 0 where it is no such."""

    def __init__(self, start: datetime, every: int, zone: ZoneInfo) -> None:
        self._zone = zone
        self._local = (start.astimezone(zone) if start.tzinfo else start).replace(tzinfo=None)
        self.start = datetime_to_ns(start, zone)
        self._every = every
        self._days = every // DAY if every % DAY == 0 else 0

    def begins(self, number: int) -> int:
        """When a turn begins."""
        if number == 0:
            return self.start
        if not self._days:
            return self.start + number * self._every
        return datetime_to_ns(self._local + timedelta(days=number * self._days), self._zone)

    def number(self, at: int) -> int:
        """The turn that an instant at or after the start lies in."""
        number = (at - self.start) // self._every
        while number > 0 and self.begins(number) > at:
            number -= 1
        while self.begins(number + 1) <= at:
            number += 1
        return number


def turns_of(layer: LayerDraft, zone: str) -> Turns:
    """The turns of a layer.

    Raises:
        InvalidError: a turn is shorter than an hour, longer than a year, or the start is out of all reason.
    """
    every = parse_duration(layer.every)
    if not HOUR <= every <= 366 * DAY:
        raise InvalidError(f"'every' is '{layer.every}'; a turn takes an hour at least, and a year at most")
    if not 1970 <= layer.start.year <= 2200:
        raise InvalidError(f"'start' is {layer.start.isoformat()}; write a time of this century")
    return Turns(layer.start, every, ZoneInfo(zone))


class Rota:
    """A schedule with its overrides and the calendars it names; ask it who is on call."""

    def __init__(self, draft: ScheduleDraft, overrides: Sequence[Override], hours: Mapping[str, Hours]) -> None:
        self._layers = [
            (layer.members, turns_of(layer, draft.zone), hours[layer.hours] if layer.hours else None)
            for layer in draft.layers
        ]
        self._overrides = list(overrides)
        self._edges = sorted({edge for one in overrides for edge in (one.start, one.end)})

    def on_call(self, at: int) -> str | None:
        """Who is on call at an instant: the last override that holds, else the last layer that says who."""
        for one in reversed(self._overrides):
            if one.start <= at < one.end:
                return one.member
        for members, turns, hours in reversed(self._layers):
            if at >= turns.start and (hours is None or hours.is_open(at)):
                return members[turns.number(at) % len(members)]
        return None

    def next_change(self, at: int) -> int:
        """The first instant after `at` at which it may be another one's turn; FOREVER for never."""
        found = bisect_right(self._edges, at)
        nearest = self._edges[found] if found < len(self._edges) else FOREVER
        for _, turns, hours in self._layers:
            begins = turns.start if at < turns.start else turns.begins(turns.number(at) + 1)
            nearest = min(nearest, begins, FOREVER if hours is None else hours.next_change(at))
        return nearest

    def shifts(self, start: int, end: int) -> list[Shift]:
        """Who is on call from `start` until `end`, without gaps.

        Raises:
            InvalidError: these are too many shifts.
        """
        shifts = list[Shift]()
        for begins, ends in self._spans(start, end):
            member = self.on_call(begins)
            if shifts and shifts[-1].member == member:
                shifts[-1] = Shift(member, shifts[-1].start, ends)
            else:
                shifts.append(Shift(member, begins, ends))
        return shifts

    def _spans(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        for _ in range(MOST_SHIFTS):
            if start >= end:
                return
            change = min(self.next_change(start), end)
            yield start, change
            start = change
        raise InvalidError(f"These are more than {MOST_SHIFTS} shifts; ask for a shorter time")


def local_iso(at: int, zone: str) -> str:
    """An instant as the clock of a place shows it, like `2026-11-23T08:00:00+01:00`."""
    return datetime.fromtimestamp(at // NS_PER_S, UTC).astimezone(ZoneInfo(zone)).isoformat()
