"""What nats-server keeps for MQTT has bounds, in the very configuration that `andon up` runs."""

import asyncio

import pytest
from nats.js.errors import NotFoundError

from andon.common import jobs
from andon.common.mqtt import Broker, Session
from andon.common.testing.fixtures import NatsForTest
from andon.common.testing.waiting import eventually
from andon.common.visit import visit
from andon.ingest.broker.bounds import BOUNDS, bound, keep_bounded


async def limits(nats: NatsForTest, password: str) -> dict[str, int | None]:
    """The size limits of the streams, as intake may see them."""
    async with visit(nats.settings.url, name="test", user="intake", password=password) as nc:
        js = nc.jetstream()
        return {stream: (await js.stream_info(stream)).config.max_bytes for stream in BOUNDS}


async def test_they_are_set_when_intake_has_come(nats: NatsForTest) -> None:
    password = nats.secrets["ANDON_INTAKE_PASSWORD"]
    with pytest.raises(NotFoundError):  # nobody has come: there is nothing to bound, and it is no fault
        await bound(nats.settings.url, "intake", password)
    broker = Broker.at(
        f"mqtt://127.0.0.1:{nats.mqtt_port}", client_id="andon-intake", username="intake", password=password
    )
    session = Session(broker, ("factory/#",), lambda *_: None)
    running = [
        asyncio.create_task(session.keep()),
        asyncio.create_task(keep_bounded(session, nats.settings.url, "intake", password)),
    ]
    wanted = {stream: bounds["max_bytes"] for stream, bounds in BOUNDS.items()}

    async def bounded() -> bool:
        return await limits(nats, password) == wanted

    try:
        await session.subscribed.wait()
        await eventually(bounded, what="retained messages and QoS 2 have bounds")
    finally:
        await jobs.end(*running)
