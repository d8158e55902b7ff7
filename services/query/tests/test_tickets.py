"""Tickets: in without sending a token along; once, soon, and for as long as the token behind it is good."""

import asyncio
from typing import Any

import pytest
import websockets

from andon.common import jobs, subjects
from andon.common.bus import Bus
from andon.common.errors import UnauthorizedError
from andon.common.reading import Reading
from andon.common.testing.waiting import eventually
from andon.query.live.tickets import Tickets

from .conftest import MS, NOW, PRESS, ROBOT, QueryForTest, S, hear, hear_close, hear_samples, hear_until, publish, say

NOT_SIGNED_IN = 4401
USED = "The ticket was used, or is too old; POST /api/query/v1/live/ticket gives another"


@pytest.fixture(autouse=True)
def watchful(monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard looks often, so that a test need not wait for it."""
    monkeypatch.setattr("andon.query.live.guest.GUARD_SECONDS", 0.1)


async def a_ticket(query: QueryForTest, **claims: Any) -> str:
    """A ticket for the holder of a token."""
    answer = await query.http.post("/api/query/v1/live/ticket", headers=query.bearer(**claims))
    assert answer.status_code == 201, answer.text
    assert answer.json()["expires_in"] == 30
    ticket: str = answer.json()["ticket"]
    return ticket


def enter(query: QueryForTest, ticket: str) -> websockets.connect:
    """A live connection by ticket."""
    return websockets.connect(f"{query.url.replace('http', 'ws')}/api/query/v1/live?ticket={ticket}")


async def test_a_ticket_opens_the_feed_once_for_what_its_holder_may_see(query: QueryForTest, bus: Bus) -> None:
    ticket = await a_ticket(query, scope="berlin/painting")
    async with enter(query, ticket) as socket:
        await say(socket, op="subscribe", under=[""], max_hz=20)
        await hear(socket)
        await publish(bus, Reading("p1", NOW, {"temperature": 1.0}), Reading("r3", NOW, {"temperature": 2.0}))
        assert await hear_samples(socket) == [[f"{ROBOT.path}/temperature", NOW // MS, 2.0, "good"]]
        async with enter(query, ticket) as twin:
            assert await hear_close(twin) == NOT_SIGNED_IN
            assert twin.close_reason == USED


async def test_of_two_at_the_same_moment_one_gets_in(query: QueryForTest) -> None:
    ticket = await a_ticket(query)

    async def gets_in() -> bool:
        async with enter(query, ticket) as socket:
            try:
                await say(socket, op="subscribe", under=[])
                return bool(await hear(socket))
            except websockets.ConnectionClosed:
                return False

    assert sorted(await asyncio.gather(*(gets_in() for _ in range(5)))) == [False] * 4 + [True]


async def test_a_ticket_needs_a_token(query: QueryForTest) -> None:
    for headers in ({}, {"Authorization": "Bearer x"}, query.bearer(lifetime=-1)):
        assert (await query.http.post("/api/query/v1/live/ticket", headers=headers)).status_code == 401


async def test_no_ticket_old_tickets_and_invented_ones_open_nothing(
    query: QueryForTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("andon.query.live.tickets.TICKET_SECONDS", -1)
        too_old = query.hall.tickets.issue("anna", query.token())
    for ticket in (too_old, "x", "%00", "x" * 2000):
        async with enter(query, ticket) as socket:
            assert await hear_close(socket) == NOT_SIGNED_IN, ticket
    async with enter(query, "") as socket:
        await say(socket, op="subscribe", under=[""])
        assert await hear_close(socket) == NOT_SIGNED_IN, "an empty one is none: the first message signs in"


async def test_what_a_ticket_opened_ends_with_the_token_behind_it(query: QueryForTest, bus: Bus) -> None:
    revoked, expired = await a_ticket(query, id="gone"), await a_ticket(query, id="short", lifetime=1)
    unused = await a_ticket(query, id="gone")
    async with enter(query, revoked) as first, enter(query, expired) as second:
        await (await bus.bucket(subjects.PLANT_BUCKET)).put("revoked.gone", b"")
        assert await hear_close(first) == NOT_SIGNED_IN
        assert first.close_reason == "The token was revoked; sign in again"
        assert await hear_close(second) == NOT_SIGNED_IN
        assert second.close_reason == "The token has expired; sign in again"
    async with enter(query, unused) as socket:
        assert await hear_close(socket) == NOT_SIGNED_IN


async def test_a_fresh_token_goes_on_where_a_ticket_began(query: QueryForTest, bus: Bus) -> None:
    first = query.token(lifetime=1, id="first")
    ticket = query.hall.tickets.issue("anna", first)
    async with enter(query, ticket) as socket:
        await say(socket, op="auth", token=query.token())
        await say(socket, op="subscribe", under=["p1"], max_hz=20)
        await hear(socket)
        await eventually(lambda: is_over(query, first), what="the first token has expired")
        for i in range(10):
            await publish(bus, Reading("p1", NOW + i * S, {"temperature": 1.0}))
            await hear_until(socket, [f"{PRESS.path}/temperature", NOW // MS + 1000 * i, 1.0, "good"])


def is_over(query: QueryForTest, token: str) -> bool:
    """Whether a token is no longer good."""
    try:
        query.tokens.check(token)
    except UnauthorizedError:
        return True
    return False


async def test_tickets_are_bounded_by_person_and_in_all(bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("andon.query.live.tickets.MAX_OF_PERSON", 2)
    monkeypatch.setattr("andon.query.live.tickets.MAX_TICKETS", 4)
    tickets = Tickets(bus)
    of_bob = tickets.issue("bob", "b")
    first, second, third = (tickets.issue("anna", f"a{i}") for i in range(3))
    for gone in (first, "", "x"):
        with pytest.raises(UnauthorizedError):
            await tickets.redeem(gone)
    for person in ("carl", "dora", "emil"):
        tickets.issue(person, "x")
    with pytest.raises(UnauthorizedError):
        await tickets.redeem(of_bob)
    assert len(tickets._issued) == 4
    assert (await tickets.redeem(third), len({first, second, third, of_bob})) == ("a2", 4)


async def test_a_ticket_given_at_one_lets_in_at_another_and_once(bus: Bus) -> None:
    here, there = Tickets(bus), Tickets(bus)
    answering = asyncio.create_task(here.answer())
    ticket = here.issue("anna", "her token")

    async def heard() -> bool:
        try:
            await there.redeem(here.issue("ben", "his"))
        except UnauthorizedError:
            return False
        return True

    await eventually(heard, what="the one that gives them answers")
    assert await there.redeem(ticket) == "her token"
    for office in (here, there):
        with pytest.raises(UnauthorizedError, match="was used"):
            await office.redeem(ticket)
    await jobs.end(answering)
    with pytest.raises(UnauthorizedError, match="gives another"):  # it is gone
        await there.redeem(here.issue("anna", "her token"))
