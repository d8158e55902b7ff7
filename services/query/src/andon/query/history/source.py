"""Where the values of a sensor are read from for a chart, and how many of them at most."""

from dataclasses import dataclass

import numpy as np

from andon.common.errors import InvalidError
from andon.common.influx import quote_identifier
from andon.common.plant import Asset, Sensor
from andon.query.history import windows
from andon.query.history.columns import Floats, Objects, Times
from andon.query.history.coverage import Coverage
from andon.query.history.gather import Gathered, gather
from andon.query.history.grid import Grid
from andon.query.history.held import sample_before
from andon.query.history.history import History, Span, select
from andon.query.history.windows import Windows


@dataclass(frozen=True)
class Source:
    """A sensor, and of it at most `most` samples as they are."""

    history: History
    coverage: Coverage
    asset: Asset
    sensor: Sensor
    most: int

    async def samples(self, span: Span, most: int) -> tuple[Times, Floats | Objects] | None:
        """Times and values of a range; None where there are more than `most`."""
        statement = select(quote_identifier(self.sensor.key), self.asset, span, f"LIMIT {most + 1}")
        found = await self.history.columns(statement)
        if not found:
            return np.empty(0, np.int64), np.empty(0, np.object_)
        (rows,) = found
        return (rows.times, rows.fields[self.sensor.key]) if len(rows) <= most else None

    async def numbers(self, span: Span, most: int) -> tuple[Times, Floats] | None:
        """The same of a sensor that measures numbers; what it said else, once, is left out."""
        found = await self.samples(span, most)
        if found is None:
            return None
        times, values = found
        if values.dtype == np.object_:
            numbers = np.array([type(value) in (int, float) for value in values], np.bool_)
            times, values = times[numbers], values[numbers]
        return times, values.astype(np.float64)

    def too_many(self, way_out: str) -> InvalidError:
        """What to say where `samples` are too many; `way_out` is what to change besides the range."""
        return InvalidError(
            f"'{self.sensor.path}' has more than {self.most:,} values there; shorten the range, or {way_out}"
        )

    async def windows(self, grids: tuple[Grid, ...]) -> tuple[Grid, Gathered]:
        """What the sensor did in the buckets of the first grid that needs not too many samples.

        Raises:
            InvalidError: with each grid too many samples would have to be read.
            UnavailableError: InfluxDB does not answer, not in time, or refuses.
        """
        for grid in grids:
            try:
                return grid, await gather(self.history, self.coverage, self.asset, self.sensor, grid.bounds)
            except InvalidError:
                if grid is grids[-1]:
                    raise
        raise AssertionError("there is always a grid")

    async def before(self, at: int) -> Windows:
        """The newest sample before an instant, or nothing, as a window."""
        found = await sample_before(self.history, self.asset, self.sensor.key, at)
        if found is None or not isinstance(found[1], float):
            return windows.none()
        time, value = found
        times = np.array([time, time + 1], np.int64)
        return windows.from_samples(times[:1], np.array([value]), np.ones(1, np.bool_), times)
