"""Alarms that explain others suppress them, and of a group the first is marked."""

import pytest

from andon.alerting.alarm import journal, timers
from andon.alerting.database import Database
from andon.alerting.evaluate.phase import State
from andon.alerting.tables import AlarmRow, IntentRow

from .alarm_stories import LINE, NOW, Story, rule, verdict

CHILD = {"suppressed_by": {"rule": "power", "within": "line"}, "channels": ["team"]}
GROUP = {"group": {"name": "trip", "within": "machine"}}


@pytest.fixture
async def story(database: Database) -> Story:
    return Story(database)


async def test_a_parent_suppresses_what_comes_while_it_is_there(story: Story) -> None:
    await story.begin([rule("power"), rule("hot", **CHILD)], "m1", "m2", "berlin/painting/line-2/m3")
    await story.raises("power", "m1")
    for name in ("m2", "m3"):
        await story.raises("hot", name, at=1)
    assert (await story.alarm("hot", "m3")).state == "unacknowledged"  # of another line
    child = await story.alarm("hot", "m2")
    assert (child.state, child.suppressed_by) == ("suppressed", "power: Temperature is 100.0 °C, above 80 °C")
    assert await story.count(IntentRow) == [1]
    await story.clears("power", "m1", at=2)
    assert await story.states("hot", "m2") == [("raised", "suppressed"), ("released", "unacknowledged")]
    assert await story.count(IntentRow) == [3]  # and the end of what explained it, for whoever may have been called


async def test_a_parent_suppresses_what_was_there_before_it(story: Story) -> None:
    await story.begin([rule("power"), rule("hot", **CHILD)])
    await story.raises("hot")
    assert [news.verb for news in await story.raises("power", at=1)] == ["raised", "suppressed"]
    await story.clears("hot", at=2)
    assert (await story.alarm("hot")).state == "suppressed"
    await story.clears("power", at=3)
    assert (await story.alarm("hot")).state == "normal"


async def test_of_a_batch_parents_are_seen_first(story: Story) -> None:
    await story.begin([rule("power"), rule("hot", **CHILD)])
    await story.record(verdict(story.watch("hot"), State.ACTIVE), verdict(story.watch("power"), State.ACTIVE))
    assert await story.states("hot") == [("raised", "suppressed")]
    both = (verdict(story.watch("power"), State.NORMAL, 1), verdict(story.watch("hot"), State.NORMAL, 1))
    await story.record(*both)
    assert await story.states("hot") == [("raised", "suppressed"), ("cleared", "suppressed"), ("released", "normal")]


async def test_a_parent_that_is_hidden_still_explains_and_another_takes_its_place(story: Story) -> None:
    await story.begin([rule("power"), rule("hot", **CHILD)], "m1", "m2")
    await story.raises("power", "m1")
    await story.shelve(name="power")
    await story.raises("power", "m2")
    await story.raises("hot", "m1", at=1)
    await story.clears("power", "m1", at=2)
    assert (await story.alarm("hot")).state == "suppressed"
    await story.clears("power", "m2", at=3)
    assert (await story.alarm("hot")).state == "unacknowledged"


async def test_a_parent_whose_own_rule_does_not_count_explains_nothing(story: Story) -> None:
    """Nobody looks at its cause until it counts again: for a whole weekend, all below it would be hidden."""
    await story.begin([rule("power", active_when="t > 0"), rule("hot", **CHILD)], "m1", "m2")
    await story.raises("power", "m1")
    await story.raises("hot", "m1")
    await story.record(verdict(story.watch("power", "m1"), State.SUPPRESSED, 1))
    assert await story.states("hot", "m1") == [("raised", "suppressed"), ("released", "unacknowledged")]
    await story.raises("hot", "m2", at=2)
    assert (await story.alarm("hot", "m2")).state == "unacknowledged"
    assert await timers.look(story.database, NOW) == []


async def test_a_parent_whose_rule_is_gone_explains_no_longer(story: Story) -> None:
    await story.begin([rule("power"), rule("hot", **CHILD)])
    await story.raises("power")
    await story.raises("hot")
    async with story.database.write() as session:
        news = await journal.close(session, [("power", "m1", "t")], NOW)
    assert [item.verb for item in news] == ["closed", "released"]


async def test_a_design_of_its_own_keeps_hiding_what_its_parent_releases(story: Story) -> None:
    await story.begin([rule("power"), rule("hot", active_when="t > 0", **CHILD)])
    await story.raises("power")
    await story.raises("hot")
    await story.record(verdict(story.watch("hot"), State.SUPPRESSED, 1))
    await story.clears("power", at=2)
    alarm = await story.alarm("hot")
    assert (alarm.state, alarm.suppressed_by) == ("suppressed", "hot counts only while t > 0")
    await story.record(verdict(story.watch("hot"), State.NORMAL, 3))
    assert (await story.alarm("hot")).state == "normal"


async def firsts(story: Story, *names: str) -> list[str]:
    return [name for name in names if (await story.alarm(name)).first_out]


async def test_the_first_of_a_group_is_marked_until_the_group_is_normal(story: Story) -> None:
    await story.begin([rule(name, **GROUP) for name in ("a", "b", "c")])
    await story.raises("a", at=10)
    await story.raises("b", at=11)
    assert await firsts(story, "a", "b") == ["a"]
    assert (await story.alarm("a")).group == f"trip@{LINE}/m1"
    await story.acknowledge("a")
    await story.clears("a", at=12)
    await story.raises("c", at=13)  # the first is over, the group is not
    assert await firsts(story, "a", "b", "c") == ["a"]
    for name in ("b", "c"):
        await story.acknowledge(name)
        await story.clears(name, at=14)
    await story.raises("b", at=20)
    assert await firsts(story, "b", "c") == ["b"]


async def test_one_that_is_judged_later_but_was_earlier_takes_the_mark(story: Story) -> None:
    await story.begin([rule(name, **GROUP) for name in ("a", "b")], "m1", "m2")
    await story.raises("a", at=10)
    await story.raises("b", at=5)
    assert await firsts(story, "a", "b") == ["b"]
    await story.raises("a", "m2", at=20)  # a group is of one machine
    assert (await story.alarm("a", "m2")).first_out


async def test_what_is_hidden_is_never_first(story: Story) -> None:
    await story.begin([rule(name, **GROUP) for name in ("a", "b")])
    await story.raises("a", at=0)
    await story.acknowledge("a")
    await story.clears("a", at=1)
    await story.shelve(name="a")
    await story.raises("a", at=2)
    await story.raises("b", at=3)
    assert (await story.alarm("b")).first_out
    assert await story.count(AlarmRow) == [2]
