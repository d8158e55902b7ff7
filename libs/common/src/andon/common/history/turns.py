"""Turns: who waits for InfluxDB is served person by person: whoever asks for much waits behind themselves alone.

In the order in which all came, one person's thousand questions would keep out everybody else's one.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """At most `most` have their turn at once."""

    def __init__(self, most: int) -> None:
        self._free = most
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    @asynccontextmanager
    async def turn(self, person: str) -> AsyncIterator[None]:
        """One's turn: those who wait have it in turn, and each person's questions in the order they came."""
        await self.take(person)
        try:
            yield
        finally:
            self.give_back()

    async def take(self, person: str) -> None:
        """Wait for one's turn; it lasts until it is given back."""
        if self._free:
            self._free -= 1
            return
        called = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(person, deque()).append(called)
        try:
            await called
        except asyncio.CancelledError:
            if called.done() and not called.cancelled():  # it was just called, and is gone: the next one's turn
                self.give_back()
            raise

    def give_back(self) -> None:
        """Call the next one, of the person who was served longest ago."""
        while self._waiting:
            person = next(iter(self._waiting))
            theirs = self._waiting.pop(person)
            called = theirs.popleft()
            if theirs:
                self._waiting[person] = theirs  # at the end
            if not called.done():  # else they wait no longer
                called.set_result(None)
                return
        self._free += 1
