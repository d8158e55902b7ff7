"""Verdict: one turn of one level of a rule on one sensor, with all that is to be told of it. Pure."""

from math import isinf
from typing import TYPE_CHECKING

import msgspec

from andon.alerting.alarm.state import Severity
from andon.alerting.evaluate.phase import Phase, Turn
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
