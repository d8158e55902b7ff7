"""Which machines hang below which path, and which of them a caller may see.

A person names a node, a machine or a sensor, by path or id; '' is everything they may see, except what the platform
tells of itself: that must be named.
"""

from typing import Annotated, TypeAlias

from fastapi import Depends, Request

from andon.common.errors import ForbiddenError, NotFoundError, UnavailableError
from andon.common.following import PlantFollower
from andon.common.plant import Asset, Plant, Sensor, is_below
from andon.common.platform import is_listed

Keys: TypeAlias = frozenset[str] | None
"""Sensor keys of one machine; None is all of them."""


def cut(path: str, scope: str, name: str) -> str:
    """The part of `path` that lies in `scope`: the deeper of the two.

    Raises:
        ForbiddenError: they do not meet.
    """
    if is_below(path, scope):
        return path
    if is_below(scope, path):
        return scope
    raise _outside(name, scope)


def _outside(name: str, scope: str) -> ForbiddenError:
    """Says the name as the caller wrote it: an id outside their part must not tell them its path."""
    return ForbiddenError(f"'{name[:200]}' is outside your part of the plant ('{scope}')")


class Branches:
    """Machines below every path, computed once for each state of the plant."""

    def __init__(self, plant: Plant) -> None:
        self.plant = plant
        self._version = -1
        self._below: dict[str, list[Asset]] = {}

    def machines(self, path: str) -> list[Asset]:
        """Machines at or below a path, in order of path."""
        if self._version != self.plant.version:
            self._rebuild()
        return self._below.get(path, [])

    def _rebuild(self) -> None:
        below: dict[str, list[Asset]] = {}
        for machine in self.plant.machines():
            slugs = machine.path.split("/")
            for path in ("/".join(slugs[:depth]) for depth in range(len(slugs) + 1)):
                if is_listed(machine.path, path):
                    below.setdefault(path, []).append(machine)
        self._below, self._version = below, self.plant.version

    def select(self, name: str, scope: str) -> dict[str, Keys]:
        """Machine id -> sensor keys of what `name` stands for, cut to `scope`.

        Raises:
            NotFoundError: no node, machine or sensor is called so.
            ForbiddenError: it lies outside the scope.
        """
        asset = self.plant.find(name) if name else None
        if not name or asset:
            path = cut(asset.path if asset else "", scope, name)
            return {machine.id: None for machine in self.machines(path)}
        machine, sensor = find_sensor(self.plant, name, scope)
        return {machine.id: frozenset((sensor.key,))}


def find_sensor(plant: Plant, name: str, scope: str) -> tuple[Asset, Sensor]:
    """A sensor by path, or by `<machine id>/<key>`.

    Raises:
        NotFoundError: there is none.
        ForbiddenError: it lies outside the scope.
    """
    found = plant.find_sensor(name)
    if found is None:
        raise NotFoundError(
            f"There is no sensor, machine or node '{name[:200]}'; GET /api/registry/v1/assets lists all"
        )
    if not is_below(found[0].path, scope):
        raise _outside(name, scope)
    return found


def _known_branches(request: Request) -> Branches:
    follower: PlantFollower = request.app.state.follower
    if not follower.complete.is_set():
        raise UnavailableError("The plant model has not arrived yet; is nats-server running? Try again in a moment")
    branches: Branches = request.app.state.branches
    return branches


KnownBranches = Annotated[Branches, Depends(_known_branches)]
"""The plant, for a route; 503 while it has never arrived."""
