"""Replay: what is mended becomes a reading once, in order, at its own time; all else stays, and says why."""

import asyncio
import json

import msgspec
import pytest

from andon.common.bus import Bus, open_bus
from andon.common.errors import Reason, UnavailableError
from andon.common.plant import Asset, Plant
from andon.common.reading import Reading
from andon.common.subjects import DEADLETTER, TELEMETRY, deadletter
from andon.common.testing.fixtures import NatsForTest
from andon.common.testing.waiting import eventually
from andon.common.wire import Batch, DeadLetter, decode_batch, encode_deadletter
from andon.ingest.deadletters import replay as module
from andon.ingest.deadletters.letterbox import Letterbox
from andon.ingest.deadletters.letters import STORE, Filter
from andon.ingest.deadletters.replay import Replay
from andon.ingest.trace.keep import Keeper

TOPIC = "factory/berlin/painting/line-1/robot-3"
T0 = 1_763_900_000_000_000_000
MISSING = f"there is no machine '{TOPIC.removeprefix('factory/')}' in the plant"


def letter(payload: bytes, at: int, reason: Reason = Reason.UNKNOWN_ASSET, detail: str = MISSING) -> DeadLetter:
    """A letter as intake writes it."""
    return DeadLetter(reason, detail, TOPIC, payload, len(payload), at)


async def post(bus: Bus, *letters: DeadLetter) -> None:
    """Put letters into the stream."""
    for number, item in enumerate(letters):
        await bus.publish(deadletter(item.reason), encode_deadletter(item), msg_id=f"{number}-{item.at}-{item.detail}")


async def batches(bus: Bus) -> list[Batch]:
    """All that TELEMETRY holds, in its order."""
    last = (await bus.js.stream_info(TELEMETRY)).state.last_seq
    raw = [await bus.js.get_msg(TELEMETRY, n, direct=True) for n in range(1, last + 1)]
    return [decode_batch(message.data or b"") for message in raw]


async def readings(bus: Bus) -> list[Reading]:
    return [reading for batch in await batches(bus) for reading in batch.readings]


async def left(bus: Bus) -> int:
    return (await bus.js.stream_info(DEADLETTER)).state.messages


@pytest.fixture
def mended(robot: Asset) -> Plant:
    """The plant with the robot in it."""
    plant = Plant()
    plant.put(robot)
    return plant


@pytest.fixture
def replay(bus: Bus, mended: Plant) -> Replay:
    """A replay for which the robot is there."""
    return Replay(bus, Letterbox(bus), mended, Keeper(bus))


