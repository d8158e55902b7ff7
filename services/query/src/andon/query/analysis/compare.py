"""GET /compare: one sensor beside the same of other machines, or a period beside an earlier one."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query
from pydantic import BaseModel

from andon.common.answer import Answer
from andon.common.api import Caller
from andon.common.errors import InvalidError, NotFoundError
from andon.common.history.api import AskedSpan, AskedZone, KnownHistory
from andon.common.history.columns import Floats, Times
from andon.common.history.span import LATEST_TIME, Span
from andon.common.jobs import together
from andon.common.plant import Asset, Sensor
from andon.common.reading import NS_PER_MS
from andon.common.times import ns_to_ms, parse_duration, parse_time
from andon.query.analysis.asked import find_number, finite, means, number_held, on_one_clock, until_now
from andon.query.analysis.numbers import Numbers, numbers
from andon.query.branches import Branches, KnownBranches
from andon.query.series import buckets
from andon.query.series.grid import Grid, fitting
from andon.query.tiers import windows
from andon.query.tiers.coverage import KnownCoverage
from andon.query.tiers.tiers import HOURS, MINUTES
from andon.query.tiers.windows import Windows

router = APIRouter()

MAX_ITEMS = 20
"""Curves of one answer; more no one can tell apart."""
MAX_POINTS = 5000


class Difference(BaseModel):
    """An item less the one it is compared with; percent of that one's mean. points: [ms after the start, value]."""

    mean: float | None
    percent: float | None
    points: list[tuple[int, float]]


class Compared(Answer):
    """One curve. points: [ms after the start, mean of the bucket]. reference: the item it is compared with, if any."""

    sensor: str
    unit: str
    start: int
    end: int
    numbers: Numbers
    points: list[tuple[int, float]]
    reference: int | None = None
    difference: Difference | None = None


class Comparison(BaseModel):
    """Curves whose buckets of width `resolution` lie one below the other, counted from the start of each."""

    resolution: str
    items: list[Compared]


@router.get("/compare")
async def compare(
    *,
    caller: Caller,
    branches: KnownBranches,
    history: KnownHistory,
    coverage: KnownCoverage,
    span: AskedSpan,
    zone: AskedZone,
    sensor: Annotated[list[str] | None, Query(max_length=MAX_ITEMS)] = None,
    under: Annotated[str | None, Query(max_length=1000, description="With key: all machines below this node")] = None,
    key: Annotated[str | None, Query(max_length=200, description="With under: the sensor's key")] = None,
    against: Annotated[str | None, Query(max_length=32, description="How much earlier: -1d, -1w")] = None,
    against_from: Annotated[str | None, Query(max_length=64, description="Or where the other period begins")] = None,
    points: Annotated[int, Query(ge=buckets.MIN_POINTS, le=MAX_POINTS)] = 500,
) -> Comparison:
    """Sensors beside the first of them; or, with `against`, each beside itself at an earlier time.

    The earlier period lies back by whole minutes where the buckets are minutes, by whole hours where they are hours.
    """
    chosen = _chosen(branches, caller.scope, sensor, under, key)
    other = None if against_from is None else parse_time(against_from, zone=zone)
    back = _back(span, against, other, buckets.width_for(span.start, span.end, points))
    wanted = [(asset, one, earlier) for asset, one in chosen for earlier in ((0, back) if back else (0,))]
    if not 2 <= len(wanted) <= MAX_ITEMS:
        raise InvalidError(
            f"That makes {len(wanted)} curves, and 2 to {MAX_ITEMS} can be compared; "
            "name more sensors or an earlier time by against=-1w, or a smaller part of the plant"
        )
    grid, found = await on_one_clock(history, coverage, wanted, fitting(span, points))
    begin = int(grid.bounds[0])
    held = await together(number_held(history, asset, one, begin - back) for asset, one, back in wanted)
    curves = [
        _curve(grid, one, back, parts, carry) for (_, one, back), parts, carry in zip(wanted, found, held, strict=True)
    ]
    return Comparison(resolution=grid.name, items=_items(curves, grid.bounds - grid.bounds[0], paired=back != 0))


