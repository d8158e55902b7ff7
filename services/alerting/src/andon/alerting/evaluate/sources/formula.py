"""What several sensors yield together: an expression, of which each sensor's value holds until its next one. Pure."""

import math
from collections.abc import Callable, Mapping
from typing import TypeAlias

from andon.alerting.evaluate.phase import NEVER
from andon.alerting.evaluate.sources.values import UNUSABLE
from andon.common.expression import FLOATS, Input, Node, Several, bind
from andon.common.expression.tree import Call, Matches
from andon.common.reading import Value

Name: TypeAlias = tuple[str, str]
"""A sensor: id of its machine, and its key."""
TEXT = "~"
"""Begins no path of a sensor."""


class Expression:
    """A tree, and what its sensors said last. `names`: all sensors it looks at."""

    def __init__(self, tree: Node, meant: Mapping[Input | Several, tuple[Name, ...]]) -> None:
        self.names = frozenset(name for names in meant.values() for name in names)
        self._said: dict[Name, Value] = {}
        self._when: dict[Name, int] = {}
        self._meant = meant
        self._compute: Callable[[None], float] = bind(marked(tree), FLOATS, self._source)

    def hear(self, name: Name, time: int, value: Value, quality: str) -> bool:
        """What a sensor says; it holds until the next one. False for what cannot be trusted: it says nothing."""
        if quality in UNUSABLE or value != value:  # noqa: PLR0124 - NaN
            return False
        self._said[name], self._when[name] = value, time
        return True

    def learn(self, name: Name, time: int, value: Value, quality: str) -> None:
        """What a sensor said in the past, unless something newer of it is known."""
        if name in self.names and time > self._when.get(name, NEVER):
            self.hear(name, time, value, quality)

    def take_over(self, other: "Expression") -> bool:
        """Know what another one knows of these sensors; whether that is all of them."""
        for name in self.names & other._said.keys():  # noqa: SLF001 - its own kind
            self.learn(name, other._when[name], other._said[name], "")  # noqa: SLF001 - its own kind
        return self.names <= other.names

    @property
    def is_known(self) -> bool:
        """Whether all of its sensors have said something."""
        return len(self._said) == len(self.names)

    def number(self) -> float:
        """What it yields now; NaN where something is not known."""
        return float(self._compute(None))

    def _source(self, node: Input | Several) -> Callable[[None], object]:
        said = self._said
        if node.path.startswith(TEXT):
            (name,) = self._meant[Input(node.path.removeprefix(TEXT))]
            return lambda _: _value(said.get(name))
        names = self._meant[node]
        if isinstance(node, Several):
            return lambda _: [_number(said.get(name)) for name in names]
        (name,) = names
        return lambda _: _number(said.get(name))


def marked(tree: Node) -> Node:
    """The tree, with sensors that are compared with a text apart from the same ones taken for numbers.

    A text where a number is meant says nothing, whatever a sensor was thought to be when the rule was written.
    """
    match tree:
        case Matches(named, text, equal):
            return Matches(Input(TEXT + named.path), text, equal)
        case Call(operation, arguments):
            return Call(operation, tuple(map(marked, arguments)))
        case _:
            return tree


def _value(said: Value | None) -> float | str:
    return math.nan if said is None else said if isinstance(said, str) else float(said)


def _number(said: Value | None) -> float:
    return math.nan if said is None or isinstance(said, str) else float(said)
