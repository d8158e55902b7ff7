"""Windows of a sensor between any bounds, each part from the tier that holds it, the newest from the samples."""

import asyncio
from dataclasses import dataclass

import numpy as np

from andon.common.errors import InvalidError
from andon.common.history import samples
from andon.common.history.columns import Times
from andon.common.history.history import History, worked
from andon.common.history.samples import Samples
from andon.common.history.span import Span
from andon.common.history.tier import RAW
from andon.common.plant import Asset, Sensor
from andon.query.tiers import windows
from andon.query.tiers.coverage import Coverage
from andon.query.tiers.plan import Part, coarsest, plan, require_few_minutes
from andon.query.tiers.read import read_windows
from andon.query.tiers.sums import read_sums, read_values, width_between
from andon.query.tiers.windows import Windows

MAX_SAMPLES = 900_000
"""Samples that one part of an answer may be made of: a second of InfluxDB's time, and below its `max-row-limit`."""
FEW_SAMPLES = 20_000
"""So many are read without asking the tiers first how many there are."""


@dataclass(frozen=True)
class Gathered:
    """Windows that hold samples, one between each two bounds, and the name of the coarsest tier they are made of."""

    windows: Windows
    tier: str


async def gather(
    history: History,
    coverage: Coverage,
    asset: Asset,
    sensor: Sensor,
    bounds: Times,
    *,
    sums: bool = False,
    most: int | None = None,
) -> Gathered:
    """Windows of a sensor that measures numbers. Only the first and the last bound cut: what lies outside is left out.

    sums: only count, sum, min and max are needed; the rest is not read, and means nothing.
    most: samples of each part, if fewer than MAX_SAMPLES.

    Raises:
        InvalidError: too many samples or minutes would have to be read.
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    parts = plan(coverage, asset.id, bounds)
    if not sums:
        require_few_minutes(sensor.path, parts, ", or for mean, min, max, sum and count alone")
    reader = Reader(history, coverage, asset, sensor, sums, min(most or MAX_SAMPLES, MAX_SAMPLES))
    found = await asyncio.gather(*(reader.read(part, bounds) for part in parts))
    joined = windows.join(*found) if found else windows.none()
    merged = await worked(len(joined), windows.merge, joined, bounds)
    return Gathered(merged, coarsest(parts).name)


@dataclass(frozen=True)
class Reader:
    """Reads the parts of one range of one sensor."""

    history: History
    coverage: Coverage
    asset: Asset
    sensor: Sensor
    sums: bool
    most: int

    async def read(self, part: Part, bounds: Times) -> Windows:
        """Windows of a part, none of which crosses a bound."""
        inside = bounds[(bounds > part.span.start) & (bounds < part.span.end)]
        if part.tier is RAW:
            return await self._of_samples(part.span, inside)
        if self.sums:
            return await self._sums(part, width_between(inside, part.tier))
        return await read_windows(self.history, part.tier, self.asset, self.sensor.key, part.span)

    async def _sums(self, part: Part, width: int) -> Windows:
        return await read_sums(self.history, part.tier, self.asset, self.sensor.key, part.span, width=width)

    async def _of_samples(self, span: Span, inside: Times) -> Windows:
        found = await self._samples(span, min(FEW_SAMPLES, self.most))
        if found is None and await self._rolled_up(span) <= self.most:
            found = await self._samples(span, self.most)
        if found is None:
            raise InvalidError(
                f"'{self.sensor.path}' has more than {self.most:,} samples there that are not rolled up; "
                "ask for a shorter range, or for buckets of whole minutes"
            )
        cuts = np.concatenate(([span.start], inside, [span.end])).astype(np.int64)
        return await worked(len(found), self._made, found, cuts)

    @staticmethod
    def _made(found: Samples, cuts: Times) -> Windows:
        return windows.from_samples(found.times, found.numbers, found.good, cuts)

    async def _samples(self, span: Span, most: int) -> Samples | None:
        """None where there are more than `most`."""
        read = read_values if self.sums else samples.read
        found = await read(self.history, self.asset, self.sensor.key, span, most=most + 1)
        return found if len(found) <= most else None

    async def _rolled_up(self, span: Span) -> float:
        """How many samples of a range the tiers know of."""
        parts = plan(self.coverage, self.asset.id, np.array([span.start, span.end], np.int64))
        counted = (self._sums(part, part.tier.width) for part in parts if part.tier is not RAW)
        return sum(float(one.count.sum()) for one in await asyncio.gather(*counted))
