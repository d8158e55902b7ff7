"""Windows of a sensor between any bounds, each part from the tier that holds it, the newest from the samples."""

import asyncio
from dataclasses import dataclass

import numpy as np

from andon.common.errors import InvalidError
from andon.common.plant import Asset, Sensor
from andon.query.history import samples, windows
from andon.query.history.columns import Times
from andon.query.history.coverage import Coverage
from andon.query.history.history import History, Span
from andon.query.history.plan import Part, coarsest, plan
from andon.query.history.sums import read_sums, read_values, width_between
from andon.query.history.tiers import RAW
from andon.query.history.windows import Windows

MAX_SAMPLES = 900_000
"""Samples that one part of an answer may be made of: a second of InfluxDB's time, and below its `max-row-limit`."""


@dataclass(frozen=True)
class Gathered:
    """Windows that hold samples, one between each two bounds, and the name of the coarsest tier they are made of."""

    windows: Windows
    tier: str


async def gather(
    history: History, coverage: Coverage, asset: Asset, sensor: Sensor, bounds: Times, *, sums: bool = False
) -> Gathered:
    """Windows of a sensor that measures numbers. Only the first and the last bound cut: what lies outside is left out.

    sums: only count, sum, min and max are needed; the rest is not read, and means nothing.

    Raises:
        InvalidError: too many samples would have to be read.
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    parts = plan(coverage, asset.id, bounds)
    found = await asyncio.gather(*(_read(history, part, asset, sensor, bounds, sums=sums) for part in parts))
    joined = windows.join(*found) if found else windows.none()
    return Gathered(windows.merge(joined, bounds), coarsest(parts).name)


async def _read(history: History, part: Part, asset: Asset, sensor: Sensor, bounds: Times, *, sums: bool) -> Windows:
    inside = bounds[(bounds > part.span.start) & (bounds < part.span.end)]
    if part.tier is RAW:
        return await _from_samples(history, part.span, asset, sensor, inside, sums=sums)
    if sums:
        width = width_between(inside, part.tier)
        return await read_sums(history, part.tier, asset, sensor.key, part.span, width=width)
    return await samples.read_windows(history, part.tier, asset, sensor.key, part.span)


async def _from_samples(
    history: History, span: Span, asset: Asset, sensor: Sensor, inside: Times, *, sums: bool
) -> Windows:
    read = read_values if sums else samples.read
    found = await read(history, asset, sensor.key, span, most=MAX_SAMPLES + 1)
    if len(found) > MAX_SAMPLES:
        raise InvalidError(
            f"'{sensor.path}' has more than {MAX_SAMPLES:,} samples there that are not rolled up; "
            "ask for a shorter range, or for buckets of whole minutes"
        )
    cuts = np.concatenate(([span.start], inside, [span.end])).astype(np.int64)
    return windows.from_samples(found.times, found.numbers, found.good, cuts)
