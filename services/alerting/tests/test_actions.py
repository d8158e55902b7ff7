"""What people do to alarms is in the journal with who, when and why; what makes no sense is refused with a sentence."""

import pytest
from sqlalchemy import select

from andon.alerting.alarm import actions, timers
from andon.alerting.database import Database
from andon.alerting.tables import AlarmRow, IntentRow, TransitionRow
from andon.common.errors import ConflictError, InvalidError
from andon.common.reading import NS_PER_S

from .alarm_stories import NOW, Story, rule

HOUR = 3600 * NS_PER_S


@pytest.fixture
async def story(database: Database) -> Story:
    return Story(database)


async def reset(story: Story) -> None:
    async with story.acting() as (session, alarm):
        await actions.reset(session, alarm, by="Ada", comment="", now=NOW)


async def test_a_latched_alarm_is_reset_once_it_is_over_and_acknowledged(story: Story) -> None:
    await story.begin([rule(latch=True)])
    await story.raises()
    with pytest.raises(ConflictError, match="is still there"):
        await reset(story)
    await story.clears()
    with pytest.raises(ConflictError, match="acknowledge it first"):
        await reset(story)
    await story.acknowledge()
    assert (await story.alarm()).state == "latched"
    await reset(story)
    assert (await story.states())[-1] == ("reset", "normal")
    with pytest.raises(ConflictError, match="nothing to reset"):
        await reset(story)


async def test_shelving_ends_by_itself_and_the_alarm_is_judged_anew(story: Story) -> None:
    await story.begin([rule(channels=["team"])])
    await story.raises()
    await story.acknowledge()
    await story.shelve("8h")
    assert await timers.look(story.database, NOW + 8 * HOUR - 1) == []
    [news] = await timers.look(story.database, NOW + 8 * HOUR)
    assert (news.verb, news.alarm["state"], news.alarm["shelved_until"]) == ("unshelved", "unacknowledged", None)
    assert await timers.look(story.database, NOW + 9 * HOUR) == []
    assert await story.count(IntentRow) == [2]


async def test_shelving_says_who_until_when_and_why(story: Story) -> None:
    await story.begin([rule()])
    await story.raises()
    [news] = await story.shelve("1h")
    assert {"shelved_by": "Ada", "shelved_reason": "Known", "shelved_until": "2026-09-21T15:13:20.000Z"}.items() <= (
        news.alarm.items()
    )
    await story.shelve("2h")  # anew from now
    assert (await story.alarm()).shelved_until == NOW + 2 * HOUR
    with pytest.raises(ConflictError, match="is shelved, so it cannot be acknowledged; unshelve it first"):
        await story.acknowledge()
    for length in ("0s", "8d", "169h"):
        with pytest.raises(InvalidError, match="up to 7d"):
            await story.shelve(length)
    with pytest.raises(InvalidError, match="no duration"):
        await story.shelve("soon")


async def test_an_alarm_that_was_just_closed_can_be_shelved_before_it_comes_again(story: Story) -> None:
    await story.begin([rule()])
    await story.raises()
    await story.acknowledge()
    await story.clears()
    await story.shelve("1h")
    await story.raises(at=2)
    assert await story.count(AlarmRow) == [1]
    await story.clears(at=3)
    [news] = await timers.look(story.database, NOW + HOUR)
    assert news.alarm["state"] == "normal"


async def test_an_older_alarm_is_not_shelved(story: Story) -> None:
    await story.begin([rule()])
    await story.raises()
    first = (await story.alarm()).id
    await story.acknowledge()
    await story.clears()
    await story.raises(at=5)
    async with story.database.write() as session:
        alarm = await session.get_one(AlarmRow, first)
        with pytest.raises(ConflictError, match="there is a newer one"):
            await actions.shelve(session, alarm, length="1h", by="Ada", reason="Known", now=NOW)


async def test_out_of_service_until_it_is_put_back(story: Story) -> None:
    await story.begin([rule()])
    await story.raises()
    async with story.acting() as (session, alarm):
        [news] = await actions.take_out_of_service(session, alarm, by="Ada", reason="Repair", now=NOW)
        assert (news.alarm["state"], news.alarm["service_reason"]) == ("out-of-service", "Repair")
    await story.clears()
    await story.raises(at=2)
    async with story.acting() as (session, alarm):
        [news] = await actions.put_in_service(session, alarm, by="Bob", comment="Done", now=NOW)
        assert (news.alarm["state"], news.alarm["service_reason"]) == ("unacknowledged", None)
        assert await actions.put_in_service(session, alarm, by="Bob", comment="", now=NOW) == []


async def test_an_acknowledged_alarm_asks_again(story: Story) -> None:
    await story.begin([rule(realarm="1h", channels=["team"])])
    await story.raises()
    await story.acknowledge()
    assert await timers.look(story.database, NOW + HOUR - 1) == []
    [news] = await timers.look(story.database, NOW + HOUR)
    assert (news.verb, news.alarm["state"], news.alarm["acknowledged_by"]) == ("realarmed", "unacknowledged", None)
    assert await timers.look(story.database, NOW + 2 * HOUR) == []
    await story.acknowledge(now=NOW + 2 * HOUR)
    await story.clears()
    assert await timers.look(story.database, NOW + 9 * HOUR) == []


async def test_many_are_acknowledged_at_once_and_others_stay(story: Story) -> None:
    names = [f"m{number}" for number in range(5)]
    await story.begin([rule()], *names)
    for name in names:
        await story.raises(on=name)
    await story.acknowledge(on="m0")
    await story.shelve(on="m1")
    async with story.database.write() as session:
        alarms = (await session.scalars(select(AlarmRow))).all()
        news = await actions.acknowledge_all(session, alarms, by="Ada", comment="Flood", now=NOW)
    assert {item.alarm["asset_name"] for item in news} == {"m2", "m3", "m4"}


async def test_comments_and_assignments_are_in_the_journal(story: Story) -> None:
    await story.begin([rule()])
    await story.raises()
    async with story.acting() as (session, alarm):
        await actions.comment_on(session, alarm, by="Ada", text="Bearing ordered", now=NOW)
        await actions.assign(session, alarm, to="Bob", by="Ada", now=NOW)
        assert await actions.assign(session, alarm, to="Bob", by="Ada", now=NOW) == []
    async with story.database.read() as session:
        rows = (await session.scalars(select(TransitionRow).order_by(TransitionRow.number))).all()
    assert [(row.event, row.by, row.comment) for row in rows[1:]] == [
        ("commented", "Ada", "Bearing ordered"),
        ("assigned", "Ada", "To Bob"),
    ]
    assert (await story.alarm()).state == "unacknowledged"


async def test_a_parent_that_was_missed_is_found_by_the_timers(story: Story) -> None:
    """As where one instance wrote the parent's end while another wrote the child."""
    await story.begin([rule("power"), rule("hot", suppressed_by={"rule": "power"})])
    await story.raises("power")
    await story.raises("hot")
    async with story.acting("power") as (_, parent):
        parent.active = False
    [news] = await timers.look(story.database, NOW)
    assert (news.verb, news.alarm["state"]) == ("released", "unacknowledged")
