"""How a good device speaks: again and again, on a new connection after each that broke."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import aiomqtt

from andon.common import jobs

AGAIN_SECONDS = 0.05


async def speak(connect: Callable[[], aiomqtt.Client], say: Callable[[aiomqtt.Client], Awaitable[None]]) -> None:
    """Call `say` with a connected client until cancelled. It only speaks: what it is sent is passed over."""
    while True:
        with suppress(aiomqtt.MqttError):
            async with connect() as client:
                await _until_cut_off(client, say)
        await asyncio.sleep(AGAIN_SECONDS)


async def _until_cut_off(client: aiomqtt.Client, say: Callable[[aiomqtt.Client], Awaitable[None]]) -> None:
    """Speak, and listen for the end of the connection: who waits for a PUBACK alone would never hear why none comes."""
    tasks = asyncio.create_task(_again_and_again(client, say)), asyncio.create_task(_listen(client))
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await jobs.end(*tasks)
    for task in done:
        task.result()


async def _again_and_again(client: aiomqtt.Client, say: Callable[[aiomqtt.Client], Awaitable[None]]) -> None:
    while True:
        await say(client)


async def _listen(client: aiomqtt.Client) -> None:
    """Raises MqttError once the connection has ended."""
    async for _ in client.messages:
        pass
