"""Advice: which deadband or delay would have spared how many alarms, and cost which. Pure.

It is no estimate: the evaluator judges the same past once more for each way. The deadbands tried are those that
ISA-18.2 and EEMUA 191 begin with for temperatures, pressures and levels: 1, 2 and 5 % of the range.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from math import floor, isfinite, log10

from andon.alerting.backtest.replay import Kept, Replay, hear
from andon.alerting.backtest.spells import Spell, Spells
from andon.alerting.backtest.tally import FLAP, FLEETING
from andon.alerting.evaluate.index import Places, make
from andon.alerting.evaluate.watch import Watch
from andon.alerting.rules.band import TRUTH
from andon.alerting.rules.draft import Rule
from andon.alerting.rules.meaning import meaning_of
from andon.alerting.rules.words import length
from andon.common.errors import InvalidError
from andon.common.history.span import Span
from andon.common.plant import Asset
from andon.common.reading import NS_PER_S
from andon.common.times import parse_duration

SHARES = (0.01, 0.02, 0.05)
OFF_DELAYS = (5, 10, 30, 60, 120, 300, 600)
ON_DELAYS = (2, 5, 10, 30, 60)
"""Seconds to choose from."""
LASTING = 60 * NS_PER_S
"""An alarm that lasted longer was one that somebody needed; to lose it is the price of a way."""
ENOUGH = 0.8
"""Of the troublesome alarms, the share that is to be gone before a gentler way is preferred to a stronger one."""


@dataclass(frozen=True)
class Try:
    """A way to write the rule otherwise: `name` is the field of the rule, `value` what to write there."""

    name: str
    value: str | float
    watch: Watch


@dataclass(frozen=True)
class Advice:
    """What would have come of it. before, alarms: without and with it. lost: alarms of over a minute that it loses."""

    name: str
    value: str | float
    before: int
    alarms: int
    lost: int
    recommended: bool = False

    @property
    def text(self) -> str:
        """For people."""
        lost = f"{self.lost or 'none'} of those that lasted over {length(LASTING)} lost"
        return f"{self.name} {self.value}: {self.before} -> {self.alarms} alarms, {lost}"


def tries(places: Places, rule: Rule, machine: Asset) -> list[Try]:
    """All ways to be tried on a machine. Levels with a deadband or a delay of their own keep it."""
    known = make(places, rule, meaning_of(rule), machine)
    if known is None:
        return []
    ways: list[tuple[str, str | float]] = [("deadband", band) for band in _deadbands(known) if band > rule.deadband]
    for name, written, delays in (("off_delay", rule.off_delay, OFF_DELAYS), ("on_delay", rule.on_delay, ON_DELAYS)):
        ways += [(name, _words(delay)) for delay in delays if delay * NS_PER_S > parse_duration(written)]
    found = list[Try]()
    for name, value in ways:
        changed = rule.model_copy(update={name: value})
        with suppress(InvalidError):  # the deadband leaves no room
            watch = make(places, changed, meaning_of(changed), machine)
            if watch is not None and len(watch.rungs) == len(known.rungs):
                found.append(Try(name, value, watch))
    return found


def _words(seconds: int) -> str:
    """A delay, as a rule is written."""
    return f"{seconds}s" if seconds < 60 else f"{seconds // 60}m"


def _deadbands(watch: Watch) -> list[float]:
    """Shares of the range between two limits, or of the highest where there is one alone."""
    bands = [rung.band for rung in watch.rungs if rung.band is not TRUTH]
    limits = [limit for band in bands for limit in (band.low, band.high) if isfinite(limit)]
    if not limits:
        return []
    range_ = (max(limits) - min(limits)) or abs(limits[0])
    return [_rounded(range_ * share) for share in SHARES]


def _rounded(value: float) -> float:
    """Two digits."""
    return round(value, 1 - floor(log10(value))) if value > 0 else 0.0


def advise(replay: Replay, again: Watch, ways: Sequence[Try], heard: Kept, span: Span) -> list[Advice]:
    """What would have come of each way that spares something, of what was heard in a range; the best is recommended.

    again: the rule as it is, made anew.
    """
    known = _spells(replay, again, heard, span)
    found = list[Advice]()
    for way in ways:
        spells = _spells(replay, way.watch, heard, span)
        if len(spells) < len(known):
            found.append(Advice(way.name, way.value, len(known), len(spells), _lost(known, spells, span)))
    best = _best(found, _troublesome(known))
    return [replace(one, recommended=one is best) for one in _telling(found)]


def _telling(found: Sequence[Advice]) -> list[Advice]:
    """Without those that do no better than a gentler one of their kind."""
    gentler = zip([None, *found], found, strict=False)
    return [one for less, one in gentler if less is None or less.name != one.name or one.alarms < less.alarms]


def _best(found: Sequence[Advice], troublesome: int) -> Advice | None:
    """The first that spares enough of them at no price: deadbands come first, for they delay nothing."""
    harmless = [one for one in found if not one.lost]
    enough = [one for one in harmless if one.before - one.alarms >= ENOUGH * troublesome]
    return next(iter(enough), min(harmless, key=lambda one: one.alarms, default=None))


def _troublesome(spells: Sequence[Spell]) -> int:
    """Alarms that were over at once, or came right back."""
    pairs = zip([None, *spells], spells, strict=False)
    return sum(
        (spell.until is not None and spell.until - spell.since < FLEETING)
        or (before is not None and before.until is not None and spell.since - before.until <= FLAP)
        for before, spell in pairs
    )


def _spells(replay: Replay, watch: Watch, heard: Kept, span: Span) -> list[Spell]:
    spells = Spells()
    spells.take(hear(replay.again(watch, span.start), heard, span.end - 1))
    return spells.taken() + ([spells.open] if spells.open else [])


def _lost(known: Sequence[Spell], spells: Sequence[Spell], span: Span) -> int:
    """How many lasting alarms no other one overlaps."""
    lost, place = 0, 0
    for spell in known:
        until = span.end if spell.until is None else spell.until
        if until - spell.since <= LASTING:
            continue
        while place < len(spells) and (spells[place].until or span.end) < spell.since:
            place += 1
        lost += place == len(spells) or spells[place].since > until
    return lost
