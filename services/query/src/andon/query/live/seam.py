"""Seam: where what InfluxDB holds and what the feed brings meet, without a hole.

What the feed has brought is in the stream, and on its way to InfluxDB: the store is some 100 ms behind, more when it
has to catch up. The stores' consumers say how far they are, exactly: they acknowledge what InfluxDB has taken.
"""

import asyncio
from time import monotonic

from nats.errors import Error as NatsError
from nats.js.errors import APIError

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.errors import UnavailableError
from andon.common.floor import floor

HEARD_SECONDS = 0.1
"""What the feed has brought is in the stream after this time, in a cluster too."""
LOOK_SECONDS = 0.05


class Seam:
    """`listening`: the feed's, set once it misses nothing. Those who wait at the same time are answered together."""

    def __init__(self, bus: Bus, listening: asyncio.Event) -> None:
        self._bus = bus
        self._listening = listening
        self._turn = asyncio.Lock()
        self._began = 0.0
        """When the last look that ended well began."""

    async def closed(self) -> None:
        """Wait until InfluxDB has all that the feed has brought so far. Without end while the store stands.

        Raises:
            UnavailableError: NATS does not say.
        """
        await self._listening.wait()
        await asyncio.sleep(HEARD_SECONDS)
        came = monotonic()
        async with self._turn:
            if self._began < came:
                began = monotonic()
                await self._look()
                self._began = began

    async def _look(self) -> None:
        try:
            last = (await self._bus.js.stream_info(subjects.TELEMETRY)).state.last_seq
            for durable in subjects.store_durables(self._bus.settings.partitions):
                while await floor(self._bus, durable, last) < last:
                    await asyncio.sleep(LOOK_SECONDS)
        except (NatsError, APIError, TimeoutError) as error:
            raise UnavailableError(f"NATS does not say what is stored: {error}") from error
