"""GET /percentiles: below which value so many percent of a range's samples lie."""

import asyncio
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query
from pydantic import BaseModel

from andon.common.api import Caller
from andon.common.errors import InvalidError
from andon.common.history.api import AskedSpan, KnownHistory
from andon.common.history.columns import Floats
from andon.query.analysis.asked import find_number, finite, read_whole
from andon.query.branches import KnownBranches
from andon.query.tiers.coverage import KnownCoverage

router = APIRouter()

MAX_PERCENTS = 50


class Percentile(BaseModel):
    """`p` percent of the samples are at or below `value`, in the sensor's unit; None where there are no samples."""

    p: float
    value: float | None


class Percentiles(BaseModel):
    """The percentiles asked for, in that order, and of how many samples they are."""

    sensor: str
    unit: str
    count: int
    percentiles: list[Percentile]


@router.get("/percentiles")
async def percentiles(
    *,
    caller: Caller,
    branches: KnownBranches,
    history: KnownHistory,
    coverage: KnownCoverage,
    span: AskedSpan,
    sensor: Annotated[str, Query(min_length=1)],
    p: Annotated[str, Query(max_length=1000, description="Percents, with commas between")] = "5,25,50,75,95",
) -> Percentiles:
    """Percentiles of the samples from `from` to before `to`, each sample counting once."""
    asset, found = find_number(branches.plant, sensor, caller.scope)
    percents = parse(p)
    samples = await read_whole(history, coverage, asset, found, span)
    values = await asyncio.to_thread(compute, samples.numbers, percents)
    listed = [Percentile(p=percent, value=value) for percent, value in zip(percents, values, strict=True)]
    return Percentiles(sensor=found.path, unit=found.unit, count=len(samples), percentiles=listed)


def parse(text: str) -> list[float]:
    """Percents of `5,50,99.9`.

    Raises:
        InvalidError: they are none, or too many.
    """
    try:
        percents = [float(part) for part in text.split(",")]
    except ValueError:
        percents = []
    if not 1 <= len(percents) <= MAX_PERCENTS or not all(0 <= percent <= 100 for percent in percents):
        raise InvalidError(f"p must be one to {MAX_PERCENTS} numbers from 0 to 100, like p=5,50,95; not '{text[:100]}'")
    return percents


def compute(values: Floats, percents: list[float]) -> list[float | None]:
    """Percentiles, between two samples on the straight line, as spreadsheets have it (PERCENTILE.INC)."""
    if not len(values):
        return [None for _ in percents]
    with np.errstate(over="ignore", invalid="ignore"):
        return [finite(value) for value in np.percentile(values, percents).tolist()]
