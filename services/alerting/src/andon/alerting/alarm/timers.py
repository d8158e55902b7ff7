"""Timers: shelvings that are over, and acknowledged alarms that ask again. By the wall clock.

What is due is taken with its row locked, and is not due any more once it is written; so it happens once, however many
instances look. Found by indexes: a look at nothing due costs a fraction of a millisecond.
"""

import asyncio
from collections.abc import Awaitable, Callable
from time import time_ns

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from andon.alerting.alarm.events import Event
from andon.alerting.alarm.family import Family, explains, rules_of
from andon.alerting.alarm.shape import News
from andon.alerting.alarm.state import AlarmState
from andon.alerting.alarm.turns import turn
from andon.alerting.database import GONE, Database
from andon.alerting.tables import AlarmRow
from andon.common import logs
from andon.common.sql import said

log = logs.get("alerting.timers")

LOOK_SECONDS = 1.0
_AT_ONCE = 500


async def run(database: Database, tell: Callable[[list[News]], Awaitable[None]]) -> None:
    """See to all timers, for ever. `tell` is called with what was committed."""
    wrong = False
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            news = await look(database, time_ns())
            wrong = False
        except GONE as error:
            if not wrong:
                log.warning("timers of alarms cannot be looked at; trying again", error=said(error))
            wrong = True
            continue
        if news:
            await tell(news)


async def look(database: Database, now: int) -> list[News]:
    """Let happen what is due at `now` (UTC nanoseconds)."""
    async with database.read() as session:
        due = [await session.scalar(query.limit(1)) for query in (*map(_ids, _due(now).values()), _orphans())]
    if not any(due):
        return []
    async with database.write() as session:
        return await fire(session, now)


async def fire(session: AsyncSession, now: int) -> list[News]:
    """What is due at `now`, inside the caller's transaction."""
    news = [item for event, due in _due(now).items() for item in await _turn_due(session, due, event, now)]
    orphans = (await session.scalars(_orphans().limit(_AT_ONCE))).all()
    return news + await Family(session).release([parent for parent in orphans if parent], now)


def _due(now: int) -> dict[Event, ColumnElement[bool]]:
    return {Event.UNSHELVED: AlarmRow.shelved_until <= now, Event.REALARMED: AlarmRow.realarm_at <= now}


def _ids(due: ColumnElement[bool]) -> Select[str]:
    return select(AlarmRow.id).where(due)


async def _turn_due(session: AsyncSession, due: ColumnElement[bool], event: Event, now: int) -> list[News]:
    query = select(AlarmRow).where(due).limit(_AT_ONCE).with_for_update(skip_locked=True)
    alarms = (await session.scalars(query)).all()
    rules = await rules_of(session, {alarm.rule_id for alarm in alarms})
    return [await turn(session, alarm, event, rules.get(alarm.rule_id), at=now) for alarm in alarms]


def _orphans() -> Select[str | None]:
    """Parents that are named and explain nothing any longer, as where two instances wrote at once."""
    parent = aliased(AlarmRow)
    query = select(AlarmRow.parent).join(parent, parent.id == AlarmRow.parent)
    return query.where(AlarmRow.parent.is_not(None), AlarmRow.state == AlarmState.SUPPRESSED, ~explains(parent))
