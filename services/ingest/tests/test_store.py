"""Store: acknowledged only when InfluxDB has it, whatever InfluxDB does meanwhile."""

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from time import time_ns

import msgspec
import pytest
from msgspec.structs import replace
from nats.js.api import ConsumerInfo

from andon.common.bus import Bus, open_bus
from andon.common.errors import Reason
from andon.common.influx import Influx
from andon.common.influx.retention import DAY
from andon.common.plant import Asset, Earlier, Plant
from andon.common.reading import Reading
from andon.common.service import background
from andon.common.settings import InfluxSettings
from andon.common.subjects import STORE_DURABLE, TELEMETRY, telemetry
from andon.common.testing.fixtures import InfluxForTest, NatsForTest
from andon.common.testing.influx_sink import InfluxSink
from andon.common.testing.waiting import all_acknowledged, eventually
from andon.common.wire import Batch, encode_batch
from andon.ingest import store as module
from andon.ingest.deadletters.deadletters import DeadLetters, DeadLetterView
from andon.ingest.deadletters.letterbox import Letterbox
from andon.ingest.deadletters.letters import Filter
from andon.ingest.ledger.tally import Tally
from andon.ingest.publish import Publisher
from andon.ingest.store import Store

T0 = 1_763_900_000_000_000_000


@asynccontextmanager
async def storing(bus: Bus, settings: InfluxSettings, robot: Asset, partition: int = 0) -> AsyncIterator[Store]:
    """A store at work on a plant of one robot; it ends as a killed one would, without a word."""
    plant = Plant()
    plant.put(robot)
    async with aclosing(Influx(settings)) as influx:
        store = Store(bus, influx, plant, Publisher(bus), Tally(), partition=partition)
        async with background(("store", store.run())):
            yield store


@pytest.fixture
async def sink() -> AsyncIterator[InfluxSink]:
    """A stand-in for InfluxDB."""
    async with InfluxSink() as made:
        yield made


async def send(bus: Bus, *numbers: int, key: str = "temperature", asset: str = "r3") -> None:
    """One batch of readings, one for each number."""
    readings = [Reading(asset, T0 + n, {key: float(n)}) for n in numbers]
    await bus.publish(telemetry(0), encode_batch(Batch(T0, readings)), msg_id=f"{asset}-{key}-{numbers[0]}")


async def consumer(bus: Bus) -> ConsumerInfo:
    info: ConsumerInfo = await bus.js.consumer_info(TELEMETRY, STORE_DURABLE)
    return info


async def waiting(bus: Bus) -> int:
    """Batches that are not acknowledged."""
    info = await consumer(bus)
    return (info.num_pending or 0) + (info.num_ack_pending or 0)


async def letters(bus: Bus) -> list[DeadLetterView]:
    return (await DeadLetters(Letterbox(bus), Plant()).page(Filter(), limit=50, cursor=None))[0]


def value_of(line: bytes) -> int:
    """The number a line carries, before the word of when it came."""
    return round(float(line.split(b" ")[1].split(b",")[0].split(b"=")[1]))


async def test_failures_are_waited_out_and_nothing_is_given_to_another(
    bus: Bus, sink: InfluxSink, robot: Asset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ACK_WAIT", 1.0)
    monkeypatch.setattr(module, "STILL_HERE", 0.2)
    sink.answer = lambda _: (503, "compacting") if len(sink.writes) < 6 else (204, "")
    for number in range(10):
        await send(bus, number)
    async with storing(bus, sink.settings, robot) as store:
        await eventually(lambda: "503" in store.trouble.why and "compacting" in store.trouble.why)
        assert await waiting(bus) == 10, "nothing is acknowledged before InfluxDB has it"
        await eventually(lambda: all_acknowledged(bus, STORE_DURABLE))
        assert store.trouble.why == ""
    assert sorted(map(value_of, sink.stored)) == list(range(10))
    delivered = (await consumer(bus)).delivered
    assert delivered is not None
    assert delivered.consumer_seq == delivered.stream_seq, "the stream took nobody for dead"


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 502])
async def test_every_failure_that_may_pass_is_tried_again(
    bus: Bus, sink: InfluxSink, robot: Asset, status: int
) -> None:
    sink.answer = lambda _: (status, "not now") if len(sink.writes) < 2 else (204, "")
    await send(bus, 1, 2, 3)
    async with storing(bus, sink.settings, robot):
        await eventually(lambda: len(sink.stored) == 3)
        await eventually(lambda: all_acknowledged(bus, STORE_DURABLE))
    assert await letters(bus) == []


