"""Verdict: one turn of one level of a rule on one sensor, with all that is to be told of it. Pure."""

from math import isinf
from typing import TYPE_CHECKING

import msgspec

from andon.alerting.alarm.state import Severity
from andon.alerting.evaluate.phase import Phase, State, Timing, Turn
from andon.alerting.rules.band import TRUTH, Band
from andon.alerting.rules.levels import Level
from andon.alerting.rules.words import describe

if TYPE_CHECKING:
    from andon.alerting.evaluate.watch import Watch


class Rung(msgspec.Struct, eq=False, gc=False):
    """One level of the rule on this sensor: its limits resolved, and where it stands."""

    level: Level
    band: Band
    phase: Phase


Turns = list[tuple[Rung, Turn]]


def gone(name: str, phase: Phase, other: Rung, clock: int) -> tuple[Rung, Turn]:
    """The end of a level that its rule has no more. other: a level that it has. clock: the watch's event time."""
    before = phase.state if phase.state in (State.PENDING, State.SUPPRESSED) else State.CLEARING
    level = Level(name, None, None, 0.0, Timing(), other.level.severity)
    return Rung(level, other.band, Phase()), Turn(before, State.NORMAL, max(phase.since, clock), phase.value)


class Verdict(msgspec.Struct, frozen=True):
    """One turn of one level of a watch. late: measured long before it was judged, so nobody is to be called for it."""

    watch: "Watch"
    rung: Rung
    turn: Turn
    late: bool = False

    @property
    def level(self) -> Level:
        """The level that has turned."""
        return self.rung.level

    @property
    def severity(self) -> Severity:
        """Of that level."""
        return self.rung.level.severity

    @property
    def limit(self) -> float | None:
        """The limit that was passed; None where the condition has no number."""
        limit = self.rung.band.limit(self.turn.value)
        return None if self.rung.band is TRUTH or isinf(limit) else limit

    @property
    def value(self) -> float | None:
        """The number that passed it; None where the condition has none."""
        return None if self.rung.band is TRUTH else self.turn.value

    @property
    def message(self) -> str:
        """What is wrong, in one sentence."""
        return describe(self.watch.meaning.source, self.rung.band, self.turn.value, self.watch.sensor)
