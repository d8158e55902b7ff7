"""A device that speaks goes on after each break of its connection, and no error of it is left that nobody heard."""

import asyncio
import gc
import logging
from typing import Any

import aiomqtt
import pytest

from andon.common import jobs
from andon.common.testing.brokers import BrokerForTest
from andon.common.testing.proxy import Proxy
from andon.common.testing.speaking import speak
from andon.common.testing.waiting import eventually


async def test_a_device_that_is_cut_off_speaks_on_at_once_and_has_heard_why(
    nats_as_broker: BrokerForTest, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, logger="mqtt")  # errors that wait for pytest's report would hold the clients
    unheard, said = list[dict[str, Any]](), list[int]()
    asyncio.get_running_loop().set_exception_handler(lambda _, told: unheard.append(told))
    async with Proxy(nats_as_broker.port) as wire:

        async def say(client: aiomqtt.Client) -> None:
            await client.publish("factory/a", "21.5", qos=1, timeout=600)
            said.append(len(said))

        wire.passes = 300  # then a connection ends, with a message on it that is never answered
        speaking = asyncio.create_task(speak(lambda: aiomqtt.Client("127.0.0.1", wire.port, identifier="a"), say))
        await eventually(lambda: wire.connections > 5, what="it was cut off again and again")
        wire.passes = None
        before = len(said)
        await eventually(lambda: len(said) > before + 100, what="it speaks on")
        await jobs.end(speaking)
    gc.collect()  # of a future whose exception nobody asked for, asyncio tells when it goes
    assert unheard == []


async def test_what_goes_wrong_in_a_device_that_is_connected_ends_it(nats_as_broker: BrokerForTest) -> None:
    async def say(_: aiomqtt.Client) -> None:
        raise ZeroDivisionError("in the story itself")

    speaking = asyncio.create_task(speak(lambda: aiomqtt.Client("127.0.0.1", nats_as_broker.port), say))
    await eventually(speaking.done, what="it has ended")
    assert isinstance(speaking.exception(), ZeroDivisionError)
