"""The past of a watch, read from InfluxDB piece by piece: what is in memory at once is bounded, however long it is."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass

from andon.alerting.backtest.replay import Replay
from andon.alerting.backtest.series import Series, read
from andon.alerting.evaluate.sources.formula import Name
from andon.alerting.evaluate.watch import Watch
from andon.common.history.before import stored_before
from andon.common.history.columns import CutShortError
from andon.common.history.history import History
from andon.common.history.span import Span
from andon.common.jobs import end, together
from andon.common.plant import Asset, Plant
from andon.common.reading import NS_PER_S

ROWS = 250_000
"""Samples that are asked for at once, about."""
DAY = 86_400 * NS_PER_S
WIDEST, NARROWEST = 30 * DAY, NS_PER_S
ASKED_AT_ONCE = 8


@dataclass(frozen=True)
class Piece:
    """A part of a past."""

    span: Span
    said: Mapping[Name, Series]

    @property
    def rows(self) -> int:
        """Its samples."""
        return sum(map(len, self.said.values()))


async def pieces(
    history: History, machines: Mapping[str, Asset], names: frozenset[Name], span: Span
) -> AsyncGenerator[Piece]:
    """A range, part by part, without gaps.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    start, width = span.start, max(DAY // max(len(names), 1), NARROWEST)
    while start < span.end:
        stop = min(start + width, span.end)
        try:
            piece = Piece(Span(start, stop), await read(history, machines, names, Span(start, stop)))
        except CutShortError:
            if width <= NARROWEST:
                raise
            width = max(width // 8, NARROWEST)
            continue
        yield piece
        start = stop
        width = min(max(int(width * min(ROWS / (piece.rows + 1), 8)), NARROWEST), WIDEST)


async def ahead(source: AsyncGenerator[Piece]) -> AsyncGenerator[Piece]:
    """The same pieces, of which the next one is read while one is judged."""
    reading = asyncio.ensure_future(anext(source, None))
    try:
        while (piece := await reading) is not None:
            reading = asyncio.ensure_future(anext(source, None))
            yield piece
    finally:
        await end(reading)
        await source.aclose()


async def know_before(history: History, machines: Mapping[str, Asset], watch: Watch, start: int) -> None:
    """Let the expressions of a watch know what their sensors held at a time.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    if not watch.looks_back:
        return
    names = [(asset, key) for asset, keys in watch.names.items() for key in keys if asset in machines]
    for first in range(0, len(names), ASKED_AT_ONCE):
        some = names[first : first + ASKED_AT_ONCE]
        held = await together(stored_before(history, machines[asset], key, start) for asset, key in some)
        for name, found in zip(some, held, strict=True):
            if found is not None:
                watch.told(name, *found)


async def recall(history: History, machines: Mapping[str, Asset], replay: Replay, start: int) -> None:
    """Let the source of a replay know as much of the past as it looks back.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    span, reach = Span(max(start - replay.column.reach, 0), start), replay.column.reach
    said = [piece.said async for piece in pieces(history, machines, frozenset([replay.own]), span)] if reach else []
    replay.recall([one[replay.own] for one in said if replay.own in one])


def machines_of(plant: Plant, watch: Watch) -> dict[str, Asset]:
    """The machines whose sensors a watch hears, by id."""
    found = ((asset, plant.find(asset)) for asset in watch.names)
    return {asset: machine for asset, machine in found if machine is not None}
