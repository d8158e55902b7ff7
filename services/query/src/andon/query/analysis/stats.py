"""GET /stats: one sensor's range in a handful of numbers; of years too, for they are made of the tiers."""

import asyncio
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query

from andon.common.api import Caller
from andon.common.history.api import AskedSpan, KnownHistory
from andon.query.analysis import asked, percentiles
from andon.query.analysis.numbers import Numbers, numbers
from andon.query.branches import KnownBranches
from andon.query.tiers.coverage import KnownCoverage
from andon.query.tiers.gather import gather
from andon.query.tiers.plan import require_kept

router = APIRouter()

CHEAP = 50_000
"""Of so many samples the median is told as well: it needs them all."""


class Stats(Numbers):
    """median: of at most 50,000 samples. tier: the coarsest tier the numbers are made of, exactly."""

    sensor: str
    unit: str
    median: float | None = None
    tier: str


@router.get("/stats")
async def stats(
    *,
    caller: Caller,
    branches: KnownBranches,
    history: KnownHistory,
    coverage: KnownCoverage,
    span: AskedSpan,
    sensor: Annotated[str, Query(min_length=1)],
) -> Stats:
    """Count, mean, minimum, maximum and so on from `from` to before `to`."""
    asset, found = asked.find_number(branches.plant, sensor, caller.scope)
    bounds = np.array([span.start, span.end], np.int64)
    require_kept(coverage, bounds)
    gathered, carry = await asyncio.gather(
        gather(history, coverage, asset, found, bounds), asked.number_held(history, asset, found, span.start)
    )
    known = numbers(gathered.windows, span.start, asked.until_now(span).end, carry)
    median = None
    if 0 < known.count <= CHEAP:
        samples = await asked.read(history, asset, found, span)
        if len(samples) >= known.count:  # else some are kept no longer
            (median,) = percentiles.compute(samples.numbers, [50])
    return Stats(sensor=found.path, unit=found.unit, median=median, tier=gathered.tier, **known.model_dump())
