"""Newest values over HTTP: from the feed, from history after a restart, and never back in event time."""

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.influx import Influx
from andon.common.plant import encode_asset
from andon.common.reading import Reading
from andon.common.testing.fixtures import InfluxForTest, NatsForTest
from andon.common.testing.machines import store
from andon.common.testing.waiting import eventually

from .conftest import (
    MACHINES,
    MS,
    NOW,
    OVEN,
    PRESS,
    ROBOT,
    QueryForTest,
    S,
    hear,
    is_ready,
    nodes_above,
    publish,
    running,
)

TEMPERATURE = f"{PRESS.path}/temperature"


async def values(query: QueryForTest, under: str = "", *, scope: str = "") -> dict[str, object]:
    """Sensor path -> newest value."""
    answer = await query.get("/latest", under=under, scope=scope)
    return {item["sensor"]: item["value"] for item in answer["items"]}


async def test_the_newest_of_each_sensor_with_unit_and_quality(query: QueryForTest, bus: Bus) -> None:
    await publish(
        bus,
        Reading("r3", NOW, {"temperature": 70.0, "running": False}),
        Reading("r3", NOW + S, {"temperature": 71.5}, {"temperature": "uncertain"}),
        Reading("p1", NOW, {"state": "RUN"}),
    )
    await eventually(lambda: values(query, PRESS.path), what="the batch has come")
    answer = await query.get("/latest")
    assert answer["items"] == [
        {"sensor": f"{PRESS.path}/state", "ts": NOW // MS, "value": "RUN", "unit": "", "quality": "good"},
        {
            "sensor": f"{ROBOT.path}/temperature",
            "ts": NOW // MS + 1000,
            "value": 71.5,
            "unit": "Cel",
            "quality": "uncertain",
        },
        {"sensor": f"{ROBOT.path}/running", "ts": NOW // MS, "value": False, "unit": "", "quality": "good"},
    ]


async def test_a_node_a_machine_or_a_sensor_by_path_or_id(query: QueryForTest, bus: Bus) -> None:
    every = {"temperature": 1.0, "state": "RUN"}
    await publish(bus, *(Reading(m.id, NOW, dict(every)) for m in MACHINES))
    await eventually(lambda: values(query, "o1"), what="the batch has come")
    for under, machines in {
        "": (PRESS, ROBOT, OVEN),
        "berlin": (PRESS, ROBOT),
        "berlin.painting": (ROBOT,),
        PRESS.path: (PRESS,),
        "p1": (PRESS,),
    }.items():
        assert set(await values(query, under)) == {f"{m.path}/{key}" for m in machines for key in every}, under
    for under in (TEMPERATURE, "p1/temperature"):
        assert await values(query, under) == {TEMPERATURE: 1.0}


async def test_late_and_repeated_values_do_not_push_it_back(query: QueryForTest, bus: Bus) -> None:
    await publish(bus, Reading("p1", NOW, {"temperature": 2.0}), Reading("p1", NOW - S, {"temperature": 1.0}))
    await publish(bus, Reading("p1", NOW - 2 * S, {"temperature": 0.0, "state": "late"}))
    await eventually(lambda: values(query, f"{PRESS.path}/state"), what="the late reading has come")
    assert await values(query, TEMPERATURE) == {TEMPERATURE: 2.0}
    await publish(bus, Reading("p1", NOW, {"temperature": 3.0}, {"temperature": "bad"}))

    async def corrected() -> bool:
        (item,) = (await query.get("/latest", under=TEMPERATURE))["items"]
        return (item["value"], item["quality"], item["ts"]) == (3.0, "bad", NOW // MS)

    await eventually(corrected, what="of two with one event time the later arrival counts")


async def test_the_first_answer_after_a_restart_is_whole(neighbours: None, plant: None, influx: Influx) -> None:
    await store(influx, PRESS, Reading("p1", NOW - S, {"temperature": 1.0, "running": True, "state": 'a "b"'}))
    await store(influx, PRESS, Reading("p1", NOW, {"temperature": 2.0}))
    await store(influx, ROBOT, Reading("r3", NOW - S, {"temperature": 6.0}))
    await store(influx, ROBOT, Reading("r3", NOW, {"temperature": 7.0}, {"temperature": "stale"}))
    await store(influx, OVEN, Reading("o1", NOW - S, {"temperature": 8.0}, {"temperature": "bad"}))
    await store(influx, OVEN, Reading("o1", NOW, {"temperature": 9.0}))
    async with running() as query:
        await eventually(lambda: is_ready(query), what="the plant is known")
        items = (await query.get("/latest"))["items"]
    assert {item["sensor"]: (item["ts"], item["value"], item["quality"]) for item in items} == {
        TEMPERATURE: (NOW // MS, 2, "good"),
        f"{PRESS.path}/running": (NOW // MS - 1000, True, "good"),
        f"{PRESS.path}/state": (NOW // MS - 1000, 'a "b"', "good"),
        f"{ROBOT.path}/temperature": (NOW // MS, 7, "stale"),
        f"{OVEN.path}/temperature": (NOW // MS, 9, "good"),
    }


async def test_a_plant_that_comes_late_brings_its_past_along(
    neighbours: None, plant: None, bus: Bus, influx: Influx
) -> None:
    """The service is up before the registry has said what there is."""
    bucket = await bus.bucket(subjects.PLANT_BUCKET)
    await bus.js.purge_stream(f"KV_{subjects.PLANT_BUCKET}")
    for machine in MACHINES:
        await store(influx, machine, Reading(machine.id, NOW, {"temperature": 7.0}))
    async with running() as query:
        await eventually(lambda: query.get("/latest"), what="the service answers, though nothing is there yet")
        assert (await query.get("/latest"))["items"] == []
        async with query.live("berlin", "o1", max_hz=20) as socket:
            for machine in MACHINES:
                for asset in (*nodes_above(machine), machine):
                    await bucket.put(subjects.asset_key(asset.id), encode_asset(asset))
            whole = {f"{machine.path}/temperature": 7 for machine in MACHINES}

            async def recalled() -> bool:
                return await values(query) == whole

            await eventually(recalled, what="all newest values")
            heard: dict[str, object] = {}
            while heard != whole:
                heard |= {path: value for path, _, value, _ in (await hear(socket)).get("samples", [])}


async def test_nats_that_comes_late_brings_everything(
    neighbours: None, plant: None, influx: Influx, nats: NatsForTest
) -> None:
    await store(influx, PRESS, Reading("p1", NOW, {"temperature": 7.0}))
    nats.process.kill()
    async with running() as query:
        assert (await query.refusal("/latest"))[0] == 503, "not an empty answer: nobody knows the plant yet"
        nats.process.start()
        items: list[object] = []

        async def answers() -> bool:
            answer = await query.http.get("/api/query/v1/latest", headers=query.bearer())
            if answer.status_code == 200:
                items.append(answer.json()["items"])
            return bool(items)

        await eventually(answers, what="the first answer")
        assert items == [[{"sensor": TEMPERATURE, "ts": NOW // MS, "value": 7, "unit": "Cel", "quality": "good"}]], (
            "the first answer is whole"
        )


async def test_without_influxdb_there_is_what_the_feed_brings_and_the_rest_once_it_is_back(
    query: QueryForTest, bus: Bus, influx: Influx, influxdb: InfluxForTest
) -> None:
    await store(influx, ROBOT, Reading("r3", NOW, {"temperature": 7.0}))
    influxdb.process.kill()
    async with running() as started:
        await eventually(lambda: started.get("/latest"), what="the plant is known")
        await publish(bus, Reading("p1", NOW, {"temperature": 1.0}))

        async def only_the_feed() -> bool:
            return (await started.http.get("/readyz")).status_code == 503 and await values(started) == {
                TEMPERATURE: 1.0
            }

        await eventually(only_the_feed, what="the feed's value alone")
        influxdb.process.start()

        async def both() -> bool:
            return await values(started) == {TEMPERATURE: 1.0, f"{ROBOT.path}/temperature": 7}

        await eventually(both, what="recalled")


async def test_a_removed_machine_is_gone_and_comes_back_without_its_past(query: QueryForTest, bus: Bus) -> None:
    await publish(bus, Reading("p1", NOW, {"temperature": 1.0}), Reading("r3", NOW, {"temperature": 1.0}))
    await eventually(lambda: values(query, "p1"), what="the batch has come")
    await (await bus.bucket(subjects.PLANT_BUCKET)).delete(subjects.asset_key("p1"))

    async def gone() -> bool:
        return set(await values(query)) == {f"{ROBOT.path}/temperature"}

    await eventually(gone, what="the machine is gone")
    assert (await query.refusal("/latest", under=PRESS.path))[0] == 404


async def test_everybody_sees_their_part_of_the_plant(query: QueryForTest, bus: Bus) -> None:
    await publish(bus, *(Reading(m.id, NOW, {"temperature": 1.0}) for m in MACHINES))
    await eventually(lambda: values(query, "o1"), what="the batch has come")
    assert set(await values(query, scope="berlin/painting")) == {f"{ROBOT.path}/temperature"}
    assert set(await values(query, "berlin", scope="berlin/painting")) == {f"{ROBOT.path}/temperature"}
    assert (await query.http.get("/api/query/v1/latest")).status_code == 401
    for name in ("lyon", "o1", f"{OVEN.path}/temperature", "o1/temperature"):
        status, detail = await query.refusal("/latest", under=name, scope="berlin/painting")
        assert (status, detail.startswith(f"There is no sensor, machine or node '{name}'")) == (404, True)


async def test_names_that_nothing_has(query: QueryForTest) -> None:
    for under in ("nowhere", "berlin/", "/berlin", "*", "berlin/%", "p1/temperature/x", "' OR 1=1"):
        status, detail = await query.refusal("/latest", under=under)
        assert (status, detail.startswith(f"There is no sensor, machine or node '{under}'")) == (404, True)
