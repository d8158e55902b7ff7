"""The feed takes what comes on the wire, and survives what should never come."""

import asyncio

import pytest
from nats.aio.msg import Msg

from andon.common import subjects, vitals
from andon.common.bus import Bus
from andon.common.influx import Influx
from andon.common.plant import Plant
from andon.common.reading import Reading
from andon.common.testing.fixtures import NatsForTest
from andon.common.testing.machines import store
from andon.common.testing.waiting import eventually
from andon.common.wire import Batch, encode_batch
from andon.query.branches import Branches
from andon.query.live.audience import Audience, Listener
from andon.query.live.effort import Effort
from andon.query.live.feed import Feed
from andon.query.live.interest import Interest
from andon.query.live.outbox import Outbox
from andon.query.live.table import Table

from .conftest import NOW, PRESS, ROBOT, QueryForTest, S, hear, hear_samples, is_ready, nodes_above, publish, running


async def test_bytes_that_are_no_batch_and_readings_of_nobody_do_no_harm(query: QueryForTest, bus: Bus) -> None:
    async with query.live("", max_hz=20) as socket:
        await hear(socket)
        for number, junk in enumerate((b"", b"\xc1", b"\x00" * 1000, b"\x92\x01\x91\x94\xa1x\xc0\x80\xc0", b"{}")):
            await bus.publish(subjects.telemetry(0), junk, msg_id=f"junk-{number}")
        await publish(bus, Reading("nobody", NOW, {"temperature": 1.0}))
        await publish(bus, Reading("p1", NOW, {"temperature": 2.0, "unknown": 3.0}))
        heard = {path: value for path, _, value, _ in await hear_samples(socket)}
        assert heard[f"{PRESS.path}/temperature"] == 2.0
        assert {item["sensor"] for item in (await query.get("/latest"))["items"]} == {f"{PRESS.path}/temperature"}


async def test_every_partition_is_heard(query: QueryForTest, bus: Bus) -> None:
    async with query.live("", max_hz=20) as socket:
        await hear(socket)
        for partition in (0, 7, 255):
            reading = Reading("p1", NOW + partition * S, {"temperature": float(partition)})
            data = encode_batch(Batch(NOW, [reading]))
            await bus.publish(subjects.telemetry(partition), data, msg_id=str(partition))
        heard: list[object] = []
        while 255.0 not in heard:
            heard += [value for _, _, value, _ in await hear_samples(socket)]


async def test_what_a_feed_that_is_too_slow_drops_is_counted_and_recalled(
    neighbours: None, plant: None, bus: Bus, influx: Influx, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("andon.query.live.feed.PENDING_BYTES", 1000)
    monkeypatch.setattr("andon.query.live.recall.SOON_SECONDS", 0.1)
    monkeypatch.setattr("andon.query.live.recall.DROPPED_SECONDS", 0.1)
    go_on, take = asyncio.Event(), Feed._on_message

    async def slowly(feed: Feed, message: Msg) -> None:
        await go_on.wait()
        await take(feed, message)

    monkeypatch.setattr(Feed, "_on_message", slowly)
    before = vitals.BUS_DROPPED._value.get()
    async with running() as query:
        await eventually(lambda: is_ready(query), what="the plant is known")
        readings = [Reading("p1", NOW + i * S, {"temperature": float(i), "state": "x" * 200}) for i in range(20)]
        for reading in readings:
            await publish(bus, reading)
            await store(influx, PRESS, reading)
        await eventually(lambda: vitals.BUS_DROPPED._value.get() - before > 10, what="drops are counted")
        go_on.set()

        async def newest() -> bool:
            items = (await query.get("/latest", under=f"{PRESS.path}/temperature"))["items"]
            return bool(items) and items[0]["value"] == 19

        await eventually(newest, what="recalled from InfluxDB")


def test_a_reading_costs_only_those_who_want_it(nats: NatsForTest) -> None:
    plant, table = Plant(), Table()
    for asset in (*nodes_above(PRESS), PRESS, *nodes_above(ROBOT), ROBOT):
        plant.put(asset)
    audience = Audience(Branches(plant), table, Effort())
    feed = Feed(Bus(nats.settings, "test"), table, audience)
    near = Listener(scope="", interest=Interest("p1/temperature"), outbox=Outbox())
    far = Listener(scope="", interest=Interest("berlin/painting"), outbox=Outbox())
    for listener in (near, far):
        assert audience.place(listener) == {}
    feed.take(Batch(NOW, [Reading("p1", NOW, {"temperature": 1.0, "state": "RUN"})]))
    assert not far.outbox.news.is_set()
    assert [item.key for item in near.outbox.take(table).items] == ["temperature"]
    audience.remove(near)
    assert set(audience.by_machine) == {"r3"}
