"""What the simulator's tests share: the demo plant, and a plain MQTT broker that can be killed."""

import asyncio
import json
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError

import aiomqtt
import pytest

from andon.common import jobs
from andon.common.servers.process import ServerProcess, find_program
from andon.common.testing.fixtures import NatsForTest
from andon.common.testing.ports import free_port
from andon.common.topics import INTAKE_FILTER
from andon.simulator.plant_file import PlantFile, demo_plant_text, parse_plant
from andon.simulator.settings import Broker

CONFIG = """
server_name: test
listen: "127.0.0.1:{port}"
http: "127.0.0.1:{monitor}"
jetstream {{ store_dir: "{store}", max_file_store: 1GB }}
mqtt {{ listen: "127.0.0.1:{mqtt}", max_ack_pending: 20000 }}
"""


Hear = Callable[[], AbstractAsyncContextManager[list[Any]]]


@pytest.fixture(scope="session")
def plant() -> PlantFile:
    return parse_plant(demo_plant_text())


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[NatsForTest]:
    """nats-server as an open MQTT broker: kill its process and start it again, with the same ports and data."""
    port, monitor, mqtt = free_port(), free_port(), free_port()
    config = tmp_path / "nats.conf"
    config.write_text(CONFIG.format(port=port, monitor=monitor, mqtt=mqtt, store=tmp_path / "store"))

    def ready() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{monitor}/healthz", timeout=1) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    command = [find_program("nats-server", "ANDON_NATS_SERVER"), "-c", str(config)]
    process = ServerProcess("nats-server", command, tmp_path / "nats.log", ready)
    process.start()
    yield NatsForTest(process, {}, port, mqtt, monitor)
    process.stop()


@pytest.fixture
def address(broker: NatsForTest) -> Broker:
    return Broker("127.0.0.1", broker.mqtt_port)


@pytest.fixture
def hear(broker: NatsForTest) -> Hear:
    """`async with hear() as messages`: everything that is published meanwhile, as (topic, message)."""

    @asynccontextmanager
    async def listening() -> AsyncIterator[list[Any]]:
        messages: list[Any] = []
        client = aiomqtt.Client("127.0.0.1", broker.mqtt_port, identifier="listener", clean_session=False, timeout=5)

        async def collect() -> None:
            async for message in client.messages:
                messages.append((str(message.topic), json.loads(bytes(message.payload))))  # noqa: PERF401 - seen at once

        async with client:
            await client.subscribe(INTAKE_FILTER, qos=1)
            task = asyncio.create_task(collect())
            yield messages
            await jobs.end(task)

    return listening
