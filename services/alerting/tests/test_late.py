"""What comes late: alarms that were not seen are found in history, are over, and call nobody."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from time import time_ns
from typing import Any

import pytest
from sqlalchemy import func, select

from andon.alerting.alarm.shape import News
from andon.alerting.database import Database, open_database
from andon.alerting.evaluate import late
from andon.alerting.evaluate.late import FRESH, MOST_RANGES, NEAR, STORED, Range, Reworker, done, note, ripe
from andon.alerting.rules.draft import RuleDraft
from andon.alerting.rules.rulebook import Rulebook, put_rule
from andon.alerting.tables import AlarmRow, IntentRow, LateRow, TransitionRow
from andon.common.errors import UnavailableError
from andon.common.history.history import History
from andon.common.influx import Influx
from andon.common.plant import Plant
from andon.common.reading import NS_PER_S
from andon.common.testing.fixtures import InfluxForTest
from andon.common.testing.waiting import eventually

from .conftest import Alerting, machine
from .test_backtest import T, store

ROBOT = machine("robot-3")
NAME = ("robot-3", "temperature")
DAY = 86_400
RULE: dict[str, Any] = {
    "name": "Gearbox hot",
    "scope": {"sensor": "berlin/painting/line-1/robot-3/temperature"},
    "condition": {"above": 80},
    "severity": "high",
    "on_delay": "5s",
}


def later() -> int:
    """An instant at which all ranges have waited long enough."""
    return time_ns() + 3600 * NS_PER_S


@dataclass
class Story:
    """A worker on a database and an InfluxDB of its own; its clock is far behind all samples."""

    database: Database
    influx: Influx
    rulebook: Rulebook
    plant: Plant
    told: list[News] = field(default_factory=list)
    leads: bool = True

    def worker(self) -> Reworker:
        async def tell(news: list[News]) -> None:
            self.told += news

        return Reworker(self.database, History(self.influx), self.plant, self.rulebook, lambda: self.leads, tell)

    async def rule(self, **fields: Any) -> None:
        async with self.database.write() as session:
            await put_rule(session, RuleDraft.model_validate(RULE | fields))
        await self.rulebook.load()

    async def came(self, *samples: tuple[float, float]) -> None:
        """Samples that came late are stored, and noted."""
        await store(self.influx, ROBOT, samples)
        await self.noted(samples[0][0], samples[-1][0])

    async def noted(self, first: float, last: float) -> None:
        async with self.database.write() as session:
            await note(session, {NAME: (T + round(first * NS_PER_S), T + round(last * NS_PER_S))})

    async def look(self, worker: Reworker | None = None) -> None:
        """Look into all there is, as if all had waited long enough."""
        worker = worker or self.worker()
        while await worker.look(later()):
            pass

    async def alarms(self) -> list[AlarmRow]:
        async with self.database.read() as session:
            return list(await session.scalars(select(AlarmRow).order_by(AlarmRow.since)))

    async def count(self, table: Any) -> int:
        async with self.database.read() as session:
            return await session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
async def story(database: Database, influx: Influx) -> Story:
    plant = Plant()
    plant.put(ROBOT)
    made = Story(database, influx, Rulebook(database), plant)
    await made.rule()
    return made


def at(alarm: AlarmRow) -> tuple[float, float]:
    return (alarm.since - T) / NS_PER_S, ((alarm.cleared_at or 0) - T) / NS_PER_S


async def test_an_alarm_nobody_saw_is_added_as_one_that_is_over(story: Story) -> None:
    await store(story.influx, ROBOT, [(0, 70.0), (100, 70.0)])
    await story.came((20, 85.0), (30, 86.0), (40, 70.0))
    await story.look()
    [alarm] = await story.alarms()
    assert (alarm.state, alarm.late, alarm.acknowledged, alarm.active) == ("normal", True, False, False)
    assert at(alarm) == (25, 40)
    assert alarm.message == "Gearbox temperature is 85.0 °C, above 80 °C"
    async with story.database.read() as session:
        lines = list(await session.scalars(select(TransitionRow).order_by(TransitionRow.number)))
    assert [(one.event, one.at - T, one.late, one.comment) for one in lines] == [
        ("raised", 25 * NS_PER_S, True, "found in late data"),
        ("cleared", 40 * NS_PER_S, True, "found in late data"),
    ]
    assert [news.alarm["id"] for news in story.told] == [alarm.id]
    assert await story.count(IntentRow) == await story.count(LateRow) == 0


async def test_it_ends_with_the_next_sample_whenever_that_came(story: Story) -> None:
    await store(story.influx, ROBOT, [(7200, 70.0)])
    await story.came((20, 85.0))
    await story.look()
    assert [at(alarm) for alarm in await story.alarms()] == [(25, 7200)]


async def test_what_goes_on_is_left_to_the_stream(story: Story) -> None:
    await story.came((20, 85.0))
    await story.look()
    assert await story.alarms() == []
    assert await story.count(LateRow) == 0


async def test_again_and_again_adds_nothing_twice(story: Story) -> None:
    await store(story.influx, ROBOT, [(0, 70.0), (100, 70.0)])
    for _ in range(3):
        await story.came((20, 85.0), (30, 86.0), (40, 70.0))
        await story.look()
    await story.came((15, 85.0), (16, 85.0))  # it began before, as comes out now: known, and left as it is
    await story.look()
    assert [at(alarm) for alarm in await story.alarms()] == [(25, 40)]


async def test_two_instances_add_each_once(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both find the same range and judge it, and one is the first to write."""
    await store(story.influx, ROBOT, [(0, 70.0), (100, 70.0)])
    await story.came((20, 85.0), (40, 70.0))
    both, really = asyncio.Barrier(2), late.ripe

    async def together(*arguments: Any) -> list[Range]:
        found = await really(*arguments)
        await both.wait()
        return found

    monkeypatch.setattr(late, "ripe", together)
    await asyncio.gather(story.worker().look(later()), story.worker().look(later()))
    assert len(await story.alarms()) == 1
    assert len(story.told) == 1


