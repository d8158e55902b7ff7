"""When readings were measured, whatever their clocks said: a part of the reference model, slow and obvious as that."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from .reference import MINUTE, Model, Said


@dataclass
class Clock:
    """By how much it is known to be slow; whether it was set back. alike: other lags, with their times of arrival."""

    slow: int = 0
    set_back: bool = False
    alike: list[tuple[int, int]] = field(default_factory=list)

    def finds_out(self, arrived: int, lag: int) -> bool:
        """Whether a reading tells by how much it is slow.

        Lags within a minute are those of a slow clock once they have been there for half a minute, and for ten times
        as long as they vary. A clock known to be slow is so until its lag is less by a minute.
        """
        if lag < self.slow - MINUTE:
            self.slow, self.set_back, self.alike = 0, False, []
        if lag <= self.slow + MINUTE:
            self.alike = []
            return False
        self.alike.append((arrived, lag))
        varies = max(lag for _, lag in self.alike) - min(lag for _, lag in self.alike)
        if varies > MINUTE:
            self.alike = self.alike[-1:]
        elif arrived - self.alike[0][0] >= max(MINUTE // 2, 10 * varies):
            self.slow, self.alike = min(lag for _, lag in self.alike), []
            return True
        return False


def measured(model: Model, came: Sequence[tuple[int, Said]]) -> list[Said]:
    """When readings that arrived (time, reading) were measured.

    What says that it comes from more than five seconds ahead was measured when it arrived. Where it came out that a
    clock is slow by what was older than what was known, it was set back; from then on, what is older than what is known
    was measured as much later as the clock is slow, at its arrival at the latest.
    """
    found, clocks = list[Said](), dict[str, dict[str, Clock]]()
    for arrived, (time, machine, values, qualities) in came:
        clock = _clock(clocks.setdefault(machine, {}), next(iter(values)), arrived - time)
        newest = _newest(model, found, machine)
        if clock.finds_out(arrived, arrived - time):
            clock.set_back = time < newest
        at = arrived if time > arrived + 5 * 10**9 else time
        if clock.set_back and time < newest:
            at = min(time + clock.slow, arrived)
        found.append((at, machine, values, qualities))
    return found


def _clock(clocks: dict[str, Clock], key: str, lag: int) -> Clock:
    """The clock of a reading, known by its first sensor; one that begins to lag is another one that lags as much."""
    if lag <= MINUTE:
        clocks.pop(key, None)
        return Clock()
    if key not in clocks:
        alike = [one for one in clocks.values() if one.slow and abs(one.slow - lag) <= MINUTE]
        clocks[key] = Clock(alike[0].slow, alike[0].set_back) if alike else Clock()
    return clocks[key]


def _newest(model: Model, found: Sequence[Said], machine: str) -> float:
    """The newest that is known of the sensors of a machine which the rule looks at."""
    return max(
        (time for time, one, values, _ in found if one == machine and any((one, key) in model.names for key in values)),
        default=-math.inf,
    )
