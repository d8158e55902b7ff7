"""Digest: many messages of one channel as one. The database counts; twenty alarms are shown.

First are those that are still there, the most severe of them before all others: what is over never hides them.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from andon.alerting.alarm.state import Severity
from andon.alerting.channel import Channel
from andon.alerting.notify.told import CALLED, OVER
from andon.alerting.tables import NotificationRow
from andon.common.times import ns_to_iso

SHOWN_ALARMS = 20
SHOWN_PLACES = 10
_MARK = "~"
"""Begins the alarm id of a digest; no alarm's own begins so."""


def is_digest() -> ColumnElement[bool]:
    """Condition that a message is a digest."""
    return NotificationRow.alarm_id.startswith(_MARK)


async def merge(
    session: AsyncSession, channel: Channel, which: Sequence[ColumnElement[bool]], now: int
) -> NotificationRow | None:
    """Make one digest of the messages that meet the conditions; None where there are none."""
    number = 1 + (await session.scalar(_last_number(channel)) or 0)
    row = NotificationRow(
        alarm_id=f"{_MARK}{channel.id}"[:16],
        number=number,
        channel=channel.name,
        asset="",
        event="digest",
        at=now,
        payload={},
        created_at=now,
        next_at=now,
    )
    session.add(row)
    await session.flush()
    await _put_in(session, row.id, *which, ~is_digest())
    await _put_in(session, row.id, *_waits_behind(row))
    row.payload = {"digest": await _content(session, row.id), "key": f"digest/{channel.id}/{number}"}
    if not row.payload["digest"]["count"]:
        await session.delete(row)
        return None
    await session.flush()
    return row


async def _put_in(session: AsyncSession, digest_id: int, *which: ColumnElement[bool]) -> None:
    merged = update(NotificationRow).where(*which).values(state="merged", merged_in=digest_id)
    await session.execute(merged.execution_options(synchronize_session=False))


def _waits_behind(row: NotificationRow) -> tuple[ColumnElement[bool], ...]:
    """What waits, for its group or its next try, though a digest tells already how the alarm went on from there."""
    later = aliased(NotificationRow)
    goes_on = (later.merged_in == row.id, later.alarm_id == NotificationRow.alarm_id, later.id > NotificationRow.id)
    return NotificationRow.state == "pending", NotificationRow.channel == row.channel, exists().where(*goes_on)


def _last_number(channel: Channel) -> Any:
    mine = NotificationRow.alarm_id == f"{_MARK}{channel.id}"[:16]
    return select(func.max(NotificationRow.number)).where(mine, NotificationRow.channel == channel.name)


async def _content(session: AsyncSession, digest_id: int) -> dict[str, Any]:
    mine = NotificationRow.merged_in == digest_id
    count = func.count(NotificationRow.alarm_id.distinct())
    alarms, start, end = (
        await session.execute(select(count, func.min(NotificationRow.at), func.max(NotificationRow.at)).where(mine))
    ).one()
    events = select(NotificationRow.event, count).where(mine).group_by(NotificationRow.event)
    by_event = {row[0]: row[1] for row in await session.execute(events)}
    last = _last(digest_id)
    ranks = select(last.c.rank, func.count()).group_by(last.c.rank)
    there = ranks.join(NotificationRow, NotificationRow.id == last.c.id).where(NotificationRow.event != OVER)
    places = select(NotificationRow.place, count.label("alarms")).where(mine).group_by(NotificationRow.place)
    top = await session.execute(places.order_by(count.desc(), NotificationRow.place).limit(SHOWN_PLACES))
    return {
        "count": alarms,
        "raised": by_event.get(CALLED, 0),
        "cleared": by_event.get(OVER, 0),
        "from": ns_to_iso(start or 0),
        "to": ns_to_iso(end or 0),
        "severities": await _by_severity(session, ranks),
        "active": await _by_severity(session, there),
        "places": [[place, number] for place, number in top.all()],
        "alarms": await _shown(session, digest_id),
    }


def _last(digest_id: int) -> Any:
    """Of each alarm the message that was to be told last, and how severe it was at worst."""
    return (
        select(func.max(NotificationRow.id).label("id"), func.max(NotificationRow.rank).label("rank"))
        .where(NotificationRow.merged_in == digest_id)
        .group_by(NotificationRow.alarm_id)
        .subquery()
    )


async def _by_severity(session: AsyncSession, ranks: Any) -> dict[str, int]:
    counts = {row[0]: row[1] for row in await session.execute(ranks)}
    return {str(one): counts[one.rank] for one in Severity if counts.get(one.rank)}


async def _shown(session: AsyncSession, digest_id: int) -> list[dict[str, Any]]:
    """The alarms to show, each as it was told last."""
    last = _last(digest_id)
    order = (NotificationRow.event == OVER, last.c.rank.desc(), last.c.id.desc())
    query = select(NotificationRow.payload).join(last, NotificationRow.id == last.c.id)
    payloads = await session.scalars(query.order_by(*order).limit(SHOWN_ALARMS))
    return [payload["alarm"] for payload in payloads]
