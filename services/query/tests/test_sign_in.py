"""Who may listen: the first message signs in, and the door is watched for as long as the connection lasts."""

import asyncio

import pytest
import websockets

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.reading import Reading
from andon.common.testing.waiting import eventually

from .conftest import NOW, OVEN, PRESS, QueryForTest, hear, hear_close, hear_samples, hear_until, publish, say

TRY_LATER, NOT_SIGNED_IN = 1013, 4401


@pytest.fixture(autouse=True)
def watchful(monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard looks often, so that a test need not wait for it."""
    monkeypatch.setattr("andon.query.live.guest.GUARD_SECONDS", 0.1)


async def test_whoever_says_nothing_may_come_again(query: QueryForTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("andon.query.live.session.AUTH_SECONDS", 0.2)
    async with query.connect() as socket:
        assert await hear_close(socket) == TRY_LATER, "nothing is wrong with a token that comes too late"
        assert socket.close_reason == "Nothing came within 0.2 s; connect again"


STRANGERS = (
    '{"op":"subscribe","under":[""]}',
    '{"op":"auth","token":""}',
    '{"op":"auth","token":"eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm5hIn0."}',
    '{"op":"auth"}',
    "hello",
    "",
)


async def test_whoever_does_not_sign_in_hears_nothing(query: QueryForTest, bus: Bus) -> None:
    await publish(bus, Reading("p1", NOW, {"temperature": 1.0}))
    for first in STRANGERS:
        async with query.connect() as socket:
            await socket.send(first)
            with pytest.raises(websockets.ConnectionClosed) as closed:
                await socket.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == NOT_SIGNED_IN, first
    await eventually(lambda: not query.hall.audience._listeners, what="nobody listens")


async def test_a_token_of_yesterday_or_of_another_house(query: QueryForTest) -> None:
    for token in (query.token(lifetime=-1), query.token()[:-4] + "AAAA"):
        async with query.connect() as socket:
            await say(socket, op="auth", token=token)
            assert await hear_close(socket) == NOT_SIGNED_IN
            assert "sign in again" in socket.close_reason


async def test_a_revoked_token_ends_the_connection(query: QueryForTest, bus: Bus) -> None:
    async with query.live("") as revoked, query.connect() as other:
        await say(other, op="auth", token=query.token(id="t2"))
        await say(other, op="subscribe", under=[""])
        await asyncio.gather(hear(revoked), hear(other))
        await (await bus.bucket(subjects.PLANT_BUCKET)).put("revoked.t1", b"")
        assert await hear_close(revoked) == NOT_SIGNED_IN
        assert revoked.close_reason == "The token was revoked; sign in again"
        await publish(bus, Reading("p1", NOW, {"temperature": 1.0}))
        assert await hear_samples(other) == [[f"{PRESS.path}/temperature", NOW // 10**6, 1.0, "good"]]


async def test_an_expired_token_ends_the_connection_unless_a_fresh_one_came(query: QueryForTest, bus: Bus) -> None:
    async with query.connect() as left, query.connect() as stayed:
        for socket, renewed in ((left, False), (stayed, True)):
            await say(socket, op="auth", token=query.token(lifetime=1))
            await say(socket, op="subscribe", under=[""])
            if renewed:  # at once: a busy machine takes its time to answer
                await say(socket, op="auth", token=query.token(lifetime=60))
            await hear(socket)
        assert await hear_close(left) == NOT_SIGNED_IN
        await publish(bus, Reading("p1", NOW, {"temperature": 1.0}))
        assert await hear_samples(stayed)


async def test_a_fresh_token_for_less_of_the_plant_shows_less(query: QueryForTest, bus: Bus) -> None:
    async with query.live("", max_hz=20) as socket:
        await hear(socket)
        await say(socket, op="auth", token=query.token(scope="lyon", id="t2"))

        async def narrowed() -> bool:
            (listener,) = query.hall.audience._listeners
            return listener.scope == "lyon"

        await eventually(narrowed, what="the fresh token is taken")
        await publish(bus, Reading("p1", NOW, {"temperature": 1.0}), Reading("o1", NOW, {"temperature": 2.0}))
        heard = await hear_until(socket, [f"{OVEN.path}/temperature", NOW // 10**6, 2.0, "good"])
        assert {path.split("/")[0] for path, *_ in heard} == {"lyon"}


async def test_a_page_of_another_site_is_refused(query: QueryForTest) -> None:
    host = query.url.removeprefix("http://")
    with pytest.raises(websockets.InvalidStatus) as refused:
        await query.connect(origin="http://evil.example").__aenter__()
    assert refused.value.response.status_code == 403
    async with query.connect(origin=f"http://{host}") as socket:
        await say(socket, op="auth", token=query.token())
        await say(socket, op="subscribe", under=[])
        assert await hear_samples(socket) == []


TRY_LATER = 1013


async def test_when_the_house_is_full_the_next_one_is_told(
    query: QueryForTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("andon.query.live.hall.MAX_CLIENTS", 1)
    async with query.live("") as inside:
        await hear(inside)
        async with query.connect() as outside:
            await say(outside, op="auth", token=query.token())
            assert await hear_close(outside) == TRY_LATER
            assert "try again later" in outside.close_reason
    await eventually(lambda: not query.hall.refusal("anna"), what="the first has left")
    async with query.live("") as inside:
        assert await hear_samples(inside) == []


async def test_one_person_cannot_take_all_places(query: QueryForTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("andon.query.live.hall.MAX_PER_PERSON", 1)
    async with query.live("") as first, query.connect() as second:
        await hear(first)
        await say(second, op="auth", token=query.token(id="t2"))
        assert await hear_close(second) == TRY_LATER
        assert second.close_reason == "You have 1 live connections already; close a page"
        assert query.hall.refusal("bob") == ""
    await eventually(lambda: not query.hall.refusal("anna"), what="the first has left")


@pytest.mark.parametrize("limit", ["MAX_STRANGERS", "MAX_STRANGERS_OF_ADDRESS"])
async def test_silent_strangers_keep_nobody_out(
    query: QueryForTest, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr("andon.query.live.hall.MAX_CLIENTS", 1)
    monkeypatch.setattr(f"andon.query.live.hall.{limit}", 2)
    async with query.connect() as oldest, query.connect(), query.live("") as inside:
        assert await hear_close(oldest) == TRY_LATER
        assert oldest.close_reason == "Too many wait here and do not sign in; try again later"
        assert await hear_samples(inside) == []
