"""What people write and name: rules, channels, calendars, schedules, policies; found by id, by name, or all of them."""

from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.tables.notify import PolicyRow, ScheduleRow
from andon.alerting.tables.rules import CalendarRow, ChannelRow, RuleRow
from andon.common.errors import NotFoundError

Written = TypeVar("Written", RuleRow, ChannelRow, CalendarRow, ScheduleRow, PolicyRow)


def word_of(table: type[Any]) -> str:
    """What people call a row of it, like `rule`."""
    return table.__name__.removesuffix("Row").lower()


async def find(session: AsyncSession, table: type[Written], row_id: str) -> Written:
    """The row of an id.

    Raises:
        NotFoundError: there is none.
    """
    row = await session.get(table, row_id)
    if row is None:
        raise NotFoundError(f"There is no {word_of(table)} '{row_id}'")
    return row


async def named(session: AsyncSession, table: type[Written], name: str) -> Written | None:
    """The row of a name."""
    return (await session.scalars(select(table).where(table.name == name))).one_or_none()


async def all_by_name(session: AsyncSession, table: type[Written]) -> list[Written]:
    """All rows; sorted here, for databases sort each in their own way."""
    return sorted((await session.scalars(select(table))).all(), key=lambda row: row.name)
