"""GET /events: event frames, which are all the times a state was RUN or a value beyond a limit, and what else was then.

A frame begins with the first sample of which the condition is true, and ends with the first of which it is not.
"""

import asyncio
from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query
from pydantic import BaseModel

from andon.common.api import Caller, Page
from andon.common.errors import BadRequestError, InvalidError
from andon.common.history.api import AskedSpan, KnownHistory
from andon.common.history.columns import Times
from andon.common.history.history import History
from andon.common.history.samples import Samples
from andon.common.history.span import Span
from andon.common.history.tier import RAW
from andon.common.jobs import together
from andon.common.plant import Asset, Sensor
from andon.common.reading import NS_PER_S
from andon.common.sight import find_sensor
from andon.common.times import ns_to_ms, parse_duration
from andon.query.analysis import asked
from andon.query.analysis.asked import MAX_SAMPLES, number_held
from andon.query.analysis.condition import Equals, Limit, condition
from andon.query.analysis.numbers import Numbers, numbers
from andon.query.analysis.spells import spells
from andon.query.branches import KnownBranches
from andon.query.series.states import Intervals
from andon.query.tiers import windows
from andon.query.tiers.coverage import Coverage, KnownCoverage
from andon.query.tiers.gather import gather
from andon.query.tiers.plan import MOST_MINUTES, minutes, plan
from andon.query.tiers.tiers import HOUR, HOURS, MINUTES
from andon.query.tiers.windows import Windows

router = APIRouter()

MAX_FRAMES = 1000
MAX_WITH = 10
GROUPS = 20
"""Frames far from each other are read in so many groups at most: what lies between two of them is not read."""


class Frame(BaseModel):
    """From `start` to `end`, epoch ms, the condition was true.

    whole: it neither began before `from` nor still went on at `to`, or now. numbers: what the sensors of `with`
    measured within the frame, by their paths.
    """

    start: int
    end: int
    seconds: float
    whole: bool
    numbers: dict[str, Numbers]


@router.get("/events")
async def events(
    *,
    caller: Caller,
    branches: KnownBranches,
    history: KnownHistory,
    coverage: KnownCoverage,
    span: AskedSpan,
    sensor: Annotated[str, Query(min_length=1)],
    equals: Equals = None,
    above: Limit = None,
    below: Limit = None,
    for_: Annotated[str, Query(alias="for", max_length=32, description="Shortest frame, like 10s")] = "0",
    with_: Annotated[list[str] | None, Query(alias="with", max_length=MAX_WITH, description="Sensors")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_FRAMES)] = 100,
    cursor: Annotated[str, Query(max_length=20)] = "",
) -> Page[Frame]:
    """Frames in order of time, `limit` of them on a page."""
    asset, found = find_sensor(branches.plant, sensor, caller.scope)
    wanted, least = condition(found, equals, above, below), parse_duration(for_)
    others = [asked.find_number(branches.plant, name, caller.scope) for name in with_ or ()]
    span = asked.until_now(span)
    held = await spells(history, coverage, asset, found, _resumed(span, cursor), condition=wanted)
    starts, ends = true_for(held, least)
    page = slice(0, limit)
    frames = _frames(starts[page], ends[page], span)
    for other, one in others if len(starts) else ():
        most = MAX_SAMPLES // len(others)
        measured = await measured_within(history, coverage, other, one, starts=starts[page], ends=ends[page], most=most)
        for frame, then in zip(frames, measured, strict=True):
            frame.numbers[one.path] = then
    return Page(items=frames, next_cursor=str(starts[limit]) if len(starts) > limit else None)


def _resumed(span: Span, cursor: str) -> Span:
    """The range from where the page before ended.

    Raises:
        BadRequestError: the cursor is of no page of this range.
    """
    if not cursor:
        return span
    if not (cursor.isascii() and cursor.isdecimal() and int(cursor) < span.end):
        raise BadRequestError(f"'{cursor}' is no cursor of this range; pass next_cursor of the page before as it is")
    return Span(max(span.start, int(cursor)), span.end)


def true_for(held: Intervals, least: int) -> tuple[Times, Times]:
    """Where the intervals begin and end that say true, and last at least `least` nanoseconds."""
    chosen = held.values.astype(np.bool_) & (held.ends - held.starts >= least)
    return held.starts[chosen], held.ends[chosen]


def _frames(starts: Times, ends: Times, asked_for: Span) -> list[Frame]:
    return [
        Frame(
            start=ns_to_ms(start),
            end=ns_to_ms(end),
            seconds=(end - start) / NS_PER_S,
            whole=start > asked_for.start and end < asked_for.end,
            numbers={},
        )
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
    ]


