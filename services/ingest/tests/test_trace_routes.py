"""The route of tracing: what came by other ways than MQTT, and who may ask."""

import json
from collections.abc import AsyncIterator
from time import time_ns
from typing import Any

import httpx
import msgspec
import pytest
from msgspec import structs

from andon.common import subjects
from andon.common.api import create_front
from andon.common.auth import Principal, Role, Tokens
from andon.common.bus import Bus
from andon.common.errors import Reason
from andon.common.plant import Asset, Plant, encode_asset
from andon.common.reading import NS_PER_MS, Reading
from andon.common.testing.brokers import BrokerForTest
from andon.common.testing.fixtures import InfluxForTest, NatsForTest
from andon.common.testing.waiting import all_acknowledged, eventually
from andon.common.times import ns_to_iso
from andon.common.wire import DeadLetter, encode_deadletter
from andon.ingest.app import create_http_service
from andon.ingest.deadletters.letters import STORE
from andon.ingest.pipeline import Pipeline
from andon.ingest.trace import raws, trace

PATH = "berlin/painting/line-1/robot-3"
TOPIC = f"factory/{PATH}"
NOW_MS = time_ns() // NS_PER_MS
SECRET = "a secret of this test, long enough"


def token(scope: str = "") -> dict[str, str]:
    """Header of an operator, who may send readings."""
    someone = Principal(id="p1", name="ann", role=Role.OPERATOR, scope=scope)
    signed = Tokens(secret=SECRET).sign(someone, token_id="t1", lifetime=3600)
    return {"Authorization": f"Bearer {signed}"}


def engineer() -> dict[str, str]:
    """Header of an engineer, who may import and replay."""
    eve = Principal(id="p2", name="eve", role=Role.ENGINEER)
    return {"Authorization": f"Bearer {Tokens(secret=SECRET).sign(eve, token_id='t2', lifetime=3600)}"}


