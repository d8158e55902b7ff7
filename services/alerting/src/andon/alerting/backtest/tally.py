"""Tally: how many alarms there were, how long they lasted, and how often they came right back. Pure."""

from collections import deque
from collections.abc import Iterable

from andon.alerting.backtest.spells import Spell
from andon.common.reading import NS_PER_S

FLAP = 60 * NS_PER_S
"""An alarm that begins so soon behind the end of the one before is the same trouble once more: it chatters."""
FLEETING = 10 * NS_PER_S
"""Nobody does anything about an alarm as short as this."""


class Tally:
    """Of all alarms, in order of time; the newest are kept. end: where the range ends, for one that goes on."""

    def __init__(self, most: int, end: int) -> None:
        self.last: deque[Spell] = deque(maxlen=most)
        self.count = self.flaps = self.fleeting = 0
        self.active = self.longest = 0
        self._end = end
        self._before: int | None = None

    def add(self, spells: Iterable[Spell]) -> None:
        """Count alarms."""
        for spell in spells:
            until = self._end if spell.until is None else spell.until
            lasted = until - spell.since
            self.count += 1
            self.active += lasted
            self.longest = max(self.longest, lasted)
            self.fleeting += spell.until is not None and lasted < FLEETING
            self.flaps += self._before is not None and spell.since - self._before <= FLAP
            self._before = until
            self.last.append(spell)
