"""InfluxDB, asked for what it remembers: a few queries at a time, person by person."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from copy import copy
from typing import Any, TypeVar

from andon.common.errors import TooManyError, UnavailableError
from andon.common.history.columns import Columns, decode
from andon.common.history.tier import RAW, Tier
from andon.common.history.turns import Turns
from andon.common.influx import Influx, Series

PARALLEL = 8
"""Queries at once; the others wait here. InfluxDB would answer more than 32 with an error."""

MANY = 2
"""Readings of very many samples at once, which lie in memory; the others wait for their turn."""

ASK_SECONDS = 20.0
"""Longest wait for an answer, the wait for one's turn included."""

AGAIN_SECONDS = 10

LARGE = 500_000
"""Bytes of an answer that takes milliseconds to decode."""

MANY_ROWS = 20_000
"""Rows with which arithmetic takes milliseconds."""

_T = TypeVar("_T")


async def worked(rows: int, what: Callable[..., _T], *args: Any) -> _T:
    """What some arithmetic makes of so many rows; of many in a thread, for live clients have their turn meanwhile."""
    return what(*args) if rows < MANY_ROWS else await asyncio.to_thread(what, *args)


class History:
    """InfluxDB, asked by at most `parallel` queries at a time; each person who asks has their turn."""

    def __init__(self, influx: Influx, parallel: int = PARALLEL) -> None:
        self._influx = influx
        self._turns = Turns(parallel)
        self._many = Turns(MANY)
        self.person = ""

    def asked_by(self, person: str) -> "History":
        """The same, with the same turns, for one person."""
        theirs = copy(self)
        theirs.person = person
        return theirs

    async def ask(self, *statements: str, tier: Tier = RAW) -> list[list[Series]]:
        """Run statements on a tier's database; one list of series for each.

        Raises:
            UnavailableError: InfluxDB does not answer, not in time, or refuses.
        """
        async with self._turn():
            return await self._influx.query(*statements, database=tier.database(self._influx.settings.database))

    async def columns(self, statement: str, tier: Tier = RAW) -> list[Columns]:
        """Run one statement on a tier's database; its series as arrays, with times in nanoseconds.

        Raises:
            UnavailableError: InfluxDB does not answer, not in time, or refuses.
        """
        database = tier.database(self._influx.settings.database)
        async with self._turn():
            answer = await self._influx.fetch(statement, database=database)
        if len(answer.body) < LARGE:
            return decode(answer)
        return await asyncio.to_thread(decode, answer)  # others have their turn meanwhile

    @asynccontextmanager
    async def many(self) -> AsyncIterator[None]:
        """One's turn to read very many samples.

        Raises:
            TooManyError: it does not come in time.
        """
        try:
            async with asyncio.timeout(ASK_SECONDS):
                await self._many.take(self.person)
        except TimeoutError:
            raise TooManyError(
                "Very many samples are being read just now; ask again in a moment, or for a shorter range",
                AGAIN_SECONDS,
            ) from None
        try:
            yield
        finally:
            self._many.give_back()

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """One's turn at InfluxDB, and an end to the patience."""
        try:
            async with asyncio.timeout(ASK_SECONDS), self._turns.turn(self.person):
                yield
        except TimeoutError:
            raise UnavailableError(
                f"InfluxDB has not answered within {ASK_SECONDS:g} s; ask for a shorter range or fewer sensors"
            ) from None
