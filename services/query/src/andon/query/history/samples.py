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
from andon.query.history.columns import Columns, CutShortError, Floats, Objects, Times
from andon.query.history.history import History, Span, worked
from andon.query.live.table import GOOD
from andon.query.tiers import tiers, windows
from andon.query.tiers.tiers import Tier
from andon.query.tiers.windows import Windows

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
        """Values of a sensor that measures numbers; NaN where, once, it said something else."""
        if self.values.dtype == np.float64:
            return self.values.astype(np.float64, copy=False)
        return np.array([value if isinstance(value, float) else np.nan for value in self.values], np.float64)


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
    quality = rows.fields[key + QUALITY_SUFFIX]
    doubtful: Times = rows.times[_there(quality) & (quality != GOOD)]
    return doubtful


def _samples(rows: Columns, key: str, doubtful: Times | None) -> Samples:
    good = np.ones(len(rows), np.bool_) if doubtful is None else ~np.isin(rows.times, doubtful)
    return Samples(rows.times, rows.fields[key], good)


@dataclass(frozen=True)
class Fields:
    """Samples of several sensors by machine id and key, and in how many rows they came."""

    by_asset: dict[str, dict[str, Samples]]
    rows: int


async def read_fields(
    history: History, name: str, keys: Collection[str], span: Span, *, assets: Collection[str], most: int
) -> Fields:
    """Samples of several sensor keys at once: those that have any, of each machine in at most so many rows.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
        CutShortError: these are more rows than that, or than InfluxDB hands out at once.
    """
    values = await history.columns(_select(keys, name, span, assets, most + 1))
    if max(map(len, values), default=0) > most:
        raise CutShortError(f"There are more than {most:,} rows; ask for a shorter range")
    doubts = await history.columns(_statement(f"/{QUALITY_SUFFIX}$/", name, span, assets))
    doubtful = {one.tags["asset"]: one for one in doubts}
    found: dict[str, dict[str, Samples]] = {}
    for one in values:
        asset = one.tags["asset"]
        quality = doubtful.get(asset)
        by_key = {}
        for key in keys:
            there = _there(one.fields[key])
            if there.any():
                rows = Columns(one.tags, one.times[there], {key: one.fields[key][there]})
                has = quality is not None and key + QUALITY_SUFFIX in quality.fields
                by_key[key] = _samples(rows, key, _doubtful(quality, key) if quality is not None and has else None)
        found[asset] = by_key
    return Fields(found, sum(map(len, values)))


def _there(values: Floats | Objects) -> Mask:
    """Where a column has a value."""
    if values.dtype == np.float64:
        return ~np.isnan(values.astype(np.float64, copy=False))
    return np.array([value is not None for value in values], np.bool_)


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
    return {one.tags["asset"]: await worked(len(one), tiers.windows_of, one, key, tier.width) for one in rows}


async def read_rows(
    history: History, tier: Tier, name: str, fields: Collection[str], span: Span, *, assets: Collection[str]
) -> dict[str, Columns]:
    """Some fields of a tier's rows, by machine id.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    rows = await history.columns(_select(fields, name, span, assets), tier)
    return {one.tags["asset"]: one for one in rows}


def _select(fields: Collection[str], name: str, span: Span, assets: Collection[str] | None, most: int = 0) -> str:
    return _statement(", ".join(map(quote_identifier, fields)), name, span, assets, most)


def _statement(what: str, name: str, span: Span, assets: Collection[str] | None, most: int = 0) -> str:
    """InfluxQL over the points of some machines of a measurement, one series for each. `what` is quoted already."""
    which = "" if assets is None else f" AND ({' OR '.join(map(_is, assets))})"
    limit = f" LIMIT {most}" if most else ""
    return (
        f"SELECT {what} FROM {quote_identifier(name)}"  # noqa: S608 - quoted
        f" WHERE time >= {span.start} AND time < {span.end}{which} GROUP BY {quote_identifier('asset')}{limit}"
    )


def _is(asset: str) -> str:
    return f"{quote_tag('asset')} = {quote_string(asset)}"
