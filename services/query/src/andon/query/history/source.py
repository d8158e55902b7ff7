"""Where the values of a sensor are read from for a chart, and how many of them at most."""

from dataclasses import dataclass

import numpy as np

from andon.common.errors import InvalidError
from andon.common.plant import Asset, Sensor
from andon.query.history import windows
from andon.query.history.columns import Floats, Times
from andon.query.history.coverage import Coverage
from andon.query.history.gather import Gathered, gather
from andon.query.history.grid import Grid
from andon.query.history.held import sample_before
from andon.query.history.history import History, Span
from andon.query.history.samples import Samples
from andon.query.history.sums import read_values
from andon.query.history.windows import Windows


@dataclass(frozen=True)
class Source:
    """A sensor, and of it at most `most` samples as they are."""

    history: History
    coverage: Coverage
    asset: Asset
    sensor: Sensor
    most: int

    async def samples(self, span: Span, most: int) -> Samples | None:
        """Samples of a range, all passing for good; None where there are more than `most`."""
        found = await read_values(self.history, self.asset, self.sensor.key, span, most + 1)
        return found if len(found) <= most else None

    async def numbers(self, span: Span, most: int) -> tuple[Times, Floats] | None:
        """Times and values of a sensor that measures numbers; what it said else, once, is left out."""
        found = await self.samples(span, most)
        if found is None:
            return None
        numbers = ~np.isnan(found.numbers)
        return found.times[numbers], found.numbers[numbers]

    def too_many(self, way_out: str) -> InvalidError:
        """What to say where `samples` are too many; `way_out` is what to change besides the range."""
        return InvalidError(
            f"'{self.sensor.path}' has more than {self.most:,} values there; shorten the range, or {way_out}"
        )

    async def windows(self, grids: tuple[Grid, ...], *, sums: bool) -> tuple[Grid, Gathered]:
        """What the sensor did in the buckets of the first grid that needs not too many samples; `sums` as in `gather`.

        Raises:
            InvalidError: with each grid too many samples would have to be read.
            UnavailableError: InfluxDB does not answer, not in time, or refuses.
        """
        for grid in grids:
            try:
                found = await gather(self.history, self.coverage, self.asset, self.sensor, grid.bounds, sums=sums)
            except InvalidError:
                if grid is grids[-1]:
                    raise
            else:
                return grid, found
        raise AssertionError("there is always a grid")

    async def require_few(self, span: Span, way_out: str) -> None:
        """Raise InvalidError where there are too many samples to read them all; found out without reading them."""
        bounds = np.array([span.start, span.end], np.int64)
        found = await gather(self.history, self.coverage, self.asset, self.sensor, bounds, sums=True)
        if found.windows.count.sum() > self.most:
            raise self.too_many(way_out)

    async def before(self, at: int) -> Windows:
        """The newest sample before an instant, or nothing, as a window."""
        found = await sample_before(self.history, self.asset, self.sensor.key, at)
        if found is None or not isinstance(found[1], float):
            return windows.none()
        time, value = found
        times = np.array([time, time + 1], np.int64)
        return windows.from_samples(times[:1], np.array([value]), np.ones(1, np.bool_), times)
