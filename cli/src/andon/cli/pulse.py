"""When a child that runs, but does not work, is to be started anew. Pure."""

from dataclasses import dataclass

ASK_SECONDS = 2.5
MOST_FAULTS = 6
"""Looks in a row that find a fault: 15 s, longer than a hiccup under full load. Looks are counted and not seconds, for
where the machine itself stood still nobody was asked meanwhile."""
STARTING_SECONDS = 600.0
"""A start may take this long: InfluxDB reads what it had not yet sorted, and its port stays closed meanwhile."""


@dataclass
class Pulse:
    """The looks at one child since it was started."""

    patience: float = STARTING_SECONDS
    came_up: bool = False
    faults: int = 0

    def feel(self, fault: str, lived: float, *, frozen: bool) -> bool:
        """Whether to start it anew. `fault` is what this look found; `lived` seconds since its start."""
        if not fault:
            self.came_up, self.faults = True, 0
        elif self.came_up or frozen or lived > self.patience:
            self.faults += 1
        return self.faults >= MOST_FAULTS

    def next(self) -> "Pulse":
        """After it was killed: a start that took too long gets twice the time, or it would begin anew for ever."""
        return Pulse() if self.came_up else Pulse(2 * self.patience)
