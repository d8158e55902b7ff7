"""Claim: the next message of a channel, taken so that no other instance can send it too.

    pending ──claim──> sending ──note──> sent | pending (again later) | failed | superseded (the fallback takes over)
       ^──claim ran out: whoever had it is gone──┘

A claim is a conditional UPDATE; it holds for CLAIM_NS and is renewed while the message is on its way. The budget of the
channel is spent in the same transaction. With the last token of the budget all that waits goes out as one digest.
"""

from typing import Any

import msgspec
from msgspec.structs import replace
from sqlalchemy import exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from andon.alerting.channel import Channel
from andon.alerting.notify import digest
from andon.alerting.notify.budget import Budget, full, is_for_programs
from andon.alerting.notify.release import asks
from andon.alerting.notify.told import CALLED, OVER
from andon.alerting.tables import AlarmRow, BudgetRow, NotificationRow
from andon.alerting.tables.outbox import UNDER_WAY
from andon.common.reading import NS_PER_S

CLAIM_NS = 20 * NS_PER_S


class Claim(msgspec.Struct, frozen=True):
    """A message to send; or none, and when to ask again."""

    row: NotificationRow | None
    again_at: int = 0


async def claim(session: AsyncSession, channel: Channel, owner: str, now: int) -> Claim:
    """Take the next message of a channel."""
    budget = (await read_budget(session, channel)).now(now)
    if not budget.has_one:
        return Claim(None, now + round((1 - budget.tokens) * budget.every))
    older = await _digest_under_way(session, channel.name)
    if older is not None and (older.state != "pending" or older.next_at > now):
        return Claim(None, older.next_at)
    await _forget_reminders(session, channel.name, now)
    row = older or await _next(session, channel, budget, now)
    if row is None or not await _take(session, row, owner, now):
        return Claim(None)
    await write_budget(session, channel.name, budget.spend())
    return Claim(row)


async def renew(session: AsyncSession, row_id: int, owner: str, now: int) -> None:
    """Hold a claim for longer."""
    mine = (NotificationRow.id == row_id, NotificationRow.owner == owner, NotificationRow.state == "sending")
    await session.execute(update(NotificationRow).where(*mine).values(claimed_until=now + CLAIM_NS))


def abandoned(now: int) -> Any:
    """Query for a message that was claimed by an instance that is gone."""
    gone = (NotificationRow.state == "sending", NotificationRow.claimed_until < now)
    return select(NotificationRow.id).where(*gone).limit(1)


async def take_over(session: AsyncSession, now: int) -> None:
    """Let others send what was claimed by an instance that is gone."""
    gone = (NotificationRow.state == "sending", NotificationRow.claimed_until < now)
    await session.execute(update(NotificationRow).where(*gone).values(state="pending", owner=None, claimed_until=None))


async def read_budget(session: AsyncSession, channel: Channel) -> Budget:
    """The budget of a channel; full where nothing was sent yet."""
    row, whole = await session.get(BudgetRow, channel.name), full(channel)
    return whole if row is None else replace(whole, tokens=row.tokens, at=row.at)


async def write_budget(session: AsyncSession, channel: str, budget: Budget) -> None:
    """Keep a budget."""
    await session.merge(BudgetRow(channel=channel, tokens=budget.tokens, at=budget.at))


def due(channel: str, now: int) -> tuple[Any, ...]:
    """Conditions of a message that waits on a channel and may go."""
    return (
        NotificationRow.state == "pending",
        NotificationRow.channel == channel,
        NotificationRow.next_at <= now,
    )


async def _digest_under_way(session: AsyncSession, channel: str) -> NotificationRow | None:
    """A digest that has not arrived yet: what is told after it waits for it."""
    under_way = NotificationRow.state.in_(UNDER_WAY)
    query = select(NotificationRow).where(under_way, NotificationRow.channel == channel, digest.is_digest())
    return (await session.scalars(query.order_by(NotificationRow.id).limit(1))).one_or_none()


async def _forget_reminders(session: AsyncSession, channel: str, now: int) -> None:
    """What only reminds of an alarm that somebody has acknowledged meanwhile is not sent any more."""
    reminds = (NotificationRow.event == CALLED) & ((NotificationRow.step > 1) | (NotificationRow.repeat > 0))
    asking = exists().where(AlarmRow.id == NotificationRow.alarm_id, asks())
    await session.execute(
        update(NotificationRow)
        .where(*due(channel, now), reminds, ~asking)
        .values(state="superseded", reason="nobody needed to be reminded any more")
    )


async def _next(session: AsyncSession, channel: Channel, budget: Budget, now: int) -> NotificationRow | None:
    """The most severe message, then the oldest; a digest where several are to go as one."""
    two = select(NotificationRow.alarm_id).where(*due(channel.name, now)).distinct().limit(2).subquery()
    alarms = await session.scalar(select(func.count()).select_from(two)) or 0
    if alarms > 1 and budget.is_last:
        return await digest.merge(session, channel, due(channel.name, now), now)
    query = select(NotificationRow).where(*due(channel.name, now), ~_blocked())
    order = (NotificationRow.rank.desc(), NotificationRow.id)
    first = (await session.scalars(query.order_by(*order).limit(1))).one_or_none()
    if first is None:
        return None
    last = first if is_for_programs(channel) else await _told_at_once(session, first)
    if not first.bundle:
        return last
    together = (*due(channel.name, now), NotificationRow.bundle == first.bundle)
    alarms = await session.scalar(select(func.count(NotificationRow.alarm_id.distinct())).where(*together)) or 0
    return await digest.merge(session, channel, together, now) if alarms > 1 else last


def _blocked() -> Any:
    """An earlier message about the same alarm has not arrived yet."""
    earlier = aliased(NotificationRow)
    return exists().where(
        earlier.state.in_(UNDER_WAY),
        earlier.channel == NotificationRow.channel,
        earlier.alarm_id == NotificationRow.alarm_id,
        earlier.id < NotificationRow.id,
    )


async def _told_at_once(session: AsyncSession, first: NotificationRow) -> NotificationRow:
    """An alarm that is over before anybody heard of it is told by one message: the one that it is over."""
    later = select(NotificationRow).where(
        NotificationRow.state == "pending",
        NotificationRow.channel == first.channel,
        NotificationRow.alarm_id == first.alarm_id,
        NotificationRow.id > first.id,
        NotificationRow.event == OVER,
    )
    last = (await session.scalars(later.order_by(NotificationRow.id.desc()).limit(1))).one_or_none()
    if first.event != CALLED or last is None:
        return first
    between = (
        NotificationRow.state == "pending",
        NotificationRow.channel == first.channel,
        NotificationRow.alarm_id == first.alarm_id,
        NotificationRow.id < last.id,
    )
    await session.execute(update(NotificationRow).where(*between).values(state="merged", merged_in=last.id))
    return last


async def _take(session: AsyncSession, row: NotificationRow, owner: str, now: int) -> bool:
    mine = {"state": "sending", "owner": owner, "claimed_until": now + CLAIM_NS}
    free = (NotificationRow.id == row.id, NotificationRow.state == "pending")
    done = await session.execute(update(NotificationRow).where(*free).values(**mine))
    return getattr(done, "rowcount", 0) == 1
