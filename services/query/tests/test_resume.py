"""Coming back after a gap: what happened meanwhile comes first, whole and once, and then what comes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from time import time_ns
from typing import Any

import pytest

from andon.common import jobs, subjects
from andon.common.bus import Bus
from andon.common.influx import Influx
from andon.common.reading import Reading
from andon.common.testing.fixtures import InfluxForTest
from andon.common.testing.machines import store
from andon.common.testing.waiting import eventually
from andon.common.wire import decode_batch
from andon.query.live.client import Client
from andon.query.live.guest import TRY_LATER, GoodbyeError
from andon.query.live.messages import Subscribe
from andon.query.live.outbox import Item
from andon.query.live.past import Told
from andon.query.live.resume import AT_ONCE

from .conftest import (
    MACHINES,
    MS,
    NOW,
    PRESS,
    ROBOT,
    QueryForTest,
    S,
    hear,
    hear_until,
    is_ready,
    publish,
    running,
    say,
)

TEMPERATURE = f"{PRESS.path}/temperature"
AGO = time_ns() // S * S - 60 * S
"""A minute ago: near enough to be told."""


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that is busy with other tests makes no gap."""
    monkeypatch.setattr("andon.query.live.resume.RESUME_SECONDS", 60)


class Storing:
    """What ingest's store does: from the stream into InfluxDB, acknowledged there; it can be held up."""

    def __init__(self, bus: Bus, influx: Influx) -> None:
        self._bus = bus
        self._influx = influx
        self.going = asyncio.Event()
        self.going.set()
        self.stored = 0

    async def run(self) -> None:
        durable = subjects.store_durable(0, 1)
        batches = self._bus.consume(subjects.TELEMETRY, durable, filter_subject=subjects.TELEMETRY_ALL)
        async with aclosing(batches) as messages:
            async for message in messages:
                await self.going.wait()
                for reading in decode_batch(message.data).readings:
                    machine = next(one for one in MACHINES if one.id == reading.asset)
                    await store(self._influx, machine, reading)
                    self.stored += 1
                await message.ack()


@pytest.fixture
async def storing(query: QueryForTest, bus: Bus, influx: Influx) -> AsyncIterator[Storing]:
    """A store that begins with an empty stream, and leaves no durable behind."""
    await bus.js.purge_stream(subjects.TELEMETRY)
    found = Storing(bus, influx)
    task = asyncio.create_task(found.run())
    await eventually(lambda: bus.js.consumers_info(subjects.TELEMETRY), what="the store reads the stream")
    try:
        yield found
    finally:
        await jobs.end(task)
        await bus.js.delete_consumer(subjects.TELEMETRY, "store")


@asynccontextmanager
async def back(query: QueryForTest, *under: str, since: int, **options: Any) -> AsyncIterator[Any]:
    """A client that comes back."""
    async with query.live(*under, since=since, max_hz=20, **options) as socket:
        yield socket


def temperatures(heard: list[list[Any]]) -> list[float]:
    return [value for path, _, value, _ in heard if path == TEMPERATURE]


