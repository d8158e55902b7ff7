"""What one live client wants to hear: names added and taken away, in their order; the later one counts. Pure."""

from collections.abc import Iterator
from typing import NamedTuple

from andon.common.errors import NotFoundError
from andon.common.plant import Plant
from andon.common.platform import is_platform
from andon.query.branches import Branches, Keys
from andon.query.live.messages import MAX_PATHS


class Step(NamedTuple):
    """One name (path or id of a node, machine or sensor), added or taken away."""

    name: str
    wanted: bool


class Interest:
    """Bounded: a name counts once, what a later one covers is forgotten, and beyond MAX_PATHS nothing is taken in."""

    def __init__(self, *names: str) -> None:
        self._steps = [Step(name, wanted=True) for name in names]

    def replace(self, names: list[str]) -> None:
        """Begin anew with these names."""
        self._steps = [Step(name, wanted=True) for name in dict.fromkeys(names)]

    def add(self, names: list[str], plant: Plant) -> str:
        """Want these too; why not, where it is too much."""
        added = (Step(name, wanted=True) for name in dict.fromkeys(names))
        return self._keep([*self._uncovered(names, plant), *added])

    def remove(self, names: list[str], plant: Plant) -> str:
        """Want these, and what lies below them, no more; why not, where it is too much."""
        kept = self._uncovered(names, plant)
        wanted = {_path(step.name, plant) for step in kept if step.wanted}
        each = dict.fromkeys(names)
        parts = [name for name in each if (path := _path(name, plant)) and not wanted.isdisjoint(_upwards(path))]
        return self._keep([*kept, *(Step(name, wanted=False) for name in parts)])

    def _keep(self, steps: list[Step]) -> str:
        if len(steps) > MAX_PATHS:
            return f"A subscription may hold {MAX_PATHS} names, these would make {len(steps)}; name a node above them"
        self._steps = steps
        return ""

    def _uncovered(self, names: list[str], plant: Plant) -> list[Step]:
        """The steps that still count after these names."""
        same, above = {_lasting(name, plant) for name in names}, {_path(name, plant) for name in names} - {None}
        return [
            step
            for step in self._steps
            if _lasting(step.name, plant) not in same and above.isdisjoint(_upwards(_path(step.name, plant)))
        ]

    def choose(self, branches: Branches, scope: str) -> tuple[dict[str, Keys], dict[str, str]]:
        """Machine id -> sensor keys, cut to `scope`; and wanted name -> why it cannot be used, or not yet.

        From now on they are known by their ids: those stay when a machine gets another path.
        """
        found: dict[str, Keys] = {}
        wrong: dict[str, str] = {}
        for name, wanted in self._steps:
            try:
                chosen = branches.select(name, scope)
            except NotFoundError as error:
                if wanted:
                    wrong[name] = str(error)
                continue
            for machine, keys in chosen.items():
                if wanted:
                    found[machine] = _merged(found, machine, keys)
                elif machine in found:
                    _take_away(found, machine, keys, branches.plant)
        self._steps = [Step(_lasting(name, branches.plant), wanted) for name, wanted in self._steps]
        return found, wrong


def _lasting(name: str, plant: Plant) -> str:
    """The id where there is one."""
    if asset := plant.find(name):
        return asset.id
    found = plant.find_sensor(name)
    return f"{found[0].id}/{found[1].key}" if found else name


def _path(name: str, plant: Plant) -> str | None:
    """Where a name stands now; None when it is not known, or not yet."""
    if not name:
        return ""
    if asset := plant.find(name):
        return asset.path
    found = plant.find_sensor(name)
    return found[1].path if found else None


def _upwards(path: str | None) -> Iterator[str]:
    """A path and all above it, up to '', the whole plant; the platform is no part of that."""
    if path is None:
        return
    top = not is_platform(path)
    while path:
        yield path
        path = path.rpartition("/")[0]
    if top:
        yield ""


def _merged(found: dict[str, Keys], machine: str, keys: Keys) -> Keys:
    if machine not in found:
        return keys
    known = found[machine]
    return None if known is None or keys is None else known | keys


def _take_away(found: dict[str, Keys], machine: str, keys: Keys, plant: Plant) -> None:
    known, asset = found[machine], plant.find(machine)
    if known is None and asset is not None:
        known = frozenset(sensor.key for sensor in asset.sensors)
    if keys is None or not (left := (known or frozenset()) - keys):
        del found[machine]
    else:
        found[machine] = left
