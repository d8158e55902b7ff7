"""Severities: what a rule's new severity makes of its open alarms. Works inside the caller's transaction.

One that rose is news: it calls people, also where somebody had acknowledged the alarm. One that fell is told to those
who were called.
"""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.alarm.events import Event
from andon.alerting.alarm.measure import remeasure, stand, worst
from andon.alerting.alarm.shape import News
from andon.alerting.alarm.turns import turn
from andon.alerting.evaluate.verdict import Rung
from andon.alerting.evaluate.watch import PhaseKey, Watch
from andon.alerting.tables import AlarmRow
from andon.alerting.tables.alarms import IS_OPEN


async def follow(session: AsyncSession, watches: Mapping[PhaseKey, Watch], now: int) -> list[News]:
    """Give the open alarms of `watches` the severity that their rules have now; `now` is when."""
    key = (AlarmRow.rule_id, AlarmRow.asset_id, AlarmRow.key)
    found = await session.execute(
        select(AlarmRow.id, AlarmRow.severity, AlarmRow.active, AlarmRow.levels, AlarmRow.level, *key).where(IS_OPEN)
    )
    news = []
    for alarm_id, severity, active, levels, level, *own in found.all():
        watch = watches.get((own[0], own[1], own[2]))
        rung = None if watch is None else worst(levels if active else [level], watch)
        if watch is not None and rung is not None and rung.level.severity != severity:
            alarm = await session.get_one(AlarmRow, alarm_id, with_for_update=True)
            news.append(await _follow(session, alarm, watch, rung, now))
    return news


async def _follow(session: AsyncSession, alarm: AlarmRow, watch: Watch, rung: Rung, now: int) -> News:
    before, rank = alarm.severity, alarm.rank
    if rung.level.name == alarm.level:
        stand(alarm, rung)
    else:
        remeasure(alarm, watch, rung, None)
    event = Event.ESCALATED if alarm.rank > rank else Event.EASED
    why = f"Its rule says {alarm.severity} now; it was {before}"
    return await turn(session, alarm, event, watch.rule, at=now, comment=why, late=alarm.late)
