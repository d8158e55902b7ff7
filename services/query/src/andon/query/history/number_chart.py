"""The chart of a sensor that measures numbers: its values as they are, or what the buckets of a grid tell of them."""

import asyncio

import numpy as np

from andon.query.history import aggregates, gaps, lttb, windows
from andon.query.history.chart import Chart
from andon.query.history.columns import Floats, Times
from andon.query.history.gather import Gathered
from andon.query.history.grid import Grid
from andon.query.history.question import Question
from andon.query.history.source import Source
from andon.query.history.windows import Windows


async def draw(source: Source, question: Question) -> Chart:
    """A chart as asked for; with agg=auto the values as they are where they fit, else means with their extent.

    Raises:
        InvalidError: there are too many samples for what is asked; says what to ask instead.
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    if question.aggs == ("raw",):
        return _values(source, *await _all_samples(source, question, "leave out agg=raw"))
    grid, found = await source.windows(question.grids, sums=aggregates.are_sums(question.aggs))
    if question.aggs != ("auto",):
        return await _buckets(source, question, grid, found)
    if question.draw == "lttb":
        return await _chosen(source, question, found)
    if not question.bucketed and _count(found) <= question.points:
        samples = await source.numbers(question.span, question.points)
        if samples is not None:  # else more have come meanwhile
            return _values(source, *samples)
    return _means(source, question, grid, found)


def _count(found: Gathered) -> int:
    return int(found.windows.count.sum())


async def _all_samples(source: Source, question: Question, way_out: str) -> tuple[Times, Floats]:
    samples = await source.numbers(question.span, source.most)
    if samples is None:
        raise source.too_many(way_out)
    return samples


def _values(source: Source, times: Times, values: Floats) -> Chart:
    return Chart(source.sensor, ("raw",), "raw", "raw", times, (values,))


async def _chosen(source: Source, question: Question, found: Gathered) -> Chart:
    """Values that draw the line of all."""
    way_out = "leave out draw=lttb"
    if _count(found) > source.most:
        raise source.too_many(way_out)
    times, values = await _all_samples(source, question, way_out)
    chosen = await asyncio.to_thread(lttb.choose, times, values, question.points)
    return _values(source, times[chosen], values[chosen])


def _means(source: Source, question: Question, grid: Grid, found: Gathered) -> Chart:
    """Means, and from where to where the values went."""
    mean, low, high = (
        aggregates.of_windows(name, found.windows, grid, windows.none(), question.until)
        for name in ("mean", "min", "max")
    )
    filled = (gaps.fill(mean, question.fill, grid.starts <= question.now),)
    return Chart(source.sensor, ("mean",), grid.name, found.tier, grid.starts, filled, envelope=(low, high))


async def _buckets(source: Source, question: Question, grid: Grid, found: Gathered) -> Chart:
    """The aggregates asked for."""
    ranked = await _percentiles(source, question, grid, found)
    held = question.fill == "previous" and "last" in question.aggs
    needed = held or aggregates.WITH_BEFORE.intersection(question.aggs)
    before = await source.before(question.span.start) if needed else windows.none()
    columns = [
        ranked[name] if name in ranked else aggregates.of_windows(name, found.windows, grid, before, question.until)
        for name in question.aggs
    ]
    begun = grid.starts <= question.now
    if held:
        _hold(columns[question.aggs.index("last")], before, begun)
    filled = tuple(gaps.fill(column, question.fill, begun) for column in columns)
    tier = found.tier if len(ranked) < len(question.aggs) else "raw"
    return Chart(source.sensor, question.aggs, grid.name, tier, grid.starts, filled)


def _hold(last: Floats, before: Windows, begun: gaps.Mask) -> None:
    """The value from before the range, in a first bucket without one."""
    if len(before) and begun[0] and np.isnan(last[0]):
        last[0] = before.last[-1]


async def _percentiles(source: Source, question: Question, grid: Grid, found: Gathered) -> dict[str, Floats]:
    names = [name for name in question.aggs if aggregates.percent(name) is not None]
    if not names:
        return {}
    way_out = f"leave out agg={','.join(names)}, which needs every value"
    if _count(found) > source.most:
        raise source.too_many(way_out)
    times, values = await _all_samples(source, question, way_out)
    return await asyncio.to_thread(aggregates.percentiles, names, times, values, grid)
