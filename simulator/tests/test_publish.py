"""The simulator is a well-behaved device: it says what it has to, waits for an absent broker, and forgets in order."""

import asyncio
from collections.abc import Callable
from typing import Any

from andon.common.service import background
from andon.common.testing.fixtures import NatsForTest
from andon.common.testing.ports import free_port
from andon.common.testing.waiting import STATE_SECONDS, eventually
from andon.simulator.faults import Report
from andon.simulator.publish import Publisher
from andon.simulator.settings import Broker

ROBOT = "berlin/painting/line-1/robot-3"


def said(number: int) -> Report:
    return Report(ROBOT, number, {"torque": float(number), "state": "RUN"})


async def test_a_report_arrives_on_the_machines_topic_in_canonical_form(
    address: Broker, hear: Callable[[], Any]
) -> None:
    publisher = Publisher(address)
    async with hear() as messages, background(("publish", publisher.run())):
        publisher.say(said(1732380000000))
        await eventually(lambda: messages)
    assert messages == [
        (f"factory/{ROBOT}", {"ts": 1732380000000, "values": {"torque": 1732380000000.0, "state": "RUN"}})
    ]
    assert (publisher.sent, publisher.dropped, publisher.waiting) == (1, 0, 0)


async def test_what_is_said_while_the_broker_is_down_arrives_when_it_is_back(
    broker: NatsForTest, address: Broker, hear: Callable[[], Any]
) -> None:
    publisher = Publisher(address)
    async with background(("publish", publisher.run())):
        await asyncio.wait_for(publisher.connected.wait(), STATE_SECONDS)
        broker.process.kill()
        for number in range(50):
            publisher.say(said(number))
        await eventually(lambda: not publisher.connected.is_set())
        broker.process.start()
        async with hear() as messages:
            publisher.say(said(50))
            await eventually(lambda: any(m["ts"] == 50 for _, m in messages), timeout=30)
        assert await publisher.drained(5)
    assert publisher.sent >= 51
    assert publisher.dropped == 0


async def test_the_oldest_messages_make_room_and_are_counted() -> None:
    publisher = Publisher(Broker("127.0.0.1", free_port()), keep=10)
    for number in range(25):
        publisher.say(said(number))
    assert (publisher.waiting, publisher.dropped) == (10, 15)
    assert not await publisher.drained(0.1)
