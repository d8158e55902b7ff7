"""A broker that is not ours, and forgets: Mosquitto as it is without a configuration. What it loses is told.

nats-server, the default broker, is killed, stopped, frozen, cut off and wiped in the other stories of this folder;
Mosquitto with the configuration Andon ships has its own in tests/test_mosquitto.py and tests/test_taking_turns.py.
"""

import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import time_ns

import aiomqtt
import orjson
import pytest

from andon.common.servers.process import ServerProcess, find_program
from andon.common.testing.factory import Factory
from andon.common.testing.ports import free_port, is_open
from andon.common.testing.waiting import eventually
from soak.plant import ODD, PLANT

pytestmark = pytest.mark.timeout(180)

WAITING = 50


@pytest.fixture
def forgetful(tmp_path: Path) -> Iterator[tuple[ServerProcess, int]]:
    """Mosquitto with the defaults: it keeps nothing on disk."""
    port, config = free_port(), tmp_path / "mosquitto.conf"
    config.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n")
    command = [find_program("mosquitto", "ANDON_MOSQUITTO"), "-c", str(config)]
    process = ServerProcess("mosquitto", command, tmp_path / "mosquitto.log", lambda: is_open(port))
    process.start()
    yield process, port
    process.stop()


@asynccontextmanager
async def asleep(pid: int) -> AsyncIterator[None]:
    """A process that does nothing for a while."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


async def test_what_a_killed_mosquitto_forgot_is_told(tmp_path: Path, forgetful: tuple[ServerProcess, int]) -> None:
    mosquitto, port = forgetful
    environment = {"ANDON_INGEST_MQTT_URL": f"mqtt://127.0.0.1:{port}", "ANDON_INGEST_MQTT_VERSION": "5"}
    async with Factory(tmp_path / "andon", environment=environment) as factory:
        await factory.apply_plant(PLANT)
        async with asleep(factory.pid("ingest")):
            async with aiomqtt.Client("127.0.0.1", port) as device:
                for number in range(WAITING):
                    message = {"ts": time_ns() // 10**6 + number, "values": {"number": number}}
                    await device.publish(f"factory/{ODD}", orjson.dumps(message), qos=1)
            mosquitto.kill()
            mosquitto.start()

        async def told() -> list[str]:
            ledger = await factory.call("GET", "/api/ingest/v1/ledger")
            return [problem for problem in ledger["problems"] if "forgot" in problem]

        async def named() -> bool:
            return "forgot" in str((await factory.http.get("/readyz")).json()["sick"])

        await eventually(told, what="the ledger tells of it")
        await eventually(named, what="health tells of it")
