"""Stores: what is made of what is stored waits here until all that came is."""

import asyncio

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.errors import UnavailableError
from andon.common.floor import floor

STORED_SECONDS = 0.1
"""Between two looks."""


async def last_batch(bus: Bus) -> int:
    """Number of the newest batch of the stream.

    Raises:
        NatsError, APIError, UnavailableError, TimeoutError: the backbone does not answer.
    """
    return (await bus.js.stream_info(subjects.TELEMETRY)).state.last_seq


async def floors(bus: Bus, last: int) -> list[int]:
    """Up to which batch each store has written all that is for it; `last` was the last then.

    Raises:
        NatsError, APIError, UnavailableError, TimeoutError: the backbone does not answer.
    """
    return [await floor(bus, durable, last) for durable in subjects.store_durables(bus.settings.partitions)]


async def until_stored(bus: Bus, sequence: int) -> None:
    """Wait until all up to this batch is written.

    Raises:
        NatsError, APIError, UnavailableError, TimeoutError: the backbone does not answer, or has lost its data, so that
            numbers begin anew and it never would be.
    """
    while min(await floors(bus, sequence)) < sequence:
        await asyncio.sleep(STORED_SECONDS)
        if await last_batch(bus) < sequence:
            raise UnavailableError("NATS has lost its data")
