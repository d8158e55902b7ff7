"""The Mosquitto configuration that Andon ships, run by the real Mosquitto: who may come in, and what is kept."""

import asyncio
import base64
import hashlib
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiomqtt
import pytest

from andon.common import jobs
from andon.common.mqtt import Broker, Publish, Session
from andon.common.servers.process import ServerProcess, find_program
from andon.common.testing.factory import Factory
from andon.common.testing.ports import free_port, is_open
from andon.common.testing.waiting import STATE_SECONDS, eventually

from .conftest import PLANT

SHIPPED = Path(__file__).parents[1] / "deploy" / "mosquitto"
TOPIC = "factory/berlin/pressing/line-1/press-1"
ELSEWHERE = "factory/berlin/painting/line-1/robot-3"
PRESS = "\nuser press-1\ntopic write factory/berlin/pressing/line-1/press-1/#\n"
DROPPED = "$SYS/broker/publish/messages/dropped"


def hashed(user: str) -> str:
    """A line of the password file, as `mosquitto_passwd` writes it; here the password is the user's name."""
    salt = os.urandom(12)
    digest = hashlib.pbkdf2_hmac("sha512", user.encode(), salt, 101)
    return f"{user}:$7$101${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}\n"


@dataclass
class Shipped:
    """A Mosquitto with the shipped files, and a device `press-1` besides ingest's user."""

    folder: Path
    port: int = field(default_factory=free_port)
    own_port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        config = (SHIPPED / "mosquitto.conf").read_text()
        changes = {
            "\nlistener 1883\n": f"\nlistener {self.port} 127.0.0.1\n",
            "\nlistener 1885 ": f"\nlistener {self.own_port} ",
            "/etc/mosquitto/": f"{self.folder}/",
            "/var/lib/mosquitto/": f"{self.folder}/",
        }
        for shipped, ours in changes.items():
            assert shipped in config
            config = config.replace(shipped, ours)
        self.config = self.folder / "mosquitto.conf"
        self.config.write_text(f"user root\n{config}")  # in a container of tests there may be no user mosquitto
        (self.folder / "acl").write_text((SHIPPED / "acl").read_text() + PRESS)
        (self.folder / "passwords").write_text(hashed("intake") + hashed("press-1"))
        command = [find_program("mosquitto", "ANDON_MOSQUITTO"), "-c", str(self.config)]
        self.process = ServerProcess(
            "mosquitto", command, self.folder / "mosquitto.log", lambda: is_open(self.own_port)
        )

    def replace(self, old: str, new: str) -> None:
        """Change a setting; takes effect at the next start."""
        text = self.config.read_text()
        assert old in text
        self.config.write_text(text.replace(old, new))

    def device(self, user: str = "press-1", identifier: str | None = None) -> aiomqtt.Client:
        """A device that comes in with the credential of `user`."""
        return aiomqtt.Client(
            "127.0.0.1", self.port, username=user, password=user, identifier=identifier, max_inflight_messages=100
        )


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Shipped]:
    made = Shipped(tmp_path)
    made.process.start()
    yield made
    made.process.stop()


class Intake:
    """Ingest's session; keeps what came, and what the broker says of itself."""

    def __init__(self, broker: Shipped) -> None:
        self.payloads: list[bytes] = []
        self.dropped = 0
        url = f"mqtt://127.0.0.1:{broker.own_port}"
        settings = Broker.at(url, client_id="andon-intake", username="intake", password="intake", version=5)
        self.session = Session(settings, ("factory/#",), self._take, aside=((DROPPED,), self._hear))

    def _take(self, epoch: int, messages: list[Publish]) -> None:
        self.payloads += [m.payload for m in messages]
        self.session.acknowledge(epoch, [m.packet_id for m in messages if m.packet_id])

    def _hear(self, messages: list[Publish]) -> None:
        self.dropped = int(messages[-1].payload)


@asynccontextmanager
async def intake(broker: Shipped) -> AsyncIterator[Intake]:
    made = Intake(broker)
    task = asyncio.create_task(made.session.keep())
    try:
        await asyncio.wait_for(made.session.subscribed.wait(), STATE_SECONDS)
        yield made
    finally:
        await jobs.end(task)


async def send(device: aiomqtt.Client, count: int, payload: bytes = b"%d") -> None:
    """Publish with QoS 1; returns once all are acknowledged."""
    for begin in range(0, count, 100):
        numbers = range(begin, min(begin + 100, count))
        await asyncio.gather(*(device.publish(TOPIC, payload.replace(b"%d", b"%d" % n), qos=1) for n in numbers))


