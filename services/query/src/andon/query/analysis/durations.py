"""GET /durations: how long, and how often, a machine was in each state, or a value beyond a limit."""

import asyncio
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query
from pydantic import BaseModel

from andon.common.answer import Answer
from andon.common.api import Caller
from andon.common.errors import InvalidError
from andon.common.history.api import AskedSpan, KnownHistory
from andon.common.reading import NS_PER_S, Value
from andon.common.sight import find_sensor
from andon.query.analysis.asked import until_now
from andon.query.analysis.condition import Limit, condition
from andon.query.analysis.spells import spells
from andon.query.branches import KnownBranches
from andon.query.series.states import Intervals
from andon.query.tiers.coverage import KnownCoverage

router = APIRouter()

MAX_VALUES = 200
"""Values of one answer; a serial number is no state."""


class Duration(BaseModel):
    """How long one value held, all times together; the longest time; how many times; its share of what is known."""

    value: Value
    seconds: float
    longest: float
    times: int
    share: float


class Durations(Answer):
    """The longest held first. seconds: for how long a value is known. others: values beyond the first 200."""

    sensor: str
    seconds: float
    items: list[Duration]
    others: int = 0


@router.get("/durations")
async def durations(
    *,
    caller: Caller,
    branches: KnownBranches,
    history: KnownHistory,
    coverage: KnownCoverage,
    span: AskedSpan,
    sensor: Annotated[str, Query(min_length=1)],
    above: Limit = None,
    below: Limit = None,
) -> Durations:
    """Seconds in each state; of a number, with `above` or `below`, the seconds beyond that limit (true) and not.

    A value holds until the next one, the one held at `from` too, the last one until `to` or now.
    """
    asset, found = find_sensor(branches.plant, sensor, caller.scope)
    limits = above is not None or below is not None
    if found.datatype == "float" and not limits:
        raise InvalidError(f"'{found.path}' measures numbers; name a limit by above= or below=")
    asked = condition(found, None, above, below) if limits else None
    return await asyncio.to_thread(
        compute, found.path, await spells(history, coverage, asset, found, until_now(span), condition=asked)
    )


def compute(path: str, held: Intervals) -> Durations:
    """Intervals summed up by value."""
    seconds = (held.ends - held.starts) / NS_PER_S
    total = float(seconds.sum())
    codes: dict[Value, int] = {}
    which = np.array([codes.setdefault(value, len(codes)) for value in held.values.tolist()], np.intp)
    sums, times = np.bincount(which, seconds, len(codes)), np.bincount(which, minlength=len(codes))
    longest = np.zeros(len(codes))
    np.maximum.at(longest, which, seconds)
    order = np.argsort(-sums, kind="stable")[:MAX_VALUES].tolist()
    values = list(codes)
    items = [
        Duration(
            value=values[i],
            seconds=float(sums[i]),
            longest=float(longest[i]),
            times=int(times[i]),
            share=float(sums[i]) / total,
        )
        for i in order
    ]
    return Durations(sensor=path, seconds=total, items=items, others=max(0, len(codes) - MAX_VALUES))
