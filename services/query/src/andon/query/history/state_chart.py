"""The chart of a state or a switch: its values as they are, the last one of each bucket, or how long each held."""

import asyncio

import numpy as np

from andon.common.errors import InvalidError
from andon.common.influx import quote_identifier
from andon.common.reading import NS_PER_MS
from andon.query.history import gaps
from andon.query.history.aggregates import WITHOUT_ARITHMETIC
from andon.query.history.chart import Chart
from andon.query.history.columns import Floats, Objects, Times
from andon.query.history.grid import Grid
from andon.query.history.held import held_at
from andon.query.history.history import select
from andon.query.history.longest import longest
from andon.query.history.question import Question
from andon.query.history.source import Source
from andon.query.history.states import Intervals, intervals


async def draw(source: Source, question: Question) -> Chart:
    """A chart as asked for; with agg=auto the values as they are where they fit, else the last one of each bucket.

    Raises:
        InvalidError: arithmetic is asked of a state, or there are too many samples; says what to ask instead.
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    _require_meaning(source, question)
    (agg, *_) = question.aggs
    if agg == "states":
        return await held(source, question)
    if agg == "raw" or (agg == "auto" and not question.bucketed):
        samples = await source.samples(question.span, source.most if agg == "raw" else question.points)
        if samples is not None:
            return Chart(source.sensor, ("raw",), "raw", "raw", samples.times, (samples.values,))
        if agg == "raw":
            raise source.too_many("leave out agg=raw")
    return await _buckets(source, question, question.grids[0])


def _require_meaning(source: Source, question: Question) -> None:
    wrong = [agg for agg in question.aggs if agg not in WITHOUT_ARITHMETIC]
    what = f"'{source.sensor.path}' is a {source.sensor.datatype}"
    if wrong:
        raise InvalidError(f"{what}; ask for agg={', '.join(WITHOUT_ARITHMETIC)}, not {', '.join(wrong)}")
    if question.fill in ("linear", "zero") and question.aggs != ("count",):
        raise InvalidError(f"{what}; ask for fill=none, null or previous, not {question.fill}")


async def held(source: Source, question: Question) -> Chart:
    """Which value held when, of any sensor: each interval where they fit into `points`, else the longest of a bucket.

    Raises:
        InvalidError: there are too many samples.
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    span, key = question.span, source.sensor.key
    samples = await source.samples(span, source.most)
    if samples is None:
        raise source.too_many("ask for agg=last")
    carry = await held_at(source.history, source.asset, key, span.start)
    values = samples.values.astype(np.object_)
    found = await asyncio.to_thread(
        intervals, samples.times, values, span.start, max(question.until, span.start), carry
    )
    resolution = "raw"
    if len(found) > question.points:
        grid = question.grids[0]
        found, resolution = await asyncio.to_thread(longest, found, grid), grid.name
    return _intervals(source, resolution, found)


def _intervals(source: Source, resolution: str, found: Intervals) -> Chart:
    return Chart(source.sensor, ("states",), resolution, "raw", found.starts[:0], (), intervals=found)


async def _buckets(source: Source, question: Question, grid: Grid) -> Chart:
    aggs = tuple("last" if agg == "auto" else agg for agg in question.aggs)
    found = await (_grouped(source, question, grid) if grid.width else _counted(source, question, grid))
    begun = grid.starts <= question.now
    if question.fill == "previous" and "last" in aggs and found["last"][0] is None and begun[0]:
        found["last"][0] = await held_at(source.history, source.asset, source.sensor.key, question.span.start)
    filled = tuple(gaps.fill(found[agg], question.fill, begun) for agg in aggs)
    return Chart(source.sensor, aggs, grid.name, "raw", grid.starts, filled)


async def _grouped(source: Source, question: Question, grid: Grid) -> dict[str, Floats | Objects]:
    """By InfluxDB, for buckets of one width."""
    field = quote_identifier(source.sensor.key)
    what = f"first({field}), last({field}), count({field})"
    tail = f"GROUP BY time({grid.width // NS_PER_MS}ms) fill(none)"
    found = await source.history.columns(select(what, source.asset, question.span, tail))
    if not found:
        return _placed(grid, np.empty(0, np.int64), {})
    (rows,) = found
    return _placed(grid, np.searchsorted(grid.starts, rows.times), rows.fields)


async def _counted(source: Source, question: Question, grid: Grid) -> dict[str, Floats | Objects]:
    """From the samples, for those of a calendar."""
    samples = await source.samples(question.span, source.most)
    if samples is None:
        raise source.too_many("ask for a bucket of one width, as 1h")
    times, values = samples.times, samples.values
    which = grid.places(times)
    begins = np.flatnonzero(np.diff(which, prepend=-1))
    ends = np.append(begins[1:], len(times))[: len(begins)]
    fields = {"first": values[begins], "last": values[ends - 1], "count": ends - begins}
    return _placed(grid, which[begins], fields)


def _placed(grid: Grid, places: Times, fields: dict[str, Floats | Objects]) -> dict[str, Floats | Objects]:
    found: dict[str, Floats | Objects] = {"count": np.full(len(grid), np.nan)}
    found |= {name: np.full(len(grid), None, np.object_) for name in ("first", "last")}
    for name, values in fields.items():
        found[name][places] = values
    return found
