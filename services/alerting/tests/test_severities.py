"""A rule that is given another severity: its open alarms have it, too, and one that rose is news."""

from time import time_ns
from typing import Any

import pytest
from sqlalchemy import event

from andon.alerting.alarm import actions, severities
from andon.alerting.alarm.shape import News
from andon.alerting.database import Database
from andon.alerting.evaluate.index import Places, make
from andon.alerting.rules.meaning import meaning_of
from andon.alerting.tables import IntentRow
from andon.common.plant import Plant
from andon.common.testing.waiting import eventually

from .alarm_stories import LADDER, Story, draft_of, machine, rule


@pytest.fixture
async def story(database: Database) -> Story:
    return Story(database)


async def edited(story: Story, **fields: Any) -> list[News]:
    """The rule `hot` is written anew."""
    plant, one = Plant(), rule(**fields)
    plant.put(machine("m1"))
    made = make(Places(plant, []), one, meaning_of(draft_of(one)), machine("m1"))
    assert made is not None
    async with story.database.write() as session:
        return await severities.follow(session, {made.key: made}, time_ns())


async def test_one_that_rose_calls_people_though_it_was_acknowledged(story: Story) -> None:
    await story.begin([rule(channels=["team"])])
    await story.raises()
    await story.acknowledge()
    [news] = await edited(story, channels=["team"], severity="critical")
    assert (news.verb, news.alarm["severity"], news.alarm["state"]) == ("escalated", "critical", "unacknowledged")
    assert (news.alarm["value"], news.alarm["message"]) == (100.0, "Temperature is 100.0 °C, above 80 °C")
    assert await story.count(IntentRow) == [2]
    assert await edited(story, channels=["team"], severity="critical") == []


async def test_one_that_fell_calls_nobody_and_stays_acknowledged(story: Story) -> None:
    await story.begin([rule(severity="high")])
    await story.raises()
    await story.acknowledge()
    [news] = await edited(story, severity="low")
    assert (news.verb, news.alarm["severity"], news.alarm["state"]) == ("eased", "low", "acknowledged")


async def test_one_whose_cause_is_gone_or_that_is_hidden_has_it_and_calls_nobody(story: Story) -> None:
    await story.begin([rule(channels=["team"])])
    await story.raises()
    await story.clears()
    [before] = await story.count(IntentRow)
    assert [news.alarm["state"] for news in await edited(story, channels=["team"], severity="high")] == ["returned"]
    async with story.acting() as (session, alarm):
        await actions.shelve(session, alarm, length="8h", by="Ada", reason="Known", now=time_ns())
    assert [news.alarm["state"] for news in await edited(story, channels=["team"], severity="critical")] == ["shelved"]
    assert (await story.alarm()).severity == "critical"
    assert await story.count(IntentRow) == [before]


async def test_of_a_ladder_the_worst_level_counts_as_the_rule_has_it_now(story: Story) -> None:
    await story.begin([rule(condition=LADDER)])
    await story.raises(level="h")
    await story.raises(level="hh", at=1)
    low, high = ({"above": 80, "severity": "high"}, {"above": 95, "severity": "medium"})
    [news] = await edited(story, condition={"levels": [low, high]})
    assert (news.verb, news.alarm["level"], news.alarm["severity"], news.alarm["limit"]) == ("eased", "h", "high", 80)


async def test_alarms_of_ladders_that_did_not_change_are_not_even_loaded(story: Story) -> None:
    await story.begin([rule(condition=LADDER)])
    await story.raises(level="h")
    asked = list[str]()
    event.listen(
        story.database.engine.sync_engine,
        "before_cursor_execute",
        lambda _c, _k, statement, *_: asked.append(statement),
    )
    assert await edited(story, condition=LADDER) == []
    assert len([statement for statement in asked if "FROM alarms" in statement]) == 1


async def test_what_is_closed_stays_as_it_was(story: Story) -> None:
    await story.begin([rule()])
    await story.raises()
    await story.acknowledge()
    await story.clears()
    assert await edited(story, severity="critical") == []


async def test_a_changed_rule_reaches_its_open_alarm_within_a_moment_and_at_the_next_start(alerting: Any) -> None:
    rule = await alerting.add_rule(severity="medium")
    await alerting.publish((0, 81.0))
    [alarm] = await eventually(alerting.alarms)
    await alerting.call("PATCH", f"/rules/{rule['id']}", json={"severity": "critical"})
    await eventually(lambda: alerting.alarms("unacknowledged", severity="critical"))
    journal = (await alerting.call("GET", f"/alarms/{alarm['id']}"))["transitions"]
    assert [(line["event"], line["comment"]) for line in journal] == [
        ("raised", None),
        ("escalated", "Its rule says critical now; it was medium"),
    ]
