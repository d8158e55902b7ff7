"""What stories of alarms are told with: a line of machines, rules on them, and verdicts made by hand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.alarm import actions, journal
from andon.alerting.alarm.shape import News
from andon.alerting.database import Database
from andon.alerting.evaluate.index import Places, make
from andon.alerting.evaluate.phase import Phase, State, Turn
from andon.alerting.evaluate.verdict import Verdict
from andon.alerting.evaluate.watch import PhaseKey, Watch
from andon.alerting.rules.draft import Rule, RuleDraft
from andon.alerting.rules.meaning import meaning_of
from andon.alerting.tables import AlarmRow, PhaseRow, RuleRow, TransitionRow
from andon.common.plant import Asset, Plant, Sensor
from andon.common.reading import NS_PER_S

LINE = "berlin/painting/line-1"
NOW = 1_790_000_000 * NS_PER_S
LADDER = {"levels": [{"above": 80, "severity": "medium"}, {"above": 95, "severity": "critical"}]}


def machine(name: str, line: str = LINE) -> Asset:
    path = f"{line}/{name}"
    sensors = (Sensor(key="t", path=f"{path}/t", name="Temperature", unit="Cel"),)
    return Asset(id=name, path=path, kind="machine", slug=name, name=name, type="robot", sensors=sensors)


def rule(name: str = "hot", **fields: Any) -> Rule:
    scope = {"sensor": "t", "type": "robot"}
    return Rule.model_validate({"id": name, "name": name, "scope": scope, "condition": {"above": 80}} | fields)


def draft_of(of: Rule) -> RuleDraft:
    return RuleDraft.model_validate(of.model_dump(include=set(RuleDraft.model_fields)))


def verdict(watch: Watch, after: State, at: int = 0, level: str = "", *, late: bool = False) -> Verdict:
    """A turn of one level, `at` seconds after NOW."""
    rung = next(one for one in watch.rungs if level in ("", one.level.name))
    before = {State.ACTIVE: State.PENDING, State.NORMAL: State.CLEARING, State.SUPPRESSED: State.ACTIVE}[after]
    if rung.phase.state is State.SUPPRESSED and after is State.NORMAL:
        before = State.SUPPRESSED
    if after is State.ACTIVE and late is False and rung.phase.late:
        before = State.ACTIVE
    value = 100.0 if after is State.ACTIVE else 70.0
    time = NOW + at * NS_PER_S
    rung.phase = Phase(after, time, value=value, late=late)
    return Verdict(watch, rung, Turn(before, after, time, value), late)


class Story:
    """One plant, its rules and what happens to its alarms."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.watches: dict[PhaseKey, Watch] = {}

    async def begin(self, rules: list[Rule], *machines: str) -> None:
        plant = Plant()
        for name in machines or ("m1",):
            line, _, own = name.rpartition("/")
            plant.put(machine(own, line or LINE))
        places = Places(plant, [])
        for one in rules:
            meaning = meaning_of(draft_of(one))
            made = (make(places, one, meaning, asset) for asset in places.machines.all)
            self.watches |= {watch.key: watch for watch in made if watch is not None}
        async with self.database.write() as session:
            for one in rules:
                session.add(RuleRow(id=one.id, name=one.name, draft=draft_of(one).model_dump(mode="json")))

    def watch(self, name: str = "hot", on: str = "m1") -> Watch:
        return self.watches[name, on, "t"]

    async def record(self, *verdicts: Verdict) -> list[News]:
        async with self.database.write() as session:
            return await journal.record(session, verdicts, NOW)

    async def raises(self, name: str = "hot", on: str = "m1", at: int = 0, **more: Any) -> list[News]:
        return await self.record(verdict(self.watch(name, on), State.ACTIVE, at, **more))

    async def clears(self, name: str = "hot", on: str = "m1", at: int = 1, **more: Any) -> list[News]:
        return await self.record(verdict(self.watch(name, on), State.NORMAL, at, **more))

    @asynccontextmanager
    async def acting(self, name: str = "hot", on: str = "m1") -> AsyncIterator[tuple[AsyncSession, AlarmRow]]:
        """A transaction, and the newest alarm of a watch in it."""
        async with self.database.write() as session:
            query = select(AlarmRow).where(AlarmRow.rule_id == name, AlarmRow.asset_id == on)
            query = query.order_by(AlarmRow.since.desc()).limit(1)
            yield session, (await session.scalars(query)).one()

    async def acknowledge(self, name: str = "hot", on: str = "m1", now: int = NOW) -> list[News]:
        async with self.acting(name, on) as (session, alarm):
            return await actions.acknowledge(session, alarm, by="Ada", comment="Seen", now=now)

    async def shelve(self, length: str = "8h", name: str = "hot", on: str = "m1", now: int = NOW) -> list[News]:
        async with self.acting(name, on) as (session, alarm):
            return await actions.shelve(session, alarm, length=length, by="Ada", reason="Known", now=now)

    async def alarm(self, name: str = "hot", on: str = "m1") -> AlarmRow:
        async with self.acting(name, on) as (_, alarm):
            return alarm

    async def states(self, name: str = "hot", on: str = "m1") -> list[tuple[str, str]]:
        """The journal of the newest alarm: what happened, and the state it led to."""
        alarm = await self.alarm(name, on)
        async with self.database.read() as session:
            query = select(TransitionRow).where(TransitionRow.alarm_id == alarm.id).order_by(TransitionRow.number)
            return [(row.event, row.to_state) for row in await session.scalars(query)]

    async def count(self, *tables: type) -> list[int]:
        async with self.database.read() as session:
            return [await session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]

    async def phases(self) -> list[tuple[str, int]]:
        async with self.database.read() as session:
            return [(row.level, row.state) for row in await session.scalars(select(PhaseRow).order_by(PhaseRow.level))]
