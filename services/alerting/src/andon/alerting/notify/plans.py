"""Plans: policies, schedules and calendars in the database: written by name, and kept while something names them."""

from collections.abc import Iterable, Sequence
from secrets import token_hex
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.draft import Draft
from andon.alerting.notify.policy import PolicyDraft
from andon.alerting.notify.schedule import ScheduleDraft
from andon.alerting.rules.calendar import CalendarDraft
from andon.alerting.tables import CalendarRow, ChannelRow, OverrideRow, PolicyRow, RuleRow, ScheduleRow
from andon.alerting.tables.written import named, word_of
from andon.common.errors import ConflictError, InvalidError

PlanRow = TypeVar("PlanRow", PolicyRow, ScheduleRow, CalendarRow)

MOST = 200
"""Of each kind."""


async def put_policy(session: AsyncSession, draft: PolicyDraft, row: PolicyRow | None = None) -> PolicyRow:
    """Write a policy; a new one when `row` is None.

    Raises:
        InvalidError: it names what does not exist, or there are too many.
        ConflictError: another has that name, or rules use the old one.
    """
    targets = [target for step in draft.steps for target in step.to]
    await _require(session, "channel or schedule", targets, ChannelRow, ScheduleRow)
    await _require(session, "calendar", [draft.quiet.calendar] if draft.quiet else [], CalendarRow)
    return await _put(session, PolicyRow, draft, row)


async def put_schedule(session: AsyncSession, draft: ScheduleDraft, row: ScheduleRow | None = None) -> ScheduleRow:
    """Write a schedule; a new one when `row` is None.

    Raises:
        InvalidError: it names what does not exist, or there are too many.
        ConflictError: another schedule, or a channel, has that name, or policies use the old one.
    """
    await _require(session, "channel", [member for layer in draft.layers for member in layer.members], ChannelRow)
    await _require(session, "calendar", [layer.hours for layer in draft.layers if layer.hours], CalendarRow)
    if await session.scalar(select(ChannelRow.id).where(ChannelRow.name == draft.name)) is not None:
        raise ConflictError(
            f"There is a channel '{draft.name}'; no policy could tell it from a schedule of that name: choose another"
        )
    return await _put(session, ScheduleRow, draft, row)


async def put_calendar(session: AsyncSession, draft: CalendarDraft, row: CalendarRow | None = None) -> CalendarRow:
    """Write a calendar; a new one when `row` is None.

    Raises:
        InvalidError: there are too many.
        ConflictError: another has that name, or the old one is used.
    """
    return await _put(session, CalendarRow, draft, row)


async def remove(session: AsyncSession, row: PolicyRow | ScheduleRow | CalendarRow) -> None:
    """Take one away.

    Raises:
        ConflictError: something names it.
    """
    _refuse(word_of(type(row)), row.name, await _users(session, row))
    await session.delete(row)


async def refuse_used_channel(session: AsyncSession, name: str) -> None:
    """Refuse to take away a channel that policies, schedules, overrides or other channels name.

    Raises:
        ConflictError: they would notify nobody, and nobody would know.
    """
    users = await _naming(session, PolicyRow, lambda draft: name in _targets(draft))
    users += await _naming(session, ScheduleRow, lambda draft: name in _members(draft))
    query = select(ScheduleRow.name).join(OverrideRow, OverrideRow.schedule_id == ScheduleRow.id)
    users += [
        f"schedule '{found}'" for found in await session.scalars(query.where(OverrideRow.member == name).distinct())
    ]
    fallbacks = select(ChannelRow.name).where(ChannelRow.fallback == name, ChannelRow.name != name)
    users += [f"channel '{found}'" for found in await session.scalars(fallbacks)]
    _refuse("channel", name, users)


async def check_channel_names(session: AsyncSession, name: str, fallback: str | None, also: Sequence[str] = ()) -> None:
    """Refuse a channel named like a schedule, and a fallback that is none. also: channels that are being made.

    Raises:
        InvalidError: the fallback does not exist, or is the channel itself.
        ConflictError: a schedule has its name.
    """
    if await named(session, ScheduleRow, name) is not None:
        raise ConflictError(
            f"There is a schedule '{name}'; no policy could tell it from a channel of that name: choose another"
        )
    if fallback == name:
        raise InvalidError(f"Channel '{name}' cannot stand in for itself; name another fallback")
    await _require(session, "channel", [fallback] if fallback and fallback not in also else [], ChannelRow)


async def _put(session: AsyncSession, table: type[PlanRow], draft: Draft, row: PlanRow | None) -> PlanRow:
    word, fields = word_of(table), draft.model_dump(mode="json", include=_fields(draft))
    name = fields["name"]
    known = {other.name: other.id for other in await session.scalars(select(table))}
    if name in known and (row is None or known[name] != row.id):
        raise ConflictError(f"There is a {word} '{name}' already; change it, or choose another name")
    if row is None and len(known) >= MOST:
        raise InvalidError(f"There are {MOST} of these already; remove a {word} first")
    if row is None:
        row = table(id=token_hex(4), name=name, draft=fields)
        session.add(row)
        return row
    if row.name != name:
        _refuse(word, row.name, await _users(session, row))
        row.name = name
    if row.draft != fields:
        row.draft = fields
    return row


def _fields(draft: Draft) -> set[str]:
    """Those that are written; an id is not."""
    return set(type(draft).model_fields) - {"id"}


async def _users(session: AsyncSession, row: PolicyRow | ScheduleRow | CalendarRow) -> list[str]:
    name = row.name
    if isinstance(row, PolicyRow):
        return await _naming(session, RuleRow, lambda draft: draft.get("policy") == name)
    if isinstance(row, ScheduleRow):
        return await _naming(session, PolicyRow, lambda draft: name in _targets(draft))
    users = await _naming(session, RuleRow, lambda draft: name in draft.get("active_during", ()))
    users += await _naming(session, PolicyRow, lambda draft: (draft.get("quiet") or {}).get("calendar") == name)
    return users + await _naming(
        session, ScheduleRow, lambda draft: any(one.get("hours") == name for one in draft["layers"])
    )


async def _naming(session: AsyncSession, table: type[Any], names: Any) -> list[str]:
    word = word_of(table)
    rows = await session.execute(select(table.name, table.draft).order_by(table.name))
    return [f"{word} '{name}'" for name, draft in rows if names(draft)]


def _targets(draft: dict[str, Any]) -> set[str]:
    return {target for step in draft["steps"] for target in step["to"]}


def _members(draft: dict[str, Any]) -> set[str]:
    return {member for layer in draft["layers"] for member in layer["members"]}


def _refuse(word: str, name: str, users: list[str]) -> None:
    if users:
        raise ConflictError(f"{word.capitalize()} '{name}' is used by: {', '.join(users[:5])}; change these first")


async def _require(session: AsyncSession, what: str, names: Iterable[str], *tables: type[Any]) -> None:
    wanted = set(names)
    known = {name for table in tables for name in await session.scalars(select(table.name))} if wanted else set()
    missing = sorted(wanted - known)
    if missing:
        raise InvalidError(f"It names the {what} '{missing[0]}', which does not exist; make it first")
