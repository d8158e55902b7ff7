"""The live feed over real WebSockets: subscribing, scope, pace, and clients that talk nonsense."""

import asyncio
from typing import Any

from andon.common import metrics, subjects
from andon.common.bus import Bus
from andon.common.reading import Reading
from andon.common.testing.machines import a_machine
from andon.common.testing.waiting import eventually

from .conftest import (
    MS,
    NOW,
    OVEN,
    PRESS,
    ROBOT,
    QueryForTest,
    S,
    hear,
    hear_close,
    hear_samples,
    hear_until,
    is_ready,
    publish,
    put_assets,
    running,
    say,
)

TEMPERATURE = f"{PRESS.path}/temperature"


def sample(path: str, value: Any, *, at: int = NOW, quality: str = "good") -> list[Any]:
    """A sample as it is heard."""
    return [path, at // MS, value, quality]


async def known(query: QueryForTest, under: str) -> None:
    """Wait until the newest value of something is there."""

    async def there() -> bool:
        return bool((await query.get("/latest", under=under))["items"])

    await eventually(there, what=f"{under} is known")


async def test_first_the_newest_of_all_then_what_comes(query: QueryForTest, bus: Bus) -> None:
    await publish(bus, Reading("p1", NOW, {"temperature": 1.0, "state": "RUN"}, {"temperature": "uncertain"}))
    await known(query, "p1")
    async with query.live("berlin", max_hz=20) as socket:
        assert await hear_samples(socket) == [
            sample(TEMPERATURE, 1.0, quality="uncertain"),
            sample(f"{PRESS.path}/state", "RUN"),
        ]
        await publish(bus, Reading("o1", NOW, {"temperature": 9.0}))
        await publish(bus, Reading("r3", NOW, {"running": True}), Reading("p1", NOW + S, {"temperature": 2.0}))
        assert sorted(await hear_until(socket, sample(TEMPERATURE, 2.0, at=NOW + S))) == [
            sample(TEMPERATURE, 2.0, at=NOW + S),
            sample(f"{ROBOT.path}/running", True),
        ]


async def test_a_late_value_is_not_shown_as_new(query: QueryForTest, bus: Bus) -> None:
    async with query.live("", max_hz=20) as socket:
        await hear(socket)
        await publish(bus, Reading("p1", NOW, {"temperature": 2.0}))
        assert await hear_samples(socket) == [sample(TEMPERATURE, 2.0)]
        await publish(bus, Reading("p1", NOW - S, {"temperature": 1.0}), Reading("r3", NOW, {"temperature": 3.0}))
        assert await hear_samples(socket) == [sample(f"{ROBOT.path}/temperature", 3.0)]


async def test_machines_and_sensors_by_path_or_id_together(query: QueryForTest, bus: Bus) -> None:
    async with query.live("p1/temperature", f"{PRESS.path}/state", "r3", OVEN.path, max_hz=20) as socket:
        await hear(socket)
        values = {"temperature": 1.0, "running": True, "state": "RUN"}
        await publish(bus, *(Reading(machine, NOW, dict(values)) for machine in ("p1", "r3", "o1")))
        heard = {path for path, *_ in await hear_samples(socket)}
        assert heard == {
            TEMPERATURE,
            f"{PRESS.path}/state",
            *(f"{machine.path}/{key}" for machine in (ROBOT, OVEN) for key in values),
        }


async def test_a_new_subscription_replaces_the_old_one_at_once_however_slow_that_was(
    query: QueryForTest, bus: Bus
) -> None:
    await publish(bus, Reading("p1", NOW, {"temperature": 1.0}), Reading("o1", NOW, {"temperature": 2.0}))
    await known(query, "o1")
    async with query.live("p1", max_hz=0.1) as socket:
        assert await hear_samples(socket) == [sample(TEMPERATURE, 1.0)]
        await say(socket, op="subscribe", under=["lyon"], max_hz=20)
        async with asyncio.timeout(5):
            assert await hear_samples(socket) == [sample(f"{OVEN.path}/temperature", 2.0)]
        await publish(bus, Reading("p1", NOW + S, {"temperature": 3.0}), Reading("o1", NOW + S, {"temperature": 4.0}))
        assert await hear_samples(socket) == [sample(f"{OVEN.path}/temperature", 4.0, at=NOW + S)]
        await say(socket, op="subscribe", under=[])
        assert await hear_samples(socket) == []
        assert query.hall.audience.by_machine == {}


async def test_what_is_added_is_heard_beside_the_rest_and_begins_with_its_newest(query: QueryForTest, bus: Bus) -> None:
    await publish(bus, *(Reading(machine, NOW, {"temperature": 1.0, "state": "RUN"}) for machine in ("p1", "o1")))
    await known(query, "o1")
    async with query.live("p1/temperature", max_hz=20) as socket:
        assert await hear_samples(socket) == [sample(TEMPERATURE, 1.0)]
        await say(socket, op="subscribe", under=["lyon", "nowhere"], add=True)
        frames = [await hear(socket), await hear(socket)]
        (said,) = (one["detail"] for one in frames if "detail" in one)
        assert said.startswith("There is no sensor, machine or node 'nowhere' that you may see; GET /api/registry")
        (heard,) = (one["samples"] for one in frames if "samples" in one)
        assert {path for path, *_ in heard} == {f"{OVEN.path}/temperature", f"{OVEN.path}/state"}
        await say(socket, op="subscribe", under=["p1"], add=True)
        assert await hear_samples(socket) == [sample(f"{PRESS.path}/state", "RUN")], (
            "what was heard already is not told"
        )
        await publish(bus, *(Reading(machine, NOW + S, {"temperature": 2.0}) for machine in ("r3", "p1", "o1")))
        assert {path for path, *_ in await hear_samples(socket)} == {TEMPERATURE, f"{OVEN.path}/temperature"}


async def test_what_is_taken_away_falls_silent_by_list_and_by_subtree(query: QueryForTest, bus: Bus) -> None:
    async with query.live("berlin", "o1/temperature", "o1/state", max_hz=20) as socket:
        await hear(socket)
        await say(socket, op="unsubscribe", under=[f"{OVEN.path}/state", "berlin/painting", TEMPERATURE])
        assert await hear_samples(socket) == []
        values = {"temperature": 1.0, "running": True, "state": "RUN"}
        await publish(bus, *(Reading(machine, NOW, dict(values)) for machine in ("r3", "p1", "o1")))
        heard = {path for path, *_ in await hear_samples(socket)}
        assert heard == {f"{PRESS.path}/running", f"{PRESS.path}/state", f"{OVEN.path}/temperature"}
        await say(socket, op="unsubscribe", under=["", "nowhere"])
        assert await hear_samples(socket) == []
        assert query.hall.audience.by_machine == {}


async def test_between_two_frames_only_the_newest_of_each_sensor_is_kept(query: QueryForTest, bus: Bus) -> None:
    before = metrics.LIVE_CONFLATED._value.get()
    async with query.live("berlin", max_hz=2) as socket:
        await hear(socket)
        for i in range(200):
            await publish(bus, Reading("p1", NOW + i * MS, {"temperature": float(i)}))
        heard = await hear_until(socket, sample(TEMPERATURE, 199.0, at=NOW + 199 * MS))
    values = [value for _, _, value, _ in heard]
    assert values == sorted(set(values))
    assert metrics.LIVE_CONFLATED._value.get() - before == 200 - len(values) > 0


async def test_whoever_wants_every_value_gets_every_value(query: QueryForTest, bus: Bus) -> None:
    async with query.live("p1", every=True, max_hz=20) as socket:
        await hear(socket)
        for i in range(0, 300, 3):
            await publish(bus, *(Reading("p1", NOW + j * MS, {"temperature": float(j)}) for j in range(i, i + 3)))
        heard = await hear_until(socket, sample(TEMPERATURE, 299.0, at=NOW + 299 * MS))
        assert [value for _, _, value, _ in heard] == list(range(300))
        await publish(bus, Reading("p1", NOW - S, {"temperature": -1.0}))
        assert await hear_samples(socket) == [sample(TEMPERATURE, -1.0, at=NOW - S)], "late ones too"


async def test_nobody_hears_beyond_their_part_of_the_plant(query: QueryForTest, bus: Bus) -> None:
    await publish(bus, *(Reading(machine, NOW, {"temperature": 1.0}) for machine in ("p1", "r3", "o1")))
    await known(query, "o1")
    async with query.live("", "berlin", "o1", TEMPERATURE, scope="berlin/painting", max_hz=20) as socket:
        frames = [await hear(socket), await hear(socket)]
        (said,) = [frame["detail"] for frame in frames if frame.get("op") == "error"]
        for name in ("o1", TEMPERATURE):
            assert f"There is no sensor, machine or node '{name}'" in said
        (heard,) = [frame["samples"] for frame in frames if "samples" in frame]
        assert heard == [sample(f"{ROBOT.path}/temperature", 1.0)]
        await publish(bus, *(Reading(machine, NOW + S, {"temperature": 2.0}) for machine in ("p1", "o1", "r3")))
        assert await hear_samples(socket) == [sample(f"{ROBOT.path}/temperature", 2.0, at=NOW + S)]


async def test_a_machine_that_moves_out_of_sight_falls_silent_and_a_new_one_is_heard(
    query: QueryForTest, bus: Bus
) -> None:
    async with query.live("berlin", scope="berlin", max_hz=20) as socket:
        await hear(socket)
        await put_assets(bus, a_machine("lyon/body/line-1/press-1", id="p1"), a_machine("berlin/new/line-1/m", id="m"))
        await eventually(lambda: query.hall.plant.find("m"), what="the plant has changed")
        await publish(bus, Reading("p1", NOW, {"temperature": 1.0}), Reading("m", NOW, {"temperature": 2.0}))
        assert await hear_until(socket, sample("berlin/new/line-1/m/temperature", 2.0)) == [
            sample("berlin/new/line-1/m/temperature", 2.0)
        ]
        await (await bus.bucket(subjects.PLANT_BUCKET)).delete(subjects.asset_key("m"))
        await eventually(lambda: "m" not in query.hall.audience.by_machine, what="a removed one is let go")


NONSENSE = {
    "hello": "JSON is malformed",
    "[]": "Expected `object`, got `array`",
    '{"op":"dance"}': "Invalid value 'dance' - at `$.op`",
    '{"op":"subscribe"}': "missing required field `under`",
    '{"op":"subscribe","under":"berlin"}': "Expected `array`, got `str` - at `$.under`",
    '{"op":"subscribe","under":[1]}': "Expected `str`, got `int` - at `$.under[0]`",
    '{"op":"subscribe","under":[],"max_hz":0}': "`float` >= 0.1 - at `$.max_hz`",
    '{"op":"subscribe","under":[],"max_hz":"fast"}': "Expected `float | null`, got `str`",
    '{"op":"subscribe","under":[' + ",".join(['""'] * 1001) + "]}": "length <= 1000",
    '{"op":"subscribe","under":["' + "x" * 513 + '"]}': "length <= 512",
    '{"op":"unsubscribe"}': "missing required field `under`",
    '{"op":"unsubscribe","under":"berlin"}': "Expected `array`, got `str` - at `$.under`",
    '{"op":"subscribe","under":[],"add":1}': "Expected `bool`, got `int` - at `$.add`",
    '{"op":"subscribe","under":["nowhere"]}': "There is no sensor, machine or node 'nowhere'",
    '{"op":"subscribe","under":[],"x":' + "[" * 30_000: "JSON is nested too deeply",
}


async def test_nonsense_is_answered_and_the_connection_stays(query: QueryForTest, bus: Bus) -> None:
    async with query.live("p1", max_hz=20) as socket:
        await hear(socket)
        for message, says in NONSENSE.items():
            await socket.send(message)
            answer = await hear(socket)
            while "samples" in answer:
                answer = await hear(socket)
            assert answer["op"] == "error", message[:80]
            assert says in answer["detail"], message[:80]
        await socket.send(b"\xff\xfe{")
        await say(socket, op="subscribe", under=["p1"], max_hz=1e300)
        await publish(bus, Reading("p1", NOW, {"temperature": 1.0}))
        heard: list[Any] = []
        while sample(TEMPERATURE, 1.0) not in heard:
            heard += (await hear(socket)).get("samples", [])


async def test_many_wrong_names_make_one_short_answer(query: QueryForTest) -> None:
    async with query.live(*(f"n{i}" for i in range(1000))) as socket:
        frames = [await hear(socket), await hear(socket)]
        (said,) = [frame["detail"] for frame in frames if "detail" in frame]
        assert said.endswith("; and 990 more")


async def test_a_message_too_large_ends_the_connection(query: QueryForTest) -> None:
    async with query.live("") as socket:
        await socket.send("x" * 70_000)
        assert await hear_close(socket) == 1009


async def test_when_the_service_stops_clients_are_told_to_come_back(neighbours: None, plant: None) -> None:
    async with running() as query:
        await eventually(lambda: is_ready(query), what="the plant is known")
        socket = await query.connect().__aenter__()
        await say(socket, op="auth", token=query.token())
        await say(socket, op="subscribe", under=[""])
        await hear(socket)
    assert await hear_close(socket) == 1012
