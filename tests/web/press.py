"""A press that speaks: the stories tell what people see of it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

import aiomqtt

from andon.common import jobs
from andon.common.testing.factory import Credential, Factory

from .conftest import PRESS

WAY_DOWN = [PRESS.rsplit("/", above)[0] for above in (3, 2, 1)] + [PRESS, f"{PRESS}/oil_temperature"]
"""Addresses in the plant on the way from the site to a sensor."""


async def say(gateway: aiomqtt.Client, temperature: float) -> None:
    """Publish one temperature of its oil."""
    await gateway.publish(f"factory/{PRESS}/oil_temperature", str(temperature), qos=1)


@asynccontextmanager
async def warming(factory: Factory, name: str) -> AsyncIterator[None]:
    """Meanwhile the press runs, and its oil grows a little warmer each time; `name` is that of its device."""
    device = await factory.add_device(name, PRESS)
    speaking = asyncio.create_task(_oil_warms(factory, device))
    try:
        yield
    finally:
        await jobs.end(speaking)


async def _oil_warms(factory: Factory, device: Credential) -> None:
    async with factory.device(device) as gateway:
        for step in count():
            values = {"state": "RUN", "oil_temperature": 40 + step % 200 / 10}
            await gateway.publish(f"factory/{PRESS}", json.dumps({"values": values}), qos=1)
            await asyncio.sleep(0.25)  # a press that reports four times a second
