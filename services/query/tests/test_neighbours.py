"""Neighbours that are missing, die, hang and come back: said, survived, healed."""

from signal import SIGCONT, SIGSTOP

import pytest

from andon.common.bus import Bus
from andon.common.influx import Influx
from andon.common.reading import Reading
from andon.common.testing.fixtures import InfluxForTest, NatsForTest
from andon.common.testing.machines import store
from andon.common.testing.waiting import eventually

from .conftest import MS, NOW, PRESS, ROBOT, QueryForTest, S, hear, hear_until, publish, running

TEMPERATURE = f"{PRESS.path}/temperature"
SPAN = {"from": NOW // MS, "to": NOW // MS + 3_600_000}


async def readiness(query: QueryForTest) -> tuple[int, dict[str, str]]:
    """Status of /readyz, and who is sick."""
    answer = await query.http.get("/readyz")
    return answer.status_code, answer.json()["sick"]


async def test_it_starts_alone_and_says_what_is_missing(environment: None) -> None:
    async with running() as query:
        assert (await query.http.get("/healthz")).status_code == 200
        status, sick = await readiness(query)
        assert (status, set(sick)) == (503, {"query: nats", "query: influxdb"})
        for path in ("/latest", f"/series?sensor={TEMPERATURE}", f"/stats?sensor={TEMPERATURE}"):
            status, detail = await query.refusal(path)
            assert (status, "is nats-server running?" in detail) == (503, True), path
        async with query.live("") as socket:
            assert (await hear(socket))["samples"] == []


async def test_nats_killed_and_back(query: QueryForTest, bus: Bus, nats: NatsForTest, influx: Influx) -> None:
    async with query.live("berlin", max_hz=20) as socket:
        await hear(socket)
        await publish(bus, Reading("p1", NOW, {"temperature": 1.0}))
        await hear_until(socket, [TEMPERATURE, NOW // MS, 1.0, "good"])
        nats.process.kill()
        await eventually(lambda: sick_alone(query, "query: nats"), what="the loss is seen")
        assert (await query.get("/latest", under=TEMPERATURE))["items"][0]["value"] == 1.0
        assert (await query.get("/series", sensor=TEMPERATURE, **SPAN))["points"] == []
        await store(influx, ROBOT, Reading("r3", NOW, {"temperature": 5.0}))
        nats.process.start()
        await eventually(lambda: is_well(query), what="healed")
        missed = [f"{ROBOT.path}/temperature", NOW // MS, 5.0, "good"]
        assert missed in await hear_until(socket, missed), "what came meanwhile is recalled"
        await bus.ready()
        await publish(bus, Reading("p1", NOW + S, {"temperature": 2.0}))
        await hear_until(socket, [TEMPERATURE, NOW // MS + 1000, 2.0, "good"])


async def test_influxdb_killed_and_back(query: QueryForTest, bus: Bus, influx: Influx, influxdb: InfluxForTest) -> None:
    await store(influx, PRESS, Reading("p1", NOW, {"temperature": 1.0}))
    influxdb.process.kill()
    await eventually(lambda: sick_alone(query, "query: influxdb"), what="the loss is seen")
    status, detail = await query.refusal("/series", sensor=TEMPERATURE, **SPAN)
    assert (status, detail.startswith("InfluxDB does not answer")) == (503, True)
    async with query.live("berlin", max_hz=20) as socket:
        await publish(bus, Reading("p1", NOW + S, {"temperature": 2.0}))
        await hear_until(socket, [TEMPERATURE, NOW // MS + 1000, 2.0, "good"])
    influxdb.process.start()
    await eventually(lambda: is_well(query), what="healed")
    assert (await query.get("/series", sensor=TEMPERATURE, **SPAN))["points"] == [[NOW // MS, 1]]


async def test_a_question_that_takes_too_long_ends_with_advice(
    query: QueryForTest, influxdb: InfluxForTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = influxdb.process.process
    assert process is not None
    process.send_signal(SIGSTOP)
    try:
        with monkeypatch.context() as patch:
            patch.setattr("andon.common.history.history.ASK_SECONDS", 0.3)
            status, detail = await query.refusal("/series", sensor=[TEMPERATURE] * 20, **SPAN)
        with monkeypatch.context() as patch:  # each answer in time, and all of them together not
            patch.setattr("andon.query.series.series.ASK_SECONDS", 0.3)
            all_in_all = await query.refusal("/series", sensor=TEMPERATURE, **SPAN)
    finally:
        process.send_signal(SIGCONT)
    assert (status, detail) == (
        503,
        "InfluxDB has not answered within 0.3 s; ask for a shorter range or fewer sensors",
    )
    assert all_in_all == (503, "The answer was not there within 0.3 s; ask for a shorter range or fewer sensors")
    assert len((await query.get("/series", sensor=[TEMPERATURE] * 20, **SPAN))["items"]) == 20


async def sick_alone(query: QueryForTest, neighbour: str) -> bool:
    status, sick = await readiness(query)
    return status == 503 and set(sick) == {neighbour}


async def is_well(query: QueryForTest) -> bool:
    return (await readiness(query))[0] == 200
