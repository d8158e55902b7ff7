"""Notification: what is to be told about a transition, put into the outbox in the transition's own transaction."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.alarm import limit_text, quantity
from andon.alerting.scope import Watch
from andon.alerting.tables import NotificationRow, TransitionRow
from andon.common import logs
from andon.common.times import ns_to_iso

log = logs.get("alerting.notification")

MAX_WAITING = 10_000
"""Most notifications that may wait. A rule that chatters while the mail server is away must not fill the disk."""


async def put(session: AsyncSession, alarm: dict[str, Any], turn: TransitionRow, watch: Watch, now: int) -> None:
    """Write one notification for each channel of the rule; failed at once, and so to be seen, when too many wait."""
    channels = dict.fromkeys(watch.rule.channels)
    if not channels:
        return
    waiting = await session.scalar(select(func.count()).where(NotificationRow.state == "pending")) or 0
    full = "" if waiting < MAX_WAITING else f"{waiting} notifications wait already; see why none of them arrives"
    if full:
        log.warning("a notification is dropped", key=f"{alarm['id']}/{turn.number}", reason=full)
    content = payload(alarm, turn, watch)
    for channel in channels:
        session.add(
            NotificationRow(
                alarm_id=alarm["id"],
                number=turn.number,
                channel=channel,
                asset=alarm["asset"],
                payload=content,
                state="failed" if full else "pending",
                error=full or None,
                created_at=now,
                next_at=now,
            )
        )


def payload(alarm: dict[str, Any], turn: TransitionRow, watch: Watch) -> dict[str, Any]:
    """The webhook shape of the design, and the `text` that people read."""
    sensor = watch.sensor
    value = alarm["value"] if turn.value is None else turn.value
    return {
        "alarm": alarm,
        "transition": {
            "from": str(turn.from_state),
            "to": str(turn.to_state),
            "at": ns_to_iso(turn.at),
            "number": turn.number,
        },
        "key": f"{alarm['id']}/{turn.number}",
        "text": {
            "value": quantity(value, sensor),
            "limit": "" if sensor.datatype == "bool" else limit_text(alarm["limit"], sensor),
            "sensor_name": sensor.name or sensor.key,
        },
    }