@pytest.fixture
async def client(
    nats: NatsForTest, influxdb: InfluxForTest, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    """The routes beside the pipeline, as on one machine."""
    monkeypatch.setenv("ANDON_NATS_URL", nats.settings.url)
    monkeypatch.setenv("ANDON_NATS_PASSWORD", nats.settings.password.get_secret_value())
    monkeypatch.setenv("ANDON_INFLUX_URL", influxdb.settings.url)
    monkeypatch.setenv("ANDON_TOKEN_SECRET", SECRET)
    app = create_front(create_http_service())
    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://t") as client:

        async def knows_the_plant() -> bool:
            answer = await client.get(ROUTE, params={"sensor": f"{PATH}/torque", "ts": "1"}, headers=token())
            return "no such value" in answer.text

        await eventually(knows_the_plant)
        yield client


ROUTE = "/api/ingest/v1/trace"


async def test_what_came_by_http_leads_to_who_sent_it(client: httpx.AsyncClient) -> None:
    sent = {"asset": PATH, "ts": NOW_MS, "values": {"temperature": 71.3}, "note": "gauge cleaned before"}
    assert (await client.post("/api/ingest/v1/readings", json=sent, headers=token())).status_code == 202

    async def there() -> dict[str, Any]:
        asked = {"sensor": "r3/temperature", "ts": str(NOW_MS)}
        answer = await client.get(ROUTE, params=asked, headers=token("berlin"))
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        assert found["value"] == 71.3
        return found

    found = await eventually(there)
    (item,) = found["items"]
    assert (item["source"], item["by"], item["devices"], item["topic"]) == ("http", "ann", [], "")
    assert (json.loads(item["payload"]), item["rule"]) == (sent, "POST /api/ingest/v1/readings")
    assert item["note"] == "gauge cleaned before"


async def test_what_came_by_http_is_shown_byte_by_byte(client: httpx.AsyncClient) -> None:
    first = b'{ "values" : {"temperature": 1.50e1},  "asset":"%b", "ts":%d }' % (PATH.encode(), NOW_MS)
    second = b'{"asset": "r3","values":{"torque":0.20e2 }, "quality": "bad" , "ts":%d}' % NOW_MS
    for body in (first + b"\n", b" [ %b ,\n %b]" % (first, second)):
        assert (await client.post("/api/ingest/v1/readings", content=body, headers=token())).status_code == 202

    async def there(key: str, number: int) -> list[str]:
        answer = await client.get(ROUTE, params={"sensor": f"r3/{key}", "ts": str(NOW_MS)}, headers=token())
        payloads = [item["payload"] for item in answer.json().get("items", [])]
        assert len(payloads) == number, answer.text
        return payloads

    assert await eventually(lambda: there("temperature", 2)) == [first.decode(), first.decode() + "\n"]
    assert await eventually(lambda: there("torque", 1)) == [second.decode()]


async def test_files_of_one_sensor_each_and_one_clock_are_each_found(
    client: httpx.AsyncClient, pipeline: Pipeline, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raws, "PIECE", 1)
    monkeypatch.setattr(trace, "SLACK", 0)
    now = {"asset": PATH, "values": {"moving": True}}
    assert (await client.post("/api/ingest/v1/readings", json=now, headers=token())).status_code == 202
    for key in ("temperature", "torque"):
        file = "\n".join([f"time,{key}", *(f"{1_600_000_000 + second},{second}" for second in range(500))])
        asked = {"asset": PATH, "name": f"{key}.csv"}
        answer = await client.post("/api/ingest/v1/imports", content=file, params=asked, headers=engineer())
        url = f"/api/ingest/v1/imports/{answer.json()['id']}"

        async def done(url: str = url) -> bool:
            return bool((await client.get(url, headers=engineer())).json()["state"] == "done")

        await eventually(done, timeout=60)
    for key in ("temperature", "torque"):

        async def there(key: str = key) -> dict[str, Any]:
            answer = await client.get(ROUTE, params={"sensor": f"{PATH}/{key}", "ts": "1600000123000"}, headers=token())
            assert answer.status_code == 200, answer.text
            found: dict[str, Any] = answer.json()
            return found

        found = await eventually(there)
        (item,) = found["items"]
        assert (found["value"], item["source"], item["topic"]) == (123.0, "import", f"{key}.csv")


async def test_what_influxdb_had_refused_is_shown_as_people_write_a_reading(
    client: httpx.AsyncClient, bus: Bus, pipeline: Pipeline
) -> None:
    refused = msgspec.json.encode(Reading("r3", NOW_MS * NS_PER_MS, {"torque": 3.5}, {"torque": "bad"}))
    letter = DeadLetter(Reason.STORE_REFUSED, "no", STORE, refused, len(refused), time_ns())
    await bus.publish(subjects.deadletter(letter.reason), encode_deadletter(letter), msg_id="1")
    as_written = {
        "asset": PATH,
        "ts": ns_to_iso(NOW_MS * NS_PER_MS),
        "values": {"torque": 3.5},
        "quality": {"torque": "bad"},
    }
    listed = await client.get("/api/ingest/v1/deadletters", headers=engineer())
    assert json.loads(listed.json()["items"][0]["payload"]) == as_written
    assert (await client.get("/api/ingest/v1/deadletters/1/payload", headers=engineer())).json() == as_written
    answer = await client.post("/api/ingest/v1/deadletters/1/replay", headers=engineer())
    assert answer.json()["replayed"] == 1

    async def there() -> dict[str, Any]:
        answer = await client.get(ROUTE, params={"sensor": "r3/torque", "ts": str(NOW_MS)}, headers=token())
        assert answer.status_code == 200, answer.text
        item: dict[str, Any] = answer.json()["items"][0]
        return item

    item = await eventually(there)
    assert (json.loads(item["payload"]), item["source"], item["topic"]) == (as_written, "replay", "")


@pytest.mark.parametrize(
    ("asked", "headers", "status"),
    [
        ({"sensor": f"{PATH}/torque", "ts": "1"}, {}, 401),
        ({"sensor": f"{PATH}/torque", "ts": "1"}, token("munich"), 404),
        ({"sensor": f"{PATH}/colour", "ts": "1"}, token(), 404),
        ({"sensor": 'x" OR 1=1 --/torque', "ts": "1"}, token(), 404),
        ({"sensor": f"{PATH}/torque", "ts": "yesterday"}, token(), 422),
        ({"sensor": f"{PATH}/torque", "ts": "9999-01-01"}, token(), 422),
        ({"sensor": f"{PATH}/torque", "ts": "-5"}, token(), 422),
        ({"sensor": f"{PATH}/torque"}, token(), 422),
    ],
)
async def test_who_may_not_ask_or_asks_for_nothing_is_told(
    client: httpx.AsyncClient, asked: dict[str, str], headers: dict[str, str], status: int
) -> None:
    answer = await client.get(ROUTE, params=asked, headers=headers)
    assert answer.status_code == status
    assert answer.json()["detail"]


async def test_a_replayed_dead_letter_leads_to_the_message_it_was(
    client: httpx.AsyncClient, pipeline: Pipeline, bus: Bus, robot: Asset, nats_as_broker: BrokerForTest
) -> None:
    payload = json.dumps({"ts": NOW_MS, "values": {"temperature": 1, "colour": 7}})
    async with nats_as_broker.device() as device:
        await device.publish(TOPIC, payload, qos=1)
    await eventually(lambda: pipeline.tally.published == 1 and pipeline.tally.in_hand == 0)
    await eventually(lambda: all_acknowledged(bus, subjects.STORE_DURABLE))
    await pipeline.publisher.keeper.finish()
    mended = Plant()
    colour = structs.replace(robot.sensors[0], key="colour", path=f"{PATH}/colour")
    mended.put(structs.replace(robot, sensors=(*robot.sensors, colour)))
    await (await bus.bucket(subjects.PLANT_BUCKET)).put(
        subjects.asset_key(robot.id), encode_asset(mended.machines()[0])
    )
    headers = engineer()

    async def replayed() -> bool:
        answer = await client.post("/api/ingest/v1/deadletters/replay", json={}, headers=headers)
        return bool(answer.json()["replayed"])

    await eventually(replayed)

    async def there() -> dict[str, Any]:
        answer = await client.get(ROUTE, params={"sensor": f"{PATH}/colour", "ts": str(NOW_MS)}, headers=token())
        found: dict[str, Any] = answer.json()
        assert len(found.get("items", [])) == 2, answer.text
        return found

    found = await eventually(there)
    newest, first = found["items"]
    assert found["value"] == 7.0
    assert (newest["source"], newest["payload"], newest["topic"], newest["value"]) == ("replay", payload, TOPIC, 7.0)
    assert (first["source"], newest["counts"], first["counts"]) == ("mqtt", True, False)
