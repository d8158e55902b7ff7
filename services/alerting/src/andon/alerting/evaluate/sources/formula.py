"""What several sensors yield together: an expression, of which each sensor's value holds until its next one. Pure."""

import math
from collections.abc import Callable, Mapping
from typing import TypeAlias

from andon.alerting.evaluate.sources.values import usable
from andon.common.expression import FLOATS, Input, Node, Several, bind
from andon.common.reading import Value

Name: TypeAlias = tuple[str, str]
"""A sensor: id of its machine, and its key."""


class Expression:
    """A tree, and what its sensors said last. `names`: all sensors it looks at."""

    def __init__(self, tree: Node, meant: Mapping[Input | Several, tuple[Name, ...]]) -> None:
        self.names = frozenset(name for names in meant.values() for name in names)
        self._said: dict[Name, Value] = {}
        self._meant = meant
        self._compute: Callable[[None], float] = bind(tree, FLOATS, self._source)

    def hear(self, name: Name, value: Value, quality: str) -> None:
        """What a sensor says; it holds until the next one. What cannot be trusted says nothing."""
        if isinstance(value, str) or not math.isnan(usable(value, quality)):
            self._said[name] = value

    def remember(self, other: "Expression") -> None:
        """Take over what these sensors said to another one."""
        self._said |= {name: value for name, value in other._said.items() if name in self.names}  # noqa: SLF001 - its own kind

    def number(self) -> float:
        """What it yields now; NaN where something is not known."""
        return float(self._compute(None))

    def _source(self, node: Input | Several) -> Callable[[None], object]:
        names, said = self._meant[node], self._said
        if isinstance(node, Several):
            return lambda _: [_number(said.get(name)) for name in names]
        (name,) = names
        return lambda _: _value(said.get(name))


def _value(said: Value | None) -> float | str:
    return math.nan if said is None else said if isinstance(said, str) else float(said)


def _number(said: Value | None) -> float:
    return math.nan if said is None or isinstance(said, str) else float(said)
