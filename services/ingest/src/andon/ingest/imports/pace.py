"""Pace: an import is never far ahead of the store, so that what is live waits for little of it.

The stream is one queue: whatever an import has put there, live readings come behind. So it puts a few batches there,
and the next ones once the store has those in InfluxDB. Where that is away, an import waits as well.
"""

import asyncio
from collections import deque

from nats.errors import Error as NatsError
from nats.js.errors import APIError, NotFoundError

from andon.common import jobs, subjects
from andon.common.bus import Bus
from andon.common.errors import UnavailableError
from andon.common.floor import floor
from andon.ingest.publish import Publisher

MOST_AHEAD = 8
"""Batches of one import in the stream that are not stored yet."""
LOOK_SECONDS = 0.02
SLOW_SECONDS = 5.0
"""Without one being stored, after which that is told."""


class Pace:
    """Publishes the batches of one import. `trouble` says what it waits for, '' when it goes on."""

    def __init__(self, bus: Bus, publisher: Publisher) -> None:
        self._bus = bus
        self._publisher = publisher
        self._ahead: deque[int] = deque()
        self._trouble = ""

    @property
    def trouble(self) -> str:
        """Why it does not go on."""
        return self._publisher.trouble.why or self._trouble

    async def publish(self, subject: str, data: bytes) -> int:
        """Its number in the stream, once the store is near enough and the stream has it."""
        await self._wait(MOST_AHEAD - 1)
        number = await self._publisher.until_stored(subject, data)
        self._ahead.append(number)
        return number

    async def finish(self) -> None:
        """Return once the store has all of it."""
        await self._wait(0)

    async def _wait(self, most: int) -> None:
        clock = asyncio.get_running_loop().time
        moved = clock()
        jobs.heed()
        while len(self._ahead) > most:
            stored = await self._stored(self._ahead[-1])
            jobs.heed()
            while self._ahead and self._ahead[0] <= stored:
                self._ahead.popleft()
                moved = clock()
            if len(self._ahead) > most:
                if clock() - moved > SLOW_SECONDS:
                    self._trouble = "Waits for the store: see whether ingest and InfluxDB run"
                await asyncio.sleep(LOOK_SECONDS)
        self._trouble = ""

    async def _stored(self, last: int) -> int:
        """Number of the batch up to which all is in InfluxDB."""
        try:
            durables = subjects.store_durables(self._bus.settings.partitions)
            return min([await floor(self._bus, durable, last) for durable in durables])
        except (NotFoundError, NatsError, APIError, UnavailableError, TimeoutError):
            await asyncio.sleep(1)  # no store has been there yet, or the backbone is away
            return 0
