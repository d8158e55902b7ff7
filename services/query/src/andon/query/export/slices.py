"""Slices: the samples of an export, range by range in order of time, each of about as many as fit well into memory.

A range in which there are more than expected is not read again: every series is bounded, and the slice ends where the
first of them that is full does; the next begins there.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import dataclass

import numpy as np

from andon.common import jobs
from andon.common.errors import InvalidError
from andon.common.history.columns import Columns, Floats, Objects, Times
from andon.common.history.history import History
from andon.common.history.joining import there
from andon.common.history.span import Span
from andon.common.history.stored import stored
from andon.common.influx import QUALITY_SUFFIX, measurement
from andon.common.plant import Asset
from andon.query.export.order import Column, Order
from andon.query.export.roller import Roller
from andon.query.export.rollup import Rollup
from andon.query.live.table import GOOD
from andon.query.tiers.coverage import Coverage
from andon.query.tiers.plan import require_kept

ROWS = 100_000
"""Samples of a slice, about."""
MOST = 2 * ROWS
FIRST = 600 * 10**9
"""Nanoseconds of the first slice."""
GROWTH = 8
TOGETHER = 10
SPARSE = 2
"""Cells to a value, beyond which an answer is rather gaps."""


@dataclass(frozen=True)
class Part:
    """Samples of one sensor, each time once. `quality` holds the words of those in `doubtful`, the others are good."""

    times: Times
    values: Floats | Objects
    doubtful: Times
    quality: Objects

    def __len__(self) -> int:
        return len(self.times)


NOTHING = Part(np.empty(0, np.int64), np.empty(0), np.empty(0, np.int64), np.empty(0, np.object_))


@dataclass(frozen=True)
class Slice:
    """All samples of an order before `end` that no slice before had: a part for each of its columns."""

    end: int
    parts: list[Part]

    def __len__(self) -> int:
        return sum(map(len, self.parts))


def slices(history: History, coverage: Coverage, order: Order) -> AsyncGenerator[Slice]:
    """The slices of an order; the last one ends where its range ends.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
        InvalidError: a single bucket holds more samples than can be rolled up at once, or nothing so fine is kept.
    """
    return _rolled(history, coverage, order, order.rollup) if order.rollup else _raw(history, order)


async def _raw(history: History, order: Order) -> AsyncGenerator[Slice]:
    at, width, manner = order.span.start, FIRST, Manner()
    while at < order.span.end:
        found = await _read(history, order, Span(at, min(at + width, order.span.end)), manner)
        wanted = (found.end - at) * ROWS // max(len(found), 1)
        width = min(max(wanted, 1), (found.end - at) * GROWTH)
        at = found.end
        yield found


@dataclass
class Manner:
    """How many sensors that measure numbers are asked for at once.

    Those of a machine mostly share their times. Where they do not, an answer is full of gaps, and each is asked for by
    itself from then on.
    """

    together: int = TOGETHER

    def learn(self, rows: Columns) -> None:
        """Look at an answer."""
        cells = len(rows) * len(rows.fields)
        if len(rows.fields) > 1 and cells > SPARSE * sum(int(there(found).sum()) for found in rows.fields.values()):
            self.together = 1


async def _read(history: History, order: Order, span: Span, manner: Manner) -> Slice:
    """Everything from the beginning of a range up to where the first series is full."""
    most, end = max(MOST // len(order.columns), 3), span.end
    values, doubts = dict[tuple[str, str], Columns](), dict[str, Columns]()
    for keys, machines in _questions(order, manner.together):
        for asset, one in (await stored(history, machines, keys, span, limit=most)).items():
            values |= {(asset, key): one for key in keys}
            end = _full(one, most, span.start, end)
            manner.learn(one)
    for keys, machines in _alike(order) if order.layout == "long" else ():
        fields = [key + QUALITY_SUFFIX for key in keys]
        for asset, one in (await stored(history, machines, fields, span, limit=most)).items():
            doubts[asset] = one
            end = _full(one, most, span.start, end)
    return Slice(end, [_part(column, values, doubts, end) for column in order.columns])


def _questions(order: Order, together: int) -> Iterator[tuple[list[str], list[Asset]]]:
    """Sensor keys and machines of what is asked for at once."""
    numbers = {(measurement(c.asset), c.sensor.key) for c in order.columns if c.sensor.datatype == "float"}
    alike: dict[tuple[str, tuple[str, ...], int], list[str]] = {}
    machines = {column.asset.id: column.asset for column in order.columns}
    for (name, key), assets in _machines(order).items():
        most = together if (name, key) in numbers else 1
        alike.setdefault((name, tuple(assets), most), []).append(key)
    for (_, ids, most), keys in alike.items():
        for at in range(0, len(keys), most):
            yield keys[at : at + most], [machines[asset] for asset in sorted(set(ids))]


def _machines(order: Order) -> dict[tuple[str, str], list[str]]:
    """Machine ids by measurement and sensor key."""
    found: dict[tuple[str, str], list[str]] = {}
    for column in order.columns:
        found.setdefault((measurement(column.asset), column.sensor.key), []).append(column.asset.id)
    return found


def _alike(order: Order) -> Iterator[tuple[list[str], list[Asset]]]:
    """Sensor keys and machines of each measurement."""
    keys, machines = dict[str, dict[str, None]](), dict[str, dict[str, Asset]]()
    for column in order.columns:
        name = measurement(column.asset)
        keys.setdefault(name, {})[column.sensor.key] = None
        machines.setdefault(name, {})[column.asset.id] = column.asset
    return ((list(keys[name]), [machines[name][asset] for asset in sorted(machines[name])]) for name in keys)


def _full(rows: Columns, most: int, start: int, end: int) -> int:
    """Up to when all is there. Of a full series the last time may lack something; the first cannot be the last."""
    return end if len(rows) < most else min(end, max(int(rows.times[-1]), start + 1))


def _part(column: Column, values: dict[tuple[str, str], Columns], doubts: dict[str, Columns], end: int) -> Part:
    rows, doubt = values.get((column.asset.id, column.sensor.key)), doubts.get(column.asset.id)
    if rows is None:
        return NOTHING
    times, found = _before(rows, column.sensor.key, end)
    words = None if doubt is None else doubt.fields[column.sensor.key + QUALITY_SUFFIX]
    if doubt is None or words is None or words.dtype == np.float64:  # a column of gaps alone
        return Part(times, found, NOTHING.doubtful, NOTHING.quality)
    doubtful = np.array([word is not None and word != GOOD for word in words], np.bool_)
    return Part(times, found, doubt.times[doubtful], words.astype(np.object_)[doubtful])


def _before(rows: Columns, field: str, end: int) -> tuple[Times, Floats | Objects]:
    """Rows before a time that have a value."""
    kept = np.searchsorted(rows.times, end)
    has = there(rows.fields[field][:kept])
    return rows.times[:kept][has], rows.fields[field][:kept][has]


async def _rolled(history: History, coverage: Coverage, order: Order, rollup: Rollup) -> AsyncGenerator[Slice]:
    require_kept(coverage, rollup.bounds(order.span.start, order.span.end, MOST))
    roller = Roller(history, coverage, order, rollup)
    at, most = order.span.start, max(ROWS // len(order.columns), 1)
    while at < order.span.end:
        bounds = rollup.bounds(at, order.span.end, most)
        try:
            parts = [Part(*one) for one in await roller.read(bounds)]
        except InvalidError:
            if len(bounds) == 2:  # one bucket
                raise
            most = (len(bounds) - 1) // 2
            continue
        at = int(bounds[-1])
        yield Slice(at, parts)


async def ahead(made: AsyncGenerator[Slice]) -> AsyncGenerator[Slice]:
    """The same slices, the next one read while the one before is used."""
    async with aclosing(made):
        reading = asyncio.ensure_future(anext(made, None))
        try:
            while (one := await reading) is not None:
                reading = asyncio.ensure_future(anext(made, None))
                yield one
        finally:
            await jobs.end(reading)
