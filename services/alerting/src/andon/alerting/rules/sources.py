"""Sources: which number a rule judges. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from andon.alerting.evaluate.phase import MAX_DELAY
from andon.alerting.rules.checks import duration, is_number
from andon.alerting.rules.draft import RuleDraft
from andon.alerting.rules.levels import Level, read_levels
from andon.common.errors import InvalidError
from andon.common.expression import Node, inputs, parse
from andon.common.reading import NS_PER_S, Quality
from andon.common.topics import SENSOR_KEY

PER = {"s": NS_PER_S, "min": 60 * NS_PER_S, "h": 3600 * NS_PER_S}
MAX_WINDOW = 7 * MAX_DELAY
MAX_COUNT = 1000


@dataclass(frozen=True)
class Own:
    """The sensor's own value."""


@dataclass(frozen=True)
class Deviation:
    """The sensor's value minus that of another sensor, or minus a number; `tree` computes it."""

    other: str
    tree: Node


@dataclass(frozen=True)
class Rate:
    """Change of the value in `per`, over the last `over` (nanoseconds)."""

    over: int
    per: str


@dataclass(frozen=True)
class Score:
    """How far the value lies from the median of the last `over` nanoseconds, in robust standard deviations."""

    over: int


@dataclass(frozen=True)
class Formula:
    """What an expression of sensors yields; `truth`, whether it is judged as true or false."""

    text: str
    tree: Node
    truth: bool


@dataclass(frozen=True)
class Equals:
    """Whether the sensor says one of these."""

    values: tuple[float | bool | str, ...]


@dataclass(frozen=True)
class Count:
    """Whether what `of` describes has begun `count` times within so many nanoseconds."""

    count: int
    within: int
    of: "Level"


@dataclass(frozen=True)
class Silent:
    """Whether nothing was measured for so many nanoseconds."""

    after: int


@dataclass(frozen=True)
class Unchanged:
    """Whether the value was the same for so many nanoseconds."""

    after: int


@dataclass(frozen=True)
class Doubt:
    """Whether the value has one of these qualities."""

    qualities: frozenset[str]


Source: TypeAlias = Own | Deviation | Rate | Score | Formula | Equals | Count | Silent | Unchanged | Doubt


def is_number_source(source: Source) -> bool:
    """Whether it yields a number that is compared, and not just true or false."""
    return isinstance(source, (Own, Deviation, Rate, Score)) or (isinstance(source, Formula) and not source.truth)


def measures_itself(condition: Mapping[str, Any]) -> bool:
    """Whether a condition looks at the sensor's own value, so that value and limit are in the sensor's unit."""
    return not any(name in condition for name in _SOURCES)


def read_source(draft: RuleDraft, condition: dict[str, Any]) -> Source:
    """The source that a condition names, whose words are taken out of it."""
    named = [name for name in _SOURCES if name in condition]
    if len(named) > 1:
        raise InvalidError(f"A condition has one of {', '.join(named)}, not both")
    return _SOURCES[named[0]](draft, condition) if named else Own()


def _deviation(draft: RuleDraft, condition: dict[str, Any]) -> Source:
    other = condition.pop("deviation_from")
    if is_number(other):
        other = f"({other!r})"
    if not isinstance(other, str) or not other:
        raise InvalidError(f"'deviation_from' is another sensor, like setpoint, or a number; not {other!r}")
    plain = "/" in other and not other.startswith(("'", "("))
    quoted = f"'{other}'" if plain or SENSOR_KEY.fullmatch(other) else other
    key = draft.scope.sensor.rpartition("/")[2]
    return Deviation(other.strip("()'"), parsed("deviation_from", f"'{key}' - {quoted}"))


def _rate(_: RuleDraft, condition: dict[str, Any]) -> Source:
    over, per = _window("rate_over", condition), condition.pop("per", "min")
    if not isinstance(per, str) or per not in PER:
        raise InvalidError(f"'per' is one of {', '.join(PER)}; not {per!r}")
    return Rate(over, per)


