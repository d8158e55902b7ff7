"""Stories of who wants to know where a value came from."""

import json
from dataclasses import dataclass
from time import time_ns

import pytest
from msgspec import structs

from andon.common import metrics, subjects
from andon.common.bus import Bus, open_bus
from andon.common.devices import Device, Devices, encode_device
from andon.common.errors import NotFoundError, Reason
from andon.common.influx import Influx, line, line_prefix, measurement
from andon.common.plant import Asset, Earlier, Plant, Sensor
from andon.common.reading import NS_PER_MS, Reading
from andon.common.service import background
from andon.common.testing.brokers import BrokerForTest
from andon.common.testing.fixtures import InfluxForTest, NatsForTest
from andon.common.testing.waiting import all_acknowledged, eventually
from andon.common.times import parse_time
from andon.common.wire import DeadLetter
from andon.ingest.bundle import Bundle
from andon.ingest.deadletters.letterbox import Letterbox
from andon.ingest.deadletters.replay import Replay
from andon.ingest.pipeline import Pipeline
from andon.ingest.publish import Publisher
from andon.ingest.trace import raws, search
from andon.ingest.trace import trace as module
from andon.ingest.trace.points import Point, points
from andon.ingest.trace.trace import Trace
from andon.ingest.trace.views import TraceView

TOPIC = "factory/berlin/painting/line-1/robot-3"
PATH = "berlin/painting/line-1/robot-3"
NOW_MS = time_ns() // NS_PER_MS
HOUR_MS = 3_600_000


def at(ts: int, **values: object) -> str:
    return json.dumps({"ts": ts, "values": values})


def iso_ms(text: str) -> int:
    return parse_time(text) // NS_PER_MS


async def settled(bus: Bus, pipeline: Pipeline) -> None:
    """Wait until everything that came is stored and kept."""
    await eventually(lambda: pipeline.tally.published and pipeline.tally.in_hand == 0)
    await eventually(lambda: all_acknowledged(bus, subjects.STORE_DURABLE))
    await pipeline.publisher.keeper.finish()


@pytest.fixture
def trace(bus: Bus, influx: Influx, pipeline: Pipeline) -> Trace:
    """What knows the plant and the devices that the pipeline knows."""
    return Trace(bus, influx, pipeline.follower.plant, pipeline.follower.devices)


async def traced(trace: Trace, robot: Asset, ts: int, key: str = "temperature") -> TraceView:
    sensor = next(s for s in robot.sensors if s.key == key)
    return await trace.find(robot, sensor, ts * NS_PER_MS)


async def test_a_value_leads_to_its_message_and_to_every_hop(
    pipeline: Pipeline, bus: Bus, trace: Trace, robot: Asset, nats_as_broker: BrokerForTest
) -> None:
    gateway = Device("d1", "painting-gateway", "gw", "berlin/painting")
    await (await bus.bucket(subjects.PLANT_BUCKET)).put(subjects.device_key("d1"), encode_device(gateway))
    before = time_ns()
    async with nats_as_broker.device() as device:
        for number in range(200):
            await device.publish(TOPIC, at(NOW_MS + number, temperature=number), qos=1)
            if number == 77:
                await device.publish(TOPIC, b"\xff{", qos=1)
    await settled(bus, pipeline)
    await eventually(lambda: list(pipeline.follower.devices))
    found = await traced(trace, robot, NOW_MS + 77)
    (item,) = found.items
    assert (found.sensor, found.value, found.complete) == (f"{PATH}/temperature", 77.0, True)
    assert item.payload == at(NOW_MS + 77, temperature=77)
    assert (item.topic, item.source, item.value, item.counts) == (TOPIC, "mqtt", 77.0, True)
    assert (item.rule, item.form) == ("factory/{site}/{area}/{line}/{machine}", "JSON object")
    assert (item.devices, item.by, item.names_time) == (["painting-gateway"], "", True)
    assert [hop.name for hop in item.hops] == ["measured", "arrived", "published", "stored"]
    assert all((hop.after_ms or 0) >= 0 for hop in item.hops[2:])
    assert before // NS_PER_MS <= iso_ms(item.hops[1].at) <= iso_ms(item.hops[3].at) <= time_ns() // NS_PER_MS
    raw = await bus.js.get_msg(subjects.TELEMETRY, item.sequence, direct=True)
    assert b"temperature" in (raw.data or b"")


