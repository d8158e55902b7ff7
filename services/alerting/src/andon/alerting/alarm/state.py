"""Alarm states and severities, in the words of ISA-18.2 / IEC 62682. Pure.

How an alarm goes from one state to another is in `machine.py`.
"""

from enum import StrEnum


class AlarmState(StrEnum):
    """Where an alarm stands; what is meant by each is told in `machine.py`."""

    UNACKNOWLEDGED = "unacknowledged"
    ACKNOWLEDGED = "acknowledged"
    RETURNED = "returned"
    LATCHED = "latched"
    SHELVED = "shelved"
    SUPPRESSED = "suppressed"
    OUT_OF_SERVICE = "out-of-service"
    NORMAL = "normal"


SHOWN = (AlarmState.UNACKNOWLEDGED, AlarmState.ACKNOWLEDGED, AlarmState.RETURNED, AlarmState.LATCHED)
"""States in which an alarm asks for something."""
HIDDEN = (AlarmState.SHELVED, AlarmState.SUPPRESSED, AlarmState.OUT_OF_SERVICE)
"""States in which an alarm asks for nothing, whatever its cause does."""
OPEN = SHOWN + HIDDEN
"""States of an alarm that is not over."""


class Severity(StrEnum):
    """How much an alarm matters, least first."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """1 (low) to 4 (critical)."""
        return list(Severity).index(self) + 1
