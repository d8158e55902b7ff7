"""The backbone heals, follows buckets, and stores what it acknowledges."""

import asyncio

import pytest
from nats.js.kv import KeyValue

from andon.common import buckets, following, jobs, subjects
from andon.common import bus as bus_module
from andon.common.bus import Bus, open_bus
from andon.common.errors import UnavailableError
from andon.common.following import PlantFollower
from andon.common.plant import Asset, Sensor, encode_asset
from andon.common.testing.fixtures import NatsForTest
from andon.common.testing.waiting import STATE_SECONDS, eventually

OVEN = Asset(
    id="k3f9a1c2",
    path="berlin/painting/line-1/oven-1",
    kind="machine",
    slug="oven-1",
    name="Oven 1",
    type="oven",
    sensors=(Sensor(key="temperature", path="berlin/painting/line-1/oven-1/temperature", unit="Cel"),),
)


async def test_a_published_batch_reaches_a_durable_consumer(bus: Bus) -> None:
    await bus.publish(subjects.telemetry(0), b"one", msg_id="1")
    await bus.publish(subjects.telemetry(0), b"one", msg_id="1")
    await bus.publish(subjects.telemetry(0), b"two", msg_id="2")
    got = []
    async for message in bus.consume(subjects.TELEMETRY, "test", filter_subject=subjects.TELEMETRY_ALL):
        got.append(message.data)
        await message.ack()
        if len(got) == 2:
            break
    assert got == [b"one", b"two"]


async def test_a_batch_is_told_its_number_and_a_copy_that_of_the_first(bus: Bus) -> None:
    numbers = [await bus.publish(subjects.telemetry(0), b"", msg_id=msg_id) for msg_id in ("1", "2", "1")]
    assert numbers == [1, 2, 1]


async def test_no_room_for_messages_as_they_came_keeps_nobody_from_publishing(nats: NatsForTest) -> None:
    greedy = nats.settings.model_copy(update={"raw_bytes": 2**50})
    async with open_bus(greedy, "greedy") as bus:
        await asyncio.wait_for(bus.ready(), STATE_SECONDS)
        assert await bus.publish(subjects.telemetry(0), b"one", msg_id="1") == 1
        with pytest.raises(UnavailableError):
            await bus.publish(subjects.raw_received(0), b"one", msg_id="2")


async def test_a_consumer_goes_on_after_the_server_was_killed(nats: NatsForTest, bus: Bus) -> None:
    got: list[bytes] = []

    async def consume() -> None:
        async for message in bus.consume(subjects.TELEMETRY, "test", filter_subject=subjects.TELEMETRY_ALL):
            got.append(message.data)
            await message.ack()

    task = asyncio.create_task(consume())
    await bus.publish(subjects.telemetry(0), b"before", msg_id="1")
    await eventually(lambda: got == [b"before"])
    nats.process.kill()
    nats.process.start()

    async def publish_again() -> bool:
        try:
            await bus.publish(subjects.telemetry(0), b"after", msg_id="2")
        except UnavailableError:
            return False
        return True

    await eventually(publish_again)
    await eventually(lambda: got[-1] == b"after")
    await jobs.end(task)


async def test_a_service_starts_before_its_server(nats: NatsForTest) -> None:
    nats.process.stop()
    async with open_bus(nats.settings, "early") as bus:
        assert not bus.connected
        nats.process.start()
        await asyncio.wait_for(bus.ready(), STATE_SECONDS)
        assert bus.connected


async def test_the_plant_is_followed_and_removals_too(bus: Bus) -> None:
    follower = PlantFollower(bus)
    task = asyncio.create_task(follower.follow())
    bucket = await bus.bucket(subjects.PLANT_BUCKET)
    await bucket.put(subjects.asset_key(OVEN.id), encode_asset(OVEN))
    await eventually(lambda: follower.plant.find("berlin/painting/line-1/oven-1") == OVEN)
    await bucket.put(subjects.revoked_key("t1"), b"1")
    await eventually(lambda: follower.revoked == {"t1"})
    await bucket.delete(subjects.asset_key(OVEN.id))
    await eventually(lambda: follower.plant.find(OVEN.id) is None)
    await jobs.end(task)


async def test_what_a_full_read_lacks_is_forgotten_late_and_not_at_all_if_it_comes_again(
    bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "GRACE_SECONDS", 0.2)
    follower = PlantFollower(bus)
    entries = {subjects.asset_key(OVEN.id): encode_asset(OVEN), subjects.revoked_key("t1"): b"1"}
    for key, value in entries.items():
        follower._on_change(key, value)
    follower._on_complete(set())
    assert (follower.plant.find(OVEN.id), follower.revoked) == (OVEN, {"t1"}), "its data was deleted, nobody removed it"
    follower._on_change(subjects.revoked_key("t1"), b"1")
    await eventually(lambda: follower.plant.find(OVEN.id) is None, what="what nobody publishes any more is forgotten")
    assert follower.revoked == {"t1"}


async def test_a_follower_reads_anew_when_a_change_passed_it_by(bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    passed_by, asked, reads = 0, [], []

    async def revision(bucket: KeyValue) -> int:
        asked.append(passed_by)
        return await last_revision(bucket) + passed_by

    last_revision = buckets.last_revision
    monkeypatch.setattr(bus_module, "RECONCILE_SECONDS", 0.05)
    monkeypatch.setattr(buckets, "last_revision", revision)
    bucket = await bus.bucket(subjects.PLANT_BUCKET)
    await bucket.put("asset.one", b"1")
    await bucket.delete("asset.one")
    await bucket.put("asset.two", b"2")
    task = asyncio.create_task(bus.follow(subjects.PLANT_BUCKET, lambda *_: None, reads.append))
    await eventually(lambda: len(asked) == 2, what="asked twice")
    assert reads == [{"asset.two"}]
    passed_by = 1
    await eventually(lambda: len(reads) > 1, what="read anew")
    await jobs.end(task)
