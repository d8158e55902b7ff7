"""A sensor that turns a thousand times a second: it is told of honestly, and holds nobody else up."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from andon.alerting.alarm.state import AlarmState
from andon.alerting.database import Database
from andon.alerting.evaluate import phase, phases
from andon.alerting.evaluate.index import Places
from andon.alerting.evaluate.judge import Judge
from andon.alerting.evaluate.phase import CHATTER, MOST_RAISED
from andon.alerting.tables import AlarmRow, IntentRow, TransitionRow
from andon.common.plant import Plant
from andon.common.reading import NS_PER_S, Reading
from andon.common.wire import Batch

from . import reference
from .alarm_stories import LADDER, NOW, Story, machine, rule
from .reference import Model, Said, Turn
from .test_reference import BEGIN, LINE, Case, S, T, assert_same, feed, level, written
from .test_reference import told as told_turns

MS = NS_PER_S // 1000
short = st.sampled_from([0, 0, 1, 2])


class Chattering:
    """One sensor at a thousand samples a second, every other one in trouble, beside a calm one; in batches of 100."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.plant = Plant()
        for name in ("m1", "m2"):
            self.plant.put(machine(name))
        self.rule = rule(channels=["team"])
        self.time = NOW
        self.start()

    def start(self) -> None:
        self.judge = Judge()
        self.judge.rebuild(Places(self.plant, []), [self.rule])

    async def restart(self) -> None:
        self.start()
        async with self.story.database.read() as session:
            await phases.take_up(session, self.judge.watches, self.time / NS_PER_S)

    async def hear(self, *readings: Reading) -> None:
        at = readings[-1].time
        found = self.judge.judge(Batch(at, list(readings)), now=at, clock=at / NS_PER_S)
        await self.story.record(*found)
        self.time = at + MS

    async def chatter(self, batches: int) -> None:
        for _ in range(batches):
            await self.hear(*(Reading("m1", self.time + n * MS, {"t": 70.0 if n % 2 else 100.0}) for n in range(100)))

    async def ends(self) -> None:
        await self.story.record(*self.judge.tick(self.time / NS_PER_S + 2 * CHATTER / NS_PER_S))


@pytest.fixture
async def chattering(database: Database) -> Chattering:
    story = Story(database)
    made = Chattering(story)
    await story.begin([made.rule], "m1", "m2")
    return made


async def test_it_costs_the_journal_and_the_notifications_a_bounded_number_of_lines(chattering: Chattering) -> None:
    story = chattering.story
    await chattering.chatter(20)
    assert await story.count(TransitionRow, IntentRow) == [2 * MOST_RAISED + 1] * 2
    alarm = await story.alarm()
    assert (alarm.state, alarm.active, alarm.number) == ("unacknowledged", True, 2 * MOST_RAISED + 1)


async def test_the_journal_says_that_it_chatters_and_how_often_it_came_back(chattering: Chattering) -> None:
    await chattering.chatter(20)
    await chattering.ends()
    async with chattering.story.database.read() as session:
        query = select(TransitionRow).order_by(TransitionRow.number)
        lines = (await session.scalars(query)).all()
    raises = 20 * 100 // 2
    assert [line.comment for line in lines if line.comment] == [
        f"It chatters: raised {MOST_RAISED + 1} times within a minute. It stays for a minute at least",
        f"It chattered: it came back {raises - MOST_RAISED - 1} times in this alarm",
    ]
    assert (lines[-1].event, lines[-1].at) == ("cleared", lines[-2].at + CHATTER)
    assert (await chattering.story.alarm()).state == AlarmState.RETURNED


async def test_it_is_acknowledged_once_and_asks_nobody_again_while_it_chatters(chattering: Chattering) -> None:
    story = chattering.story
    await chattering.chatter(14)
    await story.acknowledge()
    [before] = await story.count(IntentRow)
    await chattering.chatter(20)
    assert (await story.alarm()).state == "acknowledged"
    assert await story.count(IntentRow, AlarmRow) == [before, 1]


async def test_a_restart_goes_on_counting(chattering: Chattering) -> None:
    for _ in range(3):
        await chattering.chatter(5)
        await chattering.restart()
    await chattering.chatter(5)
    assert await chattering.story.count(TransitionRow) == [2 * MOST_RAISED + 1]


async def test_the_alarm_of_another_sensor_is_written_as_ever(chattering: Chattering) -> None:
    await chattering.chatter(5)
    await chattering.hear(Reading("m2", chattering.time, {"t": 100.0}))
    assert await chattering.story.states(on="m2") == [("raised", "unacknowledged")]


async def test_a_level_that_chatters_is_not_lost_with_another_one_that_its_gate_hid(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The milder one is held while the gate is closed, and the worse one suppressed: they are one alarm."""
    monkeypatch.setattr(phase, "MOST_RAISED", 2)
    story = Story(database)
    await story.begin([rule(condition=LADDER, active_when="t < 200")])
    watch = story.watch()
    for second, value in enumerate([90.0, 70.0, 90.0, 70.0, 90.0, 100.0, 300.0, 100.0, 90.0]):
        time = NOW + second * NS_PER_S
        await story.record(*(watch.hear("m1", time, {"t": value}, None, False, lambda *_: None) or ()))
    alarm = await story.alarm()
    assert (alarm.active, alarm.state, alarm.levels, alarm.severity) == (True, "unacknowledged", ["h"], "medium")
    assert [event for event, _ in await story.states()] == ["raised", "escalated", "eased"]


@st.composite
def restless(draw: st.DrawFn) -> tuple[Case, list[Said]]:
    """A rule with short delays, and a sensor that seldom stays where it is."""
    timing = draw(st.fixed_dictionaries({"on": short, "off": short, "minimum": short, "repeat": st.just(1)}))
    rule = {"scope": {"sensor": f"{LINE}/m/t"}, "condition": {"above": 80}} | written(timing)
    steps = draw(st.lists(st.tuples(st.sampled_from([1, 1, 1, 2, 3, 40]), st.booleans()), min_size=8, max_size=30))
    series, time, value = list[Said](), BEGIN, 70.0
    for step, stays in steps:
        time, value = time + step * S, value if stays and step > 1 else 160.0 - value
        series.append((time, "m", {"t": value}, {}))
    return Case(rule, Model(T, (level(timing, high=80.0),))), series


def held_turns(case: Case, series: list[Said], most: int) -> dict[str, list[Turn]]:
    horizon = max(said[0] for said in series) + 2 * CHATTER
    return reference.turns(replace(case.model, most=most), series, horizon)


@given(restless())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_chatters_turns_as_the_model_has_it(
    monkeypatch: pytest.MonkeyPatch, restless: tuple[Case, list[Said]]
) -> None:
    monkeypatch.setattr(phase, "MOST_RAISED", 2)
    case, series = restless
    watch = case.watch()
    watch.begin(BEGIN)
    turned = feed(watch, series) + watch.pass_time(series[-1][0] + 2 * CHATTER)
    assert_same(told_turns(turned), held_turns(case, series, 2))


def test_the_series_of_this_property_do_chatter() -> None:
    find(restless(), lambda one: held_turns(*one, 2) != held_turns(*one, 30))
