"""Release: what a silence or quiet hours held back is told when they end.

After a silence only those alarms are told that are still there and that nobody has acknowledged, each once, as it last
asked for somebody. After quiet hours all is told, what is over too, as one digest; but nothing that was overtaken by
what was too severe to wait: else the last that people hear of an alarm would be how it stood before.
"""

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from andon.alerting.alarm.state import AlarmState
from andon.alerting.database import Database
from andon.alerting.notify.book import read_book
from andon.alerting.notify.names import path_of
from andon.alerting.tables import AlarmRow, EscalationRow, NotificationRow
from andon.common.plant import Plant

BATCH = 200


def asks() -> ColumnElement[bool]:
    """Condition that an alarm asks for somebody: its cause is there or it is held, and nobody has acknowledged it."""
    held = and_(AlarmRow.state == AlarmState.LATCHED, ~AlarmRow.acknowledged)
    return or_(AlarmRow.state == AlarmState.UNACKNOWLEDGED, held)


async def quiet_is_over(session: AsyncSession, now: int) -> bool:
    """Whether quiet hours that held something back are over."""
    query = select(NotificationRow.id).where(NotificationRow.until <= now, NotificationRow.state == "muted").limit(1)
    return await session.scalar(query) is not None


async def after_quiet_hours(database: Database, now: int) -> int:
    """Let go what quiet hours held back; how much that was."""
    over = (NotificationRow.until <= now, NotificationRow.state == "muted")
    overtaken = {"state": "superseded", "until": None, "reason": "told of what came later meanwhile"}
    async with database.write() as session:
        await session.execute(update(NotificationRow).where(*over, _overtaken()).values(**overtaken))
        done = await session.execute(
            update(NotificationRow).where(*over).values(state="pending", next_at=now, until=None, reason=None)
        )
    return int(getattr(done, "rowcount", 0))


def _overtaken() -> ColumnElement[bool]:
    """A later message about the same alarm did not wait."""
    later = aliased(NotificationRow)
    return exists().where(
        later.alarm_id == NotificationRow.alarm_id,
        later.channel == NotificationRow.channel,
        later.id > NotificationRow.id,
        later.state.in_(("pending", "sending", "sent", "merged")),
    )


async def after_silence(database: Database, now: int, plant: Plant) -> int:
    """Let go what no silence holds back any more; how much that was."""
    found, last = 0, ""
    while True:
        async with database.write() as session:
            book = await read_book(session, now, plant)
            alarms = await _held(session, last)
            free = [row for row in alarms if book.silenced(_facts(row, plant), now) is None]
            for row in free:
                found += await _let_go(session, row.id, now)
        if len(alarms) < BATCH:
            return found
        last = alarms[-1].id


async def _held(session: AsyncSession, after: str) -> list[AlarmRow]:
    """Alarms of which something is held back, by id, those after one."""
    muted = select(NotificationRow.alarm_id).where(NotificationRow.held, NotificationRow.state == "muted")
    stopped = select(EscalationRow.alarm_id).where(EscalationRow.held)
    query = select(AlarmRow).where(AlarmRow.id > after, or_(AlarmRow.id.in_(muted), AlarmRow.id.in_(stopped)))
    return list(await session.scalars(query.order_by(AlarmRow.id).limit(BATCH)))


async def _let_go(session: AsyncSession, alarm_id: str, now: int) -> int:
    held = (NotificationRow.alarm_id == alarm_id, NotificationRow.held, NotificationRow.state == "muted")
    newest = select(func.max(NotificationRow.id)).where(*held).group_by(NotificationRow.channel)
    wanted = select(AlarmRow.id).where(AlarmRow.id == alarm_id, asks())
    ids = list(await session.scalars(newest)) if await session.scalar(wanted) else []
    free = {"state": "pending", "next_at": now, "held": False, "reason": None}
    await session.execute(update(NotificationRow).where(NotificationRow.id.in_(ids)).values(**free))
    await session.execute(update(NotificationRow).where(*held).values(held=False))
    stopped = (EscalationRow.alarm_id == alarm_id, EscalationRow.held, EscalationRow.due > now)
    await session.execute(update(EscalationRow).where(*stopped).values(due=now))
    return len(ids)


def _facts(row: AlarmRow, plant: Plant) -> dict[str, str]:
    sensor = path_of(plant, f"{row.asset_id}/{row.key}") or row.sensor
    return {"sensor": sensor, "rule": row.rule_id, "severity": row.severity}