@pytest.mark.parametrize("every", [False, True])
async def test_what_happened_meanwhile_comes_first_oldest_first_and_nothing_twice(
    query: QueryForTest, bus: Bus, storing: Storing, *, every: bool
) -> None:
    for i in range(10):
        await publish(bus, Reading("p1", AGO + i * S, {"temperature": float(i), "state": f"s{i}"}))
        await publish(bus, Reading("r3", AGO + i * S, {"temperature": -float(i)}, {"temperature": "bad"}))
    async with back(query, "berlin", since=(AGO + 4 * S) // MS, every=every) as socket:
        heard = await hear_until(socket, [f"{ROBOT.path}/temperature", AGO // MS + 9000, -9.0, "bad"])
        await publish(bus, Reading("p1", AGO + 10 * S, {"temperature": 10.0}))
        heard += await hear_until(socket, [TEMPERATURE, AGO // MS + 10_000, 10.0, "good"])
    assert temperatures(heard) == [4, 5, 6, 7, 8, 9, 10]
    assert [at for _, at, _, _ in heard] == sorted(at for _, at, _, _ in heard)
    assert len({(path, at) for path, at, _, _ in heard}) == len(heard) == 3 * 6 + 1
    assert [f"{PRESS.path}/state", AGO // MS + 4000, "s4", "good"] in heard
    assert [f"{ROBOT.path}/temperature", AGO // MS + 4000, -4.0, "bad"] in heard


@pytest.mark.parametrize("every", [False, True])
async def test_no_hole_and_no_twin_where_the_store_is_behind(
    query: QueryForTest, bus: Bus, storing: Storing, *, every: bool
) -> None:
    """Samples that were heard before the client came, and are stored only after it did."""
    await publish(bus, Reading("p1", AGO, {"temperature": 0.0}))
    await eventually(lambda: storing.stored == 1, what="the first is stored")
    storing.going.clear()
    for i in (1, 2, 3):
        await publish(bus, Reading("p1", AGO + i * S, {"temperature": float(i)}))
    async with back(query, "p1", since=AGO // MS, every=every) as socket:
        await eventually(lambda: "p1" in query.hall.audience.by_machine, what="the client listens")
        for i in (4, 5):
            await publish(bus, Reading("p1", AGO + i * S, {"temperature": float(i)}))
        storing.going.set()
        heard = await hear_until(socket, [TEMPERATURE, AGO // MS + 5000, 5.0, "good"])
        await publish(bus, Reading("p1", AGO + 6 * S, {"temperature": 6.0}))
        heard += await hear_until(socket, [TEMPERATURE, AGO // MS + 6000, 6.0, "good"])
    told = temperatures(heard)
    assert told == sorted(set(told)), "nothing twice, nothing out of order"
    assert told == [0, 1, 2, 3, 4, 5, 6] if every else told[:4] == [0, 1, 2, 3]


async def test_a_stream_of_readings_over_many_reconnections_has_no_hole(
    query: QueryForTest, bus: Bus, storing: Storing
) -> None:
    done = asyncio.Event()

    async def produce() -> None:
        for i in range(300):
            await publish(bus, Reading("p1", AGO + i * 10 * MS, {"temperature": float(i)}))
        done.set()

    producing, heard, since = asyncio.create_task(produce()), list[list[Any]](), AGO // MS
    while 299.0 not in temperatures(heard):
        async with back(query, TEMPERATURE, since=since, every=True) as socket:
            for _ in range(3):
                frame = await hear(socket)
                assert "gap" not in frame
                assert "lost" not in frame
                heard += frame["samples"]
                if 299.0 in temperatures(heard):
                    break
        since = max(at for _, at, _, _ in heard)
    await producing
    first: list[float] = []
    for value in temperatures(heard):
        if value not in first:
            first.append(value)
    assert first == [float(i) for i in range(300)]


async def test_more_than_can_be_told_is_a_gap_to_load_from_history(
    query: QueryForTest, bus: Bus, storing: Storing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("andon.query.live.past.MAX_SAMPLES", 20)
    for i in range(50):
        values = {"temperature": float(i), "running": i % 2 == 0}
        await publish(bus, Reading("p1", AGO + i * S, values), Reading("r3", AGO + i * S, {"temperature": float(i)}))
    async with back(query, "berlin", since=AGO // MS) as socket:
        frame = await hear(socket)
    first, last = frame["gap"]
    assert first == AGO // MS
    assert 5 <= len(frame["samples"]) <= 20
    assert first < last <= min(at for _, at, _, _ in frame["samples"])
    points = (await query.get("/series", sensor=TEMPERATURE, **{"from": first, "to": last}))["points"]
    assert [value for _, value in points] + temperatures(frame["samples"]) == [float(i) for i in range(50)]


async def test_too_long_ago_and_too_many_sensors_are_a_gap_too(
    query: QueryForTest, bus: Bus, storing: Storing, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(bus, Reading("p1", NOW - 5 * 3600 * S, {"temperature": 1.0}))
    await publish(bus, Reading("p1", AGO, {"temperature": 2.0}))
    async with back(query, "p1", since=0) as socket:
        frame = await hear(socket)
        assert frame["gap"][0] == 0
        assert time_ns() / MS - 3_700_000 < frame["gap"][1] < time_ns() / MS - 3_500_000
        assert temperatures(frame["samples"]) == [2.0]
    monkeypatch.setattr("andon.query.live.resume.MAX_SENSORS", 2)
    async with back(query, "p1", since=AGO // MS) as socket:
        frame = await hear(socket)
        assert (frame["samples"], frame["gap"][0]) == ([], AGO // MS)
        assert frame["gap"][1] >= time_ns() // MS - 60_000
        assert temperatures((await hear(socket))["samples"]) == [2.0], "the newest, as ever"


async def test_while_nothing_can_be_stored_the_client_is_told_the_gap_and_hears_what_comes(
    query: QueryForTest, bus: Bus, storing: Storing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("andon.query.live.resume.RESUME_SECONDS", 0.5)
    storing.going.clear()
    await publish(bus, Reading("p1", AGO, {"temperature": 1.0}))
    async with back(query, "p1", since=AGO // MS) as socket:
        frame = await hear(socket)
        assert (frame["samples"], frame["gap"][0]) == ([], AGO // MS)
        assert temperatures(await hear_until(socket, [TEMPERATURE, AGO // MS, 1.0, "good"])) == [1.0]
        await publish(bus, Reading("p1", AGO + S, {"temperature": 2.0}))
        await hear_until(socket, [TEMPERATURE, AGO // MS + 1000, 2.0, "good"])
    storing.going.set()


async def test_without_influxdb_it_is_a_gap(
    query: QueryForTest, bus: Bus, storing: Storing, influxdb: InfluxForTest
) -> None:
    await publish(bus, Reading("p1", AGO, {"temperature": 1.0}))
    await eventually(lambda: storing.stored, what="it is stored")
    influxdb.process.kill()
    async with back(query, "p1", since=AGO // MS) as socket:
        assert (await hear(socket))["gap"][0] == AGO // MS
        assert temperatures((await hear(socket))["samples"]) == [1.0]
    influxdb.process.start()


async def test_another_subscription_does_not_wait_for_the_one_before(
    query: QueryForTest, bus: Bus, storing: Storing
) -> None:
    storing.going.clear()
    await publish(bus, Reading("p1", AGO, {"temperature": 1.0}), Reading("o1", AGO, {"temperature": 2.0}))
    async with back(query, "p1", since=AGO // MS) as socket:
        await eventually(lambda: "p1" in query.hall.audience.by_machine, what="the client waits")
        await say(socket, op="subscribe", under=["o1"], max_hz=20)
        await eventually(lambda: "o1" in query.hall.audience.by_machine, what="it wants something else")
        storing.going.set()
        assert {path for path, *_ in (await hear(socket))["samples"]} == {"lyon/heat/line-1/oven-1/temperature"}


async def test_a_subscription_made_while_the_past_is_being_told_is_told_its_own(
    query: QueryForTest, bus: Bus, storing: Storing
) -> None:
    for i in range(3):
        await publish(bus, *(Reading(machine, AGO + i * S, {"temperature": float(i)}) for machine in ("p1", "o1")))
    frames: list[dict[str, Any]] = []

    async def write(frame: dict[str, Any]) -> None:
        frames.append(frame)
        if len(frames) == 1:
            assert client.subscribe(Subscribe(under=["o1"], since=AGO // MS)) == ""

    client = Client(query.hall, write)
    client.guest.enter(query.token())
    assert client.subscribe(Subscribe(under=["p1"], since=AGO // MS)) == ""
    sending = asyncio.create_task(client.send())
    await eventually(lambda: len(frames) == 2, what="both pasts are told")
    await jobs.end(sending)
    client.guest.leave()
    assert [[value for _, _, value, _ in frame["samples"]] for frame in frames] == [[0, 1, 2], [0, 1, 2]]


async def test_many_connections_of_one_person_make_nobody_else_wait(
    query: QueryForTest, bus: Bus, storing: Storing
) -> None:
    turns, told = query.hall.resume._turns, list[str]()
    for _ in range(AT_ONCE):
        await turns.take("somebody")

    async def comes_back(person: str) -> None:
        async def write(_: dict[str, Any]) -> None:
            told.append(person)
            raise GoodbyeError(TRY_LATER, "that is all")

        client = Client(query.hall, write)
        client.guest.enter(query.token(person=person))
        try:
            client.subscribe(Subscribe(under=["p1"], since=AGO // MS))
            with suppress(GoodbyeError):
                await client.send()
        finally:
            client.guest.leave()

    await publish(bus, Reading("p1", AGO, {"temperature": 1.0}))
    wall = [asyncio.create_task(comes_back("wall")) for _ in range(8)]
    await eventually(lambda: len(turns._waiting.get("wall", ())) == 8, what="all screens wait")
    anna = asyncio.create_task(comes_back("anna"))
    await eventually(lambda: "anna" in turns._waiting, what="so does she")
    turns.give_back()
    await asyncio.gather(anna, *wall)
    assert told.index("anna") <= 2
    assert len(told) == 9
    for _ in range(AT_ONCE - 1):
        turns.give_back()


async def test_nobody_is_told_what_happened_beyond_their_part_of_the_plant(
    query: QueryForTest, bus: Bus, storing: Storing
) -> None:
    await publish(bus, *(Reading(machine, AGO, {"temperature": 1.0}) for machine in ("p1", "r3", "o1")))
    async with query.live("", scope="berlin/painting", since=AGO // MS) as socket:
        frame = await hear(socket)
        assert frame == {"samples": [[f"{ROBOT.path}/temperature", AGO // MS, 1.0, "good"]]}


async def test_clients_that_come_back_with_the_service_miss_nothing(
    neighbours: None, plant: None, bus: Bus, influx: Influx
) -> None:
    """The client is faster than the plant and the feed."""
    await store(influx, PRESS, Reading("p1", AGO, {"temperature": 1.0}))
    await bus.js.purge_stream(subjects.TELEMETRY)
    storing = Storing(bus, influx)
    task = asyncio.create_task(storing.run())
    try:
        async with running() as query, back(query, "berlin", since=AGO // MS) as socket:
            heard: list[list[Any]] = []
            while not heard:
                frame = await hear(socket)
                assert "gap" not in frame
                heard += frame.get("samples", [])
            assert heard == [[TEMPERATURE, AGO // MS, 1.0, "good"]]
            await eventually(lambda: is_ready(query), what="the plant is known")
    finally:
        await jobs.end(task)
        await bus.js.delete_consumer(subjects.TELEMETRY, "store")


WRONG = {
    '{"op":"subscribe","under":[],"since":-1}': "Expected `int` >= 0 - at `$.since`",
    '{"op":"subscribe","under":[],"since":1e300}': "at `$.since`",
    '{"op":"subscribe","under":[],"since":99999999999999999}': "Expected `int` <= 9223372036854 - at `$.since`",
    '{"op":"subscribe","under":[],"since":"yesterday"}': "Expected `int | null`, got `str` - at `$.since`",
    '{"op":"subscribe","under":["p1"],"since":1,"add":true}': "'since' goes with a new subscription, not with 'add'",
}


async def test_times_that_are_none(query: QueryForTest) -> None:
    async with query.live("p1") as socket:
        await hear(socket)
        for message, says in WRONG.items():
            await socket.send(message)
            assert says in (await hear(socket))["detail"], message


def test_what_was_told_is_not_told_again_but_a_correction_is() -> None:
    told = Told()
    told.remember([Item("p1", "a", (1, 1.0, "good"))])
    same, corrected, other = (
        Item("p1", "a", (1, 1.0, "good")),
        Item("p1", "a", (1, 2.0, "good")),
        Item("p1", "b", (1, 1.0, "good")),
    )
    assert told.news([same, corrected, other]) == [corrected, other]
    assert told.news([corrected, same]) == [same], "the later arrival counts"
