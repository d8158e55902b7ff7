"""The tiers of history: every sample (raw), a row for each minute, a row for each hour. Their names are spelled here.

A tier lies in a database of its own, named after that of the samples: `andon_1m`, `andon_1h`. Measurement and tags are
those of the samples; a row stands at the beginning of its window, and has for each number the fields (what states and
switches have tells `runs`)

    <key>__count  __good  __min  __max  __mean  __sum  __first  __last  __stddev  __twa  __first_at  __last_at

`good` in percent; `twa` the time-weighted mean from the first sample to the end of the window; `first_at` and
`last_at` in seconds after the window's beginning; all else in the sensor's unit. With these any wider window is exact.
"""

from collections.abc import Iterator

import numpy as np

from andon.common.history.columns import Columns, Floats
from andon.common.history.tier import RAW, Tier
from andon.common.reading import NS_PER_S
from andon.query.tiers.windows import Windows

HOUR = 3600 * NS_PER_S
MINUTES = Tier("1m", 60 * NS_PER_S, "_1m")
HOURS = Tier("1h", HOUR, "_1h")
TIERS = (RAW, MINUTES, HOURS)

STATISTICS = ("count", "good", "min", "max", "mean", "sum", "first", "last", "stddev", "twa", "first_at", "last_at")
WHOLE = ("count", "good", "min", "max", "sum", "first", "last", "stddev", "twa", "first_at", "last_at")
"""What `windows_of` needs to make windows of rows."""


def field(key: str, statistic: str) -> str:
    """Field of one statistic of a sensor."""
    return f"{key}__{statistic}"


def lines(prefix: bytes, key: str, windows: Windows, width: int) -> Iterator[bytes]:
    """Line protocol of a sensor's windows. What is not finite (sums of huge values) is left out."""
    head = prefix.decode()
    names = [f"{field(key, statistic)}=" for statistic in STATISTICS]
    rows = np.column_stack(_statistics(windows, width)).tolist()
    finite = np.isfinite(rows).all(axis=1).tolist()
    for start, row, whole in zip(windows.start.tolist(), rows, finite, strict=True):
        pairs = zip(names, row, strict=True)
        texts = [f"{name}{value}" for name, value in pairs if whole or np.isfinite(value)]
        yield f"{head}{','.join(texts)} {start}".encode()


def _statistics(windows: Windows, width: int) -> list[Floats]:
    """In the order of STATISTICS."""
    after = [(at - windows.start) / NS_PER_S for at in (windows.first_at, windows.last_at)]
    with np.errstate(over="ignore", invalid="ignore"):
        held = windows.last * (width / NS_PER_S - after[1])
        twa = (windows.area + held) / (width / NS_PER_S - after[0])
        percent = 100 * windows.good / windows.count
        return [
            windows.count,
            percent,
            windows.min,
            windows.max,
            windows.mean,
            windows.sum,
            windows.first,
            windows.last,
            windows.stddev,
            twa,
            *after,
        ]


def windows_of(rows: Columns, key: str, width: int) -> Windows:
    """A sensor's windows, of rows of a tier that have at least the fields of WHOLE."""
    found = {statistic: rows.numbers(field(key, statistic)) for statistic in WHOLE}
    chosen = ~np.isnan(found["count"]) & ~np.isnan(found["min"])  # a row of a state has a count, and no least value
    found = {statistic: values[chosen] for statistic, values in found.items()}
    start, count = rows.times[chosen], found["count"]
    after = {name: np.round(found[name] * NS_PER_S).astype(np.int64) for name in ("first_at", "last_at")}
    with np.errstate(over="ignore", invalid="ignore"):
        span = found["twa"] * ((width - after["first_at"]) / NS_PER_S)
        held = found["last"] * ((width - after["last_at"]) / NS_PER_S)
        area = np.where(count > 1, span - held, 0.0)
        squares = np.where(count > 1, found["stddev"] ** 2 * (count - 1), 0.0)
    return Windows(
        start=start,
        count=count,
        good=np.round(found["good"] * count / 100),
        sum=found["sum"],
        min=found["min"],
        max=found["max"],
        first=found["first"],
        last=found["last"],
        squares=squares,
        first_at=start + after["first_at"],
        last_at=start + after["last_at"],
        area=area,
    )
