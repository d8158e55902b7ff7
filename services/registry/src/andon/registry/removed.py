"""Which sensors a plant file takes away, in sentences: their readings become dead letters, so one should know. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol


class _HasSensors(Protocol):
    sensors: Any


class _Machine(_HasSensors, Protocol):
    path: Any
    type: Any


@dataclass(frozen=True)
class Keys:
    """The sensor keys of types by slug, and of machines by path: their type, and the keys of their own."""

    types: dict[str, list[str]]
    machines: dict[str, tuple[str | None, list[str]]]


def keys(types: Mapping[str, _HasSensors], machines: Iterable[_Machine]) -> Keys:
    """The keys as they are now."""
    return Keys(
        {slug: [s["key"] for s in row.sensors] for slug, row in types.items()},
        {row.path: (row.type, [s["key"] for s in row.sensors]) for row in machines},
    )


def removed(before: Keys, after: Keys, machines_of: Mapping[str, int]) -> list[str]:
    """One sentence for each type or machine that loses sensors; what a type loses is not told of its machines again."""
    told = []
    for slug, had in before.types.items():
        if lost := _lost(had, after.types[slug]):
            count = machines_of.get(slug, 0)
            told.append(f"type {slug} loses {lost} ({count} machine{'' if count == 1 else 's'})")
    for path, (type_, own) in before.machines.items():
        type_now, own_now = after.machines[path]
        of_type = [] if type_ is None or type_ == type_now else before.types[type_]
        if lost := _lost([*of_type, *own], [*own_now, *(after.types[type_now] if type_now else [])]):
            told.append(f"machine {path} loses {lost}")
    return told


def _lost(had: list[str], has: list[str]) -> str:
    there = set(has)
    return ", ".join(key for key in dict.fromkeys(had) if key not in there)
