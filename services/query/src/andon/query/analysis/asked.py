"""What an analysis asks for: sensors that measure numbers, and their samples, as many as can be read in seconds."""

import math
from collections.abc import Sequence
from contextlib import suppress
from time import time_ns

import numpy as np

from andon.common.errors import InvalidError
from andon.common.history import samples
from andon.common.history.columns import Floats, Objects
from andon.common.history.history import History
from andon.common.history.samples import Samples
from andon.common.history.span import Span
from andon.common.history.tier import RAW
from andon.common.jobs import together
from andon.common.plant import Asset, Plant, Sensor
from andon.common.reading import Value
from andon.common.sight import find_sensor
from andon.query.series.grid import Grid
from andon.query.tiers.coverage import Coverage
from andon.query.tiers.gather import gather
from andon.query.tiers.held import held_at
from andon.query.tiers.plan import coarsest, partly_gone, plan, require_kept
from andon.query.tiers.windows import Windows

MAX_SAMPLES = 2_000_000
"""Samples of one analysis: three weeks of one a second, read in three seconds."""

PAGE = 100_000
"""Samples read at once: InfluxDB hands out a million, and between two answers the live feed has its turn."""


def find_number(plant: Plant, name: str, scope: str) -> tuple[Asset, Sensor]:
    """A sensor that measures numbers, by path, or by `<machine id>/<key>`.

    Raises:
        NotFoundError: there is none in the scope.
        InvalidError: it is a state or a switch.
    """
    asset, sensor = find_sensor(plant, name, scope)
    if sensor.datatype != "float":
        raise InvalidError(
            f"'{sensor.path}' is a {sensor.datatype}; statistics need numbers. "
            "GET /durations tells how long it held each value"
        )
    return asset, sensor


async def number_held(history: History, asset: Asset, sensor: Sensor, at: int) -> float | None:
    """The number a sensor held just before an instant; None where there is none.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    found = await held_at(history, asset, sensor.key, at)
    return found if isinstance(found, float) else None


async def read(history: History, asset: Asset, sensor: Sensor, span: Span, most: int = MAX_SAMPLES) -> Samples:
    """All samples of a sensor in a range; of one that measures numbers the numbers alone.

    Raises:
        InvalidError: there are more than `most`.
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    found = await samples.read(history, asset, sensor.key, span, most=PAGE)
    if len(found) == PAGE:
        found = samples.NO_SAMPLES  # it is read once more: hundreds who wait with a page each would fill the memory
        async with history.many():
            found = await _read_all(history, asset, sensor, span, most)
    if len(found) > most:
        raise _too_many(sensor, most)
    return _numbers(found) if sensor.datatype == "float" else found


async def read_whole(
    history: History, coverage: Coverage, asset: Asset, sensor: Sensor, *spans: Span, most: int = MAX_SAMPLES
) -> Samples:
    """All samples of a sensor in one or several ranges, in order and apart, where all rolled up ones are still kept.

    Raises:
        InvalidError: there are more than `most`, or some are kept no longer.
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    for span in spans:
        require_kept(coverage, np.array([span.start, span.end], np.int64))
    rolled_up = sum([await _rolled_up(history, coverage, asset, sensor, span) for span in spans])
    if rolled_up > most:
        raise _too_many(sensor, most)
    found, count = list[Samples](), 0
    for span in spans:
        found.append(await read(history, asset, sensor, span, most))
        count += len(found[-1])
        if count > most:
            raise _too_many(sensor, most)
    if count < rolled_up:
        raise partly_gone(sensor.path, rolled_up, count, "for statistics")
    return samples.join(found)


async def _rolled_up(history: History, coverage: Coverage, asset: Asset, sensor: Sensor, span: Span) -> int:
    """How many samples of a number the tiers tell of; 0 where they tell nothing."""
    bounds = np.array([span.start, span.end], np.int64)
    if sensor.datatype != "float" or coarsest(plan(coverage, asset.id, bounds)) is RAW:
        return 0
    return int((await gather(history, coverage, asset, sensor, bounds, sums=True)).windows.count.sum())


def _too_many(sensor: Sensor, most: int) -> InvalidError:
    return InvalidError(f"'{sensor.path}' has more than {most:,} samples there; ask for a shorter range")


async def _read_all(history: History, asset: Asset, sensor: Sensor, span: Span, most: int) -> Samples:
    """Page by page; a little more than `most` where there is more."""
    known: dict[Value, Value] = {}
    pages, count, start, more = list[Samples](), 0, span.start, True
    while more and count <= most:
        page = await samples.read(history, asset, sensor.key, Span(start, span.end), most=PAGE)
        pages, count = [*pages, _shared(page, known)], count + len(page)
        more = len(page) == PAGE
        start = int(page.times[-1]) + 1 if more else start
    return samples.join(pages)


def _shared(page: Samples, known: dict[Value, Value]) -> Samples:
    """A page in which equal texts are one: a million times RUN lies in memory once."""
    if page.values.dtype == np.float64:
        return page
    values: Objects = np.empty(len(page), np.object_)
    values[:] = [known.setdefault(value, value) for value in page.values]
    return Samples(page.times, values, page.good)


def _numbers(found: Samples) -> Samples:
    """What is a number, and what the sensor said before it measured numbers left out."""
    numbers = found.numbers
    known = ~np.isnan(numbers)
    return Samples(found.times[known], numbers[known], found.good[known])


async def on_one_clock(
    history: History,
    coverage: Coverage,
    sensors: Sequence[tuple[Asset, Sensor, int]],
    grids: Sequence[Grid],
    *,
    sums: bool = False,
) -> tuple[Grid, list[Windows]]:
    """Windows of several sensors, each so many nanoseconds back, on the first grid that needs not too many samples.

    Nor such as are kept no longer: of the time when these are gone the buckets are those of minutes or hours.

    sums: as in `gather`.

    Raises:
        InvalidError: too many samples would have to be read, or they are kept no longer.
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """

    async def attempt(grid: Grid) -> list[Windows]:
        for _, _, back in sensors:
            require_kept(coverage, grid.bounds - back)
        reads = (gather(history, coverage, asset, one, grid.bounds - back, sums=sums) for asset, one, back in sensors)
        return [found.windows for found in await together(reads)]

    *narrower, widest = grids
    for grid in narrower:
        with suppress(InvalidError):
            return grid, await attempt(grid)
    return widest, await attempt(widest)


def means(grid: Grid, parts: Windows, back: int = 0) -> Floats:
    """Mean of each bucket; NaN where it holds no sample."""
    found: Floats = np.full(len(grid), np.nan)
    found[grid.places(parts.first_at + back)] = parts.mean
    return found


def until_now(span: Span) -> Span:
    """A range without the future, in which no value is held yet."""
    return Span(span.start, max(span.start, min(span.end, time_ns())))


def finite(number: float | None) -> float | None:
    """A number as JSON can say it: None for what is none, or is made of values too huge to be summed."""
    return None if number is None or not math.isfinite(number) else float(number)
