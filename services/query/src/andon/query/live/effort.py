"""Effort: what live clients say, and changes of the plant, cost the one event loop work; half of its time is left.

A subscription to a whole plant looks at each of its machines, and whoever has many connections says ten of them a
second on each. So one is worked at after the other, person by person, and then the others have as much time.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic

from andon.common.history.turns import Turns


class Effort:
    """`clock`: seconds, by which work is measured."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._turns = Turns(1)

    @asynccontextmanager
    async def turn(self, person: str) -> AsyncIterator[None]:
        """One's turn to have something done, without waiting for anything; it ends after as long a rest."""
        async with self._turns.turn(person):
            began = self._clock()
            yield
            await asyncio.sleep(self._clock() - began)
