"""The whole service on its own front: it names who is sick, heals, and accounts for everything."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from andon.common.api import create_front
from andon.common.auth import Principal, Role, Tokens
from andon.common.influx import Influx
from andon.common.plant import Asset
from andon.common.testing.brokers import BrokerForTest
from andon.common.testing.fixtures import InfluxForTest, NatsForTest
from andon.common.testing.waiting import eventually
from andon.ingest.app import create_service

TOPIC = "factory/berlin/painting/line-1/robot-3"
SECRET = "a secret of this test, long enough"


@pytest.fixture
async def client(
    nats: NatsForTest,
    influx: Influx,
    plant: Asset,
    nats_as_broker: BrokerForTest,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[httpx.AsyncClient]:
    """The service, running, and an engineer who asks it."""
    assert plant
    monkeypatch.setenv("ANDON_NATS_URL", nats.settings.url)
    monkeypatch.setenv("ANDON_NATS_PASSWORD", nats.settings.password.get_secret_value())
    monkeypatch.setenv("ANDON_INFLUX_URL", influx.settings.url)
    monkeypatch.setenv("ANDON_INGEST_MQTT_URL", nats_as_broker.url)
    monkeypatch.setenv("ANDON_INGEST_MQTT_USERNAME", "")
    monkeypatch.setenv("ANDON_TOKEN_SECRET", SECRET)
    app = create_front(create_service())
    engineer = Principal(id="p1", name="ann", role=Role.ENGINEER, scope="")
    headers = {"Authorization": f"Bearer {Tokens(secret=SECRET).sign(engineer, token_id='t1', lifetime=60)}"}
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://t", headers=headers) as made,
    ):
        await eventually(lambda: ready(made))
        yield made


async def ready(client: httpx.AsyncClient) -> bool:
    return (await client.get("/readyz")).status_code == 200


async def sick(client: httpx.AsyncClient, neighbour: str) -> bool:
    return f"ingest: {neighbour}" in (await client.get("/readyz")).json()["sick"]


async def test_a_sick_neighbour_is_named_until_it_is_well(
    client: httpx.AsyncClient, nats: NatsForTest, influxdb: InfluxForTest, nats_as_broker: BrokerForTest
) -> None:
    for name, process in (
        ("influxdb", influxdb.process),
        ("broker", nats_as_broker.process),
        ("nats", nats.process),
    ):
        process.kill()
        await eventually(lambda name=name: sick(client, name))  # type: ignore[misc]
        process.start()
        await eventually(lambda: ready(client))


async def test_the_ledger_explains_every_message(
    client: httpx.AsyncClient, influx: Influx, nats_as_broker: BrokerForTest
) -> None:
    async with nats_as_broker.device() as device:
        for number in range(50):
            payload = "{" if number % 10 == 0 else json.dumps({"values": {"temperature": number}})
            await device.publish(TOPIC, payload, qos=1)

    async def ledger() -> dict[str, Any]:
        view: dict[str, Any] = (await client.get("/api/ingest/v1/ledger")).json()
        assert [line["stored"] for line in view["items"]] == [45]
        return view

    view = await eventually(ledger)
    [found], [line] = view["instances"], view["items"]
    assert (view["balanced"], view["problems"], view["unexplained"], view["lost"]) == (True, [], 0, 0)
    assert (line["received"], line["published"], line["dead_lettered"], line["in_flight"]) == (50, 45, 5, 0)
    [machine] = (await client.get("/api/ingest/v1/ledger/machines", params={"under": "berlin"})).json()["items"]
    assert (machine["machine"], machine["stored"], machine["missing"]) == (TOPIC.removeprefix("factory/"), 45, None)
    (series,) = await influx.query('SELECT "temperature" FROM robot')
    assert len(series[0].rows) == 45, "messages that name no time do not overwrite each other"
    assert (found["unexplained"], found["intake"]["received"], found["intake"]["dead_lettered"]) == (0, 50, 5)
    assert found["intake"]["published"] == found["intake"]["readings"] == found["store"]["received"] == 45
