"""The alarm stream: each transition as it is committed, for those who may see it, for as long as they may."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from andon.alerting.alarm import stream as streams
from andon.alerting.alarm.stream import Stream
from andon.common import jobs, subjects
from andon.common.auth import Principal, Role
from andon.common.errors import TooManyError, UnavailableError
from andon.common.testing.waiting import eventually

ADA = Principal(id="ada", name="Ada", role=Role.VIEWER, token_id="t")


class Listener:
    """Reads a stream and keeps what it heard."""

    def __init__(self, response: httpx.Response) -> None:
        self.heard: list[dict[str, Any]] = []
        self.ended = False
        self._lines = response.aiter_lines()

    async def connected(self) -> None:
        assert await anext(self._lines) == ": connected"

    async def listen(self) -> None:
        async for line in self._lines:
            if line.startswith("data: "):
                self.heard.append(json.loads(line.removeprefix("data: ")))
        self.ended = True

    @property
    def states(self) -> list[str]:
        return [alarm["state"] for alarm in self.heard]


@asynccontextmanager
async def listening(client: httpx.AsyncClient) -> AsyncIterator[Listener]:
    async with client.stream("GET", "/alarms/stream") as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        listener = Listener(response)
        await listener.connected()
        task = asyncio.create_task(listener.listen())
        yield listener
        await jobs.end(task)


async def test_every_transition_is_heard_in_order_and_as_the_list_shows_it(alerting: Any) -> None:
    await alerting.add_rule()
    async with listening(alerting.http) as listener:
        await alerting.publish((0, 81.0))
        await eventually(lambda: listener.heard)
        assert listener.heard == await alerting.alarms()
        await alerting.call("POST", f"/alarms/{listener.heard[0]['id']}/ack", json={"comment": "Seen"})
        await alerting.publish((1, 20.0))
        await eventually(lambda: len(listener.heard) == 3)
        assert listener.states == ["unacknowledged", "acknowledged", "normal"]
        assert listener.heard[1]["comment"] == "Seen"


async def test_a_listener_hears_of_their_own_part_of_the_plant_alone(alerting: Any) -> None:
    await alerting.add_rule(scope={"sensor": "temperature", "under": "berlin"})
    async with (
        alerting.client(Role.VIEWER, scope="berlin/baking") as baker,
        listening(baker) as small,
        listening(alerting.http) as all_of_it,
    ):
        await alerting.publish((0, 81.0))
        await alerting.publish((0, 81.0), asset="oven-1")
        await eventually(lambda: len(all_of_it.heard) == 2)
        await eventually(lambda: small.heard)
        assert [alarm["asset"] for alarm in small.heard] == ["berlin/baking/line-1/oven-1"]


async def test_after_a_restart_the_list_tells_what_the_broken_stream_missed(alerting: Any) -> None:
    """There is no replay: whoever connects (again) reads the list once the stream is open, and so misses nothing."""
    await alerting.add_rule()
    async with listening(alerting.http) as listener:
        await alerting.stop()
        await eventually(lambda: listener.ended)
        await alerting.publish((0, 81.0))
        await alerting.start()
        await alerting.evaluated()
    async with listening(alerting.http) as again:
        assert [alarm["state"] for alarm in await alerting.alarms()] == ["unacknowledged"]
        await alerting.publish((1, 20.0))
        await eventually(lambda: again.states == ["returned"])


async def test_a_revoked_token_ends_its_stream(alerting: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Stream.events, "__defaults__", (0.05,))
    async with alerting.client(Role.VIEWER, name="Mallory") as mallory, listening(mallory) as listener:
        bucket = await alerting.bus.bucket(subjects.PLANT_BUCKET)
        await bucket.put(subjects.revoked_key("t-Mallory"), b"")
        await eventually(lambda: listener.ended)
        await alerting.refused(401, "GET", "/alarms/stream", mallory)


async def test_one_that_does_not_keep_up_is_let_go_and_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "QUEUE_SIZE", 2)
    stream = Stream()
    slow, quick = stream.join(ADA), stream.join(ADA)
    heard = stream.events(quick, lambda: True)
    assert await anext(heard) == ": connected\n\n"
    for number in range(5):
        stream.publish({"asset": "berlin", "number": number})
        assert json.loads((await anext(heard)).splitlines()[1].removeprefix("data: "))["number"] == number
    assert slow.over
    assert [event async for event in stream.events(slow, lambda: True)] == [": connected\n\n"]
    assert len(stream) == 1
    await heard.aclose()  # type: ignore[attr-defined]
    assert len(stream) == 0


async def test_silence_is_filled_and_too_many_are_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MAX_CLIENTS", 1)
    stream = Stream()
    events = stream.events(stream.join(ADA), lambda: True, keep_alive=0.01)
    assert [await anext(events), await anext(events)] == [": connected\n\n", ": keep-alive\n\n"]
    with pytest.raises(UnavailableError, match="1 listeners are connected already"):
        stream.join(ADA)


async def test_one_person_cannot_take_all_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MAX_PER_PERSON", 2)
    stream = Stream()
    events = [stream.events(stream.join(ADA), lambda: True) for _ in range(2)]
    with pytest.raises(TooManyError, match="You have 2 alarm streams already"):
        stream.join(ADA)
    stream.join(Principal(id="bob", name="Bob", role=Role.VIEWER))
    await anext(events[0])
    await events[0].aclose()  # type: ignore[attr-defined]
    stream.join(ADA)


async def test_one_that_leaves_before_its_answer_begins_keeps_no_place() -> None:
    stream = Stream()
    events = stream.events(stream.join(ADA), lambda: True)
    assert len(stream) == 1
    del events
    assert len(stream) == 0
