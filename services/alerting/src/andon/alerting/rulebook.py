"""Rulebook: rules and channels in the database, and the rules in memory for the evaluation."""

import asyncio
from secrets import token_hex
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.database import Database
from andon.alerting.rule import Channel, ChannelDraft, Rule, RuleDraft, check_channel, check_rule
from andon.alerting.tables import ChannelRow, RuleRow
from andon.common.errors import ConflictError, InvalidError, NotFoundError

_Row = TypeVar("_Row", RuleRow, ChannelRow)

MAX_RULES = 2000
MAX_CHANNELS = 200


class Rulebook:
    """The rules in force. `load` before use and after each change."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.rules: list[Rule] = []
        self._loading = asyncio.Lock()

    async def load(self) -> None:
        """Read all rules; one reading after the other, so that an older one cannot end last."""
        async with self._loading, self._database.read() as session:
            rules = [to_rule(row) for row in await session.scalars(select(RuleRow))]
            # Sorted here: the cursor of the list compares as Python does, and databases sort each in their own way.
            self.rules = sorted(rules, key=lambda rule: rule.name)


def to_rule(row: RuleRow) -> Rule:
    """Rule of a row."""
    fields = {name: getattr(row, name) for name in Rule.model_fields}
    return Rule.model_validate(fields)


def to_channel(row: ChannelRow) -> Channel:
    """Channel of a row."""
    return Channel.model_validate({name: getattr(row, name) for name in Channel.model_fields})


async def find_rule(session: AsyncSession, name: str) -> RuleRow:
    """Rule by id.

    Raises:
        NotFoundError: there is none.
    """
    row = await session.get(RuleRow, name)
    if row is None:
        raise NotFoundError(f"There is no rule '{name}'")
    return row


async def find_channel(session: AsyncSession, name: str) -> ChannelRow:
    """Channel by id.

    Raises:
        NotFoundError: there is none.
    """
    row = await session.get(ChannelRow, name)
    if row is None:
        raise NotFoundError(f"There is no channel '{name}'")
    return row


async def put_rule(session: AsyncSession, draft: RuleDraft, row: RuleRow | None = None) -> RuleRow:
    """Write a rule; a new one when `row` is None.

    Raises:
        InvalidError: it makes no sense, names an unknown channel, or there are too many.
        ConflictError: another rule has that name.
    """
    check_rule(draft)
    rows = (await session.scalars(select(RuleRow))).all()
    if any(other.name == draft.name and other is not row for other in rows):
        raise ConflictError(f"There is a rule '{draft.name}' already; change it, or choose another name")
    if row is None and len(rows) >= MAX_RULES:
        raise InvalidError(f"There are {MAX_RULES} rules already; one rule may watch all machines of a type")
    known = set(await session.scalars(select(ChannelRow.name)))
    for channel in draft.channels:
        if channel not in known:
            raise InvalidError(f"It names the channel '{channel}', which does not exist; make it first")
    return _write(session, RuleRow, draft.model_dump(mode="json", exclude_none=False), row)


async def put_channel(session: AsyncSession, draft: ChannelDraft, row: ChannelRow | None = None) -> ChannelRow:
    """Write a channel; a new one when `row` is None.

    Raises:
        InvalidError: the target cannot be reached by its kind, or there are too many.
        ConflictError: another channel has that name, or rules use the old one.
    """
    check_channel(draft)
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
    users = [row.name for row in await session.scalars(select(RuleRow)) if channel in row.channels]
    if users:
        raise ConflictError(f"Channel '{channel}' is used by: {', '.join(sorted(users)[:5])}; change those rules first")


def _write(session: AsyncSession, table: type[_Row], fields: dict[str, Any], row: _Row | None) -> _Row:
    if row is None:
        row = table(id=token_hex(4))
        session.add(row)
    for name, value in fields.items():
        # An assignment of an equal value would be a write, and an upsert could not tell `unchanged`.
        if getattr(row, name) != value:
            setattr(row, name, value)
    return row
