"""Patience: what a neighbour that is away keeps from being done is tried again until it is."""

import asyncio
from collections.abc import Awaitable, Callable

from nats.errors import Error as NatsError
from nats.js.errors import APIError

from andon.common.bus import Bus
from andon.common.errors import AndonError

AWAY = (NatsError, APIError, AndonError, TimeoutError)
"""What NATS and InfluxDB raise when they do not answer, or not so."""
REST_SECONDS = 1.0
"""Pause after a failure. There is no limit: without its neighbours there is nothing else to do."""


async def until_done(bus: Bus, what: Callable[[], Awaitable[None]], say: Callable[[str], None]) -> None:
    """Do something, again and again until it is done; `say` is told what keeps it, and '' at the end."""
    while True:
        try:
            await bus.ready()
            await what()
        except AWAY as error:
            say(str(error) or type(error).__name__)
            await asyncio.sleep(REST_SECONDS)
        else:
            say("")
            return
