"""Actions: what people do to alarms, each with who, when and why. Works inside the caller's transaction."""

from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.alarm.events import Event
from andon.alerting.alarm.family import rules_of
from andon.alerting.alarm.shape import News
from andon.alerting.alarm.state import HIDDEN, AlarmState
from andon.alerting.alarm.turns import turn
from andon.alerting.rules.draft import Rule
from andon.alerting.tables import AlarmRow
from andon.alerting.tables.alarms import IS_OPEN
from andon.common.errors import ConflictError, InvalidError
from andon.common.reading import NS_PER_S
from andon.common.times import parse_duration

MAX_SHELVED = 7 * 24 * 3600 * NS_PER_S
"""The longest time an alarm may be shelved at once; what is wrong for longer wants a better rule."""


async def acknowledge(session: AsyncSession, alarm: AlarmRow, *, by: str, comment: str, now: int) -> list[News]:
    """Somebody has seen an alarm and sees to it; nothing when that had been done before.

    Raises:
        ConflictError: it is hidden, or closed without anybody's acknowledgement.
    """
    if alarm.acknowledged and alarm.state not in HIDDEN:
        return []
    _refuse_hidden(alarm, "acknowledged")
    if alarm.state == AlarmState.NORMAL:
        raise ConflictError(f"Alarm '{alarm.id}' is closed; nothing is left to acknowledge")
    return await acknowledge_all(session, [alarm], by=by, comment=comment, now=now)


async def acknowledge_all(
    session: AsyncSession, alarms: Iterable[AlarmRow], *, by: str, comment: str, now: int
) -> list[News]:
    """Acknowledge those of `alarms` that wait for it."""
    waiting = [alarm for alarm in alarms if not alarm.acknowledged and alarm.state not in (*HIDDEN, AlarmState.NORMAL)]
    rules = await rules_of(session, {alarm.rule_id for alarm in waiting})
    news = []
    for alarm in waiting:
        rule = rules.get(alarm.rule_id)
        alarm.acknowledged_by, alarm.acknowledged_at, alarm.comment = by, now, comment
        again = parse_duration(rule.realarm) if rule and rule.realarm else 0
        alarm.realarm_at = now + again if again else None
        news.append(await turn(session, alarm, Event.ACKNOWLEDGED, rule, at=now, by=by, comment=comment))
    return news


async def reset(session: AsyncSession, alarm: AlarmRow, *, by: str, comment: str, now: int) -> list[News]:
    """End a latched alarm.

    Raises:
        ConflictError: it is not latched, hidden, its cause is still there, or nobody has acknowledged it.
    """
    _refuse_hidden(alarm, "reset")
    if not alarm.latched:
        raise ConflictError(f"Alarm '{alarm.id}' is not latched; there is nothing to reset")
    if alarm.active:
        raise ConflictError(f"The cause of alarm '{alarm.id}' is still there; reset it once it is gone")
    if not alarm.acknowledged:
        raise ConflictError(f"Nobody has acknowledged alarm '{alarm.id}'; acknowledge it first, then reset it")
    return await _act(session, alarm, Event.RESET, by=by, comment=comment, now=now)


async def shelve(session: AsyncSession, alarm: AlarmRow, *, length: str, by: str, reason: str, now: int) -> list[News]:
    """Hide an alarm, or one that was just closed and will come again, for a time; anew from now if it is hidden.

    Raises:
        InvalidError: `length` is no duration, nothing, or more than MAX_SHELVED.
        ConflictError: the alarm was closed, and a newer one or no rule is there.
    """
    span = parse_duration(length)
    if not 0 < span <= MAX_SHELVED:
        raise InvalidError(f"An alarm is shelved for up to 7d, not for {length}; write for example 8h")
    await _refuse_past(session, alarm)
    alarm.shelved_until, alarm.shelved_by, alarm.shelved_reason = now + span, by, reason
    return await _act(session, alarm, Event.SHELVED, by=by, comment=reason, now=now)


async def unshelve(session: AsyncSession, alarm: AlarmRow, *, by: str, comment: str, now: int) -> list[News]:
    """Show a shelved alarm again, as its cause stands now; nothing when it is not shelved."""
    if alarm.shelved_until is None:
        return []
    return await _act(session, alarm, Event.UNSHELVED, by=by, comment=comment, now=now)


async def take_out_of_service(session: AsyncSession, alarm: AlarmRow, *, by: str, reason: str, now: int) -> list[News]:
    """Hide an alarm until somebody puts it back, while its machine or its sensor is repaired.

    Raises:
        ConflictError: the alarm was closed, and a newer one or no rule is there.
    """
    await _refuse_past(session, alarm)
    alarm.service_reason = reason
    return await _act(session, alarm, Event.OUT_OF_SERVICE, by=by, comment=reason, now=now)


async def put_in_service(session: AsyncSession, alarm: AlarmRow, *, by: str, comment: str, now: int) -> list[News]:
    """Show an alarm again, as its cause stands now; nothing when it is in service."""
    if not alarm.out_of_service:
        return []
    return await _act(session, alarm, Event.IN_SERVICE, by=by, comment=comment, now=now)


async def comment_on(session: AsyncSession, alarm: AlarmRow, *, by: str, text: str, now: int) -> list[News]:
    """Write something into an alarm's journal; also once it is over."""
    return await _act(session, alarm, Event.COMMENTED, by=by, comment=text, now=now)


async def assign(session: AsyncSession, alarm: AlarmRow, *, to: str | None, by: str, now: int) -> list[News]:
    """Say who sees to an alarm; None for nobody. Nothing when that was so before."""
    if alarm.assigned_to == to:
        return []
    alarm.assigned_to = to
    return await _act(session, alarm, Event.ASSIGNED, by=by, comment=f"To {to}" if to else "To nobody", now=now)


async def _act(session: AsyncSession, alarm: AlarmRow, event: Event, *, by: str, comment: str, now: int) -> list[News]:
    rule: Rule | None = (await rules_of(session, {alarm.rule_id})).get(alarm.rule_id)
    return [await turn(session, alarm, event, rule, at=now, by=by, comment=comment or None)]


_SHOWN_BY = {
    AlarmState.SHELVED: "unshelve it first",
    AlarmState.OUT_OF_SERVICE: "put it back in service first",
    AlarmState.SUPPRESSED: "it is shown again by itself once what hides it is over",
}


def _refuse_hidden(alarm: AlarmRow, action: str) -> None:
    if alarm.state in HIDDEN:
        remedy = _SHOWN_BY[AlarmState(alarm.state)]
        raise ConflictError(f"Alarm '{alarm.id}' is {alarm.state}, so it cannot be {action}; {remedy}")


async def _refuse_past(session: AsyncSession, alarm: AlarmRow) -> None:
    """Refuse to hide what cannot come again in this alarm."""
    if alarm.state != AlarmState.NORMAL:
        return
    if not await rules_of(session, {alarm.rule_id}):
        raise ConflictError(f"Alarm '{alarm.id}' is closed, and its rule is gone; it will not come again")
    same = (AlarmRow.rule_id == alarm.rule_id, AlarmRow.asset_id == alarm.asset_id, AlarmRow.key == alarm.key)
    newer = select(AlarmRow.id).where(*same, AlarmRow.id != alarm.id, or_(IS_OPEN, AlarmRow.since > alarm.since))
    found = await session.scalar(newer.order_by(AlarmRow.since.desc()).limit(1))
    if found is not None:
        raise ConflictError(f"Alarm '{alarm.id}' is closed, and there is a newer one; use '{found}'")
