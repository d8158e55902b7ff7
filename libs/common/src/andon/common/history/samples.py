"""Samples of sensors, read from InfluxDB into numpy.

For one machine, or for many at once. Ranges are half-open, [start, end), UTC nanoseconds.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from andon.common.history.columns import Columns, CutShortError, Floats, Objects, Times
from andon.common.history.history import History
from andon.common.history.joining import there
from andon.common.history.span import Span
from andon.common.history.stored import doubts, stored
from andon.common.influx import QUALITY_SUFFIX
from andon.common.plant import Asset
from andon.common.reading import Quality

Mask: TypeAlias = npt.NDArray[np.bool_]

_GOOD = Quality.GOOD.value


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


def join(parts: Sequence[Samples]) -> Samples:
    """Samples one after the other; the parts, at least one, must be in order of time and apart."""
    return Samples(*(np.concatenate([getattr(one, name) for one in parts]) for name in ("times", "values", "good")))


async def read(history: History, asset: Asset, key: str, span: Span, most: int = 0) -> Samples:
    """Samples of one sensor; at most the first `most` of them where that is given.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    found = await read_many(history, [asset], key, span, most=most)
    return found.get(asset.id, NO_SAMPLES)


async def read_many(
    history: History, machines: Collection[Asset], key: str, span: Span, *, most: int = 0
) -> dict[str, Samples]:
    """Samples of one sensor key by machine id, of those that have any.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
    """
    values = await stored(history, machines, [key], span, limit=most)
    told = await stored(history, machines, [key + QUALITY_SUFFIX], span, limit=most)
    doubtful = {asset: _doubtful(rows, key) for asset, rows in told.items()}
    return {asset: _samples(rows, key, doubtful.get(asset)) for asset, rows in values.items()}


def _doubtful(rows: Columns, key: str) -> Times:
    quality = rows.fields[key + QUALITY_SUFFIX]
    doubtful: Times = rows.times[there(quality) & (quality != _GOOD)]
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
    history: History, machines: Collection[Asset], keys: Collection[str], span: Span, *, most: int
) -> Fields:
    """Samples of several sensor keys at once: those that have any, of each machine in at most so many rows.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
        CutShortError: these are more rows than that, or than InfluxDB hands out at once.
    """
    values = await stored(history, machines, keys, span, limit=most + 1)
    if max(map(len, values.values()), default=0) > most:
        raise CutShortError(f"There are more than {most:,} rows; ask for a shorter range")
    told = await doubts(history, machines, span)
    found: dict[str, dict[str, Samples]] = {}
    for asset, one in values.items():
        quality = told.get(asset)
        by_key = {}
        for key in keys:
            has = there(one.fields[key])
            if has.any():
                rows = Columns(one.tags, one.times[has], {key: one.fields[key][has]})
                known = quality is not None and key + QUALITY_SUFFIX in quality.fields
                by_key[key] = _samples(rows, key, _doubtful(quality, key) if quality is not None and known else None)
        found[asset] = by_key
    return Fields(found, sum(map(len, values.values())))