def _score(_: RuleDraft, condition: dict[str, Any]) -> Source:
    return Score(_window("score_over", condition))


def _formula(_: RuleDraft, condition: dict[str, Any]) -> Source:
    text = condition.pop("expression")
    tree = parsed("expression", text)
    return Formula(text, tree, truth=not {"above", "below", "outside"} & _words_of(condition))


def _equals(_: RuleDraft, condition: dict[str, Any]) -> Source:
    said = condition.pop("equals")
    values = said if isinstance(said, list | tuple) else [said]
    if not 0 < len(values) <= 50 or not all(isinstance(v, bool | str) or is_number(v) for v in values):
        raise InvalidError(f"'equals' is a text, a number, true or false, or up to 50 of them; not {said!r:.100}")
    return Equals(tuple(float(v) if is_number(v) else v for v in values))


def _count(draft: RuleDraft, condition: dict[str, Any]) -> Source:
    count, inner = condition.pop("count"), condition.pop("of", None)
    if isinstance(count, bool) or not isinstance(count, int) or not 1 < count <= MAX_COUNT:
        raise InvalidError(f"'count' is a whole number from 2 to {MAX_COUNT}, not {count!r}")
    if not isinstance(inner, dict):
        raise InvalidError('\'of\' is what is counted: {"count": 5, "within": "10m", "of": {"above": 80}}')
    rest = dict(inner)
    level = read_levels(draft.model_copy(update={"condition": inner}), rest, truth=False)
    if rest or len(level) > 1:
        raise InvalidError("What is counted is one of above, below, outside")
    return Count(count, _window("within", condition), level[0])


def _silent(_: RuleDraft, condition: dict[str, Any]) -> Source:
    return Silent(_window("silent", condition))


def _unchanged(_: RuleDraft, condition: dict[str, Any]) -> Source:
    return Unchanged(_window("unchanged", condition))


def _doubt(_: RuleDraft, condition: dict[str, Any]) -> Source:
    said = condition.pop("quality")
    each = said if isinstance(said, list) else [said]
    known = {quality.value for quality in Quality}
    if not each or not all(isinstance(quality, str) and quality in known for quality in each):
        raise InvalidError(f"'quality' is one or more of {', '.join(sorted(known))}")
    return Doubt(frozenset(each))


_SOURCES: Mapping[str, Callable[[RuleDraft, dict[str, Any]], Source]] = {
    "deviation_from": _deviation,
    "rate_over": _rate,
    "score_over": _score,
    "expression": _formula,
    "equals": _equals,
    "count": _count,
    "silent": _silent,
    "unchanged": _unchanged,
    "quality": _doubt,
}


def _words_of(condition: Mapping[str, Any]) -> set[str]:
    """The words of a condition and of its levels."""
    levels = condition.get("levels")
    rungs = levels if isinstance(levels, list) else []
    return {*condition, *(word for rung in rungs if isinstance(rung, dict) for word in rung)}


def _window(name: str, condition: dict[str, Any]) -> int:
    text = condition.pop(name, None)
    if not isinstance(text, str):
        raise InvalidError(f"'{name}' is a duration, like 30s or 10m")
    found = duration(name, text, MAX_WINDOW)
    if found < NS_PER_S // 10:
        raise InvalidError(f"'{name}' is {text}; the shortest is 100ms")
    return found


def parsed(name: str, text: object) -> Node:
    """The tree of an expression.

    Raises:
        InvalidError: it is none, or names no sensor.
    """
    if not isinstance(text, str):
        raise InvalidError(f"'{name}' is an expression, like \"temperature > 80 and speed < 10\"")
    try:
        tree = parse(text)
    except InvalidError as error:
        raise InvalidError(f"{name}: {error}") from None
    if not list(inputs(tree)):
        raise InvalidError(f"{name}: it names no sensor")
    return tree
