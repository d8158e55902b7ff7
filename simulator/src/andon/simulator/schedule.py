"""Schedule: which fault comes when. The first alarm within two minutes of the start, then one every ten minutes.

Halfway between two alarms comes a small disturbance that no rule speaks about: a sensor sticks, spikes for a second,
falls silent, or a machine's clock is wrong. Everything follows from the seed and the start.
"""

from collections.abc import Sequence
from functools import lru_cache

from andon.common.plant import is_below
from andon.simulator.faults import Fault, FaultKind, beyond
from andon.simulator.machine import Machine
from andon.simulator.plant_file import Condition, RuleEntry
from andon.simulator.signals import mix, scatter

FIRST_SECONDS = 20.0
EVERY_SECONDS = 600.0
_DRIFT_SECONDS = 150.0
_JITTER_SECONDS = 60.0
_SKEW_SECONDS = -20.0
_DISTURBANCES = (
    (FaultKind.SPIKE, 1.0),
    (FaultKind.STUCK, 120.0),
    (FaultKind.DROP_OUT, 60.0),
    (FaultKind.CLOCK_SKEW, 90.0),
)


class Schedule:
    """All faults that come by themselves after `started` (seconds since 1970)."""

    def __init__(self, seed: int, started: float, machines: Sequence[Machine], rules: Sequence[RuleEntry]) -> None:
        self._seed = seed
        self._started = started
        self._machines = machines
        self._rules = [rule for rule in rules if self._reached(rule)]
        self._alarm = lru_cache(maxsize=8)(self._draw_alarm)
        self._disturbance = lru_cache(maxsize=8)(self._draw_disturbance)

    def at(self, t: float) -> list[Fault]:
        """Faults that are there at `t`."""
        latest = int((t - self._started) // EVERY_SECONDS)
        drawn = [draw(n) for n in (latest - 1, latest) if n >= 0 for draw in (self._alarm, self._disturbance)]
        return [fault for fault in drawn if fault is not None and fault.active(t)]

    def _draw_alarm(self, number: int) -> Fault | None:
        """A drift over the threshold of one rule after the other, on a machine that runs."""
        if not self._rules:
            return None
        start = self._started + FIRST_SECONDS + number * EVERY_SECONDS
        if number:
            start += _JITTER_SECONDS * scatter(self._seed, number)
        rule = self._rules[(self._seed + number) % len(self._rules)]
        reached = self._reached(rule)
        running = [m for m in reached if m.values(start).get("state", "RUN") == "RUN"] or reached
        machine = running[mix(self._seed, number) % len(running)]
        key = rule.scope["sensor"].rpartition("/")[2]
        return Fault(machine.path, key, FaultKind.DRIFT, start, _DRIFT_SECONDS, _over(rule.condition))

    def _draw_disturbance(self, number: int) -> Fault | None:
        if not self._machines:
            return None
        kind, seconds = _DISTURBANCES[(self._seed + number) % len(_DISTURBANCES)]
        machine = self._machines[mix(self._seed, number, 1) % len(self._machines)]
        numbers = [s for s in machine.sensors if s.datatype == "float" and s.limits.h is not None]
        if not numbers:
            return None
        sensor = numbers[mix(self._seed, number, 2) % len(numbers)]
        start = self._started + (number + 0.55) * EVERY_SECONDS
        key = "" if kind is FaultKind.CLOCK_SKEW else sensor.key
        to = _SKEW_SECONDS if kind is FaultKind.CLOCK_SKEW else beyond(sensor.limits.h or 0.0, upwards=True)
        return Fault(machine.path, key, kind, start, seconds, to)

    def _reached(self, rule: RuleEntry) -> list[Machine]:
        """Machines whose sensor a rule watches."""
        parent, _, key = rule.scope["sensor"].rpartition("/")
        return [
            machine
            for machine in self._machines
            if any(s.key == key and s.datatype == "float" for s in machine.sensors)
            and parent in {"", machine.path}
            and rule.scope.get("type", machine.type) == machine.type
            and is_below(machine.path, rule.scope.get("under", ""))
        ]


def _over(condition: Condition) -> float:
    """A value at which the condition holds."""
    low, high = condition.outside or (condition.below, condition.above)
    if high is not None:
        return beyond(high, upwards=True)
    return beyond(low or 0.0, upwards=False)