@dataclass(frozen=True)
class Curve:
    """A sensor in a range: the means of its buckets, NaN where there is none, and all of it in numbers."""

    sensor: Sensor
    span: Span
    means: Floats
    numbers: Numbers


def _chosen(
    branches: Branches, scope: str, sensors: list[str] | None, under: str | None, key: str | None
) -> list[tuple[Asset, Sensor]]:
    if sensors and under is None and key is None:
        return [find_number(branches.plant, name, scope) for name in sensors]
    if sensors or under is None or key is None:
        raise InvalidError("Name the sensors by sensor=, or the machines by under= with their sensor's key=")
    machines = [branches.plant.find(machine) for machine in branches.select(under, scope)]
    found = [(one, s) for one in machines if one for s in one.sensors if s.key == key and s.datatype == "float"]
    if not found:
        raise NotFoundError(f"No machine below '{under[:200]}' measures numbers as '{key}'")
    return found


def _back(span: Span, against: str | None, other: int | None, width: int) -> int:
    """How many nanoseconds earlier the other period lies, which begins at `other`; 0 where none is asked for.

    Raises:
        InvalidError: it is none, or is asked for twice.
    """
    if against is not None and other is not None:
        raise InvalidError("Name the other period once, by against= or by against_from=")
    if against is not None:
        exactly = parse_duration(against.removeprefix("-"))
    elif other is not None:
        exactly = span.start - other
    else:
        return 0
    grain = next((tier.width for tier in (HOURS, MINUTES) if width % tier.width == 0), 1)
    back = (2 * exactly + grain) // (2 * grain) * grain
    if back == 0 or not 0 <= span.start - back < span.end - back <= LATEST_TIME:
        raise InvalidError("The other period must be another one, and lie between 1970 and 2262")
    return back


def _curve(grid: Grid, sensor: Sensor, back: int, parts: Windows, carry: float | None) -> Curve:
    span = Span(int(grid.bounds[0]) - back, int(grid.bounds[-1]) - back)
    whole = windows.merge(parts, np.array([span.start, span.end], np.int64))
    return Curve(sensor, span, means(grid, parts, back), numbers(whole, span.start, until_now(span).end, carry))


def _items(curves: list[Curve], offsets: Times, *, paired: bool) -> list[Compared]:
    """Each of a pair beside its other half, else all beside the first."""
    items = []
    for index, curve in enumerate(curves):
        reference = (index + 1 if index % 2 == 0 else None) if paired else (0 if index else None)
        if reference is not None and curves[reference].sensor.unit != curve.sensor.unit:
            reference = None  # degrees less bars are nothing
        items.append(
            Compared(
                sensor=curve.sensor.path,
                unit=curve.sensor.unit,
                start=ns_to_ms(curve.span.start),
                end=ns_to_ms(curve.span.end),
                numbers=curve.numbers,
                points=_points(offsets, curve.means),
                reference=reference,
                difference=None if reference is None else _difference(curve, curves[reference], offsets),
            )
        )
    return items


@np.errstate(over="ignore", invalid="ignore")
def _difference(curve: Curve, other: Curve, offsets: Times) -> Difference:
    mean, base = curve.numbers.mean, other.numbers.mean
    less = None if mean is None or base is None else finite(mean - base)
    percent = None if less is None or not base else finite(100 * less / abs(base))
    return Difference(mean=less, percent=percent, points=_points(offsets, curve.means - other.means))


def _points(offsets: Times, means: Floats) -> list[tuple[int, float]]:
    known = np.isfinite(means)
    return list(zip((offsets[:-1][known] // NS_PER_MS).tolist(), means[known].tolist(), strict=True))
