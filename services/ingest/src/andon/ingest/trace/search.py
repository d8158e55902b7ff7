"""Search: looks through what was kept for the messages of one sensor and one millisecond, and says when it gives up."""

import asyncio
from contextlib import aclosing
from typing import NamedTuple

import msgspec

from andon.common import logs
from andon.common.plant import Asset
from andon.common.wire import RawBatch, RawMessage, decode_raw
from andon.ingest.resolve import Resolver
from andon.ingest.trace.raws import Kept, Raws
from andon.ingest.trace.said import Said, said

log = logs.get("ingest.search")

MOST_BYTES = 96 * 2**20
MOST_SECONDS = 8.0
"""Bytes one search looks through, and how long."""
MOST_HITS = 20


class Hit(NamedTuple):
    """A message that says something of the sensor, where it lies, and what it says."""

    kept: Kept
    batch: RawBatch
    message: RawMessage
    said: Said


class Search:
    """One search. `hits` are in order of the stream; `gave_up` once it reached a bound."""

    def __init__(self, raws: Raws, resolver: Resolver, asset: Asset, key: str, start: int) -> None:
        self._raws = raws
        self._resolver = resolver
        self._asset = asset.id
        self._name = asset.id.encode()
        self._key = key
        self._start = start
        self._clock = asyncio.get_running_loop().time
        self._deadline = self._clock() + MOST_SECONDS
        self._seen: set[int] = set()
        self._looked = 0
        self.hits: list[Hit] = []
        self.gave_up = False

    async def look(self, subject: str, begin: int, end: int) -> None:
        """Look through what came to the stream in [begin, end], UTC nanoseconds, and a piece more.

        What came while NATS was away was kept late: it is the next that lies there.

        Raises:
            UnavailableError: NATS does not answer.
        """
        async with aclosing(self._raws.pieces(subject, begin)) as pieces:
            async for piece in pieces:
                for kept in piece.kept:
                    self._take(kept)
                if piece.begin > end:
                    return
                if self._looked > MOST_BYTES or self._clock() > self._deadline or len(self.hits) > MOST_HITS:
                    self.gave_up = True
                    return
                await asyncio.sleep(0)

    def _take(self, kept: Kept) -> None:
        if kept.number in self._seen:
            return
        self._seen.add(kept.number)
        self._looked += len(kept.data)
        if self._name not in kept.data:  # most hold nothing of this machine, and need not be unpacked
            return
        try:
            batches = decode_raw(kept.data)
        except msgspec.DecodeError:
            log.exception("a message that was kept cannot be read", number=kept.number)
            return
        for batch in batches:
            for message in batch.messages:
                if message.asset == self._asset and (found := self._said(batch, message)) is not None:
                    self.hits.append(Hit(kept, batch, message, found))

    def _said(self, batch: RawBatch, message: RawMessage) -> Said | None:
        return said(batch.source, message, self._key, self._start, self._resolver)
