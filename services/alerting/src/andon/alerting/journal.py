"""Journal: what the judge found, and what operators did, becomes alarms, transitions, phases and notifications.

Every function works inside the caller's transaction, so a batch's turns are in the database together or not at all.
"""

from collections.abc import Iterable
from secrets import token_hex
from typing import Any

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting import notification
from andon.alerting.alarm import OPEN, AlarmState, describe, state_of
from andon.alerting.judge import Verdict
from andon.alerting.phase import Phase, State
from andon.alerting.scope import PhaseKey, Watch
from andon.alerting.tables import AlarmRow, PhaseRow, TransitionRow
from andon.common.errors import ConflictError, NotFoundError
from andon.common.times import ns_to_iso


class News(msgspec.Struct, frozen=True):
    """What to tell once it is committed. verb: raised, cleared, acknowledged, closed."""

    verb: str
    alarm: dict[str, Any]


async def read_phases(session: AsyncSession) -> dict[PhaseKey, Phase]:
    """All phases as they were last written."""
    rows = (await session.scalars(select(PhaseRow))).all()
    return {(r.rule_id, r.asset_id, r.key): Phase(State(r.state), r.since, r.last, r.value) for r in rows}


async def record(session: AsyncSession, verdicts: Iterable[Verdict], now: int) -> list[News]:
    """Write the turns of one batch."""
    news, touched = list[News](), dict[PhaseKey, Watch]()
    for verdict in verdicts:
        touched[verdict.watch.key] = verdict.watch
        if verdict.turn.raised:
            news += await _raise(session, verdict, now)
        elif verdict.turn.cleared:
            news += await _clear(session, verdict, now)
    for (rule_id, asset_id, key), watch in touched.items():
        phase = watch.phase
        await session.merge(
            PhaseRow(
                rule_id=rule_id,
                asset_id=asset_id,
                key=key,
                state=phase.state,
                since=phase.since,
                last=phase.last,
                value=phase.value,
            )
        )
    return news


async def close(session: AsyncSession, gone: Iterable[PhaseKey], now: int) -> list[News]:
    """End the alarms whose rule or sensor is gone, and forget their phases."""
    news = []
    for rule_id, asset_id, key in gone:
        await session.execute(
            delete(PhaseRow).where(PhaseRow.rule_id == rule_id, PhaseRow.asset_id == asset_id, PhaseRow.key == key)
        )
        alarm = await _open_alarm(session, (rule_id, asset_id, key))
        if alarm is not None:
            alarm.active = False
            alarm.cleared_at = alarm.cleared_at or now
            _turn(session, alarm, AlarmState.NORMAL, at=now, comment="Its rule or its sensor is gone")
            news.append(News("closed", alarm_json(alarm)))
    return news


async def acknowledge(
    session: AsyncSession, alarm_id: str, *, by: str, comment: str, now: int
) -> tuple[AlarmRow, bool]:
    """Acknowledge an alarm; False when that had been done before.

    Raises:
        NotFoundError: there is no such alarm.
        ConflictError: it was closed without anybody's acknowledgement, because its rule is gone.
    """
    alarm = await session.get(AlarmRow, alarm_id, with_for_update=True)
    if alarm is None:
        raise NotFoundError(f"There is no alarm '{alarm_id}'")
    if alarm.acknowledged_by is not None:
        return alarm, False
    if alarm.state == AlarmState.NORMAL:
        raise ConflictError(f"Alarm '{alarm_id}' is closed, its rule or sensor is gone; nothing is left to acknowledge")
    alarm.acknowledged_by, alarm.acknowledged_at, alarm.comment = by, now, comment
    _turn(session, alarm, state_of(active=alarm.active, acknowledged=True), at=now, by=by, comment=comment)
    return alarm, True


def alarm_json(alarm: AlarmRow) -> dict[str, Any]:
    """An alarm as HTTP, webhooks, events and the stream tell it."""
    return {
        "id": alarm.id,
        "rule": alarm.rule_id,
        "rule_name": alarm.rule_name,
        "sensor": alarm.sensor,
        "asset": alarm.asset,
        "asset_name": alarm.asset_name,
        "unit": alarm.unit,
        "state": str(alarm.state),
        "active": alarm.active,
        "severity": str(alarm.severity),
        "since": ns_to_iso(alarm.since),
        "value": alarm.value,
        "limit": alarm.limit,
        "message": alarm.message,
        "acknowledged_by": alarm.acknowledged_by,
        "acknowledged_at": ns_to_iso(alarm.acknowledged_at) if alarm.acknowledged_at else None,
        "comment": alarm.comment,
        "cleared_at": ns_to_iso(alarm.cleared_at) if alarm.cleared_at else None,
    }


async def _open_alarm(session: AsyncSession, key: PhaseKey) -> AlarmRow | None:
    query = select(AlarmRow).where(
        AlarmRow.rule_id == key[0],
        AlarmRow.asset_id == key[1],
        AlarmRow.key == key[2],
        AlarmRow.state.in_(OPEN),
    )
    return (await session.scalars(query.with_for_update())).one_or_none()


async def _raise(session: AsyncSession, verdict: Verdict, now: int) -> list[News]:
    watch, turn = verdict.watch, verdict.turn
    alarm = await _open_alarm(session, watch.key)
    if alarm is not None and alarm.active:
        return []
    if alarm is None:
        alarm = AlarmRow(id=token_hex(6), state=AlarmState.NORMAL, number=0, asset_id=watch.asset.id)
        alarm.rule_id, alarm.key = watch.rule.id, watch.sensor.key
        session.add(alarm)
    rule, sensor = watch.rule, watch.sensor
    alarm.rule_name, alarm.severity, alarm.rank = rule.name, rule.severity, rule.severity.rank
    alarm.asset, alarm.asset_name = watch.asset.path, watch.asset.name or watch.asset.slug
    alarm.sensor, alarm.unit = f"{watch.asset.path}/{sensor.key}", sensor.unit
    alarm.active, alarm.since, alarm.cleared_at = True, turn.at, None
    alarm.value, alarm.limit = float(turn.value), watch.condition.limit(turn.value)
    alarm.message = describe(turn.value, sensor, watch.condition)[:500]
    row = _turn(session, alarm, AlarmState.UNACKNOWLEDGED, at=turn.at, value=turn.value)
    await notification.put(session, alarm_json(alarm), row, watch, now)
    return [News("raised", alarm_json(alarm))]


async def _clear(session: AsyncSession, verdict: Verdict, now: int) -> list[News]:
    watch, turn = verdict.watch, verdict.turn
    alarm = await _open_alarm(session, watch.key)
    if alarm is None or not alarm.active:
        return []
    alarm.active, alarm.cleared_at = False, turn.at
    after = state_of(active=False, acknowledged=alarm.acknowledged_by is not None)
    row = _turn(session, alarm, after, at=turn.at, value=turn.value)
    await notification.put(session, alarm_json(alarm), row, watch, now)
    return [News("cleared", alarm_json(alarm))]


def _turn(
    session: AsyncSession,
    alarm: AlarmRow,
    after: AlarmState,
    *,
    at: int,
    value: float | None = None,
    by: str | None = None,
    comment: str | None = None,
) -> TransitionRow:
    before, alarm.state = alarm.state, after
    alarm.number += 1
    row = TransitionRow(
        alarm_id=alarm.id,
        number=alarm.number,
        from_state=before,
        to_state=after,
        at=at,
        value=value,
        by=by,
        comment=comment,
    )
    session.add(row)
    return row
