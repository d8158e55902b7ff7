"""Family: alarms that explain others, and so suppress them by design, for as long as their own cause is there.

A parent explains whatever state it is shown in: one that is shelved does, too. One whose own rule does not count now
explains nothing, for nobody knows whether its cause is still there. Works inside the caller's transaction.
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.alarm.events import Event
from andon.alerting.alarm.parents import part_of, parts_of
from andon.alerting.alarm.shape import News
from andon.alerting.alarm.turns import turn
from andon.alerting.elsewhere import shortened
from andon.alerting.rules.draft import Rule
from andon.alerting.rules.rulebook import to_rule
from andon.alerting.tables import AlarmRow, RuleRow
from andon.alerting.tables.alarms import IS_OPEN

_AT_ONCE = 500


class Family:
    """Who explains whom, as it stands within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._parents: dict[tuple[str, str], dict[str, AlarmRow]] = {}
        self._known = set[str]()

    async def load(self, rules: Iterable[Rule]) -> None:
        """Read the alarms that may explain those of `rules`."""
        names = sorted({rule.suppressed_by.rule for rule in rules if rule.suppressed_by} - self._known)
        if not names:
            return
        self._known.update(names)
        query = select(AlarmRow, RuleRow.name).join(RuleRow, RuleRow.id == AlarmRow.rule_id)
        query = query.where(IS_OPEN, explains(AlarmRow), RuleRow.name.in_(names))
        for alarm, name in await self._session.execute(query):
            self.note(alarm, name)

    def note(self, alarm: AlarmRow, rule_name: str) -> None:
        """Know an alarm that is active now."""
        for part in parts_of(alarm.asset):
            self._parents.setdefault((rule_name, part), {})[alarm.id] = alarm

    def explaining(self, rule: Rule, asset: str) -> AlarmRow | None:
        """The alarm that explains those of a rule on a machine."""
        if rule.suppressed_by is None:
            return None
        near = (rule.suppressed_by.rule, part_of(asset, rule.suppressed_by.within))
        return next((one for one in self._parents.get(near, {}).values() if one.active and not one.gated), None)

    async def suppress(self, raised: Iterable[AlarmRow]) -> list[News]:
        """Suppress what is open already and explained by alarms that were just raised."""
        names = {alarm.rule_name for alarm in raised if alarm.active}
        rules = await _children_of(self._session, names)
        news = []
        for alarm in await _open_alarms(self._session, rules):
            parent = self.explaining(rules[alarm.rule_id], alarm.asset)
            if parent is not None and alarm.parent is None:
                news += await self._suppress(alarm, parent, rules[alarm.rule_id], max(parent.since, alarm.since))
        return news

    async def release(self, ended: Iterable[str], now: int) -> list[News]:
        """Judge those anew whose parents, by id, explain nothing any longer; `now` is when."""
        ids, news = sorted(set(ended)), list[News]()
        for start in range(0, len(ids), _AT_ONCE):
            query = select(AlarmRow).where(AlarmRow.parent.in_(ids[start : start + _AT_ONCE]), IS_OPEN)
            children = (await self._session.scalars(query.with_for_update())).all()
            rules = await rules_of(self._session, {child.rule_id for child in children})
            await self.load(rules.values())
            for child in children:
                news += await self._release(child, rules.get(child.rule_id), now)
        return news

    async def _suppress(self, alarm: AlarmRow, parent: AlarmRow, rule: Rule, at: int) -> list[News]:
        was = alarm.suppressed
        explain(alarm, parent)
        return [] if was else [await turn(self._session, alarm, Event.SUPPRESSED, rule, at=at)]

    async def _release(self, child: AlarmRow, rule: Rule | None, now: int) -> list[News]:
        other = self.explaining(rule, child.asset) if rule else None
        if other is not None:
            explain(child, other)
            return []
        child.parent = None
        if child.gated:
            child.suppressed_by = design_of(rule)
            return []
        return [await turn(self._session, child, Event.RELEASED, rule, at=now)]


def explains(alarm: type[AlarmRow]) -> ColumnElement[bool]:
    """Condition that an alarm explains others."""
    return and_(alarm.active, ~alarm.gated)


def explain(alarm: AlarmRow, parent: AlarmRow) -> None:
    """Note by whom an alarm is explained."""
    alarm.parent, alarm.parent_asset = parent.id, parent.asset
    alarm.suppressed_by = shortened(f"{parent.rule_name}: {parent.message}", 200)


def design_of(rule: Rule | None) -> str:
    """Why a rule does not count now, in its own words."""
    if rule is not None and rule.active_when:
        return shortened(f"{rule.name} counts only while {rule.active_when}", 200)
    if rule is not None and rule.active_during:
        return shortened(f"{rule.name} counts only during {', '.join(rule.active_during)}", 200)
    return "Its rule does not count now"


async def rules_of(session: AsyncSession, ids: set[str]) -> dict[str, Rule]:
    """Rules by id; one that is gone is not among them."""
    if not ids:
        return {}
    return {row.id: to_rule(row) for row in await session.scalars(select(RuleRow).where(RuleRow.id.in_(ids)))}


async def _children_of(session: AsyncSession, names: set[str]) -> dict[str, Rule]:
    """Rules, by id, whose alarms are explained by those of rules of these names."""
    if not names:
        return {}
    parent = RuleRow.draft["suppressed_by"]["rule"].as_string()
    rows = await session.scalars(select(RuleRow).where(parent.in_(sorted(names))))
    return {row.id: to_rule(row) for row in rows}


async def _open_alarms(session: AsyncSession, rules: dict[str, Rule]) -> list[AlarmRow]:
    if not rules:
        return []
    query = select(AlarmRow).where(IS_OPEN, AlarmRow.rule_id.in_(sorted(rules)), AlarmRow.parent.is_(None))
    return list((await session.scalars(query.with_for_update())).all())
