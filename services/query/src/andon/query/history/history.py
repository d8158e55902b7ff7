"""What InfluxDB remembers: InfluxQL about one sensor in one range, a few queries at a time.

Ranges are half-open, [start, end), in UTC nanoseconds.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass
from datetime import UTC, tzinfo
from time import time_ns
from typing import Annotated, Any, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from fastapi import Depends, Query, Request

from andon.common.api import Caller
from andon.common.errors import InvalidError, TooManyError, UnavailableError
from andon.common.influx import Influx, Series
from andon.common.reading import NS_PER_S
from andon.common.times import parse_time, time_zone
from andon.query.history.columns import Columns, decode
from andon.query.history.turns import Turns
from andon.query.tiers.tiers import RAW, Tier

LONGEST_DAYS = 3660
LONGEST = LONGEST_DAYS * 86_400 * NS_PER_S
LATEST_TIME = 2**63 - 1
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


@dataclass(frozen=True)
class Span:
    """A range of time, [start, end), nanoseconds."""

    start: int
    end: int


def span_of(from_: str, to: str, zone: tzinfo = UTC) -> Span:
    """The range that lies between two times as people write them; those without an offset on the clock of a zone.

    Raises:
        InvalidError: no times, not in order, or too far apart.
    """
    now = time_ns()  # one for both, so that -1h to -1h is as empty as it looks
    start, end = parse_time(from_, now=now, zone=zone), parse_time(to, now=now, zone=zone)
    if min(start, end) < 0 or max(start, end) > LATEST_TIME:
        raise InvalidError("'from' and 'to' must lie between 1970 and 2262; a number is epoch milliseconds")
    if start >= end:
        raise InvalidError(f"'from' ({from_}) must be before 'to' ({to})")
    if end - start > LONGEST:
        raise InvalidError(
            f"The range is {(end - start) / LONGEST * LONGEST_DAYS:.0f} days; at most {LONGEST_DAYS}: shorten it"
        )
    return Span(start, end)


From: TypeAlias = Annotated[
    str, Query(alias="from", max_length=64, description="ISO 8601, epoch ms, or -1h, -30d, -2w, -1y")
]
To: TypeAlias = Annotated[str, Query(max_length=64, description="ISO 8601, epoch ms, or now; not included")]


def _zone(
    tz: Annotated[str, Query(max_length=64, description="The clock of times without an offset")] = "UTC",
) -> ZoneInfo:
    """The clock that a caller's times are on."""
    return time_zone(tz)


AskedZone = Annotated[ZoneInfo, Depends(_zone)]


def _span(zone: AskedZone, from_: From = "-1h", to: To = "now") -> Span:
    """The range a caller asks for."""
    return span_of(from_, to, zone)


AskedSpan = Annotated[Span, Depends(_span)]


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


async def _history(request: Request, caller: Caller) -> History:
    history: History = request.app.state.history
    return history.asked_by(caller.id)


KnownHistory = Annotated[History, Depends(_history)]
