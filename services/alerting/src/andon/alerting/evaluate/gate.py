"""Gate: whether a rule counts just now, by calendars and by what its machine does. Pure; times are event time."""

from collections.abc import Sequence

from andon.alerting.evaluate.phase import FOREVER, NEVER
from andon.alerting.evaluate.sources.formula import Expression
from andon.alerting.rules.calendar import Hours


class Gate:
    """Open while one of `hours` is (or there are none) and `condition` is not false.

    What is not known does not close it: an alarm too many is better than one too few. After a restart, one that was
    closed by its condition stays so until that is known.
    due: when a calendar opens or closes next.
    """

    __slots__ = ("_held", "_hours", "condition", "due", "is_open")

    def __init__(self, hours: Sequence[Hours], condition: Expression | None) -> None:
        self._hours = hours
        self.condition = condition
        self.is_open = self._held = True
        self.due = NEVER if hours else FOREVER

    def look(self, time: int) -> bool:
        """Whether it has opened or closed with what is so from `time` on."""
        before = self.is_open
        if time >= self.due:
            self.due = min((hours.next_change(time) for hours in self._hours), default=FOREVER)
        in_hours = not self._hours or any(hours.is_open(time) for hours in self._hours)
        self.is_open = in_hours and self._holds()
        return self.is_open != before

    def _holds(self) -> bool:
        number = self.condition.number() if self.condition is not None else 1.0
        if number != number and self.condition is not None and not self.condition.is_known:  # noqa: PLR0124 - NaN
            return self._held
        return number != 0.0

    def go_on(self, *, is_open: bool) -> None:
        """Stand as an earlier one did, and look anew as soon as time passes."""
        self._held = is_open or bool(self._hours)
        if not is_open or self._hours or self.condition is not None:
            self.is_open, self.due = is_open, NEVER
