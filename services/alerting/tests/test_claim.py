"""Which message of a channel goes next: those about one alarm keep their order, the most severe goes first."""

from typing import Any

import pytest
from sqlalchemy import select

from andon.alerting.channel import Channel
from andon.alerting.database import Database
from andon.alerting.notify.budget import AT_ONCE
from andon.alerting.notify.claim import claim, read_budget, take_over
from andon.alerting.notify.delivery import Outcome, note
from andon.alerting.notify.told import CALLED, OVER
from andon.alerting.tables import BudgetRow, ChannelRow, NotificationRow
from andon.common.reading import NS_PER_S

NOW = 1_790_000_000 * NS_PER_S
MINUTE = 60 * NS_PER_S
TEAM = Channel(id="team", name="team", kind="email", target="team@example.com")
TICKETS = Channel(id="tickets", name="team", kind="webhook", target="http://a.b/")


def message(alarm: str, number: int, event: str = CALLED, **fields: Any) -> NotificationRow:
    made = {"channel": "team", "state": "pending", "rank": 2, "at": NOW, "created_at": NOW, "next_at": NOW}
    place = {"asset": "berlin/a/b/c", "place": "berlin/a/b", "payload": {"key": f"{alarm}/{number}"}}
    return NotificationRow(alarm_id=alarm, number=number, event=event, **made | place | fields)


async def test_an_end_does_not_overtake_its_beginning_that_is_tried_again(database: Database) -> None:
    """Else the last that people hear of an alarm that is over is that it is there."""
    async with database.write() as session:
        session.add_all([message("a", 1, next_at=NOW + MINUTE, attempts=1), message("a", 2, OVER)])
        await session.flush()
        assert (await claim(session, TEAM, "one", NOW)).row is None
        taken = (await claim(session, TEAM, "one", NOW + MINUTE)).row
        assert taken is not None
        assert (taken.number, taken.event) == (2, OVER)
        assert (await claim(session, TEAM, "one", NOW + MINUTE)).row is None


async def test_others_do_not_wait_for_it_and_the_most_severe_goes_first(database: Database) -> None:
    async with database.write() as session:
        waiting = message("a", 1, next_at=NOW + MINUTE, attempts=1)
        session.add_all([waiting, message("a", 2, OVER), message("b", 1), message("c", 1, rank=4)])
        await session.flush()
        taken = [(await claim(session, TEAM, "one", NOW)).row for _ in range(3)]
        assert [row and row.alarm_id for row in taken] == ["c", "b", None]


async def test_what_does_not_arrive_costs_nothing_of_the_budget(database: Database) -> None:
    """A receiver that was down for a while is not told less of what comes then."""
    async with database.write() as session:
        session.add(message("a", 1))
        for round_ in range(5):
            now = NOW + round_ * 20 * MINUTE
            taken = (await claim(session, TEAM, "one", now)).row
            assert taken is not None
            await note(session, TEAM, taken, Outcome("no route to host"), "one", now)
            assert (await read_budget(session, TEAM)).now(now).tokens == AT_ONCE


async def test_who_asks_to_be_left_alone_is_not_tried_before_and_not_left_alone_for_ever(database: Database) -> None:
    async with database.write() as session:
        for alarm, asked, waits in (("a", 120.0, 120), ("b", 10**9, 3600)):
            session.add(message(alarm, 1))
            taken = (await claim(session, TEAM, "one", NOW)).row
            assert taken is not None
            await note(session, TEAM, taken, Outcome("429", wait=asked), "one", NOW)
            assert taken.next_at == NOW + waits * NS_PER_S


