"""What a state or a switch said in each window of a tier: how often, and what changed when. Pure.

Fields of a row: `<key>__count`, `<key>__changes` and `<key>__runs`, JSON of two lists: seconds after the row, and
values. They tell the first sample of the window and each that says something else than the one before; `changes` is how
many these are. From them follow intervals of any range, and first, last and count of any wider bucket, exactly.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
import orjson

from andon.common.history.columns import Columns, Floats, Objects, Times
from andon.common.reading import NS_PER_S, Value
from andon.query.tiers.tiers import field

MOST_BYTES = 20_000
"""Longest `runs`; InfluxDB takes 64 KiB. Of what changes more often they are empty, and its samples are read."""
FIELDS = ("count", "changes", "runs")

_MANY = object()
"""Stands for the changes of a window that has too many."""


@dataclass(frozen=True)
class Told:
    """First samples and changes, in order of time, and in `counts` for how many samples each stands.

    The changes of a window stand for 0, and its first sample for all.
    """

    times: Times
    values: Objects
    counts: Floats

    def __len__(self) -> int:
        return len(self.times)

    @property
    def whole(self) -> bool:
        """Whether all changes are known."""
        return all(value is not _MANY for value in self.values)


def of_samples(times: Times, values: Objects | Floats) -> Told:
    """Each sample for itself."""
    return Told(times, values.astype(np.object_), np.ones(len(times)))


def join(parts: list[Told]) -> Told:
    """Parts one after the other; they must be in order of time and not overlap."""
    times = np.concatenate([np.empty(0, np.int64), *(part.times for part in parts)])
    values = np.concatenate([np.empty(0, np.object_), *(part.values for part in parts)])
    counts = np.concatenate([np.empty(0), *(part.counts for part in parts)])
    return Told(times, values, counts)


def shortened(told: Told, bounds: Times) -> Told:
    """First samples of the windows between bounds, and changes; what lies outside the bounds is left out."""
    chosen = slice(*np.searchsorted(told.times, bounds[[0, -1]]))
    times, values, counts = told.times[chosen], told.values[chosen], told.counts[chosen]
    if not len(times):
        return Told(times, values, counts)
    which = np.searchsorted(bounds, times, side="right")
    first = np.diff(which, prepend=-1) != 0
    kept = first | np.append(np.True_, values[1:] != values[:-1])
    total = np.zeros(len(times))
    total[first] = np.add.reduceat(counts, np.flatnonzero(first))
    return Told(times[kept], values[kept], total[kept])


def lines(prefix: bytes, key: str, told: Told, bounds: Times) -> Iterator[bytes]:
    """Line protocol of the windows between bounds; `told` as `shortened` gives it for the same ones."""
    begins = np.flatnonzero(told.counts)
    ends = np.append(begins[1:], len(told))[: len(begins)]
    starts = bounds[np.searchsorted(bounds, told.times[begins], side="right") - 1]
    after = ((told.times - np.repeat(starts, ends - begins)) / NS_PER_S).tolist()
    values = told.values.tolist()
    windows = zip(starts.tolist(), begins.tolist(), ends.tolist(), told.counts[begins].tolist(), strict=True)
    head = f"{prefix.decode()}{field(key, 'count')}="
    for start, low, high, count in windows:
        yield f"{head}{count}{_said(key, after[low:high], values[low:high])} {start}".encode()


def _said(key: str, after: list[float], values: list[Value]) -> str:
    """The fields that tell the changes, with a comma before; no changes where they are too many."""
    text = b"" if any(value is _MANY for value in values) else orjson.dumps((after, values))
    if not text or len(text) > MOST_BYTES:  # said all the same, for they may have been few before
        return f',{field(key, "changes")}=0.0,{field(key, "runs")}=""'
    escaped = text.decode().replace("\\", "\\\\").replace('"', '\\"')
    return f',{field(key, "changes")}={len(values)}.0,{field(key, "runs")}="{escaped}"'


def of_rows(rows: Columns, key: str) -> Told:
    """What rows of a tier tell; not `whole` where one of them has too many changes to tell them."""
    counts = rows.numbers(field(key, "count"))
    texts = rows.fields.get(field(key, "runs"), np.full(len(rows), None, np.object_))
    told = np.array([isinstance(text, str) for text in texts], np.bool_)  # a row of a number has a count, and no runs
    known = ~np.isnan(counts) & told
    runs = [orjson.loads(text) if text else ((0.0,), (_MANY,)) for text in texts[known]]
    lengths = np.array([len(values) for _, values in runs], np.int64)
    after = np.fromiter(chain.from_iterable(at for at, _ in runs), np.float64, lengths.sum())
    values = np.empty(len(after), np.object_)
    values[:] = list(chain.from_iterable(said for _, said in runs))
    numbers = np.zeros(len(after))
    numbers[np.cumsum(lengths) - lengths] = counts[known]
    times = np.repeat(rows.times[known], lengths) + np.round(after * NS_PER_S).astype(np.int64)
    return Told(times, values, numbers)
