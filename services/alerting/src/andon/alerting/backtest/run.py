"""Run: one rule on one sensor over stored history, by the evaluator itself, and what would have been otherwise."""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass

from andon.alerting.backtest.advice import Advice, Try, advise, tries
from andon.alerting.backtest.past import Piece, ahead, know_before, machines_of, pieces, recall
from andon.alerting.backtest.replay import Kept, Replay
from andon.alerting.backtest.spells import Spells
from andon.alerting.backtest.tally import Tally
from andon.alerting.evaluate.index import Places, make
from andon.alerting.evaluate.watch import Watch
from andon.alerting.rules.draft import Rule
from andon.alerting.rules.meaning import meaning_of
from andon.common.errors import InvalidError
from andon.common.history.history import History
from andon.common.history.span import Span
from andon.common.plant import Asset, Plant

MOST_SAMPLES = 40_000_000
"""Of all sensors together: a year of one at 1 Hz, read in a minute."""
MOST_KEPT = 40_000
"""Readings that could change something, of which the newest are judged again for the advice: some seconds' work."""


@dataclass(frozen=True)
class Outcome:
    """What came of one sensor. advised: from when on the alarms were judged again for the advice."""

    watch: Watch
    tally: Tally
    samples: int
    advice: list[Advice]
    advised: int


class Run:
    """One rule over one range. samples: read so far, of all its sensors."""

    def __init__(self, history: History, plant: Plant, places: Places, rule: Rule, span: Span) -> None:
        self._history, self._plant, self._places, self._rule, self._span = history, plant, places, rule, span
        self._hours = [places.hours[name] for name in rule.active_during if name in places.hours]
        self._meaning = meaning_of(rule)
        self.samples = 0

    async def on(self, machine: Asset, listed: int) -> Outcome | None:
        """What comes of a machine's sensor, with its newest alarms, so many; None where the rule watches none of it.

        Raises:
            InvalidError: there are more samples than can be read for one answer.
            TooManyError: very many samples are being read just now.
            UnavailableError: InfluxDB does not answer, not in time, or refuses.
        """
        watch = make(self._places, self._rule, self._meaning, machine)
        if watch is None:
            return None
        one = _One(tries(self._places, self._rule, machine), self._span, listed)
        before = self.samples
        async with self._history.many():
            replay = await self._judge(watch, one)
        advice = await asyncio.to_thread(one.advise, replay, self._again(machine))
        return Outcome(watch, one.tally, self.samples - before, advice, one.kept_since)

    async def _judge(self, watch: Watch, one: "_One") -> Replay:
        machines, start = machines_of(self._plant, watch), self._span.start
        await know_before(self._history, machines, watch, start)
        replay = Replay(watch, self._hours, start, one.extra)
        await recall(self._history, machines, replay, start)
        async with aclosing(ahead(pieces(self._history, machines, replay.names, self._span))) as past:
            async for piece in past:
                self.samples += piece.rows
                if self.samples > MOST_SAMPLES:
                    raise InvalidError(
                        f"There are more than {MOST_SAMPLES:,} samples; ask for a shorter range or fewer sensors"
                    )
                await asyncio.to_thread(one.take, replay, piece)
        return replay

    def _again(self, machine: Asset) -> Watch | None:
        return make(self._places, self._rule, self._meaning, machine)


class _One:
    """What is gathered of one sensor."""

    def __init__(self, ways: Sequence[Try], span: Span, listed: int) -> None:
        self._ways, self._span = ways, span
        self._kept = deque[Kept]()
        self._count = 0
        self.extra = [rung.band for way in ways for rung in way.watch.rungs]
        self.spells, self.tally = Spells(), Tally(listed, span.end)
        self.kept_since = span.start

    def take(self, replay: Replay, piece: Piece) -> None:
        """Judge a piece; in a thread."""
        turns, feed, kept = replay.take(piece.said, piece.span)
        self.spells.take(turns, feed if replay.column.given else None)
        self.tally.add(self.spells.taken())
        self._kept.append(kept)
        self._count += len(kept.times)
        while (over := self._count - MOST_KEPT) > 0:
            oldest = self._kept.popleft()
            gone = min(over, len(oldest.times))
            self._count -= gone
            if gone:
                self.kept_since = oldest.times[gone - 1] + 1
            if gone < len(oldest.times):
                self._kept.appendleft(Kept(oldest.times[gone:], oldest.values[gone:], oldest.words[gone:]))

    def advise(self, replay: Replay, again: Watch | None) -> list[Advice]:
        """What else would have come of it, once all is judged; in a thread."""
        if self.spells.open is not None:
            self.tally.add([self.spells.open])
        if again is None or not (self.tally.flaps or self.tally.fleeting):
            return []
        heard = Kept([], [], [])
        for kept in self._kept:
            heard.times.extend(kept.times)
            heard.values.extend(kept.values)
            heard.words.extend(kept.words)
        return advise(replay, again, self._ways, heard, Span(self.kept_since, self._span.end))