async def test_what_has_waited_as_long_goes_to_the_fallback_with_the_first_that_is_given_up(database: Database) -> None:
    """And not each of them after three tries of its own, up to a quarter of an hour apart."""
    team = TEAM.model_copy(update={"fallback": "mail"})
    async with database.write() as session:
        session.add(ChannelRow(id="m", name="mail", kind="email", target="team@example.com"))
        long_ago = {"created_at": NOW - 6 * MINUTE, "next_at": NOW + MINUTE, "attempts": 2}
        session.add_all([message("a", 1, rank=4), message("b", 1, **long_ago), message("c", 1)])
        await session.flush()
        taken = (await claim(session, team, "one", NOW)).row
        assert taken is not None
        await note(session, team, taken, Outcome("unknown user", for_good=True), "one", NOW)
        query = select(NotificationRow).where(NotificationRow.channel == "mail").order_by(NotificationRow.alarm_id)
        assert [(row.alarm_id, row.stands_in) for row in await session.scalars(query)] == [("a", "team"), ("b", "team")]


async def test_a_digest_whose_sender_was_killed_goes_out_again_as_it_was_and_nothing_of_it_by_itself(
    database: Database,
) -> None:
    """What came meanwhile is not in it: a receiver that drops the copy by its key would lose that."""
    async with database.write() as session:
        session.add(BudgetRow(channel="team", tokens=1.0, at=NOW))
        session.add_all([message("a", 1, payload=told("a")), message("b", 1, payload=told("b"))])
        await session.flush()
        first = (await claim(session, TEAM, "killed", NOW)).row
        assert first is not None
        before = dict(first.payload)
        session.add(message("c", 1, payload=told("c")))
        await session.flush()
        assert (await claim(session, TEAM, "other", NOW + MINUTE)).row is None, "it may be on its way still"
        await take_over(session, NOW + MINUTE)
    async with database.write() as session:
        second = (await claim(session, TEAM, "other", NOW + MINUTE)).row
        assert second is not None
        assert (second.id, second.payload) == (first.id, before)
        await note(session, TEAM, second, Outcome(), "other", NOW + MINUTE)
        rest = (await claim(session, TEAM, "other", NOW + 2 * MINUTE)).row
        assert rest is not None
        assert rest.alarm_id == "c"


def told(alarm: str) -> dict[str, Any]:
    return {"key": f"{alarm}/1", "alarm": {"id": alarm}}


@pytest.mark.parametrize("tokens", [AT_ONCE, 1.0])
async def test_a_call_that_waits_for_its_group_is_not_told_after_a_digest_that_says_it_is_over(
    database: Database, tokens: float
) -> None:
    """Nor one that is tried again: the last that people hear of an alarm that is over is never that it is there."""
    async with database.write() as session:
        session.add(BudgetRow(channel="team", tokens=tokens, at=NOW))
        session.add(message("b", 1, bundle="p/line", payload=told("b"), next_at=NOW + MINUTE))
        session.add(message("c", 1, bundle="p/line", payload=told("c"), next_at=NOW + MINUTE))
        session.add_all([message(one, 2, OVER, bundle="p/line", payload=told(one)) for one in "ab"])
        await session.flush()
        taken = (await claim(session, TEAM, "one", NOW)).row
        assert taken is not None
        assert (taken.payload["digest"]["count"], taken.payload["digest"]["active"]) == (2, {})
        await note(session, TEAM, taken, Outcome(), "one", NOW)
        rest = (await claim(session, TEAM, "one", NOW + 2 * MINUTE)).row
        assert rest is not None
        assert rest.alarm_id == "c"
        assert (await claim(session, TEAM, "one", NOW + 2 * MINUTE)).row is None


async def test_a_program_hears_each_transition_by_itself_and_many_at_once(database: Database) -> None:
    """Tickets are opened and closed by it: it needs the beginning of what is over, too."""
    async with database.write() as session:
        session.add_all([message("a", 1), message("a", 2, OVER), *(message(f"b{n}", 1) for n in range(30))])
        await session.flush()
        told = list[tuple[str, int]]()
        while (row := (await claim(session, TICKETS, "one", NOW)).row) is not None:
            told.append((row.alarm_id, row.number))
            row.state = "sent"
            await session.flush()
    assert len(told) == 32
    assert [number for alarm, number in told if alarm == "a"] == [1, 2]
