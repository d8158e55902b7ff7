"""Windows of a sensor between any bounds, each part from the tier that holds it, the newest from the samples."""

import asyncio
from dataclasses import dataclass

import numpy as np

from andon.common.errors import InvalidError
from andon.common.plant import Asset, Sensor
from andon.query.history import samples, windows
from andon.query.history.columns import Times
from andon.query.history.coverage import Coverage
from andon.query.history.history import History
from andon.query.history.plan import Part, coarsest, plan
from andon.query.history.tiers import RAW
from andon.query.history.windows import Windows

MAX_SAMPLES = 900_000
"""Samples that one part of an answer may be made of: a second of InfluxDB's time, and below its `max-row-limit`."""


@dataclass(frozen=True)
class Gathered:
    """Windows that hold samples, one between each two bounds, and the name of the coarsest tier they are made of."""

    windows: Windows
    tier: str


async def gather(history: History, coverage: Coverage, asset: Asset, sensor: Sensor, bounds: Times) -> Gathered:
    """Windows of a sensor that measures numbers. Only the first and the last bound cut: what lies outside is left out.

    Raises:
        InvalidError: too many samples would have to be read.
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    parts = plan(coverage, asset.id, bounds)
    found = await asyncio.gather(*(_read(history, part, asset, sensor, bounds) for part in parts))
    joined = windows.join(*found) if found else windows.none()
    return Gathered(windows.merge(joined, bounds), coarsest(parts).name)


async def _read(history: History, part: Part, asset: Asset, sensor: Sensor, bounds: Times) -> Windows:
    if part.tier is not RAW:
        return await samples.read_windows(history, part.tier, asset, sensor.key, part.span)
    found = await samples.read(history, asset, sensor.key, part.span, most=MAX_SAMPLES + 1)
    if len(found) > MAX_SAMPLES:
        raise InvalidError(
            f"'{sensor.path}' has more than {MAX_SAMPLES:,} samples there that are not rolled up; "
            "ask for a shorter range, or for buckets of whole minutes"
        )
    inside = bounds[(bounds > part.span.start) & (bounds < part.span.end)]
    cuts = np.concatenate(([part.span.start], inside, [part.span.end])).astype(np.int64)
    return windows.from_samples(found.times, found.numbers, found.good, cuts)
