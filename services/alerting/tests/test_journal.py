"""What a batch caused is in the database as a whole or not at all, and never twice."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from andon.alerting.alarm import journal
from andon.alerting.alarm.state import AlarmState
from andon.alerting.database import Database, open_database
from andon.alerting.evaluate.index import Places
from andon.alerting.evaluate.judge import Judge
from andon.alerting.evaluate.phase import State
from andon.alerting.rules.draft import Rule
from andon.alerting.tables import AlarmRow, IntentRow, PhaseRow, TransitionRow
from andon.common.plant import Plant
from andon.common.reading import NS_PER_S, Reading
from andon.common.wire import Batch

from .alarm_stories import LADDER, NOW, Story, machine, rule, verdict

WRITTEN = (AlarmRow, TransitionRow, PhaseRow, IntentRow)


@pytest.fixture
async def story(database: Database) -> Story:
    return Story(database)


async def test_alarm_transition_phase_and_intent_are_written_together(story: Story) -> None:
    await story.begin([rule(channels=["team"], cause="Dry", consequence="Stop", action="Grease")])
    [news] = await story.raises()
    assert (news.verb, news.alarm["message"]) == ("raised", "Temperature is 100.0 °C, above 80 °C")
    assert (news.alarm["cause"], news.alarm["consequence"], news.alarm["action"]) == ("Dry", "Stop", "Grease")
    assert await story.count(*WRITTEN) == [1, 1, 1, 1]
    assert await story.phases() == [("", State.ACTIVE)]


async def test_what_fails_half_way_leaves_nothing_behind(story: Story) -> None:
    await story.begin([rule(channels=["team"])])
    broken = verdict(story.watch(), State.ACTIVE)
    broken.rung.phase.value = None  # type: ignore[assignment]  # the last table of the transaction refuses this
    with pytest.raises(Exception, match=r"(?i)not.null"):
        await story.record(broken)
    assert await story.count(*WRITTEN) == [0, 0, 0, 0]


async def test_raised_twice_is_one_alarm_and_cleared_twice_is_one_end(story: Story) -> None:
    await story.begin([rule()])
    verbs = []
    for after in (State.ACTIVE, State.ACTIVE, State.NORMAL, State.NORMAL):
        verbs += [news.verb for news in await story.record(verdict(story.watch(), after))]
    assert verbs == ["raised", "cleared"]


async def test_an_alarm_that_chatters_within_a_batch_is_one_until_it_is_acknowledged(story: Story) -> None:
    await story.begin([rule()])
    turns = [verdict(story.watch(), State.ACTIVE if at % 2 == 0 else State.NORMAL, at) for at in range(6)]
    assert [news.verb for news in await story.record(*turns)] == ["raised", "cleared"] * 3
    assert await story.count(AlarmRow) == [1]
    await story.acknowledge()
    await story.raises(at=10)
    assert await story.count(AlarmRow) == [2]


async def test_a_ladder_is_one_alarm_that_escalates_and_eases(story: Story) -> None:
    await story.begin([rule(condition=LADDER)])
    await story.raises(level="h")
    await story.acknowledge()
    await story.raises(level="hh", at=1)
    alarm = await story.alarm()
    assert (alarm.state, alarm.severity, alarm.level, alarm.limit) == ("unacknowledged", "critical", "hh", 95)
    assert (alarm.levels, alarm.acknowledged_by) == (["h", "hh"], None)
    await story.acknowledge()
    await story.clears(level="hh", at=2)
    alarm = await story.alarm()
    assert (alarm.state, alarm.severity, alarm.levels, alarm.limit) == ("acknowledged", "medium", ["h"], 80)
    await story.clears(level="h", at=3)
    assert await story.states() == [
        ("raised", "unacknowledged"),
        ("acknowledged", "acknowledged"),
        ("escalated", "unacknowledged"),
        ("acknowledged", "acknowledged"),
        ("eased", "acknowledged"),
        ("cleared", "normal"),
    ]
    assert await story.phases() == [("h", State.NORMAL), ("hh", State.NORMAL)]


async def test_levels_that_end_together_are_one_end(story: Story) -> None:
    """Else people were told, in one second, that it matters less, in words that no longer hold, and that it is over."""
    await story.begin([rule(condition=LADDER)])
    await story.raises(level="h")
    await story.raises(level="hh", at=1)
    watch = story.watch()
    ends = [verdict(watch, State.NORMAL, 2, level=level) for level in ("hh", "h")]
    assert [news.verb for news in await story.record(*ends)] == ["cleared"]
    alarm = await story.alarm()
    assert (alarm.levels, alarm.severity, alarm.message) == ([], "critical", "Temperature is 100.0 °C, above 95 °C")


async def test_a_level_that_is_taken_out_and_put_back_begins_anew(story: Story) -> None:
    """It was active when it was taken out. After a restart it would pass for active still, and never be raised."""
    two, one = rule(condition=LADDER), rule(condition={"levels": LADDER["levels"][:1]})
    await story.begin([two])
    plant, seen = Plant(), Judge()
    plant.put(machine("m1"))

    async def judged(number: int, value: float, **rules: Rule) -> None:
        for changed in rules.values():
            seen.rebuild(Places(plant, []), [changed])
        at = NOW + number * NS_PER_S
        found = seen.tick(0.0)
        found += seen.judge(Batch(at, [Reading("m1", at, {"t": value})]), now=at, clock=float(number))
        await story.record(*found)

    await judged(1, 99.0, rule=two)
    assert await story.phases() == [("h", State.ACTIVE), ("hh", State.ACTIVE)]
    await judged(2, 99.0, rule=one)
    assert await story.phases() == [("h", State.ACTIVE)]
    await judged(3, 99.0, rule=two)
    assert await story.phases() == [("h", State.ACTIVE), ("hh", State.ACTIVE)]
    assert [event for event, _ in await story.states()] == ["raised", "escalated", "eased", "escalated"]


async def test_a_less_severe_level_that_comes_later_calls_nobody_again(story: Story) -> None:
    await story.begin([rule(condition=LADDER)])
    await story.raises(level="hh")
    await story.acknowledge()
    assert await story.raises(level="h", at=1) == []
    assert (await story.alarm()).levels == ["hh", "h"]


async def test_what_is_late_calls_nobody_until_it_is_current(story: Story) -> None:
    await story.begin([rule(channels=["team"])])
    await story.raises(late=True)
    assert (await story.alarm()).late
    assert await story.count(IntentRow) == [0]
    await story.raises(at=5)
    assert not (await story.alarm()).late
    assert await story.states() == [("raised", "unacknowledged"), ("current", "unacknowledged")]
    assert await story.count(IntentRow) == [1]


async def test_a_late_alarm_that_becomes_more_severe_now_is_told_once(story: Story) -> None:
    await story.begin([rule(condition=LADDER, channels=["team"])])
    await story.raises(level="h", late=True)
    assert await story.count(IntentRow) == [0]
    worse, current = (verdict(story.watch(), State.ACTIVE, 1, level) for level in ("hh", "h"))
    assert [news.verb for news in await story.record(worse, current)] == ["escalated"]
    assert (await story.alarm()).late is False
    assert await story.count(IntentRow) == [1]


async def test_the_rules_own_design_hides_an_alarm_and_ends_it(story: Story) -> None:
    await story.begin([rule(active_when="t > 0")])
    await story.raises()
    await story.record(verdict(story.watch(), State.SUPPRESSED, 1))
    assert (await story.alarm()).suppressed_by == "hot counts only while t > 0"
    await story.record(verdict(story.watch(), State.NORMAL, 2))
    assert await story.states() == [("raised", "unacknowledged"), ("suppressed", "suppressed"), ("released", "normal")]


async def test_a_latched_alarm_outlives_the_design_that_hid_it(story: Story) -> None:
    await story.begin([rule(active_when="t > 0", latch=True)])
    await story.raises()
    await story.record(verdict(story.watch(), State.SUPPRESSED, 1))
    await story.record(verdict(story.watch(), State.NORMAL, 2))
    assert (await story.alarm()).state == "latched"
    await story.raises(at=3)
    assert await story.count(AlarmRow) == [1]


async def test_a_shelved_alarm_takes_what_comes_and_calls_nobody(story: Story) -> None:
    await story.begin([rule(channels=["team"])])
    await story.raises()
    await story.shelve()
    await story.clears(at=1)
    await story.raises(at=2)
    alarm = await story.alarm()
    assert (alarm.state, alarm.active) == ("shelved", True)
    assert await story.count(AlarmRow, IntentRow) == [1, 1]


async def test_a_rule_that_is_gone_ends_its_alarm_and_forgets_its_phase(story: Story) -> None:
    await story.begin([rule()])
    await story.raises()
    async with story.database.write() as session:
        [news] = await journal.close(session, [("hot", "m1", "t"), ("other", "m1", "t")], NOW + 1)
    assert (news.verb, news.alarm["state"], news.alarm["active"]) == ("closed", "normal", False)
    assert await story.count(PhaseRow) == [0]


async def test_a_flood_is_written_with_few_questions(story: Story) -> None:
    names = [f"m{number}" for number in range(1000)]
    await story.begin([rule(channels=["team"], group={"name": "g", "within": "line"})], *names)
    asked = list[str]()

    def note(_connection: Any, _cursor: Any, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(story.database.engine.sync_engine, "before_cursor_execute", note)
    news = await story.record(*(verdict(story.watch("hot", name), State.ACTIVE, 1) for name in names))
    assert len(news) == 1000
    assert await story.count(*WRITTEN) == [1000, 1000, 1000, 1000]
    assert len([statement for statement in asked if "INTO intents" not in statement]) < 20


@given(steps=st.lists(st.sampled_from(["raise", "clear", "ack"]), max_size=12))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_happens_the_journal_is_without_gaps_and_one_alarm_is_open(steps: list[str]) -> None:
    """The model: active and acknowledged are two flags, an alarm closes when it is neither active nor waited for."""
    async with open_database("sqlite+aiosqlite://") as database:
        story = Story(database)
        await story.begin([rule()])
        active, acked, closed, is_open = False, False, 0, False
        for at, step in enumerate(steps):
            if step == "raise":
                await story.raises(at=at)
                acked, active, is_open = acked and is_open, True, True
            elif step == "clear":
                await story.clears(at=at)
                active = False
            elif is_open:
                await story.acknowledge()
                acked = True
            if is_open and acked and not active:
                is_open, acked, closed = False, False, closed + 1
        async with database.read() as session:
            alarms = (await session.scalars(select(AlarmRow))).all()
            turns = (await session.scalars(select(TransitionRow).order_by(TransitionRow.number))).all()
        assert [a.active for a in alarms if a.state != AlarmState.NORMAL] == ([active] if is_open else [])
        assert sum(a.state == AlarmState.NORMAL for a in alarms) == closed
        for alarm in alarms:
            own = [turn for turn in turns if turn.alarm_id == alarm.id]
            assert [turn.number for turn in own] == list(range(1, alarm.number + 1))
            assert [turn.from_state for turn in own] == ["normal", *(turn.to_state for turn in own[:-1])]
