"""GET /quality: when the values of a sensor were not good, by what it said itself when it sent them."""

import asyncio
from typing import Annotated, cast

import numpy as np
from fastapi import APIRouter, Query
from pydantic import BaseModel

from andon.common.answer import Answer
from andon.common.api import Caller
from andon.common.history.api import AskedSpan, KnownHistory
from andon.common.history.columns import Columns, Objects, Times
from andon.common.history.history import History
from andon.common.history.joining import there
from andon.common.history.span import Span
from andon.common.history.stored import stored
from andon.common.influx import QUALITY_SUFFIX
from andon.common.plant import Asset
from andon.common.reading import Quality
from andon.common.sight import find_sensor
from andon.common.times import ns_to_ms
from andon.query.branches import KnownBranches

router = APIRouter()

MAX_ROWS = 50_000
"""Doubtful samples of one answer; of more, the newest."""
USUAL_STRETCHES, MAX_STRETCHES = 500, 5000


class Stretch(BaseModel):
    """From the first to the last of some samples (epoch ms) that were not good, for the same reason."""

    start: int
    end: int
    quality: Quality
    count: int


class Doubtful(Answer):
    """Stretches in order of time. complete: false where there are more samples than were looked at, before these."""

    sensor: str
    stretches: list[Stretch]
    complete: bool


@router.get("/quality")
async def quality(
    *,
    caller: Caller,
    branches: KnownBranches,
    history: KnownHistory,
    span: AskedSpan,
    sensor: Annotated[str, Query(min_length=1)],
    points: Annotated[
        int, Query(ge=1, le=MAX_STRETCHES, description="Samples closer than this part of the range are one stretch")
    ] = USUAL_STRETCHES,
) -> Doubtful:
    """When a sensor sent values whose quality was not good, as far back as samples are kept."""
    asset, found = find_sensor(branches.plant, sensor, caller.scope)
    times, qualities = await _doubtful(history, asset, found.key, span)
    complete = len(times) <= MAX_ROWS
    join = (span.end - span.start) // points
    stretches = await asyncio.to_thread(compute, times[-MAX_ROWS:], qualities[-MAX_ROWS:], join)
    return Doubtful(sensor=found.path, stretches=stretches[-MAX_STRETCHES:], complete=complete)


async def _doubtful(history: History, asset: Asset, key: str, span: Span) -> tuple[Times, Objects]:
    """Times and qualities of samples that are not good, in order; one more than MAX_ROWS where there are more."""
    field = key + QUALITY_SUFFIX
    found = await stored(history, [asset], [field], span, limit=MAX_ROWS + 1, backward=True)
    rows = found.get(asset.id) or Columns({}, np.empty(0, np.int64), {field: np.empty(0, np.object_)})
    said = rows.fields[field]
    doubtful = there(said) & (said != Quality.GOOD.value)
    return rows.times[doubtful], cast("Objects", said[doubtful])


def compute(times: Times, qualities: Objects, join: int) -> list[Stretch]:
    """Neighbours of one quality, no more than `join` nanoseconds apart, as one stretch."""
    if not len(times):
        return []
    apart = (np.diff(times) > join) | (qualities[1:] != qualities[:-1])
    begins = np.flatnonzero(np.concatenate(([True], apart)))
    ends = np.append(begins[1:], len(times))
    return [
        Stretch(
            start=ns_to_ms(int(times[first])),
            end=ns_to_ms(int(times[after - 1])),
            quality=Quality(qualities[first]),
            count=after - first,
        )
        for first, after in zip(begins.tolist(), ends.tolist(), strict=True)
    ]
