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
    columns = (AlarmRow.id, AlarmRow.rule_id, AlarmRow.asset_id, AlarmRow.key, AlarmRow.severity)
    news = []
    for alarm_id, rule_id, asset_id, key, severity in (await session.execute(select(*columns).where(IS_OPEN))).all():
        watch = watches.get((rule_id, asset_id, key))
        if watch is None or all(rung.level.severity == severity for rung in watch.rungs):
            continue
        alarm = await session.get_one(AlarmRow, alarm_id, with_for_update=True)
        news += await _follow(session, alarm, watch, now)
    return news


async def _follow(session: AsyncSession, alarm: AlarmRow, watch: Watch, now: int) -> list[News]:
    rung = worst(alarm, watch) if alarm.active else _last(alarm, watch)
    before, rank = alarm.severity, alarm.rank
    if rung is None or rung.level.severity == before:
        return []
    if rung.level.name == alarm.level:
        stand(alarm, rung)
    else:
        remeasure(alarm, watch, rung, None)
    event = Event.ESCALATED if alarm.rank > rank else Event.EASED
    why = f"Its rule says {alarm.severity} now; it was {before}"
    return [await turn(session, alarm, event, watch.rule, at=now, comment=why, late=alarm.late)]


def _last(alarm: AlarmRow, watch: Watch) -> Rung | None:
    """The level that an alarm had while its cause was there."""
    return next((rung for rung in watch.rungs if rung.level.name == alarm.level), None)
