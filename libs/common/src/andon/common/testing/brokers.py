"""MQTT brokers of a test's own, open to everybody: nats-server, and Mosquitto as the one that is not ours."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiomqtt

from andon.common.mqtt import Broker
from andon.common.mqtt.packets import Version
from andon.common.servers.process import ServerProcess, find_program
from andon.common.testing.ports import free_port, is_open

NATS = """
server_name: broker
listen: "127.0.0.1:{spare}"
jetstream {{ store_dir: "{folder}/broker", max_file_store: 1GB }}
mqtt {{ listen: "127.0.0.1:{port}", ack_wait: "2s", max_ack_pending: 8192 }}
"""
MOSQUITTO = """
listener {port} 127.0.0.1
allow_anonymous true
user root
persistence true
persistence_location {folder}/
autosave_interval 1
autosave_on_changes true
max_inflight_messages 0
max_queued_messages 100000
sys_interval 1
"""


@dataclass
class BrokerForTest:
    """A running broker: `process` can be killed and started again on the same port and data."""

    process: ServerProcess
    port: int
    version: Version
    store: Path

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"mqtt://127.0.0.1:{self.port}"

    @property
    def settings(self) -> Broker:
        """How a session reaches it."""
        return Broker.at(self.url, client_id="andon-intake", username="", password="", version=self.version)

    def device(self, name: str = "device") -> AbstractAsyncContextManager[aiomqtt.Client]:
        """A connected publisher."""
        return self._device(name)

    @asynccontextmanager
    async def _device(self, name: str) -> AsyncIterator[aiomqtt.Client]:
        async with aiomqtt.Client("127.0.0.1", self.port, identifier=name) as client:
            yield client


def nats_broker(folder: Path) -> BrokerForTest:
    """nats-server as an MQTT 3.1.1 broker."""
    port = free_port()
    config = folder / "broker.conf"
    config.write_text(NATS.format(folder=folder, port=port, spare=free_port()))
    return _broker(
        "nats-server", [find_program("nats-server", "ANDON_NATS_SERVER"), "-c", str(config)], folder, port, 4
    )


def mosquitto_broker(folder: Path) -> BrokerForTest:
    """Mosquitto, spoken to in MQTT 5."""
    port = free_port()
    config = folder / "mosquitto.conf"
    config.write_text(MOSQUITTO.format(folder=folder, port=port))
    return _broker("mosquitto", [find_program("mosquitto", "ANDON_MOSQUITTO"), "-c", str(config)], folder, port, 5)


def _broker(name: str, command: list[str], folder: Path, port: int, version: Version) -> BrokerForTest:
    process = ServerProcess(name, command, folder / "logs" / f"{name}.log", lambda: is_open(port))
    return BrokerForTest(process, port, version, folder if name == "mosquitto" else folder / "broker")
