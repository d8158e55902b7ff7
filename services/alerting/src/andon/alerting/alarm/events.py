"""Events: what can happen to an alarm; each is a line in its journal."""

from enum import StrEnum

from andon.alerting.alarm.state import AlarmState


class Event(StrEnum):
    """What happened to an alarm.

    raised: its cause began, or began again. escalated, eased: a more, a less severe level is the most severe one now.
    cleared: its cause is gone. current: its cause, told late at first, is there now. realarmed: it was acknowledged
    long ago and its cause is still there. suppressed, released: hidden by design (the rule's own, or a parent's alarm),
    and no longer. closed: its rule or its sensor is gone; the line's comment says which (`GONE`). The others are what
    people do.
    """

    RAISED = "raised"
    ESCALATED = "escalated"
    EASED = "eased"
    CLEARED = "cleared"
    CURRENT = "current"
    ACKNOWLEDGED = "acknowledged"
    REALARMED = "realarmed"
    RESET = "reset"
    SHELVED = "shelved"
    UNSHELVED = "unshelved"
    SUPPRESSED = "suppressed"
    RELEASED = "released"
    OUT_OF_SERVICE = "out-of-service"
    IN_SERVICE = "in-service"
    COMMENTED = "commented"
    ASSIGNED = "assigned"
    CLOSED = "closed"


ANNOUNCING = (
    Event.RAISED,
    Event.ESCALATED,
    Event.CURRENT,
    Event.REALARMED,
    Event.UNSHELVED,
    Event.RELEASED,
    Event.IN_SERVICE,
)
"""Events that call people, where they leave the alarm unacknowledged."""


RULE_REMOVED, RULE_DISABLED = "Its rule was removed", "Its rule was disabled"
SENSOR_GONE = "Its rule does not watch its sensor any more"
GONE = (RULE_REMOVED, RULE_DISABLED, SENSOR_GONE)
"""Why an alarm was closed without its cause being gone: the comments of lines `closed`."""


def announces(event: str, after: str) -> bool:
    """Whether a line of the journal is an annunciation: what ISA-18.2 counts, and what people are called for."""
    return after == AlarmState.UNACKNOWLEDGED and event in ANNOUNCING
