"""The live feed as server-sent events: what the WebSocket brings, for whoever only listens."""

import asyncio
import socket
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from time import time_ns
from typing import Any

import httpx
import orjson
import pytest

from andon.common import metrics, subjects
from andon.common.bus import Bus
from andon.common.influx import Influx
from andon.common.reading import Reading
from andon.common.testing.machines import store
from andon.common.testing.waiting import STATE_SECONDS, eventually

from .conftest import MS, NOW, OVEN, PRESS, ROBOT, QueryForTest, S, hear, is_ready, publish, running
from .test_live import known
from .test_resume import AGO, Storing, storing  # noqa: F401 - a fixture
from .test_slow_client import LONG, flood
from .test_tickets import a_ticket

EVENTS = "/api/query/v1/live/events"
TEMPERATURE = f"{PRESS.path}/temperature"


class Events:
    """What a browser's EventSource would see."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self.last_id = ""
        self._lines = answer.aiter_lines()

    async def next(self) -> tuple[str, Any]:
        """Name and data of the next event; ("comment", text) for a comment, ("end", None) at the end."""
        name, data = "message", None
        async with asyncio.timeout(STATE_SECONDS):
            async for line in self._lines:
                key, _, value = line.partition(": ")
                if key == "" and value:
                    return "comment", value
                if key == "id":
                    self.last_id = value
                elif key == "event":
                    name = value
                elif key == "data":
                    data = orjson.loads(value)
                elif not line and data is not None:
                    return name, data
        return "end", None

    async def samples(self) -> list[list[Any]]:
        """The samples of the next event."""
        name, data = await self.next()
        assert name == "message", (name, data)
        found: list[list[Any]] = data["samples"]
        return found


@asynccontextmanager
async def listening(query: QueryForTest, *under: str, headers: Any = None, **options: Any) -> AsyncIterator[Events]:
    """A stream that has begun."""
    params = {**({"under": list(under)} if under else {}), "max_hz": 20, **options}
    headers = query.bearer() if headers is None else headers
    async with query.http.stream("GET", EVENTS, params=params, headers=headers) as answer:
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        yield Events(answer)


@pytest.fixture(autouse=True)
def watchful(monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard looks often, so that a test need not wait for it."""
    monkeypatch.setattr("andon.query.live.guest.GUARD_SECONDS", 0.1)


