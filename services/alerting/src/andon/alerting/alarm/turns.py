"""Turns: an event happens to an alarm; its row, its journal and what is to be told follow, in one place.

Works inside the caller's transaction.
"""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.alarm.events import Event
from andon.alerting.alarm.machine import Standing, after, state_of
from andon.alerting.alarm.shape import News, alarm_json
from andon.alerting.alarm.state import AlarmState
from andon.alerting.notify import intents
from andon.alerting.rules.draft import Rule
from andon.alerting.tables import AlarmRow, TransitionRow


def standing_of(alarm: AlarmRow, rule: Rule | None) -> Standing:
    """What decides an alarm's state."""
    return Standing(
        open=alarm.state != AlarmState.NORMAL,
        active=alarm.active,
        acknowledged=alarm.acknowledged,
        latching=rule is not None and rule.latch,
        latched=alarm.latched,
        shelved=alarm.shelved_until is not None,
        suppressed=alarm.suppressed,
        out_of_service=alarm.out_of_service,
    )


async def turn(
    session: AsyncSession,
    alarm: AlarmRow,
    event: Event,
    rule: Rule | None,
    *,
    at: int,
    value: float | None = None,
    by: str | None = None,
    comment: str | None = None,
    late: bool = False,
) -> News:
    """Let `event` happen, with a line in the journal. rule: None when it is gone; then nobody is called any more."""
    return await become(
        session,
        alarm,
        after(standing_of(alarm, rule), event),
        event,
        rule,
        at=at,
        value=value,
        by=by,
        comment=comment,
        late=late,
    )


async def become(
    session: AsyncSession, alarm: AlarmRow, standing: Standing, event: Event, rule: Rule | None, **line: Any
) -> News:
    """Take a standing, with a line in the journal; `line` as `turn` has it."""
    before = alarm.state
    _stand(alarm, standing)
    alarm.number += 1
    row = TransitionRow(
        alarm_id=alarm.id,
        number=alarm.number,
        from_state=before,
        to_state=alarm.state,
        event=event,
        severity=alarm.severity,
        **({"value": None, "by": None, "comment": None, "late": False} | line),
    )
    session.add(row)
    await intents.put(session, alarm, row, rule)
    return News(event, alarm_json(alarm))


def _stand(alarm: AlarmRow, standing: Standing) -> None:
    alarm.state = state_of(standing)
    alarm.active, alarm.acknowledged, alarm.latched = standing.active, standing.acknowledged, standing.latched
    alarm.suppressed, alarm.out_of_service = standing.suppressed, standing.out_of_service
    if not standing.acknowledged:
        alarm.acknowledged_by = alarm.acknowledged_at = alarm.comment = None
    if alarm.state != AlarmState.ACKNOWLEDGED:
        alarm.realarm_at = None
    if not standing.active:
        alarm.levels = []
    if not standing.shelved:
        alarm.shelved_until = alarm.shelved_by = alarm.shelved_reason = None
    if not standing.suppressed:
        alarm.suppressed_by, alarm.gated, alarm.parent = None, False, None
    if not standing.out_of_service:
        alarm.service_reason = None
