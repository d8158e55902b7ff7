"""Stories of readings on their way from the broker to InfluxDB, over real servers."""

import json
from time import time_ns

from nats.js.errors import NotFoundError

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.errors import Reason
from andon.common.influx import Influx
from andon.common.plant import Asset, Sensor, encode_asset
from andon.common.reading import NS_PER_MS
from andon.common.testing.brokers import BrokerForTest
from andon.common.testing.fixtures import InfluxForTest, NatsForTest
from andon.common.testing.waiting import eventually
from andon.ingest.deadletters.deadletters import DeadLetters
from andon.ingest.deadletters.letters import Filter
from andon.ingest.pipeline import Pipeline

TOPIC = "factory/berlin/painting/line-1/robot-3"
NOW_MS = time_ns() // NS_PER_MS


def at(number: int, **values: object) -> str:
    """A message of its own instant."""
    return json.dumps({"ts": NOW_MS + number, "values": values or {"temperature": number}})


async def stored(influx: Influx, key: str = "temperature") -> list[object]:
    (series,) = await influx.query(f'SELECT "{key}" FROM robot')
    return [row[1] for s in series for row in s.rows if row[1] is not None]


async def devices_may_come_in(bus: Bus) -> bool:
    """Whether ingest has said that the broker keeps a session for it."""
    try:
        await (await bus.bucket(subjects.INTAKE_BUCKET)).get(subjects.INTAKE_SESSION_KEY)
    except NotFoundError:
        return False
    return True


async def test_readings_reach_the_store(pipeline: Pipeline, influx: Influx, nats_as_broker: BrokerForTest) -> None:
    async with nats_as_broker.device() as device:
        for number in range(300):
            await device.publish(TOPIC, at(number), qos=1)
        await device.publish(f"{TOPIC}/state", "RUN", qos=1)
        await device.publish(TOPIC, at(1000, moving=True), qos=0)

    async def all_there() -> bool:
        others = (await stored(influx, "state"), await stored(influx, "moving"))
        return len(await stored(influx)) == 300 and others == (["RUN"], [True])

    await eventually(all_there)
    assert await stored(influx) == [float(n) for n in range(300)]
    assert pipeline.intake.session.trouble == ""


async def test_what_a_device_doubts_is_stored_with_its_doubt(
    pipeline: Pipeline, influx: Influx, nats_as_broker: BrokerForTest
) -> None:
    doubts = ('"bad"', '{"torque": "uncertain"}', '"good"')
    async with nats_as_broker.device() as device:
        for number, said in enumerate(doubts):
            payload = f'{{"ts": {NOW_MS + number}, "values": {{"temperature": 1, "torque": 2}}, "quality": {said}}}'
            await device.publish(TOPIC, payload, qos=1)

    async def told() -> bool:
        (found,) = await influx.query("SELECT temperature, temperature__quality, torque, torque__quality FROM robot")
        rows = [row[1:] for series in found for row in series.rows]
        return rows == [[1, "bad", 2, "bad"], [1, None, 2, "uncertain"], [1, None, 2, None]]

    await eventually(told)


async def test_what_cannot_be_used_is_a_dead_letter_and_neighbours_are_stored(
    pipeline: Pipeline, bus: Bus, influx: Influx, nats_as_broker: BrokerForTest, deadletters: DeadLetters
) -> None:
    async with nats_as_broker.device() as device:
        await device.publish(TOPIC, b"\xff{", qos=1)
        await device.publish(TOPIC, at(1, temperature=5, colour=7), qos=1)
        await device.publish("factory/berlin", "5", qos=1)
        await device.publish(TOPIC, at(2), qos=1)

    async def letters() -> bool:
        items, _ = await deadletters.page(Filter(), limit=10, cursor=None)
        return {i.reason for i in items} == {Reason.MALFORMED, Reason.UNKNOWN_SENSOR, Reason.BAD_TOPIC}

    await eventually(letters)
    items, following = await deadletters.page(Filter(reason=Reason.MALFORMED), limit=10, cursor=None)
    assert (items[0].payload, items[0].encoding, items[0].source, following) == ("/3s=", "base64", TOPIC, None)

    async def both() -> bool:
        return await stored(influx) == [5.0, 2.0]

    await eventually(both)
    assert pipeline.publisher.trouble.why == ""


