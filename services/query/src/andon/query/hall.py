"""What all live sessions of this process share."""

import asyncio
from contextlib import suppress

from andon.common import metrics
from andon.common.auth import Tokens
from andon.common.plant import Plant
from andon.query.audience import Audience
from andon.query.table import Table

MAX_CLIENTS = 500
FAREWELL_SECONDS = 2.0
FOLLOW_SECONDS = 1.0
"""New machines appear in a running subscription within this time."""


class Hall:
    """The audience, the newest samples, and a head count."""

    def __init__(self, plant: Plant, table: Table, audience: Audience, tokens: Tokens) -> None:
        self.plant = plant
        self.table = table
        self.audience = audience
        self.tokens = tokens
        self.closing = asyncio.Event()
        self._clients = 0

    @property
    def full(self) -> bool:
        """No more clients can be served well."""
        return self._clients >= MAX_CLIENTS

    def enter(self) -> None:
        """One client more."""
        self._clients += 1
        metrics.LIVE_CLIENTS.inc()

    def leave(self) -> None:
        """One client less."""
        self._clients -= 1
        metrics.LIVE_CLIENTS.dec()

    async def follow_plant(self) -> None:
        """Keep the audience true to the plant, for ever."""
        while True:
            self.audience.follow_plant()
            await asyncio.sleep(FOLLOW_SECONDS)

    async def close(self) -> None:
        """Send every client away, and wait a little until they are gone."""
        self.closing.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL_SECONDS):
                while self._clients:
                    await asyncio.sleep(0.02)