async def test_what_comes_while_it_is_looked_into_is_not_lost(story: Story) -> None:
    await story.noted(0, 10)
    async with story.database.write() as session:
        [found] = await ripe(session, later())
        row = await session.get(LateRow, found.id)
        assert row is not None
        row.end += 1
    async with story.database.write() as session:
        assert not await done(session, found, found.end)
    assert await story.count(LateRow) == 1


async def test_an_import_of_years_goes_in_steps(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed in between, it goes on where it was; an alarm across a step is one."""
    steps = 4
    days = [day * DAY for day in (1, 29.99, 45, 100)]
    samples = [
        (0.0, 70.0),
        *((when, 90.0) for when in days),
        *((when + 3600, 70.0) for when in days),
        (110 * DAY, 70.0),
    ]
    await story.came(*sorted(samples))
    really, seen = late.done, list[int]()

    async def dies(session: Any, found: Range, until: int) -> bool:
        seen.append(until)
        if len(seen) == 3:
            raise UnavailableError("killed")
        return await really(session, found, until)

    monkeypatch.setattr(late, "done", dies)
    with pytest.raises(UnavailableError):
        await story.look()
    await story.look()
    assert len(seen) == steps + 1
    assert [at(alarm) for alarm in await story.alarms()] == [(when + 5, when + 3600) for when in days]


async def test_without_the_lease_nothing_is_looked_into(story: Story) -> None:
    await story.came((20, 85.0), (40, 70.0))
    story.leads = False
    await story.worker().look(later())
    assert await story.alarms() == []
    assert await story.count(LateRow) == 1


async def test_rules_that_look_at_the_sensor_from_elsewhere_are_judged_too(story: Story) -> None:
    await story.rule(name="Jam", scope={"sensor": f"{ROBOT.path}/jammed"}, condition={"expression": "temperature > 80"})
    await store(story.influx, ROBOT, [(0, 70.0), (100, 70.0)])
    await store(story.influx, ROBOT, [(0, True)], key="jammed")
    await story.came((20, 85.0), (40, 70.0))
    await story.look()
    assert {(alarm.rule_name, at(alarm)) for alarm in await story.alarms()} == {
        ("Gearbox hot", (25, 40)),
        ("Jam", (25, 40)),
    }


async def _ranges(database: Database, marks: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    for start, end in marks:
        async with database.write() as session:
            await note(session, {NAME: (T + start, T + end)})
    async with database.read() as session:
        return sorted((row.start - T, row.end - T) for row in await session.scalars(select(LateRow)))


async def test_ranges_near_each_other_are_one(database: Database) -> None:
    assert await _ranges(database, [(10, 20), (NEAR, NEAR + 5), (15, 18)]) == [(10, NEAR + 5)]


async def test_of_one_sensor_there_are_few(database: Database) -> None:
    far = [(3 * NEAR * n, 3 * NEAR * n + 1) for n in range(3 * MOST_RANGES)]
    found = await _ranges(database, far)
    assert len(found) == MOST_RANGES
    assert all(any(start <= mark[0] and mark[1] <= end for start, end in found) for mark in far)
    assert all(one[0] <= other[0] for one, other in pairwise(found))


async def test_a_range_waits_until_its_samples_are_stored(database: Database) -> None:
    await _ranges(database, [(10, 20)])
    async with database.read() as session:
        [row] = await session.scalars(select(LateRow))
        assert await ripe(session, row.noted_at + FRESH + STORED - 1) == []
        assert len(await ripe(session, row.noted_at + FRESH + STORED)) == 1


async def test_a_buffer_that_arrives_after_the_present_is_found_out(
    stopped: Alerting, influxdb: InfluxForTest, influx: Influx, mailbox: Any
) -> None:
    """A device is offline, its neighbour in time goes on live, and then its buffer comes."""
    stopped.influx = influxdb.settings
    mailbox.start()
    await stopped.start()
    await stopped.add_channel("team", "email", "team@example.com")
    rule = await stopped.add_rule(channels=["team"])
    start = (stopped.begin - T) / NS_PER_S
    for samples in ([(0, 70.0), (60, 70.0)], [(20, 90.0), (30, 91.0), (40, 70.0)]):
        await stopped.publish(*samples)
        await store(influx, stopped.robot, [(start + second, value) for second, value in samples])
    await stopped.evaluated()
    assert await stopped.alarms() == []

    plant = Plant()
    plant.put(stopped.robot)
    async with open_database(stopped.settings.database_url) as database:
        rulebook = Rulebook(database)
        await rulebook.load()
        told = Story(database, influx, rulebook, plant)
        await told.look()
        assert await told.count(IntentRow) == 0
    [alarm] = await eventually(stopped.alarms)
    assert (alarm["rule"], alarm["state"], alarm["late"]) == (rule["id"], "normal", True)
    assert (alarm["since"], alarm["cleared_at"]) == (stopped.at(20), stopped.at(40))
    assert mailbox.messages == []
