"""Replay: a rule on one sensor goes through a past, piece by piece. Pure; times are event time.

What judges is the evaluator's own `Watch`. It is only spared the samples that could change nothing (`thinning.py`), and
is given the numbers that its source yields of them as columns (`columns`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np

from andon.alerting.backtest.columns import column_of
from andon.alerting.backtest.columns.column import Feed
from andon.alerting.backtest.columns.expression import ExpressionColumn
from andon.alerting.backtest.series import Series
from andon.alerting.backtest.spells import Turned
from andon.alerting.backtest.thinning import Thinning
from andon.alerting.evaluate.gate import Gate
from andon.alerting.evaluate.sources.formula import Expression, Name
from andon.alerting.evaluate.sources.values import OwnValue
from andon.alerting.evaluate.watch import Watch
from andon.alerting.rules.band import Band
from andon.alerting.rules.calendar import Hours
from andon.common.expression import Input
from andon.common.history.span import Span
from andon.common.reading import Value

GATE = "#gate"
"""No sensor is called so."""
_SHUT = Band(0.5, np.inf)


@dataclass(frozen=True)
class Kept:
    """What a rule heard: readings in order of time, each with values by key, and qualities."""

    times: list[int]
    values: list[dict[str, Value]]
    words: list[dict[str, str] | None]


class Replay:
    """One watch, as `index.make` makes it, and its past. `recall`, then `take` pieces that follow one another.

    hours: its calendars. extra: further limits by which samples are kept, for who wants to judge them otherwise.
    """

    def __init__(self, watch: Watch, hours: Iterable[Hours], start: int, extra: Iterable[Band] = ()) -> None:
        self._hours = list(hours)
        self.column = column_of(watch)
        self.names: frozenset[Name] = frozenset((asset, key) for asset, keys in watch.names.items() for key in keys)
        self.own = (watch.asset.id, watch.sensor.key)
        bands = [*(rung.band for rung in watch.rungs), *extra]
        self._repeat = max(rung.level.timing.repeat for rung in watch.rungs)
        self._thinning = self.column.thinning(bands, self._repeat)
        condition = watch.gate.condition
        self._gate: ExpressionColumn | None = None
        if condition is not None and watch.meaning.gate is not None:
            self._gate = ExpressionColumn(watch.meaning.gate, condition)
        self._gate_thinning = Thinning([_SHUT], 1)
        self.watch = fed(watch, self._hours, given=self.column.given)
        self._start = start
        self._recalled: list[tuple[int, Any]] = []

    def recall(self, past: Sequence[Series]) -> None:
        """What the sensor said before the start, piece by piece, as far as `column.reach` goes."""
        if not isinstance(self.column, ExpressionColumn):
            found = [self.column.take({self.own: series}).raw for series in past]
            for raw in found if not self.column.given else ():
                assert raw is not None  # noqa: S101 - the source is the evaluator's own
                self._recalled += zip(raw.times.tolist(), raw.values.tolist(), strict=True)
            self.watch.recall(self._recalled)
        settle(self.watch, self._start)

    def take(self, said: Mapping[Name, Series], span: Span) -> tuple[list[Turned], Feed, Kept]:
        """The turns of a piece in order of time, up to its end; the numbers of all its samples; and what was heard."""
        feed = self.column.take(said)
        opens = self._gate.take(said) if self._gate else Feed(np.empty(0, np.int64), np.empty(0))
        shut = np.where(opens.numbers == 0.0, 0.0, 1.0)
        turned = self._gate_thinning.keep(opens.times, shut, opens.times[:0])
        edges = opens.times[turned]
        if self._repeat > 1 and self._hours:
            edges = np.union1d(edges, np.array(edges_of(self._hours, span), np.int64))
        kept = self._thinning.keep(feed.times, feed.numbers, self.column.anchors(feed, edges))
        heard = self._heard(feed, np.flatnonzero(kept), opens.times[turned], shut[turned])
        return hear(self.watch, heard, span.end - 1), feed, heard

    def again(self, watch: Watch, start: int) -> Watch:
        """Another watch of the same sensor, which stands as this one did at its start, to hear what is kept."""
        made = fed(watch, self._hours, given=self.column.given)
        if self._recalled and start == self._start:
            made.recall(self._recalled)
        settle(made, start)
        return made

    def _heard(self, feed: Feed, kept: Any, gate_times: Any, shut: Any) -> Kept:
        times = np.union1d(feed.times[kept], gate_times)
        values: list[dict[str, Value]] = [{} for _ in range(len(times))]
        words: list[dict[str, str] | None] = [None] * len(times)
        key = self.own[1]
        raw = feed.numbers[kept].tolist() if feed.raw is None else _plain(feed.raw.values[kept])
        said = repeat("") if feed.raw is None or feed.raw.words is None else feed.raw.words[kept].tolist()
        for place, value, word in zip(np.searchsorted(times, feed.times[kept]).tolist(), raw, said, strict=False):
            values[place][key] = value
            if word:
                words[place] = {key: word}
        for place, number in zip(np.searchsorted(times, gate_times).tolist(), shut.tolist(), strict=True):
            values[place][GATE] = number
        return Kept(times.tolist(), values, words)


def fed(watch: Watch, hours: Iterable[Hours], *, given: bool) -> Watch:
    """A watch that hears numbers instead of its sensors, where its source is computed; and `GATE` for its gate."""
    gate, said = None, Input(GATE)
    if watch.gate.condition is not None:
        gate = Expression(said, {said: ((watch.asset.id, GATE),)})
    source = OwnValue() if given else watch.source
    made = Watch(watch.rule, watch.asset, watch.sensor, watch.meaning, watch.rungs, source, Gate(list(hours), gate))
    if watch.gate.condition is not None and watch.gate.condition.number() == 0.0:
        made.told((watch.asset.id, GATE), 0, 0.0)
    made.number = watch.number
    return made


def settle(watch: Watch, start: int) -> None:
    """Let a watch begin to judge at an event time."""
    watch.begin(start)
    watch.clock = max(watch.clock, start)


def hear(watch: Watch, kept: Kept, until: int) -> list[Turned]:
    """Let a watch hear, and time pass up to `until`; its turns in order of time."""
    found: list[Turned] = []
    asset = watch.asset.id
    for time, values, words in zip(kept.times, kept.values, kept.words, strict=True):
        verdicts = watch.hear(asset, time, values, words, False, _never_late)
        found += [(one.rung, one.turn) for one in verdicts or ()]
    found += [(one.rung, one.turn) for one in watch.pass_time(until)]
    return sorted(found, key=_at)


def edges_of(hours: Iterable[Hours], span: Span) -> list[int]:
    """When calendars open or close within a range."""
    found = list[int]()
    for calendar in hours:
        at = calendar.next_change(span.start)
        while at < span.end:
            found.append(at)
            at = calendar.next_change(at)
    return found


def _plain(values: Any) -> Any:
    return values.tolist()


def _at(turned: Turned) -> int:
    return turned[1].at


def _never_late(*_: object) -> None:
    """What is read from history is in order."""
