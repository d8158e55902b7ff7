"""Spells: from when until when a rule was active, with its level and how far it went. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from andon.alerting.backtest.columns.column import Feed
from andon.alerting.evaluate.phase import State, Turn
from andon.alerting.evaluate.verdict import Rung

Turned: TypeAlias = tuple[Rung, Turn]
_UP = (State.ACTIVE, State.CLEARING)


@dataclass
class Spell:
    """One alarm. rung: its most severe level; value: the number as it began; peak: the one furthest out.

    until: None while it goes on. hidden: it ended because the rule did not count any longer.
    """

    since: int
    rung: Rung
    value: float
    until: int | None = None
    peak: float = float("nan")
    hidden: bool = False
    up: set[str] = field(default_factory=set)


class Spells:
    """The alarms of one rule on one sensor, from its turns. over: those that have ended, for who takes them away."""

    def __init__(self) -> None:
        self.over: list[Spell] = []
        self._open: Spell | None = None

    @property
    def open(self) -> Spell | None:
        """The one that goes on."""
        return self._open

    def take(self, turns: Iterable[Turned], feed: Feed | None = None) -> None:
        """The turns of some samples, in order of time. feed: the numbers of these samples, where there are any."""
        touched = [self._open] if self._open else []
        for rung, turn in turns:
            if turn.raised:
                found = self._raise(rung, turn, feed)
                if not touched or touched[-1] is not found:
                    touched.append(found)
            elif turn.before in _UP and turn.after not in _UP:
                self._end(rung, turn)
        if feed is not None:
            for spell in touched:
                _measure(spell, feed)

    def _raise(self, rung: Rung, turn: Turn, feed: Feed | None) -> Spell:
        spell = self._open
        if spell is None:
            value = turn.value if feed is None else _at(feed, turn.at, turn.value)
            spell = self._open = Spell(turn.at, rung, value)
        elif rung.level.severity.rank > spell.rung.level.severity.rank:
            spell.rung = rung
        spell.up.add(rung.level.name)
        return spell

    def _end(self, rung: Rung, turn: Turn) -> None:
        spell = self._open
        if spell is None:
            return
        spell.up.discard(rung.level.name)
        if not spell.up:
            spell.until, spell.hidden = turn.at, turn.suppressed
            self.over.append(spell)
            self._open = None

    def taken(self) -> list[Spell]:
        """Those that have ended since this was asked last."""
        found, self.over = self.over, []
        return found


def _at(feed: Feed, time: int, otherwise: float) -> float:
    """The newest number at a time."""
    before = feed.numbers[: int(np.searchsorted(feed.times, time, "right"))]
    says = np.flatnonzero(~np.isnan(before[-1000:]))
    return float(before[-1000:][says[-1]]) if len(says) else otherwise


def _measure(spell: Spell, feed: Feed) -> None:
    """Let its peak be the number furthest out of all it went through."""
    first = int(np.searchsorted(feed.times, spell.since))
    end = len(feed.times) if spell.until is None else int(np.searchsorted(feed.times, spell.until))
    numbers = feed.numbers[first:end]
    numbers = np.append(numbers[~np.isnan(numbers)], [spell.value, *([spell.peak] if spell.peak == spell.peak else [])])
    band = spell.rung.band
    out = np.maximum(numbers - band.high, band.low - numbers)
    spell.peak = float(numbers[int(np.argmax(out))])