async def test_who_names_nobody_or_is_unknown_stays_out(mosquitto: Shipped) -> None:
    for client in (aiomqtt.Client("127.0.0.1", mosquitto.port), mosquitto.device("press-2")):
        with pytest.raises(aiomqtt.MqttError, match=r"[Nn]ot authori[sz]ed"):
            async with client:
                pass


async def test_a_device_speaks_for_its_own_part_alone_and_hears_nothing(mosquitto: Shipped) -> None:
    async with intake(mosquitto) as taken, mosquitto.device() as device:
        heard = asyncio.create_task(anext(aiter(device.messages)))
        await device.subscribe("#", qos=1)
        for topic in (ELSEWHERE, "factory/berlin/pressing", "$SYS/broker/load/sent", TOPIC):
            await device.publish(topic, topic, qos=1)
        await eventually(lambda: taken.payloads)
        assert taken.payloads == [TOPIC.encode()]
        assert not heard.done()
        heard.cancel()


async def test_nobody_takes_over_the_session_of_ingest(mosquitto: Shipped) -> None:
    async with intake(mosquitto) as taken:
        for name in ("intake", "andon-intake"):
            async with mosquitto.device(identifier=name) as device:
                await send(device, 1, name.encode())
        await eventually(lambda: taken.payloads == [b"intake", b"andon-intake"])
        assert taken.session.epoch == 1, "its connection was never ended"


async def test_what_comes_while_ingest_is_away_waits_for_it(mosquitto: Shipped) -> None:
    async with intake(mosquitto):
        pass
    async with mosquitto.device() as device:
        await send(device, 3000)
    async with intake(mosquitto) as back:
        await eventually(lambda: len(back.payloads) >= 3000, timeout=30)
    assert sorted(map(int, back.payloads)) == list(range(3000))


async def test_a_killed_broker_keeps_what_it_has_acknowledged(mosquitto: Shipped) -> None:
    """But for the turn it is in: acknowledgements go out at the turn's beginning, the store is written at its end."""
    async with intake(mosquitto):
        pass
    async with mosquitto.device() as device:
        await send(device, 200, b"number %d.")
    store = mosquitto.folder / "mosquitto.db"
    await eventually(lambda: b"number 199." in store.read_bytes(), timeout=1, what="the turn is over")
    mosquitto.process.kill()
    mosquitto.process.start()
    back = Intake(mosquitto)
    back.session.known = True
    task = asyncio.create_task(back.session.keep())
    await eventually(lambda: len(set(back.payloads)) == 200)
    await jobs.end(task)
    assert back.session.forgotten == 0


async def test_what_is_beyond_the_bound_is_counted(mosquitto: Shipped) -> None:
    mosquitto.process.stop()
    mosquitto.replace("max_queued_bytes 268435456", "max_queued_bytes 20000")
    mosquitto.replace("sys_interval 5", "sys_interval 1")
    mosquitto.process.start()
    async with intake(mosquitto):
        pass
    async with mosquitto.device() as device:
        await send(device, 100, b"x" * 1000)
    async with intake(mosquitto) as back:
        await eventually(lambda: len(back.payloads) + back.dropped >= 100, what="all are there, or told as dropped")
        assert 10 < len(back.payloads) < 30


async def test_andon_runs_on_it(mosquitto: Shipped, tmp_path: Path) -> None:
    settings = {
        "ANDON_INGEST_MQTT_URL": f"mqtt://127.0.0.1:{mosquitto.own_port}",
        "ANDON_INGEST_MQTT_VERSION": "5",
        "ANDON_INGEST_MQTT_PASSWORD": "intake",
    }
    async with Factory(tmp_path / "andon", environment=settings) as factory, mosquitto.device() as device:
        await factory.apply_plant(PLANT)
        for number in range(20):
            await device.publish(f"{TOPIC}/number", str(number), qos=1)

        async def stored() -> bool:
            latest = await factory.call("GET", "/api/query/v1/latest", params={"under": TOPIC.removeprefix("factory/")})
            return bool(latest["items"]) and "19" in str(latest["items"])

        await eventually(stored, what="the newest value is there")
        ledger = await factory.call("GET", "/api/ingest/v1/ledger")
        assert ledger["broker"]["lost"] == 0
        await factory.is_ready()
