"""Told: who was told of an alarm, and so is to hear how it ended."""

from collections.abc import Iterable

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.notify.routing import Message
from andon.alerting.tables import NotificationRow

CALLED, OVER = "called", "over"
"""What a row of the outbox is about, as far as that matters here."""
_TOLD = ("pending", "sending", "sent", "merged")


class Told:
    """Messages of some alarms, oldest first. Pure; `told_before` reads them."""

    def __init__(self, rows: Iterable[NotificationRow] = ()) -> None:
        self._rows: dict[str, list[NotificationRow]] = {}
        for row in rows:
            self._rows.setdefault(row.alarm_id, []).append(row)

    def note(self, alarm_id: str, rows: Iterable[NotificationRow]) -> None:
        """Add what is being written."""
        self._rows.setdefault(alarm_id, []).extend(rows)

    def of(self, alarm_id: str, number: int) -> list[Message]:
        """Messages to those who were called since the alarm was last over; what is held back of one is of the other."""
        found: dict[str, Message] = {}
        for row in self._rows.get(alarm_id, ()):
            if row.number >= number:
                continue
            if row.event == OVER:
                found.pop(row.channel, None)
            elif row.event == CALLED and (row.state in _TOLD or (row.state == "muted" and row.until is not None)):
                muted, before = row.state == "muted", found.get(row.channel)
                found[row.channel] = Message(
                    row.channel,
                    policy=row.payload.get("policy", ""),
                    rank=max(row.rank, before.rank if before else 0),
                    bundle=row.bundle,
                    until=row.until if muted else None,
                    reason=row.reason if muted else None,
                )
        return list(found.values())


async def told_before(session: AsyncSession, alarm_ids: list[str]) -> Told:
    """What was told of these alarms since each was last over: one that chatters has been told of countless times."""
    if not alarm_ids:
        return Told()
    mine = NotificationRow.alarm_id.in_(alarm_ids)
    over = (
        select(NotificationRow.alarm_id, NotificationRow.channel, func.max(NotificationRow.number).label("number"))
        .where(mine, NotificationRow.event == OVER)
        .group_by(NotificationRow.alarm_id, NotificationRow.channel)
        .subquery()
    )
    same = and_(over.c.alarm_id == NotificationRow.alarm_id, over.c.channel == NotificationRow.channel)
    query = select(NotificationRow).outerjoin(over, same)
    query = query.where(mine, NotificationRow.number > func.coalesce(over.c.number, -1))
    return Told((await session.scalars(query.order_by(NotificationRow.id))).all())
