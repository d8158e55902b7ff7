"""Shifts: when people work. Day 06-14, evening 14-22, night 22-06; the night runs with fewer machines.

Times are seconds since 1970. Hours are Central European winter time all year, so that no simulated day has 23 hours.
"""

from dataclasses import dataclass

HOUR = 3600
SHIFT_SECONDS = 8 * HOUR
NIGHT_RESTING = 0.35
"""Share of the machines that nobody runs at night."""

_FIRST_SHIFT_UTC = 5 * HOUR  # 06:00 at UTC+1
_BREAKS = ((0.75 * HOUR, 15 * 60), (4 * HOUR, 20 * 60))
_STAGGER = 170 * 60  # so that few lines have their break at once


@dataclass(frozen=True)
class Shift:
    """One shift: `number` counts all shifts since 1970, `start` is in seconds."""

    number: int
    start: int

    @property
    def night(self) -> bool:
        """Whether this is the night shift."""
        return self.number % 3 == 2

    def breaks(self, lot: float) -> list[tuple[float, float]]:
        """(start, end) of the breaks; `lot` in [0, 1) staggers the lines, so that never the whole plant stands."""
        late = lot * _STAGGER
        return [(self.start + after + late, self.start + after + late + long) for after, long in _BREAKS]


def shift_at(t: float) -> Shift:
    """The shift that works at `t`."""
    number = int((t - _FIRST_SHIFT_UTC) // SHIFT_SECONDS)
    return Shift(number, number * SHIFT_SECONDS + _FIRST_SHIFT_UTC)
