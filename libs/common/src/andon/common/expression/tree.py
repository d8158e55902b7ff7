"""The tree of an expression: what `parse` makes and `evaluate` walks. Frozen, and compared by what it says."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Number:
    """A number that stands in the expression."""

    value: float


@dataclass(frozen=True, slots=True)
class Input:
    """A sensor, as written: a key of the same machine, or a path from that machine on, or a whole path."""

    path: str


@dataclass(frozen=True, slots=True)
class Matches:
    """Whether a text sensor says exactly `text`; with `equal` false, whether it says something else."""

    input: Input
    text: str
    equal: bool


@dataclass(frozen=True, slots=True)
class Several:
    """One of AGGREGATES over all sensors whose path fits; a `*` in it stands for any one slug."""

    function: str
    path: str


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or a function: `operation` is one of those a table of operations has (`evaluate.FLOATS`)."""

    operation: str
    arguments: "tuple[Node, ...]"


Node: TypeAlias = Number | Input | Matches | Several | Call

AGGREGATES = ("sum", "mean", "min", "max", "count")
FUNCTIONS = {
    "abs": (1, 1),
    "min": (2, 20),
    "max": (2, 20),
    "round": (1, 2),
    "sqrt": (1, 1),
    "exp": (1, 1),
    "log": (1, 1),
    "sin": (1, 1),
    "cos": (1, 1),
    "clamp": (3, 3),
}
"""How many arguments each function takes, at least and at most."""
TRUTHS = frozenset({"<", "<=", ">", ">=", "==", "!=", "and", "or", "not"})
"""Operations that yield true or false."""
