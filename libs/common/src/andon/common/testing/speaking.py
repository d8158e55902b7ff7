"""How a good device speaks: again and again, on a new connection after each that broke."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import aiomqtt

AGAIN_SECONDS = 0.05


async def speak(connect: Callable[[], aiomqtt.Client], say: Callable[[aiomqtt.Client], Awaitable[None]]) -> None:
    """Call `say` with a connected client until cancelled."""
    while True:
        with suppress(aiomqtt.MqttError):
            async with connect() as client:
                while True:
                    await say(client)
        await asyncio.sleep(AGAIN_SECONDS)
