"""Silences and maintenance windows: alarms are raised and shown, and nobody is told. Pure. Times are UTC ns."""

from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec
from pydantic import ConfigDict, Field

from andon.alerting.alarm.state import Severity
from andon.alerting.draft import Draft, Name
from andon.alerting.instants import moment
from andon.alerting.rules.calendar import Zone
from andon.common.errors import InvalidError
from andon.common.plant import is_below
from andon.common.reading import NS_PER_S
from andon.common.times import datetime_to_ns

DAY = 24 * 3600 * NS_PER_S
LONGEST = 30 * DAY
"""What an operator may silence; for longer it takes an engineer."""
WEEK = 7 * DAY


SilenceKind = Literal["silence", "maintenance"]


class SilenceDraft(Draft):
    """A silence as it is written: for a part of the plant, a rule, severities below one, or all of these together.

    weekly: again every week at the same time on the zone's clock, until `until`; null for no end.
    """

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    kind: SilenceKind = "silence"
    under: str = Field(default="", max_length=400, description="An asset or a sensor, by path or id")
    rule: Name | None = None
    below: Severity | None = None
    start: datetime = Field(alias="from")
    end: datetime = Field(alias="to")
    weekly: bool = False
    zone: Zone = "UTC"
    until: datetime | None = None
    reason: str = Field(default="", max_length=2000)


class Silence(msgspec.Struct, frozen=True):
    """A silence, read. under: a path, as the plant has it now; rule: an id; rule, below: None for all."""

    id: str
    under: str
    start: int
    end: int
    rule: str | None = None
    below: Severity | None = None
    weekly: bool = False
    zone: str = "UTC"
    until: int | None = None
    ended_at: int | None = None

    def matches(self, sensor: str, rule: str, severity: Severity) -> bool:
        """Whether it is about an alarm, by the path of its sensor and the id of its rule."""
        return (
            is_below(sensor, self.under)
            and self.rule in (None, rule)
            and (self.below is None or severity.rank < self.below.rank)
        )

    def ends(self, at: int) -> int | None:
        """When the window ends that `at` lies in; None outside of all."""
        if at < self.start or (self.ended_at is not None and at >= self.ended_at):
            return None
        if not self.weekly:
            return self.end if at < self.end else None
        weeks = (at - self.start) // WEEK
        for week in (weeks - 1, weeks, weeks + 1):  # a week of the clock may be an hour shorter or longer
            start, end = self._later(self.start, week), self._later(self.end, week)
            last = end if self.until is None else min(end, self.until)
            if week >= 0 and start <= at < last:
                return last
        return None

    def over(self, at: int) -> bool:
        """Whether nothing of it is left."""
        last = self.until if self.weekly else self.end
        return (self.ended_at is not None and at >= self.ended_at) or (last is not None and at >= last)

    def _later(self, at: int, weeks: int) -> int:
        zone = ZoneInfo(self.zone)
        local = datetime.fromtimestamp(at // NS_PER_S, UTC).astimezone(zone).replace(tzinfo=None)
        return datetime_to_ns(local + timedelta(weeks=weeks), zone)


def read_silence(draft: SilenceDraft, number: str) -> Silence:
    """What a draft means.

    Raises:
        InvalidError: it ends before it begins, or its weeks overlap.
    """
    zone = ZoneInfo(draft.zone)
    start, end = moment("from", draft.start, zone), moment("to", draft.end, zone)
    until = moment("until", draft.until, zone) if draft.until else None
    if end <= start:
        raise InvalidError("'to' is not after 'from'; a silence ends after it begins")
    if draft.weekly and end - start >= WEEK - 2 * 3600 * NS_PER_S:
        raise InvalidError("A weekly silence has a gap each week; leave 'weekly' out, and set 'to' later")
    if until is not None and (not draft.weekly or until < end):
        raise InvalidError("'until' says when a weekly silence is over for good; it goes with 'weekly', after 'to'")
    return Silence(number, draft.under, start, end, draft.rule, draft.below, draft.weekly, draft.zone, until)


def lasts(silence: Silence) -> int | None:
    """From its beginning to when nothing of it is left; None for no end."""
    last = silence.until if silence.weekly else silence.end
    return None if last is None else last - silence.start


def silenced(silences: list[Silence], at: int, sensor: str, rule: str, severity: Severity) -> int | None:
    """When the silences that hold at `at` for an alarm end, the last of them; None when nothing silences it."""
    ends = [end for one in silences if one.matches(sensor, rule, severity) and (end := one.ends(at)) is not None]
    return max(ends, default=None)
