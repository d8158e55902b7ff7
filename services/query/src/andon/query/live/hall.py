"""What all live clients of this process share."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from andon.common import metrics
from andon.common.auth import Tokens
from andon.common.plant import Plant
from andon.query.live.audience import Audience
from andon.query.live.resume import Resume
from andon.query.live.table import Table
from andon.query.live.tickets import Tickets

MAX_CLIENTS = 500
MAX_PER_PERSON = 250
"""A wall of screens and a few programs may share an account; nobody takes all places."""
MAX_STRANGERS, MAX_STRANGERS_OF_ADDRESS = 500, 250
"""Connections that have not signed in yet. They have a count of their own: whoever has a token is not kept out.

After a restart all clients come back at once, and where a proxy stands before Andon, from one address.
"""

FAREWELL_SECONDS = 2.0
FOLLOW_SECONDS = 1.0
"""The audience follows the plant this often: so soon a new machine appears in a running subscription."""


@dataclass(eq=False)
class Stranger:
    """A connection that has not signed in yet, and how long that is waited for."""

    address: str
    patience: asyncio.Timeout
    sent_away: bool = False

    def send_away(self) -> None:
        """Wait no longer."""
        self.sent_away = True
        if not self.patience.expired():
            self.patience.reschedule(0)


class Hall:
    """The audience, the newest samples, tickets, and a head count."""

    def __init__(
        self, plant: Plant, table: Table, audience: Audience, *, tokens: Tokens, tickets: Tickets, resume: Resume
    ) -> None:
        self.plant = plant
        self.table = table
        self.audience = audience
        self.tokens = tokens
        self.resume = resume
        self.tickets = tickets
        self.effort = audience.effort
        self.closing = asyncio.Event()
        self._clients: Counter[str] = Counter()
        self._strangers: dict[Stranger, None] = {}

    @contextmanager
    def at_the_door(self, address: str, patience: asyncio.Timeout) -> Iterator[Stranger]:
        """One stranger more. When there are too many, the one that has been silent for the longest goes."""
        stranger = Stranger(address, patience)
        self._strangers[stranger] = None
        neighbours = [one for one in self._strangers if one.address == address]
        if len(neighbours) > MAX_STRANGERS_OF_ADDRESS:
            self._send_away(neighbours[0])
        elif len(self._strangers) > MAX_STRANGERS:
            self._send_away(next(iter(self._strangers)))
        try:
            yield stranger
        finally:
            self._strangers.pop(stranger, None)

    def _send_away(self, stranger: Stranger) -> None:
        del self._strangers[stranger]
        stranger.send_away()

    def refusal(self, person: str) -> str:
        """Why this person cannot be served now; '' when they can."""
        if self._clients.total() >= MAX_CLIENTS:
            return f"{MAX_CLIENTS} clients are connected already; try again later"
        if self._clients[person] >= MAX_PER_PERSON:
            return f"You have {MAX_PER_PERSON} live connections already; close a page"
        return ""

    def enter(self, person: str) -> None:
        """One client more."""
        self._clients[person] += 1
        metrics.LIVE_CLIENTS.inc()

    def leave(self, person: str) -> None:
        """One client less."""
        self._clients[person] -= 1
        self._clients += Counter()  # forget whoever has none left
        metrics.LIVE_CLIENTS.dec()

    async def follow_plant(self) -> None:
        """Keep the audience true to the plant, for ever."""
        while True:
            await self.audience.follow_plant()
            await asyncio.sleep(FOLLOW_SECONDS)

    async def close(self) -> None:
        """Send every client away, and wait a little until they are gone."""
        self.closing.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL_SECONDS):
                while self._clients.total():
                    await asyncio.sleep(0.02)
