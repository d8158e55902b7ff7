"""Levels of a rule: the limits, delays and severities of its ladder. Pure."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from andon.alerting.alarm.state import Severity
from andon.alerting.evaluate.phase import Timing
from andon.alerting.rules.checks import duration, is_number
from andon.alerting.rules.draft import RuleDraft
from andon.common.errors import InvalidError

Limit: TypeAlias = float | str
"""A number, or the name of one of the sensor's limits."""
LIMITS = ("ll", "l", "h", "hh")
MAX_LEVELS = 8


@dataclass(frozen=True)
class Level:
    """One rung of a rule's ladder, `name` '' where there is one alone. Limits None: that side is open."""

    name: str
    low: Limit | None
    high: Limit | None
    deadband: float
    timing: Timing
    severity: Severity


def read_levels(draft: RuleDraft, condition: dict[str, Any], *, truth: bool) -> tuple[Level, ...]:
    """The levels a condition has, whose words are taken out of it."""
    if "levels" not in condition:
        return (_level(draft, condition, truth=truth),)
    rungs = condition.pop("levels")
    if not isinstance(rungs, list) or not 0 < len(rungs) <= MAX_LEVELS or not all(isinstance(r, dict) for r in rungs):
        raise InvalidError(
            f'\'levels\' is a list of up to {MAX_LEVELS}: [{{"above": 95, "severity": "critical"}}, ...]'
        )
    found = [_rung(draft, dict(rung), truth=truth) for rung in rungs]
    named = _named(found)
    if len({level.name for level in named}) < len(named):
        raise InvalidError("Two levels have the same name; give each its own")
    return named


def _rung(draft: RuleDraft, rung: dict[str, Any], *, truth: bool) -> Level:
    own = {name: rung.pop(name) for name in ("severity", "deadband", "on_delay", "off_delay") if name in rung}
    name = rung.pop("name", "")
    if not isinstance(name, str) or len(name) > 20 or not name.isprintable():
        raise InvalidError(f"The name of a level is a short text, not {name!r:.50}")
    try:
        draft = RuleDraft.model_validate(draft.model_dump(include=set(RuleDraft.model_fields)) | own)
    except ValueError as error:
        raise InvalidError(f"A level has no such {', '.join(own)}: {own!r:.100}") from error
    level = _level(draft, rung, truth=truth)
    if rung:
        raise InvalidError(f"'{next(iter(rung))}' does not belong in a level")
    return Level(name, level.low, level.high, level.deadband, level.timing, level.severity)


def _named(levels: list[Level]) -> tuple[Level, ...]:
    """Levels with names: their own, the sensor's limit's, or H, HH, HHH and L, LL, LLL by how far out they are."""
    names = dict[int, str]()
    highs = [level for level in levels if level.low is None and isinstance(level.high, float) and not level.name]
    lows = [level for level in levels if level.high is None and isinstance(level.low, float) and not level.name]
    for letter, rungs in (("h", sorted(highs, key=_high)), ("l", sorted(lows, key=_low))):
        names.update((id(level), letter * (number + 1)) for number, level in enumerate(rungs))
    for number, level in enumerate(levels):
        only = level.high if level.low is None else level.low if level.high is None else None
        names.setdefault(id(level), level.name or (only if isinstance(only, str) else str(number + 1)))
    return tuple(Level(names[id(one)], one.low, one.high, one.deadband, one.timing, one.severity) for one in levels)


def _high(level: Level) -> float:
    return float(level.high or 0.0)


def _low(level: Level) -> float:
    return -float(level.low or 0.0)


def _level(draft: RuleDraft, condition: dict[str, Any], *, truth: bool) -> Level:
    low, high = (None, None) if truth else _limits(condition)
    deadband = draft.deadband
    if not is_number(deadband) or deadband < 0:
        raise InvalidError(f"deadband must be a finite number, 0 or more, not {deadband!r}")
    if isinstance(low, float) and isinstance(high, float):
        check_room(low, high, deadband)
    timing = Timing(
        duration("on_delay", draft.on_delay),
        duration("off_delay", draft.off_delay),
        duration("minimum", draft.minimum),
        draft.repeat,
    )
    return Level("", low, high, deadband, timing, draft.severity)


def check_room(low: float, high: float, deadband: float) -> None:
    """Refuse a band that nothing can return to.

    Raises:
        InvalidError: the limits are not in order, or the deadband leaves no room between them.
    """
    if low >= high:
        raise InvalidError(f"'outside' needs low < high, not {low:g} and {high:g}")
    if 2 * deadband >= high - low:
        raise InvalidError(
            f"A deadband of {deadband:g} leaves no room between {low:g} and {high:g}: no value could clear the alarm; "
            f"use less than {(high - low) / 2:g}"
        )


def _limits(condition: dict[str, Any]) -> tuple[Limit | None, Limit | None]:
    """Low and high, taken out of a condition."""
    forms = [form for form in ("above", "below", "outside") if form in condition]
    if len(forms) != 1:
        unknown = next((f"'{word}' is no condition. " for word in condition if not forms), "")
        raise InvalidError(
            f"{unknown}A condition has exactly one of above, below, outside: "
            '{"above": 80}, {"below": 5} or {"outside": [5, 80]}; or one of the other forms, like {"silent": "30s"}'
        )
    said = condition.pop(forms[0])
    if forms[0] == "outside":
        if not isinstance(said, list | tuple) or len(said) != 2:
            raise InvalidError(f"'outside' must be two finite numbers, low and high, not {said!r:.100}")
        return _limit("outside", said[0]), _limit("outside", said[1])
    return (None, _limit("above", said)) if forms[0] == "above" else (_limit("below", said), None)


def _limit(form: str, said: object) -> Limit:
    if isinstance(said, str) and said in LIMITS:
        return said
    if not is_number(said):
        raise InvalidError(
            f"'{form}' must be a finite number, or one of the sensor's limits ({', '.join(LIMITS)}), not {said!r:.100}"
        )
    return float(said)  # type: ignore[arg-type]