async def test_a_database_that_is_missing_is_made_each_time(bus: Bus, sink: InfluxSink, robot: Asset) -> None:
    sink.answer = lambda _: (404, "database not found") if len(sink.writes) < 3 else (204, "")
    await send(bus, 1)
    async with storing(bus, sink.settings, robot):
        await eventually(lambda: all_acknowledged(bus, STORE_DURABLE))
    assert sink.queries == 3, "it may be dropped again while the write is tried"


async def test_a_write_that_is_too_large_is_halved_until_it_fits(bus: Bus, sink: InfluxSink, robot: Asset) -> None:
    sink.answer = lambda body: (413, "too large") if body.count(b"\n") >= 10 else (204, "")
    await send(bus, *range(100))
    async with storing(bus, sink.settings, robot) as store:
        await eventually(lambda: all_acknowledged(bus, STORE_DURABLE))
        assert store._tally.stored == 100
    assert sorted(map(value_of, sink.stored)) == list(range(100))
    assert await letters(bus) == []


async def test_exactly_the_lines_that_are_refused_become_dead_letters(bus: Bus, sink: InfluxSink, robot: Asset) -> None:
    bad = {3, 4, 57}
    sink.answer = lambda body: (400, "partial write: no") if bad & set(map(value_of, body.split(b"\n"))) else (204, "")
    await send(bus, *range(100))
    async with storing(bus, sink.settings, robot) as store:
        await eventually(lambda: all_acknowledged(bus, STORE_DURABLE))
        tally = store._tally
        assert (tally.store_received, tally.stored, tally.store_dead_lettered) == (100, 97, 3)
    assert set(map(value_of, sink.stored)) == set(range(100)) - bad
    found = await letters(bus)
    assert {int(msgspec.json.decode(letter.payload)["values"]["temperature"]) for letter in found} == bad
    assert {(letter.reason, letter.detail) for letter in found} == {(Reason.STORE_REFUSED, "partial write: no")}


async def test_a_past_that_is_kept_no_longer_is_refused_in_few_writes(bus: Bus, sink: InfluxSink, robot: Asset) -> None:
    """A device that comes back with the values of last year must not cost the others a write for each of them."""

    def answer(body: bytes) -> tuple[int, str]:
        times = [int(line.rpartition(b" ")[2]) for line in body.split(b"\n")]
        old = sum(at < T0 + 500 for at in times)
        return (400, f'{{"error":"partial write: points beyond retention policy dropped={old}"}}') if old else (204, "")

    sink.answer = answer
    await send(bus, *(number for pair in zip(range(500), range(500, 1000), strict=True) for number in pair))
    async with storing(bus, sink.settings, robot) as store:
        await eventually(lambda: all_acknowledged(bus, STORE_DURABLE))
        assert (store._tally.stored, store._tally.store_dead_lettered) == (500, 500)
    assert sorted(map(value_of, sink.stored)) == list(range(500, 1000))
    assert len(sink.writes) < 10


async def test_a_value_older_than_is_kept_is_a_dead_letter_that_says_so(
    bus: Bus, influxdb: InfluxForTest, robot: Asset
) -> None:
    async with aclosing(Influx(influxdb.settings)) as influx:
        await influx.ensure_database(keep=2 * DAY)
        now = time_ns()
        times = [now, now - 3 * DAY, now - DAY, T0, now - 1]
        said = [Reading("r3", at, {"temperature": float(n)}) for n, at in enumerate(times)]
        await bus.publish(telemetry(0), encode_batch(Batch(0, said)), msg_id="old")
        async with storing(bus, influxdb.settings, robot):
            await eventually(lambda: all_acknowledged(bus, STORE_DURABLE))
        ((series,),) = await influx.query("SELECT temperature FROM robot")
        assert [value for _, value in series.rows] == [2, 4, 0]
    found = await letters(bus)
    assert {msgspec.json.decode(letter.payload)["values"]["temperature"] for letter in found} == {1, 3}
    assert {letter.reason for letter in found} == {Reason.STORE_REFUSED}
    assert all(letter.detail.startswith("older than InfluxDB keeps values: partial write: ") for letter in found)


