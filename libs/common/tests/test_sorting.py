"""nats-server as it is shipped, told to sort for several intakes."""

from collections.abc import Iterator
from pathlib import Path

import aiomqtt
import pytest

from andon.common import platform, secrets, topics
from andon.common.servers.nats import nats_server
from andon.common.testing.fixtures import NatsForTest
from andon.common.testing.ports import free_port
from andon.common.testing.waiting import eventually

PARTITIONS = 3
TOPIC = topics.machine_topic(platform.PROBER)
"""Of the few that intake's own user may publish, and no device needs to be admitted for."""


@pytest.fixture
def sorting(tmp_path: Path) -> Iterator[NatsForTest]:
    """One that sorts."""
    made, port, mqtt_port, monitor = secrets.generate(), free_port(), free_port(), free_port()
    process = nats_server(tmp_path, made, port=port, mqtt_port=mqtt_port, monitor_port=monitor, partitions=PARTITIONS)
    process.start()
    yield NatsForTest(process, made, port, mqtt_port, monitor)
    process.stop()


def client(nats: NatsForTest, name: str, *, lasting: bool = False) -> aiomqtt.Client:
    return aiomqtt.Client(
        "127.0.0.1",
        nats.mqtt_port,
        username="intake",
        password=nats.secrets["ANDON_INTAKE_PASSWORD"],
        identifier=name,
        clean_session=not lasting,
    )


async def visit_sessions(nats: NatsForTest, found: list[str]) -> None:
    """Come as each partition of intake, subscribe, take what waits, and go."""
    for partition in range(PARTITIONS):
        name = topics.intake_client("andon-intake", partition, PARTITIONS)
        async with client(nats, name, lasting=True) as session:
            filters = topics.intake_filters(partition, PARTITIONS)
            codes = await session.subscribe([(one, 1) for one in filters])
            assert [code.value for code in codes] == [1] * len(filters), "the broker takes each filter"
            while len(session.messages):
                found.append(str((await anext(session.messages)).topic))


async def test_what_is_sorted_waits_for_its_partition_and_nothing_is_sorted_by_hand(sorting: NatsForTest) -> None:
    found: list[str] = []
    await visit_sessions(sorting, found)
    async with client(sorting, "device") as device:
        for topic in (f"intake/3/{TOPIC}", f"intake/99/{TOPIC}", TOPIC):
            await device.publish(topic, "1", qos=1)
    sorting.process.kill()
    sorting.process.start()

    async def came() -> bool:
        await visit_sessions(sorting, found)
        return bool(found)

    await eventually(came)
    assert [topics.plain(topic.encode()).decode() for topic in found] == [TOPIC]
    log = sorting.process.log.read_text()
    assert "Publish Violation" in log
    assert "intake.0.intake.99" in log
