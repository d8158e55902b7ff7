"""Book: policies, schedules, calendars, silences and channels as they stand, for one round of telling.

What is asked for is read; of the rest only the names are.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.alarm.state import Severity
from andon.alerting.notify.names import path_of
from andon.alerting.notify.policy import Plan, PolicyDraft, plan_of
from andon.alerting.notify.schedule import Override, Rota, ScheduleDraft
from andon.alerting.notify.silence import Silence, silenced
from andon.alerting.rules.calendar import CalendarDraft, Hours
from andon.alerting.tables import CalendarRow, ChannelRow, OverrideRow, PolicyRow, ScheduleRow, SilenceRow
from andon.common.plant import Plant


class Book:
    """Whom there is to call, and when not. Pure; `read_book` makes one of the database."""

    def __init__(
        self,
        *,
        channels: Sequence[str] = (),
        policies: Mapping[str, dict[str, Any]] | None = None,
        schedules: Mapping[str, dict[str, Any]] | None = None,
        overrides: Mapping[str, Sequence[Override]] | None = None,
        calendars: Mapping[str, dict[str, Any]] | None = None,
        silences: Sequence[Silence] = (),
    ) -> None:
        self.channels = frozenset(channels)
        self.silences = list(silences)
        self._policies, self._schedules = policies or {}, schedules or {}
        self._overrides, self._calendars = overrides or {}, calendars or {}
        self._read: dict[str, tuple[PolicyDraft, Plan]] = {}
        self._hours: dict[str, Hours] = {}
        self._rotas: dict[str, Rota] = {}

    def policy(self, name: str) -> tuple[PolicyDraft, Plan] | None:
        """A policy and its times; None where there is none any more."""
        if name not in self._read and name in self._policies:
            draft = PolicyDraft.model_validate(self._policies[name])
            self._read[name] = draft, plan_of(draft)
        return self._read.get(name)

    def hours(self, name: str) -> Hours | None:
        """The hours of a calendar; None where there is none any more."""
        if name not in self._hours and name in self._calendars:
            self._hours[name] = Hours(CalendarDraft.model_validate(self._calendars[name]))
        return self._hours.get(name)

    def is_schedule(self, name: str) -> bool:
        """Whether a schedule has this name."""
        return name in self._schedules

    def rota(self, name: str) -> Rota:
        """A schedule, to be asked who is on call. A layer whose calendar is gone holds at all hours."""
        if name not in self._rotas:
            draft = ScheduleDraft.model_validate(self._schedules[name])
            for layer in draft.layers:
                layer.hours = layer.hours if layer.hours and self.hours(layer.hours) else None
            self._rotas[name] = Rota(draft, self._overrides.get(name, ()), self._hours)
        return self._rotas[name]

    def silenced(self, alarm: Mapping[str, Any], now: int) -> int | None:
        """When what silences an alarm ends; None when nothing does."""
        return silenced(self.silences, now, alarm["sensor"], alarm["rule"], Severity(alarm["severity"]))


async def read_book(session: AsyncSession, now: int, plant: Plant) -> Book:
    """The book as it stands; silences are about the plant as it is named now."""
    schedules = (await session.scalars(select(ScheduleRow))).all()
    names = {row.id: row.name for row in schedules}
    overrides: dict[str, list[Override]] = {}
    query = select(OverrideRow).where(OverrideRow.end > now).order_by(OverrideRow.created_at, OverrideRow.id)
    for row in await session.scalars(query):
        overrides.setdefault(names[row.schedule_id], []).append(Override(row.member, row.start, row.end))
    return Book(
        channels=(await session.scalars(select(ChannelRow.name))).all(),
        policies={row.name: row.draft for row in await session.scalars(select(PolicyRow))},
        schedules={row.name: row.draft for row in schedules},
        overrides=overrides,
        calendars={row.name: row.draft for row in await session.scalars(select(CalendarRow))},
        silences=await read_silences(session, now, plant),
    )


async def read_silences(session: AsyncSession, now: int, plant: Plant) -> list[Silence]:
    """Silences that are not over."""
    going_on = or_(SilenceRow.ended_at.is_(None), SilenceRow.ended_at > now)
    found = [to_silence(row, plant) for row in await session.scalars(select(SilenceRow).where(going_on))]
    return [silence for silence in found if not silence.over(now)]


def to_silence(row: SilenceRow, plant: Plant) -> Silence:
    """Silence of a row. One of a rule that was gone when it came to have an id is about no rule there is."""
    return Silence(
        row.id,
        path_of(plant, row.under_id) or row.under,
        row.start,
        row.end,
        row.rule and (row.rule_id or "-"),
        Severity(row.below) if row.below else None,
        row.weekly,
        row.zone,
        row.until,
        row.ended_at,
    )
