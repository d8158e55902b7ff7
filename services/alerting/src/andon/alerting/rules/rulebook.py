"""Rulebook: rules, calendars and channels in the database, and the rules in memory for the evaluation."""

import asyncio
from collections.abc import Iterable, Sequence
from secrets import token_hex
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.alarm.parents import refuse_circles
from andon.alerting.channel import Channel, ChannelDraft, check_channel
from andon.alerting.database import GONE, Database
from andon.alerting.notify.plans import check_channel_names, refuse_used_channel
from andon.alerting.rules.calendar import Calendar
from andon.alerting.rules.draft import Rule, RuleDraft
from andon.alerting.rules.meaning import meaning_of
from andon.alerting.tables import CalendarRow, ChannelRow, KeptRow, PolicyRow, RuleRow
from andon.common import logs
from andon.common.errors import ConflictError, InvalidError
from andon.common.sql import said

_Row = TypeVar("_Row", RuleRow, ChannelRow)

log = logs.get("alerting.rulebook")

FOLLOW_SECONDS = 0.5
_VERSION = "rules.version"
_KIN = "rules"
Kin: TypeAlias = tuple[str, str | None]
"""The name of a rule, and that of the rule whose alarms explain its own."""
MAX_RULES = 2000
MAX_CHANNELS = 200