async def test_what_cannot_be_written_leaves_the_rest_alone(bus: Bus, sink: InfluxSink, robot: Asset) -> None:
    await bus.publish(telemetry(0), b"\xc1 no batch", msg_id="bad")
    await send(bus, 1, asset="gone")
    await send(bus, 2)
    async with storing(bus, sink.settings, robot):
        await eventually(lambda: all_acknowledged(bus, STORE_DURABLE))
    assert list(map(value_of, sink.stored)) == [2]
    assert {letter.reason for letter in await letters(bus)} == {Reason.UNREADABLE_BATCH, Reason.UNKNOWN_ASSET}


async def test_what_a_killed_store_had_taken_comes_to_the_next(
    bus: Bus, sink: InfluxSink, robot: Asset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ACK_WAIT", 0.5)
    sink.answer = lambda _: (500, "no")
    await send(bus, 1, 2, 3)
    async with storing(bus, sink.settings, robot) as store:
        await eventually(lambda: store.trouble.why)
    sink.answer = lambda _: (204, "")
    async with storing(bus, sink.settings, robot):
        await eventually(lambda: all_acknowledged(bus, STORE_DURABLE))
    assert sorted(set(map(value_of, sink.stored))) == [1, 2, 3]


async def test_a_quiet_end_finishes_what_is_begun_and_gives_the_rest_back(
    bus: Bus, sink: InfluxSink, robot: Asset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ACK_WAIT", 60.0)  # too long for this test, were it waited for
    for number in range(30):
        await send(bus, number)
    async with storing(bus, sink.settings, robot) as store:
        await eventually(lambda: sink.stored)
        await store.finish()
    async with storing(bus, sink.settings, robot):
        await eventually(lambda: all_acknowledged(bus, STORE_DURABLE))
    assert sorted(set(map(value_of, sink.stored))) == list(range(30))


async def test_what_was_said_last_of_one_instant_is_written_last(
    bus: Bus, sink: InfluxSink, robot: Asset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WRITE_LINES", 3)
    sink.answer = lambda _: (503, "busy") if len(sink.writes) % 3 == 0 else (204, "")
    for number in range(60):
        batch = encode_batch(Batch(T0, [Reading("r3", T0, {"temperature": float(number)})]))
        await bus.publish(telemetry(0), batch, msg_id=f"{number}")
    async with storing(bus, sink.settings, robot):
        await eventually(lambda: all_acknowledged(bus, STORE_DURABLE))
    assert list(map(value_of, sink.stored)) == list(range(60))


async def test_each_partition_has_a_store_and_none_is_left_out(
    nats: NatsForTest, sink: InfluxSink, robot: Asset
) -> None:
    async with open_bus(nats.settings.model_copy(update={"partitions": 2}), "test") as bus:
        await bus.ready()
        for partition in range(12):  # as they were before there were only two
            batch = encode_batch(Batch(T0, [Reading("r3", T0 + partition, {"temperature": float(partition)})]))
            await bus.publish(telemetry(partition), batch, msg_id=f"{partition}")
        async with storing(bus, sink.settings, robot, partition=1):
            await eventually(lambda: len(sink.stored) == 6)
            assert sorted(map(value_of, sink.stored)) == [1, 3, 5, 7, 9, 11]
            async with storing(bus, sink.settings, robot, partition=0):
                await eventually(lambda: len(sink.stored) == 12)
    assert sorted(map(value_of, sink.stored)) == list(range(12))


async def test_an_influxdb_killed_under_load_costs_nothing(
    bus: Bus, influx: Influx, influxdb: InfluxForTest, robot: Asset
) -> None:
    async with storing(bus, influxdb.settings, robot):
        for number in range(60):
            await send(bus, *range(number * 50, number * 50 + 50))
            if number in (10, 40):
                influxdb.process.kill()
                influxdb.process.start()
        patience = 60  # a write that the killed one had taken is given up by its client after 30 s
        await eventually(lambda: all_acknowledged(bus, STORE_DURABLE), timeout=patience)
    ((series,),) = await influx.query('SELECT "temperature" FROM robot')
    assert [row[1] for row in series.rows] == [float(n) for n in range(3000)]
    assert await letters(bus) == []


async def test_an_influxdb_that_is_away_at_the_start_is_waited_for(
    bus: Bus, influx: Influx, influxdb: InfluxForTest, robot: Asset
) -> None:
    influxdb.process.stop()
    await send(bus, 1, 2, 3)
    async with storing(bus, influxdb.settings, robot) as store:
        await eventually(lambda: store.trouble.why)
        influxdb.process.start()
        await eventually(lambda: all_acknowledged(bus, STORE_DURABLE))
        assert store.trouble.why == ""
    ((series,),) = await influx.query('SELECT "temperature" FROM robot')
    assert [row[1] for row in series.rows] == [1, 2, 3]


async def test_what_is_calculated_says_nothing_of_when_it_came(bus: Bus, sink: InfluxSink, robot: Asset) -> None:
    late = T0 + 3600 * 10**9
    async with storing(bus, sink.settings, robot):
        for calculated, key in ((False, "temperature"), (True, "torque")):
            batch = Batch(late, [Reading("r3", T0, {key: 1.0})], calculated=calculated)
            await bus.publish(telemetry(0), encode_batch(batch), msg_id=key)
        assert await eventually(lambda: all_acknowledged(bus, STORE_DURABLE))
    by_key = {b"temperature" in line: line for line in sink.stored}
    assert b"__arrived=" in by_key[True]
    assert b"__arrived=" not in by_key[False]


async def test_what_waited_while_its_machine_got_another_type_spoils_no_field_of_it(
    bus: Bus, influx: Influx, influxdb: InfluxForTest, robot: Asset
) -> None:
    """What a press said as text and a robot says as a number; InfluxDB would keep the first datatype for good."""
    now = time_ns()
    waited = [
        Reading("r3", now, {"temperature": "RUN", "torque": 1.0}),
        Reading("r3", now + 1, {"temperature": "RUN", "gone": 1.0}),
        Reading("r3", now + 2, {"torque": 2.0}),
    ]
    await bus.publish(telemetry(0), encode_batch(Batch(now, waited)), msg_id="waited")
    retyped = replace(robot, earlier=(Earlier("press", time_ns()),))
    async with storing(bus, influxdb.settings, retyped) as store:
        await eventually(lambda: all_acknowledged(bus, STORE_DURABLE))
        tally = store._tally
        assert (tally.store_received, tally.stored, tally.store_dead_lettered) == (3, 2, 1), "a part stored is stored"
        later = Batch(time_ns(), [Reading("r3", now + 3, {"temperature": 50.0})])
        await bus.publish(telemetry(0), encode_batch(later), msg_id="later")
        await eventually(lambda: tally.stored == 3)
    (fields,), (stored,) = await influx.query("SHOW FIELD KEYS", "SELECT temperature, torque FROM robot")
    assert sorted(map(tuple, fields.rows)) == [("temperature", "float"), ("torque", "float")]
    assert [row[1:] for row in stored.rows] == [[None, 1.0], [None, 2.0], [50.0, None]]
    found = {tuple(msgspec.json.decode(one.payload)["values"].items()): one for one in await letters(bus)}
    assert set(found) == {(("temperature", "RUN"),), (("temperature", "RUN"), ("gone", 1.0))}
    assert {one.reason for one in found.values()} == {Reason.BAD_VALUE}
    assert all("was given another type before this could be stored" in one.detail for one in found.values())


async def test_what_was_calculated_for_the_type_of_before_is_no_dead_letter(
    bus: Bus, influx: Influx, influxdb: InfluxForTest, robot: Asset
) -> None:
    now = time_ns()
    waited = [Reading("r3", now, {"temperature": 1.0, "gone": 2.0}), Reading("r3", now + 1, {"gone": 3.0})]
    await bus.publish(telemetry(0), encode_batch(Batch(now, waited, calculated=True)), msg_id="calculated")
    async with storing(bus, influxdb.settings, replace(robot, earlier=(Earlier("press", time_ns()),))) as store:
        await eventually(lambda: all_acknowledged(bus, STORE_DURABLE))
        tally = store._tally
        assert (tally.store_received, tally.stored, tally.store_dead_lettered) == (2, 2, 0), "nothing is missing"
    ((stored,),) = await influx.query("SELECT temperature FROM robot")
    assert [row[1:] for row in stored.rows] == [[1.0]]
    assert await letters(bus) == []