async def test_values_keep_their_order_and_their_times(bus: Bus, replay: Replay) -> None:
    named = json.dumps({"ts": T0 // 10**6 - 5, "values": {"temperature": 7}, "seq": 41}).encode()
    several = json.dumps([{"values": {"torque": 1}}, {"values": {"torque": 2}}]).encode()
    await post(bus, letter(b'{"values": {"temperature": 1}}', T0), letter(named, T0 + 9), letter(several, T0 + 20))
    outcome = await replay.all(Filter())
    assert (outcome.replayed, outcome.still_refused, outcome.next_cursor, await left(bus)) == (3, 0, None, 0)
    assert [(r.time, r.values, r.seq) for r in await readings(bus)] == [
        (T0, {"temperature": 1.0}, None),
        (T0 - 5_000_000, {"temperature": 7.0}, 41),
        (T0 + 20, {"torque": 1.0}, None),
        (T0 + 21, {"torque": 2.0}, None),
    ]
    assert [batch.notes["r3"].extra for batch in await batches(bus) if batch.notes] == [-1], "two were one message"


async def test_a_number_of_mqtt_5_comes_back_too(bus: Bus, replay: Replay) -> None:
    numbered = letter(b'{"values": {"torque": 1}}', T0)
    numbered.seq, numbered.boot = 17, "b1"
    await post(bus, numbered)
    await replay.all(Filter())
    assert [(r.seq, r.boot) for r in await readings(bus)] == [(17, "b1")]


async def test_what_is_still_refused_stays_with_its_new_reason_and_holds_up_nobody(bus: Bus, replay: Replay) -> None:
    bad = [letter(b'{"values": {"oil": 1}}', T0), letter(b"{", T0 + 1), letter(b"{", T0 + 2)]
    await post(bus, *bad, letter(b'{"values": {"torque": 1}}', T0 + 3))
    outcome = await replay.all(Filter())
    assert (outcome.replayed, outcome.still_refused, await left(bus)) == (1, 3, 3)
    told = [(r.id, r.reason, r.count) for r in outcome.refused]
    assert told == [("1", Reason.UNKNOWN_SENSOR, 1), ("2", Reason.MALFORMED, 2)]
    assert "no sensor 'oil'" in outcome.refused[0].detail
    assert [r.values for r in await readings(bus)] == [{"torque": 1.0}]


async def test_of_a_letter_mended_in_part_that_part_is_used_and_the_letter_stays(bus: Bus, replay: Replay) -> None:
    payload = b'{"values": {"torque": 1, "oil": 2}}'
    same = "'berlin/painting/line-1/robot-3' has no sensor 'oil'"
    await post(bus, letter(payload, T0), letter(payload, T0 + 1, Reason.UNKNOWN_SENSOR, same))
    outcome = await replay.all(Filter())
    assert (outcome.replayed, outcome.still_refused, await left(bus)) == (0, 2, 2)
    assert [r.time for r in await readings(bus)] == [T0], "of the second nothing was mended, and it was used before"


async def test_a_dry_run_counts_and_changes_nothing(bus: Bus, replay: Replay) -> None:
    await post(bus, letter(b'{"values": {"torque": 1}}', T0), letter(b"{", T0))
    outcome = await replay.all(Filter(), dry_run=True)
    assert (outcome.replayed, outcome.still_refused) == (1, 1)
    assert (await left(bus), await readings(bus)) == (2, [])


async def test_only_what_matches_is_tried(bus: Bus, replay: Replay) -> None:
    await post(bus, *(letter(b'{"values": {"torque": %d}}' % n, T0 + n) for n in range(4)))
    assert (await replay.all(Filter(parts=("munich", "")))).replayed == 0
    assert (await replay.all(Filter(start=T0 + 1, end=T0 + 3))).replayed == 2
    assert (await replay.one(4)).replayed == 1
    assert (await replay.one(4)).replayed == 0
    assert [r.values["torque"] for r in await readings(bus)] == [1.0, 2.0, 3.0]


async def test_what_was_refused_for_security_never_becomes_a_reading(bus: Bus, replay: Replay) -> None:
    await post(bus, letter(b'{"values": {"torque": 1}}', T0, Reason.FORBIDDEN, "dropped"))
    for outcome in (await replay.all(Filter()), await replay.one(1)):
        assert (outcome.replayed, outcome.refused[0].reason) == (0, Reason.FORBIDDEN)
        assert "wider scope" in outcome.refused[0].detail
    assert (await left(bus), await readings(bus)) == (1, [])


async def test_they_are_tried_by_their_arrival_whatever_their_number(bus: Bus, replay: Replay) -> None:
    await post(bus, *(letter(b'{"values": {"torque": %d}}' % n, T0 + n) for n in (2, 0, 1)))
    assert (await replay.all(Filter())).replayed == 3
    assert [r.values["torque"] for r in await readings(bus)] == [0.0, 1.0, 2.0]


async def test_a_call_is_bounded_and_the_next_one_goes_on(
    bus: Bus, replay: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_AT_ONCE", 4)
    good = [letter(b'{"values": {"torque": %d}}' % n, T0 + n) for n in range(7)]
    await post(bus, letter(b"{", T0), *good, letter(b"[", T0))
    calls, after = 0, 0
    while True:
        outcome = await replay.all(Filter(), after=after)
        calls += 1
        if outcome.next_cursor is None:
            break
        after = int(outcome.next_cursor)
    assert (calls, await left(bus)) == (3, 2)
    assert [r.values["torque"] for r in await readings(bus)] == [float(n) for n in range(7)]


async def test_two_at_once_publish_nothing_twice(bus: Bus, nats: NatsForTest, replay: Replay, mended: Plant) -> None:
    """Neither in one process, where they wait for each other, nor in two, where JetStream knows the copies."""
    await post(bus, *(letter(b'{"values": {"torque": %d}}' % n, T0 + n) for n in range(200)))
    async with open_bus(nats.settings, "another") as other:
        await other.ready()
        elsewhere = Replay(other, Letterbox(other), mended, Keeper(other))
        outcomes = await asyncio.gather(*(r.all(Filter()) for r in (replay, elsewhere, replay)))
    assert (sum(o.replayed for o in outcomes), sum(o.still_refused for o in outcomes)) == (200, 0)
    assert [r.values["torque"] for r in await readings(bus)] == [float(n) for n in range(200)]
    assert await left(bus) == 0


async def test_a_letter_leaves_only_when_jetstream_has_its_readings(bus: Bus, replay: Replay) -> None:
    info = await bus.js.stream_info(TELEMETRY)
    room = info.config.max_bytes
    info.config.max_bytes = 100
    await bus.js.update_stream(info.config)
    await post(bus, letter(b'{"values": {"torque": 1}}', T0))
    with pytest.raises(UnavailableError):
        await replay.all(Filter())
    assert await left(bus) == 1
    info.config.max_bytes = room
    await bus.js.update_stream(info.config)
    assert (await replay.all(Filter())).replayed == 1
    assert len(await readings(bus)) == 1


async def test_a_replay_survives_the_backbone(bus: Bus, nats: NatsForTest, replay: Replay) -> None:
    await post(bus, letter(b'{"values": {"torque": 1}}', T0))
    nats.process.kill()
    await eventually(lambda: not bus.connected)
    with pytest.raises(UnavailableError):
        await replay.all(Filter())
    nats.process.start()
    await bus.ready()
    assert (await replay.all(Filter())).replayed == 1


async def test_what_the_store_could_not_write_is_a_reading_again(bus: Bus, replay: Replay) -> None:
    kept = Reading("r3", T0, {"torque": 1.0, "state": "RUN", "moving": True}, {"torque": "bad"}, 5, "b")
    imported = Reading("r3", 40_000_000 * 10**9, {"torque": 2.0})
    gone = Reading("gone", T0, {"torque": 1.0})
    refused = ((kept, Reason.STORE_REFUSED), (gone, Reason.UNKNOWN_ASSET), (imported, Reason.STORE_REFUSED))
    for number, (reading, reason) in enumerate(refused):
        data = msgspec.json.encode(reading)
        await post(bus, DeadLetter(reason, "no", STORE, data, len(data), T0 + 10 + number))
    outcome = await replay.all(Filter())
    assert (outcome.replayed, [r.reason for r in outcome.refused]) == (2, [Reason.UNKNOWN_ASSET])
    assert await readings(bus) == [kept, imported]


async def test_half_a_megabyte_of_readings_comes_back_whole(bus: Bus, replay: Replay) -> None:
    said = [{"ts": T0 // 10**6 + n, "values": {"temperature": n, "torque": n, "state": "x" * 50}} for n in range(5500)]
    await post(bus, letter(json.dumps(said).encode(), T0))
    assert (await replay.all(Filter())).replayed == 1
    found = await readings(bus)
    assert [r.values["torque"] for r in found] == [float(n) for n in range(5500)]
    parts = await batches(bus)
    assert len(parts) > 1
    assert sum(note.extra for part in parts for note in part.notes.values()) == 1 - 5500, "it was one message"
