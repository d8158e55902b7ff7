"""Where the values of a sensor are read from for a chart, and how many of them at most."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from andon.common.errors import InvalidError
from andon.common.history.columns import Floats, Times
from andon.common.history.history import History
from andon.common.history.samples import Samples
from andon.common.history.span import Span
from andon.common.plant import Asset, Sensor
from andon.query.series.grid import Grid, whole
from andon.query.tiers import windows
from andon.query.tiers.coverage import Coverage
from andon.query.tiers.gather import Gathered, gather
from andon.query.tiers.held import sample_before
from andon.query.tiers.plan import partly_gone, require_kept
from andon.query.tiers.runs import Told
from andon.query.tiers.sums import read_values
from andon.query.tiers.told import Teller
from andon.query.tiers.windows import Windows

_T = TypeVar("_T")


@dataclass(frozen=True)
class Source:
    """A sensor. Of its samples at most `most` are wanted as they are, and `most_read` to make buckets of."""

    history: History
    coverage: Coverage
    asset: Asset
    sensor: Sensor
    most: int
    most_read: int

    async def samples(self, span: Span, most: int) -> Samples | None:
        """Samples of a range, all passing for good; None where there are more than `most`."""
        found = await read_values(self.history, self.asset, self.sensor.key, span, most + 1)
        return found if len(found) <= most else None

    async def numbers(self, span: Span, most: int) -> tuple[Times, Floats] | None:
        """Times and values of a sensor that measures numbers; what it said else, once, is left out."""
        found = await self.samples(span, most)
        return None if found is None else numbers_of(found)

    def too_many(self, way_out: str) -> InvalidError:
        """What to say where `samples` are too many; `way_out` is what to change besides the range."""
        return InvalidError(
            f"'{self.sensor.path}' has more than {self.most:,} values there; shorten the range, or {way_out}"
        )

    async def windows(self, grids: Sequence[Grid], *, sums: bool) -> tuple[Grid, Gathered]:
        """What a number did in the buckets of the first grid that needs not too many samples; `sums` as in `gather`.

        Raises:
            InvalidError: with each grid too many samples would have to be read, or they are not kept any more.
            UnavailableError: InfluxDB does not answer, not in time, or refuses.
        """

        def attempt(grid: Grid) -> Awaitable[Gathered]:
            require_kept(self.coverage, grid.bounds)
            place = (self.history, self.coverage, self.asset, self.sensor)
            return gather(*place, grid.bounds, sums=sums, most=self.most_read)

        return await _first(grids, attempt)

    async def told(self, grids: Sequence[Grid]) -> tuple[Grid, tuple[Told, str]]:
        """What a state or a switch said in the buckets of the first grid that needs not too many samples, and the tier.

        Raises:
            InvalidError: with each grid too many samples would have to be read, or they are not kept any more.
            UnavailableError: InfluxDB does not answer, not in time, or refuses.
        """
        teller = Teller(self.history, self.coverage, self.asset, self.sensor, self.most)

        def attempt(grid: Grid) -> Awaitable[tuple[Told, str]]:
            require_kept(self.coverage, grid.bounds)
            return teller.told(grid.bounds)

        return await _first(grids, attempt)

    async def all(self, span: Span, way_out: str) -> Samples:
        """All samples of a number; `way_out` is what to change besides the range where that cannot be.

        Raises:
            InvalidError: they are too many, which is found out without reading them, or some are kept no longer.
            UnavailableError: InfluxDB does not answer, not in time, or refuses.
        """
        _, counted = await self.windows([whole(span)], sums=True)
        count = int(counted.windows.count.sum())
        found = await self.samples(span, self.most) if count <= self.most else None
        if found is None:
            raise self.too_many(way_out)
        if len(found) < count:
            raise partly_gone(self.sensor.path, count, len(found), way_out)
        return found

    async def before(self, at: int) -> Windows:
        """The newest sample before an instant, or nothing, as a window; of a switch 1 where it was on, and 0."""
        found = await sample_before(self.history, self.asset, self.sensor.key, at)
        kind = bool if self.sensor.datatype == "bool" else float
        if found is None or not isinstance(found[1], kind):
            return windows.none()
        time, value = found
        times = np.array([time, time + 1], np.int64)
        return windows.from_samples(times[:1], np.array([float(value)]), np.ones(1, np.bool_), times)


def numbers_of(found: Samples) -> tuple[Times, Floats]:
    """Times and values of what is a number."""
    numbers = found.numbers
    known = ~np.isnan(numbers)
    return found.times[known], numbers[known]


async def _first(grids: Sequence[Grid], attempt: Callable[[Grid], Awaitable[_T]]) -> tuple[Grid, _T]:
    """The first grid with which an attempt is not refused, and its outcome."""
    *narrower, widest = grids
    for grid in narrower:
        with suppress(InvalidError):
            return grid, await attempt(grid)
    return widest, await attempt(widest)
