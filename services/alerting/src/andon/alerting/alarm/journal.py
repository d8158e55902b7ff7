"""Journal: what the evaluation found becomes alarms, transitions, phases and what is to be told.

Every function works inside the caller's transaction, so a batch's turns are in the database together or not at all.
Alarms are read and written many at once: five thousand verdicts of one batch cost some dozen queries.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from secrets import token_hex
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.alarm.events import RULE_DISABLED, RULE_REMOVED, SENSOR_GONE, Event
from andon.alerting.alarm.family import Family, design_of, explain, rules_of
from andon.alerting.alarm.first_out import Groups, group_of
from andon.alerting.alarm.machine import after
from andon.alerting.alarm.measure import known_levels, measure, number, remeasure, worst
from andon.alerting.alarm.phases import forget_levels, forget_phases, write_phases
from andon.alerting.alarm.shape import News
from andon.alerting.alarm.state import AlarmState
from andon.alerting.alarm.turns import become, standing_of, turn
from andon.alerting.evaluate.phase import Turn
from andon.alerting.evaluate.verdict import Verdict
from andon.alerting.evaluate.watch import PhaseKey, Watch
from andon.alerting.rules.draft import Rule
from andon.alerting.tables import AlarmRow
from andon.alerting.tables.alarms import IS_OPEN

__all__ = ["News", "close", "record"]

_AT_ONCE = 300


async def record(session: AsyncSession, verdicts: Iterable[Verdict], now: int) -> list[News]:
    """Write the turns of one batch. Those of rules that may explain others come first; else they go by time.

    Levels of one watch whose delays end between two samples come by level, whichever is over first.
    """
    found = sorted(verdicts, key=lambda one: (one.watch.rule.suppressed_by is not None, one.turn.at))
    told = [verdict for verdict in found if _matters(verdict)]
    entries = _Entries(session)
    if told:
        await entries.load(told)
        with session.no_autoflush:
            for verdict in told:
                await entries.take(verdict)
        entries.news += await entries.family.suppress(entries.raised)
        entries.news += await entries.family.release(entries.ended, now)
    await forget_levels(session, [(one.watch.key, one.level.name) for one in found if one.rung not in one.watch.rungs])
    await write_phases(session, {verdict.watch.key: verdict.watch for verdict in found}.values())
    return entries.news


async def close(session: AsyncSession, gone: Iterable[PhaseKey], now: int) -> list[News]:
    """End the alarms whose rule or sensor is gone, and forget their phases.

    Each has a line `closed` whose comment says why, in one of the words of `events.GONE`: who was called is told so.
    """
    keys = list(gone)
    await forget_phases(session, keys)
    alarms = (await open_alarms(session, keys)).values()
    rules = await rules_of(session, {alarm.rule_id for alarm in alarms})
    news = []
    for alarm in alarms:
        alarm.cleared_at = alarm.cleared_at or now
        rule = rules.get(alarm.rule_id)
        news.append(await turn(session, alarm, Event.CLOSED, rule, at=now, comment=_why_gone(rule)))
    return news + await Family(session).release((alarm.id for alarm in alarms), now)


async def open_alarms(session: AsyncSession, keys: Sequence[PhaseKey]) -> dict[PhaseKey, AlarmRow]:
    """The alarms of watches that are not over."""
    own, found = tuple_(AlarmRow.rule_id, AlarmRow.asset_id, AlarmRow.key), dict[PhaseKey, AlarmRow]()
    for start in range(0, len(keys), _AT_ONCE):
        query = select(AlarmRow).where(own.in_(keys[start : start + _AT_ONCE]), IS_OPEN)
        for alarm in await session.scalars(query.with_for_update()):
            found[alarm.rule_id, alarm.asset_id, alarm.key] = alarm
    return found


def _why_gone(rule: Rule | None) -> str:
    if rule is None:
        return RULE_REMOVED
    return SENSOR_GONE if rule.enabled else RULE_DISABLED


def _matters(verdict: Verdict) -> bool:
    turned = verdict.turn
    return turned.raised or turned.cleared or turned.current or turned.suppressed or turned.released


class _Entries:
    """The entries of one batch, and the alarms they are about."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._alarms: dict[PhaseKey, AlarmRow] = {}
        self._over = set[PhaseKey]()
        self._groups = Groups()
        self._ending = Counter[tuple[PhaseKey, int]]()
        self.family = Family(session)
        self.news: list[News] = []
        self.raised: list[AlarmRow] = []
        self.ended: list[str] = []

    async def load(self, verdicts: list[Verdict]) -> None:
        """Read all that these verdicts may be about."""
        self._alarms = await open_alarms(self._session, list({verdict.watch.key for verdict in verdicts}))
        raising = [verdict.watch for verdict in verdicts if verdict.turn.raised]
        await self.family.load({watch.rule.id: watch.rule for watch in raising}.values())
        self._ending.update(_end(verdict) for verdict in verdicts if verdict.turn.cleared)
        await self._groups.load(self._session, (group_of(watch.rule, watch.asset.path) for watch in raising))

    async def take(self, verdict: Verdict) -> None:
        """Enter one verdict; what changes nothing (a batch that came twice) is not entered."""
        turned, alarm = verdict.turn, self._alarms.get(verdict.watch.key)
        if turned.raised:
            await self._raise(verdict, alarm)
        elif alarm is None:
            return
        elif turned.cleared and alarm.active:
            await self._clear(verdict, alarm)
        elif turned.current and alarm.active and alarm.late:
            alarm.late = False
            await self._enter(verdict, alarm, Event.CURRENT)
        elif turned.suppressed and not alarm.gated:
            await self._suppress(verdict, alarm)
        elif turned.released and alarm.gated:
            await self._release(verdict, alarm)

    async def _raise(self, verdict: Verdict, alarm: AlarmRow | None) -> None:
        if alarm is not None and alarm.active:
            await self._add_level(verdict, alarm)
            return
        watch = verdict.watch
        if alarm is None:
            alarm = await self._begin(watch)
        _name(alarm, watch)
        alarm.active, alarm.since, alarm.cleared_at = False, verdict.turn.at, None
        alarm.levels, alarm.late = [verdict.level.name], verdict.late
        measure(alarm, verdict)
        parent = self.family.explaining(watch.rule, watch.asset.path)
        if parent is not None and alarm.parent is None:
            alarm.suppressed = True
            explain(alarm, parent)
        self._groups.raised(alarm)
        await self._enter(verdict, alarm, Event.RAISED)
        self.family.note(alarm, watch.rule.name)
        self.raised.append(alarm)

    async def _add_level(self, verdict: Verdict, alarm: AlarmRow) -> None:
        rank = alarm.rank
        alarm.levels = [name for name in known_levels(alarm.levels, verdict.watch) if name != verdict.level.name]
        alarm.levels = [*alarm.levels, verdict.level.name]
        now = worst(alarm.levels, verdict.watch)
        # A milder one is the worst where worse ones end at this very instant; the last of these tells that.
        if now is not None and now.level.name == verdict.level.name and verdict.severity.rank >= rank:
            measure(alarm, verdict)
        if alarm.rank > rank:
            alarm.late = verdict.late
            await self._enter(verdict, alarm, Event.ESCALATED)

    async def _clear(self, verdict: Verdict, alarm: AlarmRow) -> None:
        """End a level. Of levels that end at one instant the last one tells what is left."""
        rank = alarm.rank
        alarm.levels = [name for name in known_levels(alarm.levels, verdict.watch) if name != verdict.level.name]
        self._ending[_end(verdict)] -= 1
        if self._ending[_end(verdict)]:
            return
        left = worst(alarm.levels, verdict.watch)
        if left is None:
            alarm.cleared_at = verdict.turn.at
            self.ended.append(alarm.id)
            await self._enter(verdict, alarm, Event.CLEARED)
            return
        remeasure(alarm, verdict.watch, left, verdict.turn.value)
        if alarm.rank < rank:
            await self._enter(verdict, alarm, Event.EASED)

    async def _suppress(self, verdict: Verdict, alarm: AlarmRow) -> None:
        explained, alarm.gated = alarm.suppressed, True
        self.ended.append(alarm.id)
        if not explained:
            alarm.suppressed_by = design_of(verdict.watch.rule)
            await self._enter(verdict, alarm, Event.SUPPRESSED)

    async def _release(self, verdict: Verdict, alarm: AlarmRow) -> None:
        """The rule counts again: what was is over, and a cause that is still there is raised by itself."""
        rule, at = verdict.watch.rule, verdict.turn.at
        if alarm.active:
            alarm.cleared_at = at
        standing = after(after(standing_of(alarm, rule), Event.CLEARED), Event.RELEASED)
        self.news.append(await become(self._session, alarm, standing, Event.RELEASED, rule, at=at, late=verdict.late))
        self._forget(verdict.watch.key, alarm)

    async def _begin(self, watch: Watch) -> AlarmRow:
        if watch.key in self._over:  # written first: the database allows one open alarm of a watch, at any moment
            await self._session.flush()
            self._over.clear()
        alarm = AlarmRow(id=token_hex(6), state=AlarmState.NORMAL, number=0, active=False, acknowledged=False)
        alarm.rule_id, alarm.asset_id, alarm.key = watch.key
        alarm.latched = alarm.suppressed = alarm.gated = alarm.out_of_service = alarm.first_out = False
        self._alarms[watch.key] = alarm
        self._session.add(alarm)
        return alarm

    async def _enter(self, verdict: Verdict, alarm: AlarmRow, event: Event) -> None:
        turned, rule = verdict.turn, verdict.watch.rule
        value = number(verdict.value)
        line: dict[str, Any] = {"at": turned.at, "value": value, "late": verdict.late, "comment": _chatters(turned)}
        self.news.append(await turn(self._session, alarm, event, rule, **line))
        self._forget(verdict.watch.key, alarm)

    def _forget(self, key: PhaseKey, alarm: AlarmRow) -> None:
        if alarm.state == AlarmState.NORMAL:
            del self._alarms[key]
            self._over.add(key)


def _chatters(turned: Turn) -> str | None:
    """What the journal says of an alarm that is held because it chatters (`evaluate.phase`)."""
    if not turned.chatter:
        return None
    if turned.raised:
        return f"It chatters: raised {turned.chatter} times within a minute. It stays for a minute at least"
    return f"It chattered: it came back {turned.chatter} times in this alarm"


def _end(verdict: Verdict) -> tuple[PhaseKey, int]:
    """Where and when a level ends."""
    return verdict.watch.key, verdict.turn.at


def _name(alarm: AlarmRow, watch: Watch) -> None:
    """What an alarm is about, as plant and rule have it when it is raised."""
    rule, asset, sensor = watch.rule, watch.asset, watch.sensor
    alarm.rule_name, alarm.asset, alarm.asset_name = rule.name, asset.path, asset.name or asset.slug
    alarm.sensor, alarm.unit = f"{asset.path}/{sensor.key}", sensor.unit
    alarm.group = group_of(rule, asset.path)
    alarm.advice = {"cause": rule.cause, "consequence": rule.consequence, "action": rule.action}