async def test_first_the_newest_of_all_then_what_comes(query: QueryForTest, bus: Bus) -> None:
    await publish(bus, Reading("p1", NOW, {"temperature": 1.0, "state": "RUN"}, {"temperature": "bad"}))
    await known(query, "p1")
    async with listening(query, "berlin", "o1/state") as events:
        assert await events.samples() == [
            [TEMPERATURE, NOW // MS, 1.0, "bad"],
            [f"{PRESS.path}/state", NOW // MS, "RUN", "good"],
        ]
        assert events.last_id == str(NOW // MS)
        await publish(bus, Reading("o1", NOW + S, {"temperature": 5.0, "state": "läuft\n"}))
        assert await events.samples() == [[f"{OVEN.path}/state", NOW // MS + 1000, "läuft\n", "good"]]
        assert events.last_id == str(NOW // MS + 1000)


async def test_whoever_names_nothing_gets_their_part_of_the_plant(query: QueryForTest, bus: Bus) -> None:
    async with listening(query, headers=query.bearer(scope="berlin/painting"), every=True) as events:
        assert await events.samples() == []
        readings = [Reading(machine, NOW, {"temperature": 1.0}) for machine in ("p1", "o1", "r3", "r3")]
        await publish(bus, *readings)
        twice = [f"{ROBOT.path}/temperature", NOW // MS, 1.0, "good"]
        assert await events.samples() == [twice, twice], "every one"


async def test_a_browser_enters_by_ticket_once(query: QueryForTest, bus: Bus) -> None:
    ticket = await a_ticket(query, scope="lyon")
    async with listening(query, headers={}, ticket=ticket) as events:
        await events.samples()
        await publish(bus, *(Reading(machine, NOW, {"temperature": 1.0}) for machine in ("p1", "o1")))
        assert await events.samples() == [[f"{OVEN.path}/temperature", NOW // MS, 1.0, "good"]]
        again = await query.http.get(EVENTS, params={"ticket": ticket})
        assert (again.status_code, again.headers["content-type"]) == (401, "application/problem+json")


async def test_after_a_gap_the_browser_sends_the_last_id_and_misses_nothing(
    query: QueryForTest,
    bus: Bus,
    storing: Storing,  # noqa: F811 - the fixture
) -> None:
    await publish(bus, Reading("p1", AGO, {"temperature": 0.0}))
    await known(query, "p1")
    async with listening(query, "p1") as events:
        await events.samples()
        last_id = events.last_id
    for i in (1, 2, 3):
        await publish(bus, Reading("p1", AGO + i * S, {"temperature": float(i)}))
    headers = {**query.bearer(), "Last-Event-ID": last_id}
    async with listening(query, "p1", headers=headers, since=AGO // MS + 9000) as events:
        heard = await events.samples()
        assert [value for _, _, value, _ in heard] == [0, 1, 2, 3], "of that very millisecond there may be others"
        assert events.last_id == str(AGO // MS + 3000)


async def test_a_clock_that_is_ahead_makes_no_hole(query: QueryForTest, bus: Bus) -> None:
    ahead = time_ns() + 3600 * S
    await publish(bus, Reading("p1", ahead, {"temperature": 1.0}))
    await known(query, "p1")
    async with listening(query, "p1") as events:
        assert (await events.samples())[0][1] == ahead // MS
        assert int(events.last_id) <= time_ns() // MS


async def test_more_than_can_be_told_is_a_gap(query: QueryForTest) -> None:
    async with listening(query, "p1", since=0) as events:
        name, data = await events.next()
        assert (name, data["gap"][0]) == ("message", 0)


async def test_wrong_names_are_a_problem_and_the_rest_is_heard(query: QueryForTest, bus: Bus) -> None:
    async with listening(query, "nowhere", "p1", "o1", headers=query.bearer(scope="berlin")) as events:
        name, data = await events.next()
        assert name == "problem"
        assert "There is no sensor, machine or node 'nowhere'" in data["detail"]
        assert "There is no sensor, machine or node 'o1'" in data["detail"]
        await events.samples()
        await publish(bus, Reading("p1", NOW, {"temperature": 1.0}))
        assert await events.samples() == [[TEMPERATURE, NOW // MS, 1.0, "good"]]


async def test_a_silent_plant_gives_a_sign_of_life(query: QueryForTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("andon.query.live.events.KEEP_ALIVE_SECONDS", 0.05)
    async with listening(query, "p1") as events:
        await events.samples()
        assert await events.next() == ("comment", "keep-alive")
        assert await events.next() == ("comment", "keep-alive")


async def test_the_stream_ends_with_the_token(query: QueryForTest, bus: Bus) -> None:
    async with (
        listening(query, headers=query.bearer(id="gone")) as revoked,
        listening(query, headers=query.bearer(id="short", lifetime=1)) as expired,
        listening(query, headers=query.bearer(id="good")) as other,
    ):
        await asyncio.gather(*(events.samples() for events in (revoked, expired, other)))
        await (await bus.bucket(subjects.PLANT_BUCKET)).put("revoked.gone", b"")
        said = {"code": 4401, "detail": "The token was revoked; sign in again"}
        assert [await revoked.next(), await revoked.next()] == [("goodbye", said), ("end", None)]
        assert (await expired.next())[1]["detail"] == "The token has expired; sign in again"
        await publish(bus, Reading("p1", NOW, {"temperature": 1.0}))
        assert await other.samples() == [[TEMPERATURE, NOW // MS, 1.0, "good"]]
    await eventually(lambda: not query.hall.audience._listeners, what="nobody listens")


async def test_who_has_no_token_and_who_is_one_too_many(query: QueryForTest, monkeypatch: pytest.MonkeyPatch) -> None:
    for headers in ({}, {"Authorization": "Bearer x"}, query.bearer(lifetime=-1)):
        answer = await query.http.get(EVENTS, headers=headers)
        assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    monkeypatch.setattr("andon.query.live.hall.MAX_PER_PERSON", 1)
    async with query.live("") as there:
        await hear(there)
        answer = await query.http.get(EVENTS, headers=query.bearer())
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "5")
        assert answer.json()["detail"] == "You have 1 live connections already; close a page"
    await eventually(lambda: not query.hall.refusal("anna"), what="the first has left")
    async with listening(query) as events:
        assert await events.samples() == []


async def test_what_makes_no_sense_is_refused(query: QueryForTest) -> None:
    for wrong in (
        {"max_hz": 0},
        {"max_hz": "fast"},
        {"since": -1},
        {"since": 10**14},
        {"under": "x" * 513},
        {"every": "maybe"},
    ):
        answer = await query.http.get(EVENTS, params=wrong, headers=query.bearer())
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), wrong
    answer = await query.http.get(EVENTS, headers={**query.bearer(), "Last-Event-ID": "x"})
    assert answer.status_code == 422


async def test_when_the_service_stops_the_stream_ends(neighbours: None, plant: None, influx: Influx) -> None:
    await store(influx, PRESS, Reading("p1", NOW, {"temperature": 1.0}))
    async with running() as query:
        await eventually(lambda: is_ready(query), what="the plant is known")
        async with listening(query) as events:
            await events.samples()
            query.server.should_exit = True
            name, data = await events.next()
            while name == "message":
                name, data = await events.next()
            assert (name, data["code"]) == ("goodbye", 1012)
            assert await events.next() == ("end", None)


@contextmanager
def deaf(query: QueryForTest) -> Iterator[None]:
    """A client that asks for every sample, and never reads a byte."""
    host, _, port = query.url.removeprefix("http://").partition(":")
    with closing(socket.socket()) as raw:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        raw.connect((host, int(port)))
        raw.sendall(
            f"GET {EVENTS}?under=p1&max_hz=20&every=true HTTP/1.1\r\nHost: {host}\r\n"
            f"Authorization: {query.bearer()['Authorization']}\r\n\r\n".encode()
        )
        yield


async def test_whoever_never_reads_costs_a_bounded_amount_of_memory(
    query: QueryForTest, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("andon.query.live.outbox.QUEUE_SAMPLES", 20)
    monkeypatch.setattr("andon.query.live.client.SEND_SECONDS", 60)
    async with query.live(f"{PRESS.path}/temperature", max_hz=20) as healthy:
        await hear(healthy)
        with deaf(query):
            await eventually(lambda: len(query.hall.audience.by_machine.get("p1", {})) == 2, what="both listen")
            await flood(bus, healthy, 0, 25)
            tracemalloc.start()
            try:
                before, _ = tracemalloc.get_traced_memory()
                await flood(bus, healthy, 25, 25)
                after, _ = tracemalloc.get_traced_memory()
            finally:
                tracemalloc.stop()
            assert after - before < 5 * len(LONG), "25 times as much went by"
            assert metrics.LIVE_CLIENTS._value.get() == 2, "it is still there"


async def test_whoever_never_reads_is_let_go_and_others_do_not_notice(
    query: QueryForTest, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("andon.query.live.client.SEND_SECONDS", 0.3)
    monkeypatch.setattr("andon.query.live.events.CLOSE_SECONDS", 0.1)
    async with query.live(f"{PRESS.path}/temperature", max_hz=20) as healthy:
        await hear(healthy)
        with deaf(query):
            await eventually(lambda: metrics.LIVE_CLIENTS._value.get() == 2, what="both are there")
            done = [0]

            async def left() -> bool:
                await flood(bus, healthy, done[0], 5)
                done[0] += 5
                return metrics.LIVE_CLIENTS._value.get() == 1

            await eventually(left, what="the deaf one is let go")
            assert len(query.hall.audience._listeners) == 1
