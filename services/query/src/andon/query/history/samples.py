"""Samples and rolled up rows of sensors, read from InfluxDB into numpy.

For one machine, or for all machines of a measurement at once. Ranges are half-open, [start, end), UTC nanoseconds.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from andon.common.influx import QUALITY_SUFFIX, measurement, quote_identifier, quote_string, quote_tag
from andon.common.plant import Asset
from andon.query.history import tiers, windows
from andon.query.history.columns import Columns, Floats, Objects, Times
from andon.query.history.history import History, Span
from andon.query.history.tiers import Tier
from andon.query.history.windows import Windows
from andon.query.live.table import GOOD

Mask: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Samples:
    """Samples of one sensor in order of time, each time once; `good` says which had good quality."""

    times: Times
    values: Floats | Objects
    good: Mask

    def __len__(self) -> int:
        return len(self.times)

    @property
    def numbers(self) -> Floats:
        """Values of a sensor that measures numbers."""
        return self.values.astype(np.float64, copy=False)


NO_SAMPLES = Samples(np.empty(0, np.int64), np.empty(0), np.empty(0, np.bool_))


async def read(history: History, asset: Asset, key: str, span: Span, most: int = 0) -> Samples:
    """Samples of one sensor; at most the first `most` of them where that is given.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    found = await read_many(history, measurement(asset), key, span, assets=(asset.id,), most=most)
    return found.get(asset.id, NO_SAMPLES)


async def read_many(
    history: History, name: str, key: str, span: Span, *, assets: Collection[str] | None = None, most: int = 0
) -> dict[str, Samples]:
    """Samples of one sensor key by machine id: of the machines named, or of all of a measurement that have any.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    values = await history.columns(_select([key], name, span, assets, most))
    doubts = await history.columns(_select([key + QUALITY_SUFFIX], name, span, assets, most))
    doubtful = {one.tags["asset"]: _doubtful(one, key) for one in doubts}
    return {one.tags["asset"]: _samples(one, key, doubtful.get(one.tags["asset"])) for one in values}


def _doubtful(rows: Columns, key: str) -> Times:
    doubtful: Times = rows.times[rows.fields[key + QUALITY_SUFFIX] != GOOD]
    return doubtful


def _samples(rows: Columns, key: str, doubtful: Times | None) -> Samples:
    good = np.ones(len(rows), np.bool_) if doubtful is None else ~np.isin(rows.times, doubtful)
    return Samples(rows.times, rows.fields[key], good)


async def read_windows(history: History, tier: Tier, asset: Asset, key: str, span: Span) -> Windows:
    """A sensor's windows in a tier, whose width both ends of `span` are multiples of.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    found = await read_many_windows(history, tier, measurement(asset), key, span, assets=(asset.id,))
    return found.get(asset.id, windows.none())


async def read_many_windows(
    history: History, tier: Tier, name: str, key: str, span: Span, *, assets: Collection[str] | None = None
) -> dict[str, Windows]:
    """Windows in a tier by machine id: of the machines named, or of all of a measurement that have any.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    fields = [tiers.field(key, statistic) for statistic in tiers.WHOLE]
    rows = await history.columns(_select(fields, name, span, assets), tier)
    return {one.tags["asset"]: tiers.windows_of(one, key, tier.width) for one in rows}


def _select(fields: list[str], name: str, span: Span, assets: Collection[str] | None, most: int = 0) -> str:
    """InfluxQL over the points of some machines of a measurement, one series for each."""
    which = "" if assets is None else f" AND ({' OR '.join(map(_is, assets))})"
    limit = f" LIMIT {most}" if most else ""
    return (
        f"SELECT {', '.join(map(quote_identifier, fields))} FROM {quote_identifier(name)}"  # noqa: S608 - quoted
        f" WHERE time >= {span.start} AND time < {span.end}{which} GROUP BY {quote_identifier('asset')}{limit}"
    )


def _is(asset: str) -> str:
    return f"{quote_tag('asset')} = {quote_string(asset)}"