async def test_dead_letters_come_in_pages(
    pipeline: Pipeline, bus: Bus, nats_as_broker: BrokerForTest, deadletters: DeadLetters
) -> None:
    async with nats_as_broker.device() as device:
        for number in range(25):
            await device.publish(TOPIC, b"bad %d" % number, qos=1)

    async def all_there() -> bool:
        return len((await deadletters.page(Filter(), limit=50, cursor=None))[0]) == 25

    await eventually(all_there)
    seen, cursor = [], None
    while True:
        items, cursor = await deadletters.page(Filter(), limit=10, cursor=cursor)
        seen += [i.payload for i in items]
        if cursor is None:
            break
    assert sorted(seen) == sorted(f"bad {n}" for n in range(25))
    assert pipeline.publisher.trouble.why == ""


async def test_a_line_the_store_refuses_is_found_and_its_neighbours_are_stored(
    pipeline: Pipeline, bus: Bus, influx: Influx, nats_as_broker: BrokerForTest, deadletters: DeadLetters
) -> None:
    assert (await influx.write(b'robot,asset=old torque="text"')).stored
    async with nats_as_broker.device() as device:
        for number in range(40):
            await device.publish(
                TOPIC, at(number, **({"torque": 1} if number == 17 else {"temperature": number})), qos=1
            )

    async def refused() -> bool:
        items, _ = await deadletters.page(Filter(reason=Reason.STORE_REFUSED), limit=10, cursor=None)
        return len(items) == 1 and '"torque":1.0' in items[0].payload and "conflict" in items[0].detail

    await eventually(refused)

    async def others() -> bool:
        return len(await stored(influx)) == 39

    await eventually(others)
    assert pipeline.store.trouble.why == ""


async def test_a_store_that_is_away_gets_everything_when_it_is_back(
    pipeline: Pipeline, influx: Influx, influxdb: InfluxForTest, nats_as_broker: BrokerForTest
) -> None:
    influxdb.process.kill()
    async with nats_as_broker.device() as device:
        for number in range(100):
            await device.publish(TOPIC, at(number), qos=1)
        await eventually(lambda: pipeline.store.trouble.why)
        influxdb.process.start()

    async def all_there() -> bool:
        return len(await stored(influx)) == 100

    await eventually(all_there)
    await eventually(lambda: pipeline.store.trouble.why == "")


async def test_a_killed_backbone_costs_nothing_the_broker_had(
    pipeline: Pipeline, influx: Influx, nats: NatsForTest, nats_as_broker: BrokerForTest
) -> None:
    async with nats_as_broker.device() as device:
        for number in range(100):
            await device.publish(TOPIC, at(number), qos=1)
            if number == 50:
                nats.process.kill()
        await eventually(lambda: not pipeline.bus.connected)
        nats.process.start()

    async def all_there() -> bool:
        return len(await stored(influx)) == 100

    await eventually(all_there, timeout=30)
    assert await stored(influx) == [float(n) for n in range(100)]


async def test_an_intake_that_was_away_collects_what_the_broker_kept(
    bus: Bus, influx: Influx, plant: Asset, broker: BrokerForTest
) -> None:
    assert plant
    async with Pipeline.build(bus=bus, influx=influx, broker=broker.settings).running():
        await eventually(lambda: devices_may_come_in(bus))
    async with broker.device() as device:
        for number in range(50):
            await device.publish(TOPIC, at(number), qos=1)
    async with Pipeline.build(bus=bus, influx=influx, broker=broker.settings).running():

        async def all_there() -> bool:
            return len(await stored(influx)) == 50

        await eventually(all_there)


async def test_a_machine_that_is_just_being_added_is_waited_for(
    pipeline: Pipeline, bus: Bus, influx: Influx, nats_as_broker: BrokerForTest
) -> None:
    async with nats_as_broker.device() as device:
        await device.publish("factory/berlin/painting/line-1/robot-4/temperature", "42", qos=1)
        path = "berlin/painting/line-1/robot-4"
        sensors = (Sensor(key="temperature", path=f"{path}/temperature"),)
        asset = Asset("r4", path, "machine", "robot-4", "Robot 4", "robot", sensors=sensors)
        await eventually(lambda: pipeline.intake._parked)
        await (await bus.bucket(subjects.PLANT_BUCKET)).put(subjects.asset_key("r4"), encode_asset(asset))

    async def there() -> bool:
        return await stored(influx) == [42.0]

    await eventually(there)


async def test_retained_values_are_not_taken_for_new_ones(
    bus: Bus, influx: Influx, plant: Asset, broker: BrokerForTest
) -> None:
    assert plant
    async with broker.device() as device:
        await device.publish(f"{TOPIC}/temperature", "1", qos=1, retain=True)
        async with Pipeline.build(bus=bus, influx=influx, broker=broker.settings).running():
            await eventually(lambda: devices_may_come_in(bus))
            await device.publish(f"{TOPIC}/torque", "2", qos=1)

            async def new() -> bool:
                return await stored(influx, "torque") == [2.0]

            await eventually(new)
            assert await stored(influx) == []
