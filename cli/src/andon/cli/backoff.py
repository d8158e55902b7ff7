"""How long to wait before a process that died is started again. Pure."""

from dataclasses import dataclass

FIRST = 0.5
LONGEST = 30.0
HEALTHY = 60.0
"""Seconds; one that lived this long begins from FIRST again."""


@dataclass
class Backoff:
    """The waits of one process: each twice the one before, up to LONGEST."""

    next: float = FIRST

    def wait(self, lived: float) -> float:
        """Seconds to wait for a process that lived `lived` seconds."""
        if lived >= HEALTHY:
            self.next = FIRST
        now, self.next = self.next, min(self.next * 2, LONGEST)
        return now
