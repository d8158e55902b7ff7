"""Intents: that somebody is to be told of a transition, written in the transition's own transaction.

It costs one insert and looks nothing up: five thousand alarms in one transaction are written as fast as their rows.
Whom it concerns is found out afterwards (`dispatch`).
"""

from time import time_ns
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.alarm.events import Event, announces
from andon.alerting.alarm.shape import alarm_json
from andon.alerting.alarm.state import AlarmState
from andon.alerting.rules.draft import Rule
from andon.alerting.rules.sources import measures_itself
from andon.alerting.tables import AlarmRow, IntentRow, NotificationRow, TransitionRow
from andon.common import logs
from andon.common.times import ns_to_iso

log = logs.get("alerting.intents")

MAX_WAITING = 20_000
"""Most transitions that may wait to be told. A rule that chatters while nothing can be told must not fill the disk."""
_HIDDEN = (AlarmState.SHELVED, AlarmState.SUPPRESSED, AlarmState.OUT_OF_SERVICE)
_NEWS = (Event.CLEARED, Event.EASED, Event.CLOSED, Event.RELEASED, Event.UNSHELVED, Event.IN_SERVICE)
"""Events of which those are told who were told of the alarm: it matters less, or it is over."""


async def put(session: AsyncSession, alarm: AlarmRow, transition: TransitionRow, rule: Rule | None) -> None:
    """Note that people are to be told, where they are: of nothing late that calls them, of nothing hidden.

    Once the rule is gone (None), or names nobody any more, nobody is called, and those who were hear that it is over.
    When too many wait, it is written down as failed, and so to be seen.
    """
    channels, policy = (rule.channels, rule.policy) if rule else ([], None)
    tells = bool(channels or policy) or transition.event in _NEWS  # it may have named somebody once
    if not tells or not concerns(transition):
        return
    now, content = time_ns(), payload(alarm, transition, rule)
    waiting = await _waiting(session)
    if waiting >= MAX_WAITING:
        names, why = [*channels, *([policy] if policy else [])], "transitions wait to be told already; see why none is"
        _fail(session, alarm, transition, names, content, f"{waiting} {why}")
        return
    session.add(
        IntentRow(
            alarm_id=alarm.id,
            number=transition.number,
            event=str(transition.event),
            at=transition.at,
            channels=list(channels),
            policy=policy,
            payload=content,
            created_at=now,
        )
    )
    session.info["intents"] = waiting + 1


def concerns(transition: TransitionRow) -> bool:
    """Whether anybody is to be told.

    The end of an alarm is told also when it is known late only: else those who were called would wait for it for ever.
    """
    if announces(transition.event, transition.to_state):
        return not transition.late
    return transition.event in _NEWS and transition.to_state not in _HIDDEN


def payload(alarm: AlarmRow, transition: TransitionRow, rule: Rule | None) -> dict[str, Any]:
    """The webhook shape of the design; what people read is added once it is routed.

    sensor_id: `<asset id>/<key>`, whatever it is called by the time people are told. own: whether value and limit are
    the sensor's own, and not a rate or a count; not known without the rule.
    """
    return {
        "alarm": alarm_json(alarm),
        "transition": {
            "from": str(transition.from_state),
            "to": str(transition.to_state),
            "at": ns_to_iso(transition.at),
            "number": transition.number,
            "event": str(transition.event),
            "value": transition.value,
            **({"comment": transition.comment} if transition.event == Event.CLOSED else {}),
        },
        "key": f"{alarm.id}/{transition.number}",
        "advice": dict(alarm.advice or {}),
        "late": bool(transition.late),
        "sensor_id": f"{alarm.asset_id}/{alarm.key}",
        "own": rule is not None and measures_itself(rule.condition),
    }


async def _waiting(session: AsyncSession) -> int:
    """How many wait; counted once in a transaction."""
    if "intents" not in session.info:
        session.info["intents"] = await session.scalar(select(func.count()).select_from(IntentRow)) or 0
    return int(session.info["intents"])


def _fail(  # noqa: PLR0917 - one line of a table
    session: AsyncSession,
    alarm: AlarmRow,
    transition: TransitionRow,
    names: list[str],
    content: dict[str, Any],
    why: str,
) -> None:
    log.warning("a notification is dropped", key=f"{alarm.id}/{transition.number}", reason=why)
    now = time_ns()
    for channel in dict.fromkeys(names):
        session.add(
            NotificationRow(
                alarm_id=alarm.id,
                number=transition.number,
                channel=channel,
                asset=alarm.asset,
                place=alarm.asset.rpartition("/")[0],
                event=str(transition.event),
                at=transition.at,
                rank=alarm.rank,
                payload=content,
                state="failed",
                error=why,
                created_at=now,
                next_at=now,
            )
        )
