"""Pending: which expressions are calculated since when, and what of their history still is to be; kept in NATS.

A new or changed expression is calculated for the last day by itself; what is older, when somebody asks for it.
"""

import asyncio
from collections.abc import Iterable

import msgspec

from andon.common import logs, subjects
from andon.common.buckets import read_entries
from andon.common.bus import Bus
from andon.common.errors import UnavailableError
from andon.common.expression import Formula, Name
from andon.common.reading import NS_PER_S
from andon.query.derive import ranges
from andon.query.tiers.coverage import UNREADABLE, Ranges

log = logs.get("derive.calculate.pending")

BY_ITSELF = 24 * 3600 * NS_PER_S
AT_ONCE = 64


class Entry(msgspec.Struct, frozen=True):
    """An expression, and the ranges it is still to be calculated for."""

    expression: str
    ranges: Ranges = []


_decoder = msgspec.json.Decoder(Entry)


def _read(key: str, value: bytes) -> Entry:
    """An entry as it was kept. One that cannot be read says nothing: so its expression is met as a new one is."""
    try:
        return _decoder.decode(value)
    except UNREADABLE as error:
        log.warning("it cannot be read what is to be calculated; the last day is", key=key, error=str(error))
        return Entry("")


class Pending:
    """Load it before use. Methods raise NatsError, APIError, UnavailableError or TimeoutError while NATS is away."""

    def __init__(self, bus: Bus) -> None:
        self.entries: dict[Name, Entry] = {}
        self._bus = bus
        self._turn = asyncio.Lock()

    async def load(self) -> None:
        """Read what was left."""
        for key, (value, _) in (await read_entries(self._bus.js, subjects.DERIVE_BUCKET)).items():
            if name := subjects.calculated_sensor(key):
                self.entries[name] = _read(key, value)

    async def meet(self, formulas: Iterable[Formula], now: int) -> None:
        """Take up what is new or says something else than before; forget what is no longer calculated."""
        there = {formula.name: formula for formula in formulas}
        gone = [name for name in self.entries if name not in there]
        fresh = [
            (name, Entry(formula.sensor.expression, [(now - BY_ITSELF, now)]))
            for name, formula in there.items()
            if name not in self.entries or self.entries[name].expression != formula.sensor.expression
        ]
        bucket = await self._bus.bucket(subjects.DERIVE_BUCKET)
        async with self._turn:
            for name in gone:
                await bucket.delete(subjects.calculated_key(*name))
                self.entries.pop(name, None)
            for first in range(0, len(fresh), AT_ONCE):
                await asyncio.gather(*(self._keep(name, entry) for name, entry in fresh[first : first + AT_ONCE]))

    async def add(self, name: Name, more: Ranges) -> None:
        """Calculate these ranges too, or anew; returns once that is kept.

        Raises:
            UnavailableError: besides, for an expression that is not taken up yet, or no longer there.
        """
        async with self._turn:
            if (entry := self.entries.get(name)) is None:
                raise UnavailableError(f"'{'/'.join(name)}' is not taken up yet")
            await self._keep(name, Entry(entry.expression, ranges.few(ranges.union(entry.ranges, more))))

    async def done(self, name: Name, known: Entry, start: int, end: int) -> None:
        """A part is calculated of what was known when that began; nothing is if it says something else by now.

        Nor if somebody has asked for more meanwhile, for it may be what was read already: then it is done once more.
        """
        async with self._turn:
            if self.entries.get(name) is known:
                await self._keep(name, Entry(known.expression, ranges.without(known.ranges, start, end)))

    async def _keep(self, name: Name, entry: Entry) -> None:
        """On disk first, then here: the other way round a failure would leave undone what nobody knows of."""
        bucket = await self._bus.bucket(subjects.DERIVE_BUCKET)
        await bucket.put(subjects.calculated_key(*name), msgspec.json.encode(entry))
        self.entries[name] = entry
