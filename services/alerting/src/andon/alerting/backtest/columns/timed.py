"""Columns of sources that move by themselves: these are the evaluator's own, and are fed with fewer samples. Pure."""

from collections.abc import Iterable, Mapping

import numpy as np

from andon.alerting.backtest.columns.column import Feed, changes, said_by, trusted
from andon.alerting.backtest.series import Mask, Series
from andon.alerting.backtest.thinning import Thinning
from andon.alerting.evaluate.sources import Judged
from andon.alerting.evaluate.sources.formula import Name
from andon.alerting.evaluate.sources.windows import CountOf
from andon.alerting.rules.band import Band
from andon.common.history.columns import Times
from andon.common.reading import Value


class CountColumn:
    """Of what is counted, the samples at which it may begin or end."""

    given = False

    def __init__(self, own: Name, source: CountOf) -> None:
        self._own = own
        self._band = source._band  # noqa: SLF001 - it is the same source, fed with less
        self.reach = source.reach

    def take(self, said: Mapping[Name, Series]) -> Feed:
        """The values, which are thinned by the limits of what is counted."""
        series = trusted(said_by(said, self._own))
        return Feed(series.times, series.numbers, series)

    def thinning(self, bands: Iterable[Band], repeat: int) -> Thinning:  # noqa: ARG002 - as all columns
        """Where the value goes from one side of these limits to the other."""
        return Thinning([self._band], repeat)

    def anchors(self, feed: Feed, edges: Times) -> Times:  # noqa: ARG002 - as all columns
        """Where the gate turns."""
        return edges


class _ByMark:
    """Numbers that are a new one for each sample to be seen."""

    given = False

    def __init__(self, own: Name, after: int, source: Judged) -> None:
        self._own, self._after = own, after
        self.reach = source.reach
        self._mark = 0

    def thinning(self, bands: Iterable[Band], repeat: int) -> Thinning:  # noqa: ARG002 - as all columns
        """Where the mark is another one, which lies on the other side of a limit."""
        return Thinning([Band(-np.inf, 0.5)], repeat)

    def _marked(self, series: Series, seen: Mask) -> Feed:
        """Every sample that is `seen` turns the mark from 0 to 1, or back."""
        marks = (self._mark + np.cumsum(seen)) % 2
        self._mark = int(marks[-1]) if len(marks) else self._mark
        return Feed(series.times, marks.astype(np.float64), series)


class SilenceColumn(_ByMark):
    """Of samples closer together than the silence that is waited for, enough to keep it from being one."""

    def take(self, said: Mapping[Name, Series]) -> Feed:
        """The first and the last of each half of that time: all that lie at an end of a longer gap are among them."""
        series = said_by(said, self._own)
        return self._marked(series, edges_of_cells(series.times, self._after))

    def anchors(self, feed: Feed, edges: Times) -> Times:  # noqa: ARG002 - as all columns
        """None: each sample says that it is not silent."""
        return edges[:0]


class UnchangedColumn(_ByMark):
    """Of samples with another value than the one before, likewise enough. The source is told numbers of the values."""

    def __init__(self, own: Name, after: int, source: Judged) -> None:
        super().__init__(own, after, source)
        self._value: Value | None = None
        self._count = 0
        self._ahead: Times = np.empty(0, np.int64)

    def take(self, said: Mapping[Name, Series]) -> Feed:
        """Numbers of the values, in which each differs from all before: what was left out makes no two the same."""
        series = trusted(said_by(said, self._own))
        changed = changes(series.values, self._value)
        numbers = self._count + np.cumsum(changed)
        seen = np.zeros(len(series), np.bool_)
        at = np.flatnonzero(changed)
        seen[at] = edges_of_cells(series.times[at], self._after)
        if len(series):
            self._value, self._count = series.values[-1], int(numbers[-1])
        return self._marked(Series(series.times, numbers.astype(np.float64)), seen)

    def anchors(self, feed: Feed, edges: Times) -> Times:
        """Where the value has been the same for that long, counted from its change, or from when the gate turned."""
        began = feed.times[changes(feed.numbers, None)]
        found = np.unique(np.concatenate([self._ahead, edges, edges + self._after, began + self._after]))
        self._ahead = found[found > feed.times[-1]] if len(feed.times) else found
        return found


def edges_of_cells(times: Times, after: int) -> Mask:
    """The first and the last of each half of a time."""
    first = changes(times // max(after // 2, 1), None)
    last = np.append(first[1:], True)[: len(first)]
    found: Mask = first | last
    return found
