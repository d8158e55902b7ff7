"""Retention: what is over for long enough is removed, a little at a time, so that the database does not grow for ever.

An alarm goes with its journal once it is over and all its lines are old enough; one that is open stays whole, however
long it has been. A notification goes after KEEP_TOLD once it is done with and its alarm is over, for whoever was called
is to hear of the end. Each piece is a small transaction, and others write between two of them; what is due is found by
indexes. Killed in between, it goes on where it was.
"""

import asyncio
from collections.abc import Callable
from time import time_ns

from sqlalchemy import ColumnElement, delete, exists, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from andon.alerting.alarm.state import AlarmState
from andon.alerting.database import GONE, Database
from andon.alerting.evaluate.leases import PRESENCE
from andon.alerting.tables import AlarmRow, LeaseRow, NotificationRow, TransitionRow
from andon.alerting.tables.outbox import UNDER_WAY
from andon.common import logs
from andon.common.reading import NS_PER_S
from andon.common.sql import said

log = logs.get("alerting.retention")

LOOK_SECONDS = 600.0
PAUSE_SECONDS = 0.5
"""Between two pieces; the evaluation writes meanwhile."""
PIECE = 500
"""Rows that are removed in one transaction: some ten milliseconds."""
DAY = 86_400 * NS_PER_S
KEEP_TOLD = 90 * DAY
"""For so long it is kept what was told to whom."""
_IS_OVER = AlarmRow.state == AlarmState.NORMAL


async def run(database: Database, keep: int, holds: Callable[[], bool]) -> None:
    """Remove what is due, for ever, while `holds` says so. keep: how long alarms stay (nanoseconds), 0 for ever."""
    troubled = False
    while True:
        busy = False
        try:
            busy = holds() and await clean(database, keep, time_ns())
            troubled = False
        except GONE as error:
            if not troubled:
                log.warning("old alarms cannot be removed; trying again until they can", error=said(error))
            troubled = True
        await asyncio.sleep(PAUSE_SECONDS if busy else LOOK_SECONDS)


async def clean(database: Database, keep: int, now: int) -> bool:
    """Remove one piece of what is due at `now` (UTC nanoseconds); whether there was any."""
    async with database.read() as session:
        over = await _alarms(session, now - keep) if keep else []
        told = await _notifications(session, now - KEEP_TOLD)
        gone = list(await session.scalars(select(LeaseRow.name).where(*_dead(now)).limit(PIECE)))
    if not (over or told or gone):
        return False
    async with database.write() as session:
        if over:
            await _remove_alarms(session, over, now - keep)
        await session.execute(delete(NotificationRow).where(NotificationRow.id.in_(told)))
        await session.execute(delete(LeaseRow).where(LeaseRow.name.in_(gone), *_dead(now)))
    return True


def _dead(now: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Instances that were killed long ago; the leases themselves stay, for their epochs count on."""
    return LeaseRow.name.startswith(PRESENCE, autoescape=True), LeaseRow.until < now - DAY


def _is_due(before: int) -> tuple[ColumnElement[bool], ...]:
    """An alarm that is over, all of whose lines are old: those that a clock of 1970 causes are so from the start."""
    line = aliased(TransitionRow)
    return _IS_OVER, AlarmRow.since < before, ~exists().where(line.alarm_id == AlarmRow.id, line.at >= before)


async def _alarms(session: AsyncSession, before: int) -> list[str]:
    """Ids of alarms that are due."""
    query = select(AlarmRow.id).where(*_is_due(before)).order_by(AlarmRow.since).limit(PIECE)
    return list(await session.scalars(query))


async def _remove_alarms(session: AsyncSession, ids: list[str], before: int) -> None:
    """Remove lines of their journals, the oldest first; and the alarms, once no more than their last lines are left."""
    own = tuple_(TransitionRow.alarm_id, TransitionRow.number)
    earlier = select(TransitionRow.alarm_id, TransitionRow.number).join(AlarmRow, AlarmRow.id == TransitionRow.alarm_id)
    earlier = earlier.where(AlarmRow.id.in_(ids), *_is_due(before), TransitionRow.number < AlarmRow.number)
    lines = [tuple(row) for row in await session.execute(earlier.order_by(TransitionRow.number).limit(PIECE))]
    if lines:
        await session.execute(delete(TransitionRow).where(own.in_(lines)))
    if len(lines) < PIECE:
        await session.execute(delete(AlarmRow).where(AlarmRow.id.in_(ids), *_is_due(before)))


async def _notifications(session: AsyncSession, before: int) -> list[int]:
    """Ids of notifications that are done with, of alarms that are over; digests are of no alarm."""
    is_open = exists().where(AlarmRow.id == NotificationRow.alarm_id, ~_IS_OVER)
    done = NotificationRow.state.not_in(UNDER_WAY)
    query = select(NotificationRow.id).where(NotificationRow.created_at < before, done, ~is_open)
    return list(await session.scalars(query.order_by(NotificationRow.created_at).limit(PIECE)))
