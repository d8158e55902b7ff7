"""The chart of a state or a switch: its values as they are, the last one of each bucket, or how long each held."""

import asyncio

import numpy as np

from andon.common.errors import InvalidError
from andon.common.history.samples import Samples
from andon.common.history.tier import RAW
from andon.query.series import gaps
from andon.query.series.aggregates import OF_SWITCHES, WITHOUT_ARITHMETIC, of_windows
from andon.query.series.chart import Chart
from andon.query.series.grid import Grid, whole
from andon.query.series.longest import longest
from andon.query.series.question import Question
from andon.query.series.source import Source
from andon.query.series.states import intervals
from andon.query.tiers import windows
from andon.query.tiers.held import held_at
from andon.query.tiers.runs import Told, of_samples
from andon.query.tiers.windows import Windows

NUMBERS = frozenset({"count", "twa"})
"""What is a number, even of a state or a switch."""


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
    if agg == "raw":
        samples = await source.samples(question.span, source.most)
        if samples is None:
            raise source.too_many("leave out agg=raw")
        return _values(source, samples)
    return await _buckets(source, question)


def _values(source: Source, samples: Samples) -> Chart:
    return Chart(source.sensor, ("raw",), "raw", "raw", samples.times, (samples.values,))


def _require_meaning(source: Source, question: Question) -> None:
    switch = source.sensor.datatype == "bool"
    known = OF_SWITCHES if switch else WITHOUT_ARITHMETIC
    wrong = [agg for agg in question.aggs if agg not in known]
    what = f"'{source.sensor.path}' is a {source.sensor.datatype}"
    if wrong:
        share = " (twa is the share of time it was on)" if switch else ""
        raise InvalidError(f"{what}; ask for agg={', '.join(known)}{share}, not {', '.join(wrong)}")
    if question.fill in gaps.WITH_ARITHMETIC and not NUMBERS.issuperset(question.aggs):
        raise InvalidError(f"{what}; ask for fill=none, null or previous, not {question.fill}")


async def held(source: Source, question: Question) -> Chart:
    """Which value held when, of any sensor: each interval where they fit into `points`, else the longest of a bucket.

    Raises:
        InvalidError: there are too many samples.
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    span = question.span
    (told, tier), carry = await asyncio.gather(
        _told(source, question), held_at(source.history, source.asset, source.sensor.key, span.start)
    )
    until = max(question.until, span.start)
    found = await asyncio.to_thread(intervals, told.times, told.values, span.start, until, carry)
    resolution = "raw"
    if len(found) > question.points:
        grid = question.grids[0]
        found, resolution = await asyncio.to_thread(longest, found, grid), grid.name
    return Chart(source.sensor, ("states",), resolution, tier, found.starts[:0], (), intervals=found)


async def _told(source: Source, question: Question) -> tuple[Told, str]:
    if source.sensor.datatype != "float":
        _, found = await source.told([whole(question.span)])
        return found
    samples = await source.all(question.span, "leave out agg=states")
    return of_samples(samples.times, samples.values), RAW.name


async def _buckets(source: Source, question: Question) -> Chart:
    aggs = tuple("last" if agg == "auto" else agg for agg in question.aggs)
    grid, (told, tier) = await source.told(question.grids)
    count = told.counts.sum()
    if aggs != question.aggs and not question.bucketed and count <= question.points:
        samples = await source.samples(question.span, question.points)
        if samples is not None and len(samples) >= count:  # else more have come meanwhile, or they are not kept
            return _values(source, samples)
    found, begun = of_buckets(grid, told), grid.starts <= question.now
    if "twa" in aggs:
        before = await source.before(question.span.start)
        found["twa"] = of_windows("twa", switched(grid, told), grid, before, question.until)
    if question.fill == "previous" and "last" in aggs and found["last"][0] is None and begun[0]:
        found["last"][0] = await held_at(source.history, source.asset, source.sensor.key, question.span.start)
    filled = tuple(gaps.fill(found[agg], question.fill, begun) for agg in aggs)
    return Chart(source.sensor, aggs, grid.name, tier, grid.starts, filled)


def switched(grid: Grid, told: Told) -> Windows:
    """What a switch said, 1 where it was on, as windows whose time-weighted mean is exact: all changes are in them."""
    numbers = np.array([float(value) if isinstance(value, bool) else np.nan for value in told.values], np.float64)
    return windows.from_samples(told.times, numbers, np.ones(len(told), np.bool_), grid.bounds)


def of_buckets(grid: Grid, told: Told) -> dict[str, gaps.Column]:
    """Count, first and last value of each bucket; NaN or None where it has none."""
    begins = np.flatnonzero(told.counts)
    ends = np.append(begins[1:], len(told))[: len(begins)]
    count = np.full(len(grid), np.nan)
    first, last = (np.full(len(grid), None, np.object_) for _ in range(2))
    places = grid.places(told.times[begins])
    count[places], first[places], last[places] = told.counts[begins], told.values[begins], told.values[ends - 1]
    return {"count": count, "first": first, "last": last}
