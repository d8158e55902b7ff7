"""GET /histogram: how often, and how long, a sensor's values lay in each of some equal bins."""

import asyncio
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query
from pydantic import BaseModel

from andon.common.api import Caller
from andon.common.errors import InvalidError
from andon.common.history.api import AskedSpan, KnownHistory
from andon.common.history.columns import Floats, Times
from andon.common.history.history import History
from andon.common.history.span import Span
from andon.common.history.tier import RAW, Tier
from andon.common.plant import Asset, Sensor
from andon.common.reading import NS_PER_S
from andon.query.analysis.asked import MAX_SAMPLES, find_number, number_held, read, until_now
from andon.query.branches import KnownBranches
from andon.query.series.grid import of_width
from andon.query.tiers.coverage import Coverage, KnownCoverage
from andon.query.tiers.gather import gather
from andon.query.tiers.plan import coarsest, plan, require_kept
from andon.query.tiers.tiers import HOURS, MINUTES

router = APIRouter()

MAX_BINS = 500
MANY_MINUTES = 250_000
"""Half a year, read in a second or two. Of a range with more minutes than these the hours are taken."""
TIGHT = 1e-12
"""Values closer together than this part of themselves are one value: bins of less a number could not tell apart."""
LEAST = 1e-290


class Histogram(BaseModel):
    """Bin i holds the values from edges[i] to before edges[i + 1], the last one its upper edge too.

    counts: samples in each bin. seconds: how long the sensor held a value of each bin. below, above: samples outside
    of all bins. tier: `raw`, or `1m` or `1h` where samples are too many, or kept no longer: then it is the means of
    minutes or hours that are sorted into bins, each counting as many samples as it has. The edges go from the least to
    the greatest sample all the same.
    """

    sensor: str
    unit: str
    tier: str
    count: int
    edges: list[float]
    counts: list[int]
    seconds: list[float]
    below: int
    above: int


@router.get("/histogram")
async def histogram(
    *,
    caller: Caller,
    branches: KnownBranches,
    history: KnownHistory,
    coverage: KnownCoverage,
    span: AskedSpan,
    sensor: Annotated[str, Query(min_length=1)],
    bins: Annotated[int, Query(ge=1, le=MAX_BINS)] = 50,
    low: Annotated[float | None, Query(allow_inf_nan=False, description="Lower edge of the first bin")] = None,
    high: Annotated[float | None, Query(allow_inf_nan=False, description="Upper edge of the last bin")] = None,
) -> Histogram:
    """Samples and seconds in each bin. Without `low` and `high` the bins go from the least to the greatest value."""
    asset, found = find_number(branches.plant, sensor, caller.scope)
    heap = await _heap(history, coverage, asset, found, span)
    bottom, top = limits(heap.extent, low, high)
    return await asyncio.to_thread(sort, found, heap, until_now(span).end, np.linspace(bottom, top, bins + 1))


@dataclass(frozen=True)
class Heap:
    """Values to be sorted: from when each holds, and how many samples it stands for.

    extent: the least and the greatest sample among them; or nothing, or more.
    """

    times: Times
    values: Floats
    counts: Floats
    tier: str
    extent: Floats


async def _heap(history: History, coverage: Coverage, asset: Asset, sensor: Sensor, span: Span) -> Heap:
    """All samples; where they are too many, or some are kept no longer, the means of minutes or hours."""
    tier = _tier(coverage, span)
    bounds = of_width(span, tier.width).bounds
    require_kept(coverage, bounds)
    if coarsest(plan(coverage, asset.id, bounds)) is RAW:
        return await _raw(history, asset, sensor, span)
    parts = (await gather(history, coverage, asset, sensor, bounds, sums=True)).windows
    if parts.count.sum() <= MAX_SAMPLES:
        heap = await _raw(history, asset, sensor, span)
        if heap.counts.sum() >= parts.count.sum():
            return heap
    return Heap(parts.start, parts.mean, parts.count, tier.name, np.append(parts.min, parts.max))


def _tier(coverage: Coverage, span: Span) -> Tier:
    """Minutes, as long as they are few enough, and kept, or kept as long as the hours."""
    many = (span.end - span.start) // MINUTES.width > MANY_MINUTES
    gone = max(coverage.since(HOURS), span.start) < coverage.since(MINUTES)
    return HOURS if many or gone else MINUTES


async def _raw(history: History, asset: Asset, sensor: Sensor, span: Span) -> Heap:
    """All samples, and before them the value held at the beginning, which stands for none."""
    samples = await read(history, asset, sensor, span)
    times, values, counts = samples.times, samples.numbers, np.ones(len(samples))
    carry = await number_held(history, asset, sensor, span.start)
    if carry is not None:
        times = np.append(np.int64(span.start), times)
        values, counts = np.append(carry, values), np.append(0.0, counts)
    return Heap(times, values, counts, RAW.name, values)


def sort(sensor: Sensor, heap: Heap, end: int, edges: Floats) -> Histogram:
    """The values in bins of one width."""
    bins, bottom, top = len(edges) - 1, float(edges[0]), float(edges[-1])
    seconds = np.diff(heap.times, append=max([end, *heap.times[-1:]])) / NS_PER_S
    counts, _ = np.histogram(heap.values, bins, (bottom, top), weights=heap.counts)
    held, _ = np.histogram(heap.values, bins, (bottom, top), weights=seconds)
    return Histogram(
        sensor=sensor.path,
        unit=sensor.unit,
        tier=heap.tier,
        count=int(heap.counts.sum()),
        edges=edges.tolist(),
        counts=counts.astype(np.int64).tolist(),
        seconds=held.tolist(),
        below=int(heap.counts[heap.values < bottom].sum()),
        above=int(heap.counts[heap.values > top].sum()),
    )


def limits(values: Floats, low: float | None, high: float | None) -> tuple[float, float]:
    """Where the first bin begins and the last ends: as asked for, else at the least and the greatest value.

    Raises:
        InvalidError: `low` is not below `high`, or the values are too far apart for a number.
    """
    least, greatest = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
    bottom, top = least if low is None else low, greatest if high is None else high
    size = max(abs(bottom), abs(top))
    if top - bottom <= max(TIGHT * size, LEAST):
        if low is not None and high is not None:
            raise InvalidError(f"'low' ({low:g}) must be below 'high' ({high:g}), and not only by a rounding error")
        room = max(0.5, 1e-9 * size)
        bottom, top = _apart(bottom, top, low, high, room)
    if not np.isfinite(2 * (top - bottom)):
        raise InvalidError("The values are too far apart to be sorted into bins; name the range by low= and high=")
    return bottom, top


def _apart(bottom: float, top: float, low: float | None, high: float | None, room: float) -> tuple[float, float]:
    """Limits that are no range, moved apart; one that was asked for stays."""
    if low is not None:
        return low, low + 2 * room
    if high is not None:
        return high - 2 * room, high
    return bottom - room, top + room