async def test_what_came_hours_late_or_ahead_of_its_time_is_found_as_well(
    pipeline: Pipeline, bus: Bus, trace: Trace, robot: Asset, nats_as_broker: BrokerForTest
) -> None:
    now = time_ns() // NS_PER_MS
    async with nats_as_broker.device() as device:
        for number in range(50):
            await device.publish(TOPIC, at(now - 3 * HOUR_MS + number, temperature=number), qos=1)
            await device.publish(TOPIC, at(now + 300_000 + number, temperature=100 + number), qos=1)
    await settled(bus, pipeline)
    late = await traced(trace, robot, now - 3 * HOUR_MS + 20)
    ahead = await traced(trace, robot, now + 300_000 + 20)
    assert [(i.value, i.hops[1].after_ms or 0) for i in late.items] == [(20.0, pytest.approx(3 * HOUR_MS, rel=0.1))]
    assert [(i.value, i.hops[1].after_ms or 0) for i in ahead.items] == [(120.0, pytest.approx(-300_000, rel=0.3))]


async def test_sensors_of_one_machine_that_come_late_for_one_instant_are_each_found(
    *, pipeline: Pipeline, trace: Trace, robot: Asset, nats_as_broker: BrokerForTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each came at a time of its own, and is looked for there and nowhere else."""
    monkeypatch.setattr(raws, "PIECE", 1)
    monkeypatch.setattr(module, "SLACK", 0)
    late = NOW_MS - 2 * HOUR_MS
    told = ({"moving": True}, {"temperature": 11.5, "moving": False}, {"torque": 5}, {"moving": True}, {"state": "RUN"})
    async with nats_as_broker.device("one") as one, nats_as_broker.device("two") as other:
        for number, values in enumerate(told):
            await (one, other)[number % 2].publish(TOPIC, at(late if number else NOW_MS, **values), qos=1)
            await eventually(lambda: pipeline.tally.published == number + 1)  # noqa: B023
            await settled(pipeline.bus, pipeline)
    for key, value in (("temperature", 11.5), ("torque", 5.0), ("moving", True), ("state", "RUN")):
        found = await traced(trace, robot, late, key)
        assert (found.value, [item.value for item in found.items][:1]) == (value, [value]), key


async def test_what_was_said_as_another_type_is_found_with_what_corrected_it(influx: Influx, robot: Asset) -> None:
    start = (NOW_MS - HOUR_MS) * NS_PER_MS
    bench = structs.replace(robot, type="bench", earlier=(Earlier(measurement(robot), start),))
    again = structs.replace(robot, earlier=(Earlier("bench", start),))
    for machine, value, late in ((robot, 1.0, 0), (bench, 2.0, HOUR_MS)):
        for time in (start, start + NS_PER_MS):
            if machine is robot or time == start:
                said = Reading(robot.id, time, {"temperature": value})
                assert (await influx.write(line(line_prefix(machine), said, time + late * NS_PER_MS))).stored
    corrected, as_it_was = Point(2.0, start + HOUR_MS * NS_PER_MS), Point(1.0, None)
    for machine in (bench, again):
        assert await points(influx, machine, "temperature", start) == [corrected]
        assert await points(influx, machine, "temperature", start + NS_PER_MS) == [as_it_was]


@dataclass(frozen=True)
class Case:
    """A message, and how it is to be told."""

    topic: str
    payload: str
    key: str
    rule: str
    form: str
    value: object
    names_time: bool = False


LIST = f"[{at(NOW_MS - 1, torque=1)}, {at(NOW_MS, torque=2)}]"
CASES = (
    Case(f"{TOPIC}/torque", "7.5", "torque", "/{machine}/{sensor}", "bare value", 7.5),
    Case(f"{TOPIC}/state", "RUN", "state", "/{machine}/{sensor}", "bare text", "RUN"),
    Case(TOPIC, '{"values": {"moving": true}}', "moving", "/{machine}", "JSON object", True),
    Case(TOPIC, LIST, "torque", "/{machine}", "JSON list, reading 2 of 2", 2.0, names_time=True),
)


@pytest.mark.parametrize("case", CASES)
async def test_the_rule_and_the_form_are_told_in_words(
    trace: Trace, influx: Influx, robot: Asset, nats_as_broker: BrokerForTest, case: Case
) -> None:
    async with nats_as_broker.device() as device:
        await device.publish(case.topic, case.payload, qos=1)

    async def there() -> int:
        (found,) = await influx.query(f'SELECT "{case.key}" FROM robot')
        assert found
        return int(found[0].rows[-1][0]) // NS_PER_MS

    found = await traced(trace, robot, await eventually(there), case.key)
    (item,) = found.items
    assert (item.form, item.value, found.value) == (case.form, case.value, case.value)
    assert item.rule.endswith(case.rule)
    assert item.names_time == case.names_time


async def test_of_several_messages_of_one_instant_the_newest_counts_and_all_are_listed(
    pipeline: Pipeline, bus: Bus, trace: Trace, robot: Asset, nats_as_broker: BrokerForTest
) -> None:
    async with nats_as_broker.device() as device:
        for value in (1, 2, 3):
            await device.publish(TOPIC, at(NOW_MS, temperature=value), qos=1)
        await device.publish(TOPIC, at(NOW_MS, torque=9), qos=1)
        await settled(bus, pipeline)
        await device.publish(TOPIC, at(NOW_MS, temperature=4), qos=1)
        await eventually(lambda: pipeline.tally.published == 5)
    await settled(bus, pipeline)
    found = await traced(trace, robot, NOW_MS)
    assert [(item.value, item.counts) for item in found.items] == [
        (4.0, True),
        (3.0, False),
        (2.0, False),
        (1.0, False),
    ]
    assert found.value == 4.0
    other = await traced(trace, robot, NOW_MS, "torque")
    assert [item.value for item in other.items] == [9.0]


async def test_a_message_that_can_no_longer_be_read_is_shown_all_the_same(
    pipeline: Pipeline, bus: Bus, influx: Influx, robot: Asset, nats_as_broker: BrokerForTest
) -> None:
    async with nats_as_broker.device() as device:
        await device.publish(TOPIC, at(NOW_MS, temperature=1), qos=1)
    await settled(bus, pipeline)
    later = Plant()
    later.put(structs.replace(robot, path="berlin/painting/line-2/robot-3"))
    found = await traced(Trace(bus, influx, later, Devices()), robot, NOW_MS)
    assert [(item.value, item.payload) for item in found.items] == [(None, at(NOW_MS, temperature=1))]
    assert found.value == 1.0


async def test_without_influxdb_what_came_in_time_is_found_and_not_called_stored(
    pipeline: Pipeline, trace: Trace, influxdb: InfluxForTest, robot: Asset, nats_as_broker: BrokerForTest
) -> None:
    influxdb.process.kill()
    now = time_ns() // NS_PER_MS
    async with nats_as_broker.device() as device:
        await device.publish(TOPIC, at(now, temperature=1), qos=1)
    await eventually(lambda: pipeline.tally.published == 1)
    await pipeline.publisher.keeper.finish()
    found = await traced(trace, robot, now)
    assert (found.value, [hop.name for hop in found.items[0].hops]) == (None, ["measured", "arrived", "published"])
    with pytest.raises(NotFoundError, match="InfluxDB does not answer"):
        await traced(trace, robot, now - HOUR_MS)
    influxdb.process.start()

    async def stored() -> bool:
        return (await traced(trace, robot, now)).items[0].hops[-1].name == "stored"

    await eventually(stored)


async def test_a_value_that_is_not_there_is_said_so(
    pipeline: Pipeline, bus: Bus, trace: Trace, robot: Asset, nats_as_broker: BrokerForTest
) -> None:
    async with nats_as_broker.device() as device:
        await device.publish(TOPIC, at(NOW_MS, temperature=1), qos=1)
    await settled(bus, pipeline)
    with pytest.raises(NotFoundError, match="no such value is stored"):
        await traced(trace, robot, NOW_MS + 1)
    with pytest.raises(NotFoundError, match="no such value is stored"):
        await traced(trace, robot, NOW_MS, "torque")


async def send_in_turns(pipeline: Pipeline, broker: BrokerForTest, first: int, turns: int) -> None:
    """Twenty messages each turn, kept before the next begins; each of an own millisecond from `first` on."""
    async with broker.device() as device:
        for number in range(20 * turns):
            await device.publish(TOPIC, at(first + number, temperature=number), qos=1)
            if number % 20 == 19:
                await settled(pipeline.bus, pipeline)


async def test_what_is_no_longer_kept_is_told_with_the_reason_and_intake_never_notices(
    pipeline: Pipeline, bus: Bus, trace: Trace, robot: Asset, nats_as_broker: BrokerForTest
) -> None:
    info = await bus.js.stream_info(subjects.RAW)
    info.config.max_bytes = 8000
    await bus.js.update_stream(info.config)
    await send_in_turns(pipeline, nats_as_broker, NOW_MS - HOUR_MS, 8)
    assert (pipeline.tally.published, pipeline.tally.stored) == (160, 160)
    with pytest.raises(NotFoundError, match=r"no longer kept; .* It came at 20"):
        await traced(trace, robot, NOW_MS - HOUR_MS)
    assert (await traced(trace, robot, NOW_MS - HOUR_MS + 159)).items[0].value == 159.0


async def test_without_its_stream_readings_go_on_and_what_was_not_kept_is_counted(
    pipeline: Pipeline, bus: Bus, trace: Trace, robot: Asset, nats_as_broker: BrokerForTest
) -> None:
    await bus.js.delete_stream(subjects.RAW)
    before = metrics.RAW.labels("dropped")._value.get()
    async with nats_as_broker.device() as device:
        for number in range(100):
            await device.publish(TOPIC, at(NOW_MS + number, temperature=number), qos=1)
    await settled(bus, pipeline)
    assert (pipeline.tally.stored, pipeline.tally.in_hand) == (100, 0)
    assert metrics.RAW.labels("dropped")._value.get() == before + 100


async def test_what_a_killed_ingest_had_published_and_not_kept_is_stored_and_said_to_be_not_kept(
    pipeline: Pipeline, bus: Bus, trace: Trace, robot: Asset, nats_as_broker: BrokerForTest
) -> None:
    async with nats_as_broker.device() as device:
        await device.publish(TOPIC, at(NOW_MS - 1, temperature=0), qos=1)
    await settled(bus, pipeline)
    killed, bundle, now = Publisher(bus), Bundle(), time_ns() // NS_PER_MS
    bundle.add([Reading(robot.id, now * NS_PER_MS, {"temperature": 1.0})])
    bundle.keep(bundle.readings[0], TOPIC.encode(), at(now, temperature=1).encode(), time_ns())
    await killed.publish(bundle)
    await settled(bus, pipeline)
    with pytest.raises(NotFoundError, match="was not kept; ingest ended just then"):
        await traced(trace, robot, now)


async def test_messages_are_found_whatever_number_of_partitions_there_was(
    nats: NatsForTest, bus: Bus, influx: Influx, robot: Asset
) -> None:
    plant, arrived = Plant(), time_ns()
    plant.put(robot)
    reading = Reading(robot.id, arrived, {"temperature": 5.0})
    for partitions in (1, 3, 12):
        publisher, bundle = Publisher(bus), Bundle(partitions)
        bundle.add([reading])
        bundle.keep([reading], TOPIC.encode(), b'{"values": {"temperature": 5}}', arrived)
        await publisher.publish(bundle)
        async with background(("keep", publisher.keeper.keep())):
            await publisher.keeper.finish()
    for partitions in (1, 2, 5):
        async with open_bus(nats.settings.model_copy(update={"partitions": partitions}), "other") as other:
            await other.ready()
            found = await traced(Trace(other, influx, plant, Devices()), robot, arrived // NS_PER_MS)
            assert [item.value for item in found.items] == [5.0, 5.0, 5.0]


async def test_a_search_that_would_take_too_long_gives_up_and_says_so(
    pipeline: Pipeline, trace: Trace, robot: Asset, nats_as_broker: BrokerForTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST_BYTES", 100)
    monkeypatch.setattr(raws, "PIECE", 1)
    await send_in_turns(pipeline, nats_as_broker, NOW_MS, 4)
    assert not (await traced(trace, robot, NOW_MS)).complete
    with pytest.raises(NotFoundError, match="the search was given up"):
        await traced(trace, robot, NOW_MS + 79)


async def test_a_calculated_value_names_what_it_follows_from_as_far_as_the_caller_may_see_it(
    bus: Bus, influx: Influx, robot: Asset
) -> None:
    plant, other = Plant(), structs.replace(robot, id="r4", path="berlin/body/line-1/robot-4")
    power = Sensor("power", f"{PATH}/power", expression="torque * 2 + 'berlin/body/line-1/robot-4/torque'")
    torque = Sensor("torque", f"{other.path}/torque")
    plant.put(mine := structs.replace(robot, sensors=(*robot.sensors, power)))
    plant.put(structs.replace(other, sensors=(torque,)))
    await influx.write(line(line_prefix(mine), Reading(mine.id, NOW_MS * NS_PER_MS, {"power": 7.0})))
    trace = Trace(bus, influx, plant, Devices())
    found = await trace.find(mine, power, NOW_MS * NS_PER_MS)
    assert (found.value, found.items, found.expression) == (7.0, [], power.expression)
    assert found.follows_from == [torque.path, f"{PATH}/torque"]
    cut = await trace.find(mine, power, NOW_MS * NS_PER_MS, "berlin/painting")
    assert cut.follows_from == [f"{PATH}/torque"]


async def test_a_dead_letter_of_hours_ago_is_found_where_it_was_replayed(
    *, pipeline: Pipeline, bus: Bus, trace: Trace, robot: Asset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raws, "PIECE", 1)
    came, box = NOW_MS - 2 * HOUR_MS, Letterbox(bus)
    payload = at(came, temperature=4).encode()
    letter = DeadLetter(Reason.UNKNOWN_ASSET, "not there yet", TOPIC, payload, len(payload), came * NS_PER_MS)
    await pipeline.publisher.publish(Bundle(letters=[letter]))
    meanwhile = Bundle()
    for number in range(3):
        readings = [Reading(robot.id, (NOW_MS + number) * NS_PER_MS, {"torque": 1.0})]
        meanwhile.add(readings)
        meanwhile.keep(readings, TOPIC.encode(), b"1", NOW_MS * NS_PER_MS)
        await pipeline.publisher.publish(meanwhile)
        await pipeline.publisher.keeper.finish()
    replay = Replay(bus, box, pipeline.follower.plant, pipeline.publisher.keeper)
    await eventually(lambda: pipeline.follower.plant.find(robot.id))
    assert (await replay.one(1)).replayed == 1
    await eventually(lambda: all_acknowledged(bus, subjects.STORE_DURABLE))
    await pipeline.publisher.keeper.finish()
    (item,) = (await traced(trace, robot, came)).items
    assert (item.source, item.value, iso_ms(item.hops[1].at)) == ("replay", 4.0, came)
