"""Whatever is said, edited and restarted in whatever order: the alarms are those whose levels are active just now."""

from collections.abc import Awaitable, Callable
from itertools import pairwise
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.alarm import journal, severities
from andon.alerting.database import Database
from andon.alerting.evaluate import phase, phases
from andon.alerting.evaluate.change import Look
from andon.alerting.evaluate.index import Places
from andon.alerting.evaluate.judge import Judge
from andon.alerting.evaluate.phase import State
from andon.alerting.evaluate.renewal import pieces
from andon.alerting.evaluate.verdict import Verdict
from andon.alerting.rules.draft import Rule
from andon.alerting.tables import AlarmRow, PhaseRow, TransitionRow
from andon.common.reading import NS_PER_S, Reading
from andon.common.wire import Batch

from .alarm_stories import NOW, machine, rule

T = TypeVar("T")
ASSETS = [machine("m1")]

delay = st.sampled_from(["0s", "0s", "2s"])
level = st.fixed_dictionaries(
    {
        "name": st.sampled_from("abc"),
        "above": st.sampled_from([20, 40, 60, 90]),
        "severity": st.sampled_from(["low", "high"]),
        "on_delay": delay,
        "off_delay": delay,
    }
)
ladder = st.fixed_dictionaries({"levels": st.lists(level, min_size=1, max_size=3, unique_by=lambda one: one["name"])})
condition = ladder | ladder | st.sampled_from([{"above": 50}, {"expression": "t > 70"}, {"silent": "3s"}])
rules = st.builds(lambda of, gate: rule(condition=of, active_when=gate), condition, st.sampled_from([None, "t < 92"]))
said = st.lists(st.sampled_from([10.0, 30.0, 50.0, 70.0, 91.0, 95.0]), min_size=1, max_size=4)
step = st.tuples(st.sampled_from([0, 1, 1, 3]), said | said | rules | st.sampled_from(["tick", "restart"]))
steps = st.lists(step, min_size=8, max_size=20)


class Plant:
    """One machine and one rule on it, judged and written as by the evaluation."""

    def __init__(self, database: Database, first: Rule) -> None:
        self.database, self.second = database, 0
        self.look = Look(ASSETS, [first])
        self.judge = self.made()

    @property
    def now(self) -> int:
        return NOW + self.second * NS_PER_S

    def made(self) -> Judge:
        judge = Judge()
        judge.rebuild(Places(ASSETS, []), [one for one, _ in self.look.rules.values()])
        judge.begin(self.now, float(self.second))
        return judge

    async def write(self, what: Callable[[AsyncSession], Awaitable[T]]) -> T:
        async with self.database.write() as session:
            return await what(session)

    async def record(self, verdicts: list[Verdict]) -> None:
        await self.write(lambda session: journal.record(session, verdicts, self.now))

    async def step(self, what: Any) -> None:
        match what:
            case list():
                readings = [Reading("m1", self.now + n, {"t": value}) for n, value in enumerate(what)]
                await self.record(self.judge.judge(Batch(self.now, readings), now=self.now, clock=float(self.second)))
            case "tick":
                await self.record(self.judge.tick(float(self.second)))
            case "restart":
                self.judge = self.made()
                async with self.database.read() as session:
                    await phases.take_up(session, self.judge.watches, float(self.second))
                self.judge.begin(self.now, float(self.second))
            case Rule():
                await self.edit(what)

    async def edit(self, anew: Rule) -> None:
        now = Look(ASSETS, [anew], [], self.look)
        for piece in pieces(self.look, now):
            self.judge.exchange(piece.made, piece.before)
            self.judge.begin(self.now, float(self.second), piece.made)
        self.look = now
        await self.write(lambda session: severities.follow(session, self.judge.watches, self.now))


@given(first=rules, steps=steps)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
async def test_an_alarm_is_active_while_a_level_of_it_is(
    database: Database, monkeypatch: pytest.MonkeyPatch, first: Rule, steps: list[tuple[int, Any]]
) -> None:
    monkeypatch.setattr(phase, "MOST_RAISED", 2)
    async with database.write() as session:
        for table in (TransitionRow, AlarmRow, PhaseRow):
            await session.execute(delete(table))
    plant = Plant(database, first)
    for seconds, what in [*steps, (0, "tick")]:
        plant.second += seconds
        await plant.step(what)
    async with database.read() as session:
        alarms = (await session.scalars(select(AlarmRow).where(AlarmRow.active))).all()
        ends = TransitionRow.event.in_(("raised", "cleared", "released"))
        lines = select(TransitionRow.alarm_id, TransitionRow.event).where(ends)
        told = (await session.execute(lines.order_by(TransitionRow.alarm_id, TransitionRow.number))).all()
    [watch] = plant.judge.watches.values()
    standing = {rung.level.name for rung in watch.rungs if rung.phase.state in (State.ACTIVE, State.CLEARING)}
    hidden = {rung.level.name for rung in watch.rungs if rung.phase.state is State.SUPPRESSED}
    assert {name for alarm in alarms for name in alarm.levels} - hidden == standing
    assert not [line for line, following in pairwise(told) if line == following], "raised, or over, twice on end"
