"""Places: which sensors the paths of an expression mean. Pure.

A path is read like that of a file, from the machine on: `power` is a sensor of the machine itself, `../robot-3/power`
one of its line. What does not begin with `..` is a whole path: `berlin/painting/line-1/robot-3/power`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from andon.common.expression.tree import Call, Input, Matches, Node, Number, Several
from andon.common.plant import KINDS
from andon.common.topics import SENSOR_KEY, SLUG

DEPTH = len(KINDS)
"""Slugs in the path of a machine."""
MAX_PATH = 400


@dataclass(frozen=True, slots=True)
class Place:
    """Where sensors are: the slugs of the machine, `*` for any, and the key."""

    slugs: tuple[str, ...]
    key: str

    @property
    def path(self) -> str:
        """As it is written."""
        return "/".join((*self.slugs, self.key))

    @property
    def below(self) -> str:
        """The deepest node that all these sensors are below."""
        fixed = self.slugs.index("*") if "*" in self.slugs else DEPTH
        return "/".join(self.slugs[:fixed])

    def fits(self, machine: str) -> bool:
        """Whether the machine of this path is meant."""
        slugs = machine.split("/")
        return len(slugs) == DEPTH and all(s in ("*", m) for s, m in zip(self.slugs, slugs, strict=True))


def is_pattern(path: str) -> bool:
    """Whether a path means any number of sensors."""
    return "*" in path


def mistake_in(path: str) -> str:
    """Why a path in quotes cannot mean a sensor; '' if it can."""
    *slugs, key = path.split("/")
    if not SENSOR_KEY.fullmatch(key) or len(path) > MAX_PATH:
        why = "is no sensor; a text stands in double quotes" if not slugs else "does not end with the key of a sensor"
        return f"'{path:.80}' {why}"
    up = next((number for number, slug in enumerate(slugs) if slug != ".."), len(slugs))
    if slugs and (up == len(slugs) or not (up or len(slugs) == DEPTH) or (up and len(slugs) != 2 * up) or up > DEPTH):
        return f"'{path:.80}' leads to no machine; write '../robot-3/power', or 'site/area/line/machine/key'"
    if wrong := next((slug for slug in slugs[up:] if slug != "*" and not SLUG.fullmatch(slug)), None):
        return f"'{wrong:.80}' is no name of a node; write a-z, 0-9 and '-', or * for any"
    return ""


def place(path: str, machine: str) -> Place:
    """Where the sensors of a path are, seen from the machine at the path `machine`."""
    *slugs, key = path.split("/")
    own = machine.split("/")
    if not slugs:
        return Place(tuple(own), key)
    up = slugs.count("..")
    return Place((*own[: len(own) - up], *slugs[up:]) if up else tuple(slugs), key)


def inputs(node: Node) -> Iterator[Input | Several]:
    """All sensors, and patterns of sensors, that a tree names; one named twice comes twice."""
    match node:
        case Input() | Several():
            yield node
        case Matches():
            yield node.input
        case Call():
            for argument in node.arguments:
                yield from inputs(argument)
        case Number():
            pass