class Rulebook:
    """The rules and calendars in force. `load` before use; `follow` is a task, for other instances write rules, too.

    version: grows whenever they may have changed.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.rules: list[Rule] = []
        self.calendars: list[Calendar] = []
        self.version = 0
        self._written = ""
        self._loading = asyncio.Lock()

    async def load(self) -> None:
        """Read all rules; one reading after the other, so that an older one cannot end last."""
        async with self._loading, self._database.read() as session:
            self._written = await _version(session)
            rules = [to_rule(row) for row in await session.scalars(select(RuleRow))]
            rows = (await session.scalars(select(CalendarRow))).all()
            # Sorted here: the cursor of the list compares as Python does, and databases sort each in their own way.
            self.rules = sorted(rules, key=lambda rule: rule.name)
            self.calendars = [Calendar.model_validate(row.draft | {"id": row.id}) for row in rows]
            self.version += 1

    async def follow(self) -> None:
        """Load them again whenever somebody has written one. For ever."""
        while True:
            await asyncio.sleep(FOLLOW_SECONDS)
            try:
                async with self._database.read() as session:
                    written = await _version(session)
                if written != self._written:
                    await self.load()
            except GONE as error:
                log.debug("rules cannot be looked at", error=said(error))  # the database's own check tells of it


async def touch(session: AsyncSession) -> None:
    """Note that rules or calendars have changed, for all instances to see."""
    row = await session.get(KeptRow, _VERSION)
    if row is None:
        session.add(KeptRow(name=_VERSION, value=token_hex(8)))
    else:
        row.value = token_hex(8)


async def _version(session: AsyncSession) -> str:
    return await session.scalar(select(KeptRow.value).where(KeptRow.name == _VERSION)) or ""


def to_rule(row: RuleRow) -> Rule:
    """Rule of a row."""
    return Rule.model_validate(row.draft | {"id": row.id, "name": row.name})


def to_channel(row: ChannelRow) -> Channel:
    """Channel of a row."""
    return Channel.model_validate({name: getattr(row, name) for name in Channel.model_fields})


async def put_rule(session: AsyncSession, draft: RuleDraft, row: RuleRow | None = None) -> RuleRow:
    """Write a rule; a new one when `row` is None. Its tests were run before (`backtest.trial`): they take long.

    Raises:
        InvalidError: it makes no sense, names an unknown channel, or there are too many.
        ConflictError: another rule has that name, or rules are suppressed by the old one.
    """
    meaning_of(draft)
    others = {rule_id: kin for rule_id, kin in (await _kin(session)).items() if row is None or rule_id != row.id}
    if any(name == draft.name for name, _ in others.values()):
        raise ConflictError(f"There is a rule '{draft.name}' already; change it, or choose another name")
    if row is None and len(others) >= MAX_RULES:
        raise InvalidError(f"There are {MAX_RULES} rules already; one rule may watch all machines of a type")
    known = set(await session.scalars(select(ChannelRow.name)))
    for channel in draft.channels:
        if channel not in known:
            raise InvalidError(f"It names the channel '{channel}', which does not exist; make it first")
    await _refuse_unknown(session, draft, {name for name, _ in others.values()} | ({row.name} if row else set()))
    if row is not None and row.name != draft.name:
        _refuse_parent(row.name, others.values())
    own = draft.name, draft.suppressed_by.rule if draft.suppressed_by else None
    refuse_circles({name: parent for name, parent in (*others.values(), own) if parent is not None})
    await touch(session)
    fields = draft.model_dump(mode="json", include=set(RuleDraft.model_fields))
    written = _write(session, RuleRow, {"name": draft.name, "draft": fields}, row)
    (await _kin(session))[written.id] = own
    return written


async def delete_rule(session: AsyncSession, row: RuleRow) -> None:
    """Remove a rule.

    Raises:
        ConflictError: others are suppressed by it.
    """
    kin = await _kin(session)
    _refuse_parent(row.name, kin.values())
    await touch(session)
    await session.delete(row)
    del kin[row.id]


async def _kin(session: AsyncSession) -> dict[str, Kin]:
    """All rules by id; read once in a transaction, for a file may bring two thousand."""
    if _KIN not in session.info:
        parent = RuleRow.draft["suppressed_by"]["rule"].as_string()
        rows = await session.execute(select(RuleRow.id, RuleRow.name, parent))
        session.info[_KIN] = {rule_id: (name, by) for rule_id, name, by in rows}
    found: dict[str, Kin] = session.info[_KIN]
    return found


def _refuse_parent(name: str, kin: Iterable[Kin]) -> None:
    """Refuse to take a name from rules that are suppressed by it."""
    users = [child for child, parent in kin if parent == name]
    if users:
        raise ConflictError(f"Rule '{name}' suppresses: {', '.join(sorted(users)[:5])}; change those rules first")


async def _refuse_unknown(session: AsyncSession, draft: RuleDraft, rules: set[str]) -> None:
    """Refuse names of nothing."""
    for what, table, names in (
        ("calendar", CalendarRow, draft.active_during),
        ("policy", PolicyRow, [draft.policy] if draft.policy else []),
        ("rule", None, [draft.suppressed_by.rule] if draft.suppressed_by else []),
    ):
        known = rules if table is None else set(await session.scalars(select(table.name))) if names else set()
        for name in names:
            if name not in known:
                raise InvalidError(f"It names the {what} '{name}', which does not exist; make it first")


async def put_channel(
    session: AsyncSession, draft: ChannelDraft, row: ChannelRow | None = None, also: Sequence[str] = ()
) -> ChannelRow:
    """Write a channel; a new one when `row` is None. also: channels that are made with it, and may be its fallback.

    Raises:
        InvalidError: the target cannot be reached by its kind, the fallback is none, or there are too many.
        ConflictError: another channel has that name, or rules use the old one.
    """
    check_channel(draft)
    await check_channel_names(session, draft.name, draft.fallback, also)
    rows = (await session.scalars(select(ChannelRow))).all()
    if any(other.name == draft.name and other is not row for other in rows):
        raise ConflictError(f"There is a channel '{draft.name}' already; change it, or choose another name")
    if row is None and len(rows) >= MAX_CHANNELS:
        raise InvalidError(f"There are {MAX_CHANNELS} channels already; remove one first")
    if row is not None and row.name != draft.name:
        await refuse_used(session, row.name)
    return _write(session, ChannelRow, draft.model_dump(mode="json"), row)


async def refuse_used(session: AsyncSession, channel: str) -> None:
    """Refuse to take away a channel that rules name.

    Raises:
        ConflictError: they would notify nobody, and nobody would know.
    """
    rules = map(to_rule, await session.scalars(select(RuleRow)))
    users = [rule.name for rule in rules if channel in rule.channels]
    if users:
        raise ConflictError(f"Channel '{channel}' is used by: {', '.join(sorted(users)[:5])}; change those rules first")
    await refuse_used_channel(session, channel)


def _write(session: AsyncSession, table: type[_Row], fields: dict[str, Any], row: _Row | None) -> _Row:
    if row is None:
        row = table(id=token_hex(4))
        session.add(row)
    for name, value in fields.items():
        # An assignment of an equal value would be a write, and an upsert could not tell `unchanged`.
        if getattr(row, name) != value:
            setattr(row, name, value)
    return row
