"""Roller: what the buckets of an export tell of its sensors, piece by piece in order of time, from the tiers."""

from collections.abc import Sequence
from itertools import groupby
from time import time_ns
from typing import NamedTuple

import numpy as np

from andon.common.history.columns import Floats, Objects, Times
from andon.common.history.history import History
from andon.query.export.order import Column, Order
from andon.query.export.rollup import Rollup
from andon.query.series.aggregates import OF_SUMS, WITH_BEFORE, of_windows
from andon.query.series.gaps import Column as Values
from andon.query.series.grid import Grid
from andon.query.series.source import Source
from andon.query.series.state_chart import of_buckets, switched
from andon.query.tiers import windows
from andon.query.tiers.coverage import Coverage
from andon.query.tiers.gather import MAX_SAMPLES, gather
from andon.query.tiers.told import Teller
from andon.query.tiers.windows import Windows

UNCERTAIN = "uncertain"


class Rolled(NamedTuple):
    """Values of buckets at the times at which these begin, and the words for those of `doubtful`."""

    times: Times
    values: Floats | Objects
    doubtful: Times
    quality: Objects


class Roller:
    """Rolls up one order. Each piece begins where the one before ended, and knows what was held there."""

    def __init__(self, history: History, coverage: Coverage, order: Order, rollup: Rollup) -> None:
        self._history, self._coverage, self._order, self._rollup = history, coverage, order, rollup
        self._until = min(order.span.end, time_ns())
        self._before: dict[str, Windows] = {}

    async def read(self, bounds: Times) -> list[Rolled]:
        """One for each column of the order. What has failed may be asked again, in narrower bounds.

        Raises:
            InvalidError: too many samples would have to be read.
            UnavailableError: InfluxDB does not answer, not in time, or refuses.
        """
        starts = bounds[:-1].copy()
        starts[0] = self._rollup.begin(int(bounds[0]))  # a cut bucket keeps the time of the whole
        grid = Grid(self._rollup.bucket, starts, bounds)
        found = [await self._sensor(list(columns), grid) for _, columns in groupby(self._order.columns, _sensor)]
        self._before |= {path: last for path, last, _ in found}
        return [one for _, _, rolled in found for one in rolled]

    async def _sensor(self, columns: Sequence[Column], grid: Grid) -> tuple[str, Windows, list[Rolled]]:
        """What the columns of one sensor tell, and what it held at last."""
        asset, sensor = columns[0].asset, columns[0].sensor
        aggs = [column.agg or self._rollup.aggs[0] for column in columns]
        before = await self._held(columns[0], grid, needed=not WITH_BEFORE.isdisjoint(aggs))
        if sensor.datatype == "float":
            sums = self._order.layout == "wide" and OF_SUMS.issuperset(aggs)  # which say nothing of quality
            found = (await gather(self._history, self._coverage, asset, sensor, grid.bounds, sums=sums)).windows
            known: dict[str, Values] = {}
        else:
            told, _ = await Teller(self._history, self._coverage, asset, sensor, MAX_SAMPLES).told(grid.bounds)
            found, known = switched(grid, told), of_buckets(grid, told)
        values = (known[agg] if agg in known else of_windows(agg, found, grid, before, self._until) for agg in aggs)
        last = found.part(slice(-1, None)) if len(found) else before
        return sensor.path, last, [_rolled(grid, one, found) for one in values]

    async def _held(self, column: Column, grid: Grid, *, needed: bool) -> Windows:
        """The newest sample before the bounds, where that matters."""
        path = column.sensor.path
        if not needed:
            return windows.none()
        if path not in self._before:
            source = Source(self._history, self._coverage, column.asset, column.sensor, 0, 0)
            return await source.before(int(grid.bounds[0]))
        return self._before[path]


def _sensor(column: Column) -> str:
    return column.sensor.path


def _rolled(grid: Grid, values: Values, found: Windows) -> Rolled:
    """A window is uncertain, as OPC UA part 13 has it, unless all its samples are good."""
    if values.dtype == np.object_:
        known = np.array([value is not None for value in values], np.bool_)
    else:
        known = np.isfinite(values.astype(np.float64, copy=False))
    doubtful = grid.starts[grid.places(found.start[found.good < found.count])]
    return Rolled(grid.starts[known], values[known], doubtful, np.full(len(doubtful), UNCERTAIN, np.object_))
