"""Which machines hang below which path, and which of them a caller may see.

A person names a node, a machine or a sensor, by path or id; '' is everything they may see, except what the platform
tells of itself: that must be named.
"""

from collections.abc import Iterable
from typing import Annotated, TypeAlias

from fastapi import Depends, Request

from andon.common.errors import UnavailableError
from andon.common.following import PlantFollower
from andon.common.plant import Asset, Plant
from andon.common.platform import is_listed
from andon.common.sight import cut, find_sensor

Keys: TypeAlias = frozenset[str] | None
"""Sensor keys of one machine; None is all of them."""


class Branches:
    """Machines below every path, computed once for each state of the plant."""

    def __init__(self, plant: Plant) -> None:
        self.plant = plant
        self._version = -1
        self._below: dict[str, list[Asset]] = {}
        self._part: frozenset[str] | None = None

    def part(self, machines: Iterable[Asset]) -> "Branches":
        """The same with these machines alone, which stay where they are now."""
        part, these = Branches(self.plant), list(machines)
        part._below, part._part = _below(these), frozenset(machine.id for machine in these)
        return part

    def machines(self, path: str) -> list[Asset]:
        """Machines at or below a path, in order of path."""
        if self._part is None and self._version != self.plant.version:
            self._below, self._version = _below(self.plant.machines()), self.plant.version
        return self._below.get(path, [])

    def select(self, name: str, scope: str) -> dict[str, Keys]:
        """Machine id -> sensor keys of what `name` stands for, cut to `scope`.

        Raises:
            NotFoundError: no node, machine or sensor in the scope is called so.
        """
        asset = self.plant.find(name) if name else None
        if not name or asset:
            path = cut(asset.path if asset else "", scope, name)
            return {machine.id: None for machine in self.machines(path)}
        machine, sensor = find_sensor(self.plant, name, scope)
        known = self._part is None or machine.id in self._part
        return {machine.id: frozenset((sensor.key,))} if known else {}


def _below(machines: Iterable[Asset]) -> dict[str, list[Asset]]:
    below: dict[str, list[Asset]] = {}
    for machine in machines:
        slugs = machine.path.split("/")
        for path in ("/".join(slugs[:depth]) for depth in range(len(slugs) + 1)):
            if is_listed(machine.path, path):
                below.setdefault(path, []).append(machine)
    return below


def _known_branches(request: Request) -> Branches:
    follower: PlantFollower = request.app.state.follower
    if not follower.complete.is_set():
        raise UnavailableError("The plant model has not arrived yet; is nats-server running? Try again in a moment")
    branches: Branches = request.app.state.branches
    return branches


KnownBranches = Annotated[Branches, Depends(_known_branches)]
"""The plant, for a route; 503 while it has never arrived."""
