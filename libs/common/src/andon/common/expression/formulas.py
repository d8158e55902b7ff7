"""Formulas: the calculated sensors of a plant, with the very sensors each follows from, and their order. Pure."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from andon.common.errors import InvalidError
from andon.common.expression.datatypes import datatype_of
from andon.common.expression.parse import parse
from andon.common.expression.places import Place, inputs, place
from andon.common.expression.tree import Input, Node, Several
from andon.common.plant import Asset, Datatype, Sensor

Name: TypeAlias = tuple[str, str]
"""A sensor: id of its machine, and its key."""

MOST_INPUTS = 2000
"""Sensors one expression may follow from."""
MOST_SUMMED = 1_000_000
"""Sensors that all patterns of a plant may mean together, and machines held against them: about two seconds' work."""
LONGEST_CIRCLE = 20
"""Sensors looked at, and told, of one circle: of a circle of thousands each would be told all thousands."""


@dataclass(frozen=True, eq=False)
class Formula:
    """A calculated sensor.

    uses: for each sensor or pattern in the tree the sensors that are meant; none where there is none yet.
    local: whether all of them are the machine's own.
    """

    machine: Asset
    sensor: Sensor
    tree: Node
    uses: dict[Input | Several, tuple[Name, ...]]
    local: bool

    @property
    def name(self) -> Name:
        """The sensor that is calculated."""
        return self.machine.id, self.sensor.key

    @property
    def names(self) -> set[Name]:
        """All sensors it follows from."""
        return {name for names in self.uses.values() for name in names}

    @property
    def missing(self) -> list[str]:
        """Paths, as written, that mean no sensor."""
        return [node.path for node, names in self.uses.items() if not names]


class Machines:
    """The machines of a plant, found by path and by part of the plant. `summed` counts for MOST_SUMMED."""

    def __init__(self, assets: Iterable[Asset]) -> None:
        self.all = [asset for asset in assets if asset.kind == "machine"]
        self.summed = 0
        self._by_path = {machine.path: machine for machine in self.all}
        self._below: dict[str, list[Asset]] = {}
        self._sensors: dict[str, dict[str, Sensor]] = {}
        self._fitting: dict[tuple[str, ...], list[Asset]] = {}

    def sensors(self, where: Place) -> list[tuple[Asset, Sensor]]:
        """The sensors that are meant by a place, with their machines."""
        if "*" in where.slugs:
            machines = self._fit(where)
        else:
            machine = self._by_path.get("/".join(where.slugs))
            machines = [] if machine is None else [machine]
        return [(machine, found) for machine in machines if (found := self._sensor(machine, where.key))]

    def _sensor(self, machine: Asset, key: str) -> Sensor | None:
        found = self._sensors.get(machine.id)
        if found is None:
            found = self._sensors[machine.id] = {sensor.key: sensor for sensor in machine.sensors}
        return found.get(key)

    def _fit(self, where: Place) -> list[Asset]:
        found = self._fitting.get(where.slugs)
        if found is None:
            all_ = self._lie_below(where.below)
            self.summed += len(all_)
            found = self._fitting[where.slugs] = [machine for machine in all_ if where.fits(machine.path)]
        return found

    def _lie_below(self, path: str) -> list[Asset]:
        if not self._below:
            for machine in self.all:
                slugs = machine.path.split("/")
                for depth in range(len(slugs)):
                    self._below.setdefault("/".join(slugs[:depth]), []).append(machine)
        return self._below.get(path, [])


def formulas(assets: Iterable[Asset]) -> tuple[list[Formula], dict[str, str]]:
    """All calculated sensors, each behind those it follows from; and by path a sentence for each that cannot be.

    Those in a circle, or behind one, cannot be; nor those whose expression is none, or of the wrong datatype.
    """
    machines, found, wrong = Machines(assets), list[Formula](), dict[str, str]()
    for machine in machines.all:
        for sensor in machine.sensors:
            if sensor.expression:
                try:
                    found.append(_formula(machines, machine, sensor))
                except InvalidError as error:
                    wrong[sensor.path] = f"'{sensor.path}': {error}"
    ordered = _in_order(found)
    stuck = {formula.name: formula for formula in set(found).difference(ordered)}
    wrong.update((formula.sensor.path, _circle(formula, stuck)) for formula in stuck.values())
    return ordered, wrong


def _formula(machines: Machines, machine: Asset, sensor: Sensor) -> Formula:
    tree, own = parse(sensor.expression), (machine.id, sensor.key)
    uses: dict[Input | Several, tuple[Name, ...]] = {}
    kinds: dict[str, Datatype] = {}
    local = True
    for node in inputs(tree):
        if isinstance(node, Several) and machines.summed > MOST_SUMMED:
            raise InvalidError(
                f"expression: all paths with a * of the plant mean more than {MOST_SUMMED:,} sensors together; "
                "sum up parts of it in sensors of their own, and then these"
            )
        meant = machines.sensors(place(node.path, machine.path))
        if isinstance(node, Several):  # of all but itself, so that the sum of a line may be called as its summands
            meant = [(m, s) for m, s in meant if s.datatype != "string" and (m.id, s.key) != own]
            machines.summed += len(meant)
        kinds.update((node.path, s.datatype) for _, s in meant[:1])
        uses[node] = tuple((m.id, s.key) for m, s in meant)
        local = local and isinstance(node, Input) and all(m is machine for m, _ in meant)
    if not uses:
        raise InvalidError("expression: it names no sensor, and would never be calculated")
    if (count := sum(map(len, uses.values()))) > MOST_INPUTS:
        raise InvalidError(f"expression: it follows from {count} sensors; {MOST_INPUTS} are allowed")
    check_datatype(sensor, datatype_of(tree, kinds.get))
    return Formula(machine, sensor, tree, uses, local)


def check_datatype(sensor: Sensor, found: Datatype | None) -> None:
    """Refuse what cannot be the value of a sensor.

    Raises:
        InvalidError: says which datatype it can have.
    """
    if sensor.datatype == "string":
        raise InvalidError("expression: a text cannot be calculated; the datatype is to be float or bool")
    if sensor.datatype == "bool" and found == "float":
        raise InvalidError(
            "expression: this is a number, and the sensor a bool; compare it, as in power > 5, or take float"
        )


def _in_order(found: list[Formula]) -> list[Formula]:
    """Each behind those it follows from; without those in a circle, and all that follow from them."""
    by_name = {formula.name: formula for formula in found}
    waits = {formula.name: {name for name in formula.names if name in by_name} for formula in found}
    behind: dict[Name, list[Name]] = {}
    for name, names in waits.items():
        for before in names:
            behind.setdefault(before, []).append(name)
    ready, ordered = deque(name for name, names in waits.items() if not names), list[Formula]()
    while ready:
        name = ready.popleft()
        ordered.append(by_name[name])
        for later in behind.get(name, []):
            waits[later].discard(name)
            if not waits[later]:
                ready.append(later)
    return ordered


def _circle(formula: Formula, stuck: dict[Name, Formula]) -> str:
    """The circle that a formula is in, or waits for."""
    seen = [formula]
    while len(seen) < LONGEST_CIRCLE:
        formula = min((stuck[name] for name in formula.names if name in stuck), key=lambda f: f.sensor.path)
        if formula in seen:
            return _told(seen[0], [*seen[seen.index(formula) :], formula])
        seen.append(formula)
    return _told(seen[0], seen) + " <- ..."


def _told(formula: Formula, around: list[Formula]) -> str:
    return f"'{formula.sensor.path}' would follow from itself: {' <- '.join(f.sensor.path for f in around)}"
