"""Factory: all machines of a plant and the faults among them; says what is said at a moment."""

from collections.abc import Iterator

from andon.simulator.faults import Fault, Report, report
from andon.simulator.machine import Machine
from andon.simulator.plant_file import PlantFile
from andon.simulator.schedule import Schedule

MAX_ORDERED = 100
"""Most faults on demand that are kept at one time; the oldest makes room."""


class Factory:
    """A plant come to life. `started` (seconds since 1970) is when its schedule of faults begins."""

    def __init__(self, plant: PlantFile, seed: int, started: float) -> None:
        self.machines = [Machine(seed, path, kind, sensors) for path, kind, sensors in plant.machines()]
        self._schedule = Schedule(seed, started, self.machines, plant.rules)
        self._ordered: list[Fault] = []

    def order(self, fault: Fault) -> None:
        """Let a fault happen on demand."""
        self._ordered = [*self._ordered[-MAX_ORDERED + 1 :], fault]

    def faults(self, t: float) -> list[Fault]:
        """All faults that are there at `t`; those on demand have the last word."""
        self._ordered = [fault for fault in self._ordered if fault.start + fault.seconds > t]
        return [*self._schedule.at(t), *self._ordered]

    def reports(self, t: float) -> Iterator[Report]:
        """What each machine says at `t`."""
        faults = self.faults(t)
        for machine in self.machines:
            said = report(machine, t, faults)
            if said is not None:
                yield said

    def history(self, machine: Machine, since: int, until: int, step: int) -> list[Report]:
        """What a machine said in [since, until), every `step` seconds (on the full step), while all was well."""
        first = -(-since // step) * step
        return [Report(machine.path, t * 1000, dict(machine.values(t))) for t in range(first, until, step)]
