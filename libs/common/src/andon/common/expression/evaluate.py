"""Evaluate: a tree and the values of its sensors to a value. Pure.

NaN is no value: so ends a division by zero, a number too large, the logarithm of a negative number, and all that hangs
on a sensor that has not said anything. Truth is 1 or 0, and every number but 0 is true. `and`, `or` and `if` need no
more than they must: `speed > 0 and torque / speed > 2` is false at speed 0, and `0 if speed == 0 else torque / speed`
is 0.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, TypeVar

from andon.common.expression.tree import Call, Input, Matches, Node, Number, Several

Operations: TypeAlias = Mapping[str, Callable[..., Any]]
"""By name: every operator and function, "matches" (values, text), and "<aggregate> of" (a list of values)."""

T = TypeVar("T")

NONE = math.nan
WHOLE = 2.0**52
"""From here on a float has no digits behind the point."""


def evaluate(node: Node, operations: Operations, look: Callable[[Input | Several], Any]) -> Any:
    """What a tree yields.

    operations: how to compute with what `look` gives: `FLOATS` with floats.
    look: the value of a sensor; of a `Several`, the list of the values of all its sensors.
    """

    def source(named: Input | Several) -> Callable[[None], Any]:
        return lambda _: look(named)

    return bind(node, operations, source)(None)


def bind(
    node: Node, operations: Operations, source: Callable[[Input | Several], Callable[[T], Any]]
) -> Callable[[T], Any]:
    """A tree as one function, for who computes it again and again: of a time, say, from what sensors said by then.

    source: where the value of a sensor comes from, given what the function is given.
    """
    match node:
        case Number(value):
            return lambda _: value
        case Input():
            return source(node)
        case Matches(named, text, equal):
            said, matches, negated = source(named), operations["matches"], operations["not"]
            return (lambda at: matches(said(at), text)) if equal else (lambda at: negated(matches(said(at), text)))
        case Several(function):
            several, aggregate = source(node), operations[f"{function} of"]
            return lambda at: aggregate(several(at))
        case Call(name, arguments):
            return _call(operations[name], [bind(argument, operations, source) for argument in arguments])


def _call(operation: Callable[..., Any], parts: list[Callable[[T], Any]]) -> Callable[[T], Any]:
    if len(parts) == 2:
        left, right = parts
        return lambda at: operation(left(at), right(at))
    return lambda at: operation(*[part(at) for part in parts])


def _sure(function: Callable[..., float]) -> Callable[..., float]:
    """The function, with no value where one of its own is missing, or there is no answer."""

    def operation(*values: float) -> float:
        for value in values:
            if value != value:  # noqa: PLR0124 - NaN
                return NONE
        try:
            found = float(function(*values))
        except (ArithmeticError, ValueError):
            return NONE
        return found if math.isfinite(found) else NONE

    return operation


def _not(value: float) -> float:
    return NONE if value != value else float(not value)  # noqa: PLR0124 - NaN


def _and(left: float, right: float) -> float:
    if not left or not right:
        return 0.0
    return NONE if left != left or right != right else 1.0  # noqa: PLR0124 - NaN


def _or(left: float, right: float) -> float:
    return _not(_and(_not(left), _not(right)))


def _if(condition: float, yes: float, no: float) -> float:
    return NONE if condition != condition else yes if condition else no  # noqa: PLR0124 - NaN


def _round(value: float, digits: float = 0.0) -> float:
    """To the even one of two that are as near, after a shift of the point: as numpy does it."""
    shift = 10.0**digits
    return value if abs(value) >= WHOLE else float(round(value * shift)) / shift


def _matches(value: str | float, text: str) -> float:
    return float(value == text) if isinstance(value, str) else NONE


def _of(function: Callable[[list[float]], float]) -> Callable[[list[float]], float]:
    """Over those of several sensors that have a value; none has no answer."""
    sure = _sure(lambda *values: function(list(values)))

    def operation(values: list[float]) -> float:
        there = [value for value in values if value == value]  # noqa: PLR0124 - NaN
        return sure(*there) if there else NONE

    return operation


FLOATS: Operations = {
    "+": _sure(lambda a, b: a + b),
    "-": _sure(lambda a, b: a - b),
    "*": _sure(lambda a, b: a * b),
    "/": _sure(lambda a, b: a / b),
    "%": _sure(lambda a, b: a % b),
    "**": _sure(math.pow),
    "neg": _sure(lambda a: -a),
    "<": _sure(lambda a, b: a < b),
    "<=": _sure(lambda a, b: a <= b),
    ">": _sure(lambda a, b: a > b),
    ">=": _sure(lambda a, b: a >= b),
    "==": _sure(lambda a, b: a == b),
    "!=": _sure(lambda a, b: a != b),
    "and": _and,
    "or": _or,
    "not": _not,
    "if": _if,
    "matches": _matches,
    "abs": _sure(abs),
    "min": _sure(min),
    "max": _sure(max),
    "round": _sure(_round),
    "sqrt": _sure(math.sqrt),
    "exp": _sure(math.exp),
    "log": _sure(math.log),
    "sin": _sure(math.sin),
    "cos": _sure(math.cos),
    "clamp": _sure(lambda value, low, high: min(max(value, low), high)),
    "sum of": _of(sum),
    "mean of": _of(lambda values: sum(values) / len(values)),
    "min of": _of(min),
    "max of": _of(max),
    "count of": _of(len),
}
"""With floats. Numbers are floats throughout, so that nothing grows without end."""
