"""Series: what sensors said over a range, read from InfluxDB into numpy, with what may be trusted of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from andon.alerting.evaluate.sources.formula import Name
from andon.common.history.columns import Columns, Floats, Objects, Times
from andon.common.history.history import History
from andon.common.history.joining import there
from andon.common.history.span import Span
from andon.common.history.stored import stored
from andon.common.influx import QUALITY_SUFFIX
from andon.common.plant import Asset
from andon.common.reading import Quality

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Series:
    """Samples of one sensor in order of time, each time once. words: their qualities, None where all are good."""

    times: Times
    values: Floats | Objects
    words: Objects | None = None

    def __len__(self) -> int:
        return len(self.times)

    @property
    def doubtful(self) -> Mask:
        """Which are of bad or stale quality."""
        if self.words is None:
            return np.zeros(len(self.times), np.bool_)
        found: Mask = (self.words == Quality.BAD.value) | (self.words == Quality.STALE.value)
        return found

    @property
    def numbers(self) -> Floats:
        """Values as numbers; NaN for texts."""
        if self.values.dtype == np.float64:
            return self.values.astype(np.float64, copy=False)
        return np.array([np.nan if value is None or isinstance(value, str) else value for value in self.values], float)

    @property
    def usable(self) -> Floats:
        """Values as the rules take them: NaN for texts, and for what cannot be trusted."""
        return self.numbers if self.words is None else np.where(self.doubtful, np.nan, self.numbers)

    def part(self, chosen: Mask | slice | npt.NDArray[np.intp]) -> "Series":
        """Some of the samples."""
        words = None if self.words is None else self.words[chosen]
        return Series(self.times[chosen], self.values[chosen], words)


NOTHING = Series(np.empty(0, np.int64), np.empty(0))


async def read(
    history: History, machines: Mapping[str, Asset], names: Collection[Name], span: Span
) -> dict[Name, Series]:
    """Series of sensors in a range; of those that said anything.

    Raises:
        UnavailableError: InfluxDB does not answer, not in time, or refuses.
        CutShortError: there are more than it hands out at once.
    """
    found: dict[Name, Series] = {}
    for key in sorted({key for _, key in names}):
        asked = [machines[asset] for asset, other in names if other == key and asset in machines]
        values = await stored(history, asked, [key], span)
        told = await stored(history, asked, [key + QUALITY_SUFFIX], span)
        for asset, rows in values.items():
            has = there(rows.fields[key])
            kept = rows if has.all() else rows.part(np.flatnonzero(has))
            words = _words(kept.times, told[asset], key) if asset in told else None
            found[asset, key] = Series(kept.times, kept.fields[key], words)
    return found


def _words(times: Times, told: Columns, key: str) -> Objects:
    words: Objects = np.full(len(times), Quality.GOOD.value, np.object_)
    said = told.fields[key + QUALITY_SUFFIX]
    rows = np.flatnonzero(there(said) & np.isin(told.times, times))
    words[np.searchsorted(times, told.times[rows])] = said[rows]
    return words
