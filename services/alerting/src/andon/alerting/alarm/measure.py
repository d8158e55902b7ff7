"""Measure: how bad an alarm is: its worst level with its severity, and the value, limit and words that tell of it."""

from collections.abc import Sequence
from math import isfinite

from andon.alerting.elsewhere import shortened
from andon.alerting.evaluate.phase import State, Turn
from andon.alerting.evaluate.verdict import Rung, Verdict
from andon.alerting.evaluate.watch import Watch
from andon.alerting.tables import AlarmRow


def measure(alarm: AlarmRow, verdict: Verdict) -> None:
    """Take level, value and words of a verdict."""
    stand(alarm, verdict.rung)
    alarm.value, alarm.limit, alarm.message = number(verdict.value), verdict.limit, shortened(verdict.message, 500)


def stand(alarm: AlarmRow, rung: Rung) -> None:
    """Take a level and its severity."""
    alarm.level, alarm.severity, alarm.rank = rung.level.name, rung.level.severity, rung.level.severity.rank


def remeasure(alarm: AlarmRow, watch: Watch, rung: Rung, value: float | None) -> None:
    """Take a level that was there before, and is the worst one now.

    It may be about to end, or within its deadband; then `value`, of now, has not passed its limit. Told is what has:
    that value, else the alarm's; and where neither has, value and words stay those of the level that was told of.
    """
    for one in (value, alarm.value):
        if one is not None and rung.band.violates(one, before=False):
            measure(alarm, Verdict(watch, rung, Turn(State.ACTIVE, State.ACTIVE, alarm.since, one)))
            return
    stand(alarm, rung)


def number(value: float | None) -> float | None:
    """A value as databases keep it."""
    return float(value) if value is not None and isfinite(value) else None


def known_levels(levels: Sequence[str], watch: Watch) -> list[str]:
    """Those of an alarm's active levels that the rule still has."""
    return [name for name in levels if any(rung.level.name == name for rung in watch.rungs)]


def worst(levels: Sequence[str], watch: Watch) -> Rung | None:
    """The most severe of an alarm's active levels; of equals the one that came last."""
    rungs = {rung.level.name: rung for rung in watch.rungs}
    active = [rungs[name] for name in known_levels(levels, watch)]
    return max(reversed(active), key=lambda rung: rung.level.severity.rank, default=None)
