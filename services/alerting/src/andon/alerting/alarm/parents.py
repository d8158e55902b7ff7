"""Parents: rules whose alarms explain those of other rules. Pure."""

from collections.abc import Mapping

from andon.common.errors import InvalidError
from andon.common.plant import KINDS, Kind


def refuse_circles(parents: Mapping[str, str]) -> None:
    """Refuse rules that suppress each other: each alarm would explain the other, and none would be told.

    parents: by the name of a rule that of the one it is suppressed by.

    Raises:
        InvalidError: names the rules of a circle.
    """
    harmless = set[str]()
    for start in parents:
        way, name = list[str](), start
        while name in parents and name not in harmless:
            if name in way:
                circle = [*way[way.index(name) :], name]
                raise InvalidError(f"These rules suppress each other: {' < '.join(circle)}; take one suppressed_by out")
            way.append(name)
            name = parents[name]
        harmless.update(way)


def part_of(path: str, within: Kind) -> str:
    """The part of the plant around a machine: itself, or its line, area or site, as a path."""
    return path if within == "machine" else "/".join(path.split("/")[: KINDS.index(within) + 1])


def parts_of(path: str) -> list[str]:
    """All that `part_of` may say of a machine."""
    return list(dict.fromkeys(part_of(path, within) for within in KINDS))
