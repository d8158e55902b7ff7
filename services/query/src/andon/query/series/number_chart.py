"""The chart of a sensor that measures numbers: its values as they are, or what the buckets of a grid tell of them."""

import asyncio

import numpy as np

from andon.common.history.columns import Floats, Times
from andon.common.history.tier import RAW
from andon.query.series import aggregates, gaps, lttb
from andon.query.series.chart import Chart
from andon.query.series.grid import Grid
from andon.query.series.question import Question
from andon.query.series.source import Source, numbers_of
from andon.query.tiers import windows
from andon.query.tiers.gather import Gathered
from andon.query.tiers.windows import Windows


async def draw(source: Source, question: Question) -> Chart:
    """A chart as asked for; with agg=auto the values as they are where they fit, else means with their extent.

    Raises:
        InvalidError: there are too many samples for what is asked; says what to ask instead.
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    if question.aggs == ("raw",):
        return await _raw(source, question)
    if question.draw == "lttb":
        return await _chosen(source, question)
    if question.aggs != ("auto",):
        return await _buckets(source, question)
    grid, found = await source.windows(question.grids, sums=True)
    count = found.windows.count.sum()
    if not question.bucketed and count <= question.points:
        samples = await source.numbers(question.span, question.points)
        if samples is not None and len(samples[0]) >= count:  # else more have come meanwhile, or they are not kept
            return _values(source, *samples)
    return _means(source, question, grid, found)


async def _raw(source: Source, question: Question) -> Chart:
    """Every value that is still kept."""
    samples = await source.numbers(question.span, source.most)
    if samples is None:
        raise source.too_many("leave out agg=raw")
    return _values(source, *samples)


def _values(source: Source, times: Times, values: Floats) -> Chart:
    return Chart(source.sensor, ("raw",), "raw", "raw", times, (values,))


async def _chosen(source: Source, question: Question) -> Chart:
    """Values that draw the line of all."""
    times, values = numbers_of(await source.all(question.span, "leave out draw=lttb"))
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


async def _buckets(source: Source, question: Question) -> Chart:
    """The aggregates asked for."""
    ranked = [name for name in question.aggs if aggregates.percent(name) is not None]
    counted = [name for name in question.aggs if name not in ranked]
    grid, tier, columns = question.grids[0], RAW.name, dict[str, Floats]()
    if counted:
        grid, found = await source.windows(question.grids, sums=aggregates.OF_SUMS.issuperset(counted))
        tier, columns = found.tier, await _of_windows(source, question, counted, grid, found.windows)
    if ranked:
        columns |= await _percentiles(source, question, ranked, grid)
    begun = grid.starts <= question.now
    filled = tuple(gaps.fill(columns[name], question.fill, begun) for name in question.aggs)
    return Chart(source.sensor, question.aggs, grid.name, tier, grid.starts, filled)


async def _of_windows(
    source: Source, question: Question, names: list[str], grid: Grid, found: Windows
) -> dict[str, Floats]:
    held = question.fill == "previous" and "last" in names
    needed = held or aggregates.WITH_BEFORE.intersection(names)
    before = await source.before(question.span.start) if needed else windows.none()
    columns = {name: aggregates.of_windows(name, found, grid, before, question.until) for name in names}
    if held and len(before) and grid.starts[0] <= question.now and np.isnan(columns["last"][0]):
        columns["last"][0] = before.last[-1]
    return columns


async def _percentiles(source: Source, question: Question, names: list[str], grid: Grid) -> dict[str, Floats]:
    way_out = f"leave out agg={','.join(names)}, which needs every value"
    times, values = numbers_of(await source.all(question.span, way_out))
    return await asyncio.to_thread(aggregates.percentiles, names, times, values, grid)
