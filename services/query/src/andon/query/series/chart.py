"""The answer about one sensor, as arrays, and how it is written: on its own, or several on one clock. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from andon.common.history.columns import Floats, Times
from andon.common.plant import Sensor
from andon.common.reading import NS_PER_MS
from andon.query.series.gaps import Column, Fill, Mask, known
from andon.query.series.states import Intervals

Row: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True)
class Chart:
    """Values of a sensor: a column for each name of `aggs`, at `times` (UTC nanoseconds).

    tier: of what it is made: `raw`, `1m` or `1h`. resolution: `raw`, or the width of the buckets.
    envelope: least and greatest value of each bucket. intervals: of agg=states, instead of columns.
    """

    sensor: Sensor
    aggs: tuple[str, ...]
    resolution: str
    tier: str
    times: Times
    columns: tuple[Column, ...]
    envelope: tuple[Floats, Floats] | None = None
    intervals: Intervals | None = None

    @property
    def head(self) -> dict[str, str]:
        """What the values are."""
        return {
            "sensor": self.sensor.path,
            "unit": self.sensor.unit,
            "resolution": self.resolution,
            "tier": self.tier,
            "agg": ",".join(self.aggs),
        }


def alone(chart: Chart, fill: Fill) -> dict[str, Any]:
    """One sensor's answer; buckets without any value are left out unless `fill` has them."""
    shown = slice(None) if fill != "none" or not chart.columns else _any(chart.columns)
    answer: dict[str, Any] = chart.head | {"points": _rows(chart.times[shown], *(one[shown] for one in chart.columns))}
    if chart.envelope is not None:
        low, high = chart.envelope
        answer["envelope"] = _rows(chart.times[known(low)], low[known(low)], high[known(low)])
    if chart.intervals is not None:
        found = chart.intervals
        ends = (found.ends // NS_PER_MS).tolist()
        answer["states"] = list(zip(_ms(found.starts), ends, found.values.tolist(), strict=True))
    return answer


def aligned(charts: Sequence[Chart], fill: Fill) -> dict[str, Any]:
    """Several sensors with the same buckets: times once, and an item for each sensor and aggregate."""
    columns = [column for chart in charts for column in chart.columns]
    shown = slice(None) if fill != "none" else _any(columns)
    items = [
        chart.head | {"agg": agg, "values": column[shown].tolist()}
        for chart in charts
        for agg, column in zip(chart.aggs, chart.columns, strict=True)
    ]
    return {"resolution": charts[0].resolution, "times": _ms(charts[0].times[shown]), "items": items}


def _any(columns: Sequence[Column]) -> Mask:
    found: Mask = np.logical_or.reduce([known(column) for column in columns])
    return found


def _rows(times: Times, *columns: Column) -> list[Row]:
    return list(zip(_ms(times), *(column.tolist() for column in columns), strict=True))


def _ms(times: Times) -> list[int]:
    found: list[int] = (times // NS_PER_MS).tolist()
    return found