def grouped(starts: Times, ends: Times) -> list[slice]:
    """Frames in groups, cut where there are the longest times between them; less than an hour is no reason to."""
    between = starts[1:] - ends[:-1]
    long = np.flatnonzero(between > HOUR)
    cuts = np.sort(long[np.argsort(between[long])][1 - GROUPS :]) + 1
    return [slice(*one) for one in pairwise([0, *cuts.tolist(), len(starts)])]


async def measured_within(
    history: History, coverage: Coverage, asset: Asset, sensor: Sensor, *, starts: Times, ends: Times, most: int
) -> list[Numbers]:
    """What a sensor measured within each frame; the frames are in order and apart.

    Of the frames before all samples are kept the tiers tell exactly, if these frames begin and end with their windows.

    Raises:
        InvalidError: there are more than `most` samples, or some are kept no longer; or too many minutes.
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    old = int(np.searchsorted(starts, coverage.since(RAW)))
    if not _told_by_tiers(coverage, _bounds(starts[:old], ends[:old])):
        old = 0
    found = list[Numbers]()
    if old:
        told = await _of_tiers(history, coverage, asset, sensor, starts=starts[:old], ends=ends[:old])
        found += await _numbers(history, asset, sensor, told, starts=starts[:old], ends=ends[:old])
    starts, ends = starts[old:], ends[old:]
    if len(starts):
        around = [Span(int(starts[one][0]), int(ends[one][-1])) for one in grouped(starts, ends)]
        samples = await asked.read_whole(history, coverage, asset, sensor, *around, most=most)
        told = await asyncio.to_thread(_of_samples, samples, starts, ends)
        found += await _numbers(history, asset, sensor, told, starts=starts, ends=ends)
    return found


async def _of_tiers(
    history: History, coverage: Coverage, asset: Asset, sensor: Sensor, *, starts: Times, ends: Times
) -> Windows:
    groups = [_bounds(starts[one], ends[one]) for one in grouped(starts, ends)]
    count = sum(minutes(plan(coverage, asset.id, bounds)) for bounds in groups)
    if count > MOST_MINUTES:
        raise InvalidError(
            f"The frames lie so far apart that {count:,} minutes of '{sensor.path}' would have to be read; "
            f"at most {MOST_MINUTES:,}: ask for a lower limit, and the next page after it, or a shorter range"
        )
    return windows.join(*[(await gather(history, coverage, asset, sensor, bounds)).windows for bounds in groups])


def _of_samples(samples: Samples, starts: Times, ends: Times) -> Windows:
    return windows.from_samples(samples.times, samples.numbers, samples.good, _bounds(starts, ends))


async def _numbers(
    history: History, asset: Asset, sensor: Sensor, told: Windows, *, starts: Times, ends: Times
) -> list[Numbers]:
    """Numbers of each frame; what was held when a group of frames began is asked for where no sample says it."""
    firsts = {int(starts[one][0]) for one in grouped(starts, ends)} - set(told.first_at.tolist())
    held = await together(number_held(history, asset, sensor, first) for first in firsts)
    return within(told, starts, ends, dict(zip(firsts, held, strict=True)))


def _bounds(starts: Times, ends: Times) -> Times:
    """Where frames begin and end, each time once."""
    return np.unique(np.column_stack((starts, ends)))


def _told_by_tiers(coverage: Coverage, bounds: Times) -> bool:
    """Whether a tier that is still kept has windows that cross none of the bounds before all samples are kept."""
    before = bounds[bounds < coverage.since(RAW)]
    return any(
        len(before) and not (before % tier.width).any() and coverage.since(tier) <= before[0]
        for tier in (MINUTES, HOURS)
    )


def within(told: Windows, starts: Times, ends: Times, held: Mapping[int, float | None]) -> list[Numbers]:
    """Numbers of each frame, of windows none of which crosses a bound of a frame; the frames are in order and apart.

    held: what the sensor held when the first frame of a group began.
    """
    found = list[Numbers]()
    for one in grouped(starts, ends) if len(starts) else ():
        at = np.searchsorted(told.start, np.column_stack((starts[one], starts[one] + 1))).tolist()
        first = int(starts[one][0])
        for (low, high), start, end in zip(at, starts[one].tolist(), ends[one].tolist(), strict=True):
            known = low > 0 and told.start[low - 1] >= first
            carry = float(told.last[low - 1]) if known else held.get(first)
            found.append(numbers(told.part(slice(low, high)), start, end, carry))
    return found
