"""What one sensor did in each of some windows of time: the arithmetic of rollups and of charts. Pure.

A window keeps just as much as is needed to make one of several without the samples: parts of a minute make a minute,
minutes an hour, hours a week, exactly. All samples count, whatever their quality; `good` tells how many were good.

The time-weighted mean takes a value to hold from its sample to the next one, as OPC UA part 13 has it for stepped
sensors: between the windows too, so a sensor that reports only changes gets its true mean.
"""

from dataclasses import dataclass, fields
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from andon.common.reading import NS_PER_S

Times: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]


_HUGE = np.errstate(over="ignore", invalid="ignore")
"""Sums of huge values are infinite, and what is made of these is not a number; neither is stored or shown."""


@dataclass(frozen=True)
class Windows:
    """Windows that hold samples, in order of time; arrays of one length.

    start: where the window begins, UTC nanoseconds.
    count, good: number of samples, and of those with good quality.
    sum, min, max, first, last: in the sensor's unit.
    squares: sum of the squared deviations from the window's mean.
    first_at, last_at: event times of the first and last sample.
    area: integral from the first to the last sample, in the sensor's unit times seconds, each value held to the next.
    """

    start: Times
    count: Floats
    good: Floats
    sum: Floats
    min: Floats
    max: Floats
    first: Floats
    last: Floats
    squares: Floats
    first_at: Times
    last_at: Times
    area: Floats

    def __len__(self) -> int:
        return len(self.start)

    @property
    def mean(self) -> Floats:
        """Arithmetic mean of the samples; of equal ones that one, for a sum of many is rounded."""
        return np.clip(self.sum / self.count, self.min, self.max)

    @property
    def stddev(self) -> Floats:
        """Standard deviation of a sample (n - 1); NaN where there is but one."""
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            return np.sqrt(self.squares / (self.count - 1))

    def part(self, chosen: slice | npt.NDArray[np.bool_ | np.intp]) -> "Windows":
        """Some of the windows."""
        return Windows(**{f.name: getattr(self, f.name)[chosen] for f in fields(self)})


def none() -> Windows:
    """No windows at all."""
    times, numbers = np.empty(0, np.int64), np.empty(0)
    statistics = {f.name: numbers for f in fields(Windows)[1:-3]}
    return Windows(start=times, **statistics, first_at=times, last_at=times, area=numbers)


def join(*parts: Windows) -> Windows:
    """Windows one after the other; the parts must be in order of time and not overlap."""
    return Windows(**{f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Windows)})


def edges(start: int, end: int, width: int) -> Times:
    """Where windows of one width begin, and the last ends, that hold [start, end); aligned to the epoch."""
    return np.arange(start // width, -(-end // width) + 1, dtype=np.int64) * width


@_HUGE
def from_samples(times: Times, values: Floats, good: npt.NDArray[np.bool_], bounds: Times) -> Windows:
    """Windows of samples, which are in order of time and hold each time once; `bounds` as `edges` has them.

    Samples before the first or from the last bound on are left out, and what is not a number.
    """
    chosen = slice(*np.searchsorted(times, bounds[[0, -1]]))
    times, values, good = times[chosen], values[chosen], good[chosen]
    if (holes := np.isnan(values)).any():
        times, values, good = times[~holes], values[~holes], good[~holes]
    if not len(times):
        return none()
    begins, which = _groups(times, bounds)
    ends = np.append(begins[1:], len(times))
    count = (ends - begins).astype(np.float64)
    total = np.add.reduceat(values, begins)
    deviation = values - np.repeat(total / count, ends - begins)
    held = values[:-1] * (np.diff(times) / NS_PER_S)
    held = np.append(held, 0.0)
    held[ends - 1] = 0.0
    return Windows(
        start=bounds[which],
        count=count,
        good=np.add.reduceat(good.astype(np.float64), begins),
        sum=total,
        min=np.minimum.reduceat(values, begins),
        max=np.maximum.reduceat(values, begins),
        first=values[begins],
        last=values[ends - 1],
        squares=np.add.reduceat(deviation * deviation, begins),
        first_at=times[begins],
        last_at=times[ends - 1],
        area=np.add.reduceat(held, begins),
    )


@_HUGE
def merge(parts: Windows, bounds: Times) -> Windows:
    """Wider windows of narrower ones, none of which crosses a bound; those outside the bounds are left out.

    Squared deviations by Chan, Golub and LeVeque (1979), 'Updating formulae and a pairwise algorithm for computing
    sample variances'.
    """
    parts = parts.part(slice(*np.searchsorted(parts.start, bounds[[0, -1]])))
    if not len(parts):
        return none()
    begins, which = _groups(parts.start, bounds)
    ends = np.append(begins[1:], len(parts))
    count, total = np.add.reduceat(parts.count, begins), np.add.reduceat(parts.sum, begins)
    shift = parts.sum / parts.count - np.repeat(total / count, ends - begins)
    between = parts.last[:-1] * ((parts.first_at[1:] - parts.last_at[:-1]) / NS_PER_S)
    between = np.append(between, 0.0)
    between[ends - 1] = 0.0
    return Windows(
        start=bounds[which],
        count=count,
        good=np.add.reduceat(parts.good, begins),
        sum=total,
        min=np.minimum.reduceat(parts.min, begins),
        max=np.maximum.reduceat(parts.max, begins),
        first=parts.first[begins],
        last=parts.last[ends - 1],
        squares=np.add.reduceat(parts.squares + parts.count * shift * shift, begins),
        first_at=parts.first_at[begins],
        last_at=parts.last_at[ends - 1],
        area=np.add.reduceat(parts.area + between, begins),
    )


def _groups(starts: Times, bounds: Times) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Where in `starts` each group begins, and which bound it is the group of; groups of none are left out."""
    which = np.searchsorted(bounds, starts, side="right") - 1
    begins = np.flatnonzero(np.diff(which, prepend=-1))
    return begins, which[begins]


@_HUGE
def time_weighted(parts: Windows, bounds: Times, until: int) -> tuple[Times, Floats]:
    """Time-weighted mean between each two bounds, and where they begin; the last value is held until `until`.

    What lies before the first sample is not known and does not count. Between bounds without any sample the value
    held from before is the mean.
    """
    if not len(parts):
        return np.empty(0, np.int64), np.empty(0)
    knots = np.column_stack((parts.first_at, parts.last_at)).ravel()
    steps = np.zeros(len(knots))
    steps[1::2] = parts.area
    steps[2::2] = parts.last[:-1] * ((parts.first_at[1:] - parts.last_at[:-1]) / NS_PER_S)
    last = max(int(min(bounds[-1], until)), int(knots[-1]))
    knots = np.append(knots, last)
    areas = np.append(np.cumsum(steps), 0.0)
    areas[-1] = areas[-2] + parts.last[-1] * ((last - knots[-2]) / NS_PER_S)
    begins, ends = np.maximum(bounds[:-1], knots[0]), np.minimum(bounds[1:], last)
    known = ends > begins
    at = [np.interp(edge[known] - knots[0], knots - knots[0], areas) for edge in (begins, ends)]
    return bounds[:-1][known], (at[1] - at[0]) / ((ends[known] - begins[known]) / NS_PER_S)
