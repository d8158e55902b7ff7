"""Past: alarms that were found in late data. They are over, and nobody is called for them.

Works inside the caller's transaction. Ids follow from rule, sensor and time, so that none is added twice.
"""

from bisect import bisect_right
from collections.abc import Sequence
from hashlib import sha256
from itertools import accumulate
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.alarm.events import Event
from andon.alerting.alarm.shape import News, alarm_json
from andon.alerting.alarm.state import AlarmState
from andon.alerting.backtest.spells import Spell
from andon.alerting.elsewhere import shortened
from andon.alerting.evaluate.watch import PhaseKey, Watch
from andon.alerting.rules.band import TRUTH
from andon.alerting.rules.words import describe
from andon.alerting.tables import AlarmRow, TransitionRow
from andon.common.history.span import Span

COMMENT = "found in late data"
_BEGIN = (Event.RAISED, Event.ESCALATED, Event.CURRENT)
_END = (Event.CLEARED, Event.CLOSED)
FOREVER = 2**63 - 1
_OVER: dict[str, Any] = {
    "state": AlarmState.NORMAL,
    "number": 2,
    "comment": COMMENT,
    "late": True,
    "levels": [],
    "group": "",
    **dict.fromkeys(("active", "acknowledged", "latched", "suppressed", "gated", "out_of_service", "first_out"), False),
}
"""What all of them have in common."""


async def known_spells(session: AsyncSession, key: PhaseKey, within: Span) -> list[tuple[int, int]]:
    """From when until when alarms of a rule on a sensor were active, as recorded, of those that may touch a range."""
    query = (
        select(TransitionRow.alarm_id, TransitionRow.event, TransitionRow.to_state, TransitionRow.at)
        .join(AlarmRow, AlarmRow.id == TransitionRow.alarm_id)
        .where(
            AlarmRow.rule_id == key[0],
            AlarmRow.asset_id == key[1],
            AlarmRow.key == key[2],
            or_(
                AlarmRow.state != AlarmState.NORMAL, AlarmRow.cleared_at.is_(None), AlarmRow.cleared_at >= within.start
            ),
            or_(TransitionRow.event.in_((*_BEGIN, *_END)), TransitionRow.to_state == AlarmState.NORMAL),
            TransitionRow.at <= within.end,
        )
        .order_by(TransitionRow.alarm_id, TransitionRow.number)
    )
    found, began = list[tuple[int, int]](), dict[str, int]()
    for alarm, event, after, at in (await session.execute(query)).all():
        if event in _BEGIN:
            began.setdefault(alarm, at)
        elif alarm in began and (event in _END or after == AlarmState.NORMAL):
            found.append((began.pop(alarm), at))
    return found + [(at, FOREVER) for at in began.values()]


async def add_missing(session: AsyncSession, watch: Watch, spells: Sequence[Spell], within: Span) -> list[News]:
    """Add those that touch no recorded one, each as an alarm that is over; what to tell of them."""
    missing = _untouched(spells, await known_spells(session, watch.key, within))
    alarms = {alarm.id: (alarm, spell) for spell in missing for alarm in [_alarm(watch, spell)]}
    there = set(await session.scalars(select(AlarmRow.id).where(AlarmRow.id.in_(alarms)))) if alarms else set[str]()
    added = [both for name, both in alarms.items() if name not in there]
    session.add_all(alarm for alarm, _ in added)
    await session.flush()  # the lines of their journals point at them
    session.add_all(line for alarm, spell in added for line in _journal(alarm, spell))
    return [News(Event.CLEARED, alarm_json(alarm)) for alarm, _ in added]


def _untouched(spells: Sequence[Spell], known: Sequence[tuple[int, int]]) -> list[Spell]:
    """Those that have no instant in common with a known one."""
    ordered = sorted(known)
    starts = [start for start, _ in ordered]
    latest = list(accumulate((end for _, end in ordered), max))
    found = list[Spell]()
    for spell in spells:
        before = bisect_right(starts, _end(spell))
        if not before or latest[before - 1] < spell.since:
            found.append(spell)
    return found


def _end(spell: Spell) -> int:
    return spell.since if spell.until is None else spell.until


def _alarm(watch: Watch, spell: Spell) -> AlarmRow:
    rule, sensor, rung = watch.rule, watch.sensor, spell.rung
    plain = rung.band is TRUTH
    return AlarmRow(
        id=sha256("/".join((*watch.key, str(spell.since))).encode()).hexdigest()[:12],
        rule_id=rule.id,
        rule_name=rule.name,
        asset_id=watch.asset.id,
        key=sensor.key,
        asset=watch.asset.path,
        asset_name=watch.asset.name or watch.asset.slug,
        sensor=f"{watch.asset.path}/{sensor.key}",
        unit=sensor.unit,
        severity=rung.level.severity,
        rank=rung.level.severity.rank,
        since=spell.since,
        value=None if plain else spell.value,
        limit=None if plain else rung.band.limit(spell.value),
        message=shortened(describe(watch.meaning.source, rung.band, spell.value, sensor), 500),
        cleared_at=_end(spell),
        level=rung.level.name,
        advice={"cause": rule.cause, "consequence": rule.consequence, "action": rule.action},
        **_OVER,
    )


def _journal(alarm: AlarmRow, spell: Spell) -> list[TransitionRow]:
    """It began and ended; nobody was asked anything in between."""
    turns = (
        (Event.RAISED, AlarmState.NORMAL, AlarmState.UNACKNOWLEDGED, spell.since, alarm.value),
        (Event.CLEARED, AlarmState.UNACKNOWLEDGED, AlarmState.NORMAL, _end(spell), None),
    )
    return [
        TransitionRow(
            alarm_id=alarm.id,
            number=number,
            from_state=before,
            to_state=after,
            event=event,
            severity=alarm.severity,
            at=at,
            late=True,
            value=value,
            comment=COMMENT,
        )
        for number, (event, before, after, at, value) in enumerate(turns, 1)
    ]
