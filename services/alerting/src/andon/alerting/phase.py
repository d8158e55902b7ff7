"""Phase: where one rule stands with one sensor. Pure; time is event time, UTC nanoseconds.

    NORMAL ──trouble──> PENDING ──on-delay──> ACTIVE ──good──> CLEARING ──off-delay──> NORMAL
       ^──────good─────────┘                     ^──────trouble───┘

A value holds until the next one is known. So a delay is over at the first sample that was measured at or after its
end, whatever that sample says, and the alarm's time is the end of the delay and not the sample's arrival. When a
sensor falls silent no such sample comes; then `evaluate` lets the time pass by the wall clock (`elapse`).

A sample that is not newer than the newest one seen changes nothing: late, repeated and redelivered samples cannot
raise an alarm a second time.
"""

from enum import IntEnum

import msgspec

from andon.alerting.condition import Condition
from andon.common.reading import NS_PER_S

MAX_DELAY = 24 * 3600 * NS_PER_S
NEVER = -(2**63)
"""Event time of a phase that has seen no sample."""


class State(IntEnum):
    """The process side of an alarm; the operator's side (acknowledged or not) is in `alarm.py`."""

    NORMAL = 0
    PENDING = 1
    ACTIVE = 2
    CLEARING = 3


class Phase(msgspec.Struct):
    """State of one rule on one sensor.

    since: event time at which the state began. last: newest event time seen. value: the value measured then.
    """

    state: State = State.NORMAL
    since: int = NEVER
    last: int = NEVER
    value: float = 0.0


class Delays(msgspec.Struct, frozen=True):
    """On-delay and off-delay in nanoseconds."""

    on: int = 0
    off: int = 0


class Turn(msgspec.Struct, frozen=True):
    """One change of state: when by event time, and with which value."""

    before: State
    after: State
    at: int
    value: float

    @property
    def raised(self) -> bool:
        """Whether an alarm begins."""
        return self.after is State.ACTIVE and self.before is not State.CLEARING

    @property
    def cleared(self) -> bool:
        """Whether an alarm's cause is gone."""
        return self.after is State.NORMAL and self.before is not State.PENDING


_NONE: tuple[Turn, ...] = ()
_NORMAL, _PENDING, _ACTIVE, _CLEARING = State
_ON_TROUBLE = {_NORMAL: _PENDING, _CLEARING: _ACTIVE}
_ON_GOOD = {_ACTIVE: _CLEARING, _PENDING: _NORMAL}


def advance(phase: Phase, condition: Condition, delays: Delays, time: int, value: float) -> tuple[Turn, ...]:
    """Take one sample; the turns it caused, oldest first. Changes `phase`.

    Returns nothing at once in the two common cases, good stays good and trouble stays trouble.
    """
    if time <= phase.last or value != value:  # noqa: PLR0124 - NaN measures nothing
        return _NONE
    state = phase.state
    before = state is _PENDING or state is _ACTIVE
    violated = condition.violates(value, before)
    if violated and condition.low <= value <= condition.high:
        value = phase.value  # within the deadband: what passed the limit is the value to tell
    if (state is _NORMAL and not violated) or (state is _ACTIVE and violated):
        phase.last = time
        phase.value = value
        return _NONE
    if violated == before:  # the sample confirms what the delay waits for, so its value is the one to tell
        phase.value = value
    turns = list(elapse(phase, delays, time))
    phase.last = time
    phase.value = value
    after = (_ON_TROUBLE if violated else _ON_GOOD).get(phase.state)
    if after is not None:
        at = max(time, phase.since)  # a straggler after a time-out ends what began, at the earliest, when it began
        turns.append(_turn(phase, after, at))
        turns += elapse(phase, delays, at)
    return tuple(turns)


def elapse(phase: Phase, delays: Delays, now: int) -> tuple[Turn, ...]:
    """Let time pass until `now` without a new sample; the turn of a delay that is over by then."""
    if phase.state is _PENDING and now - phase.since >= delays.on:
        return (_turn(phase, _ACTIVE, phase.since + delays.on),)
    if phase.state is _CLEARING and now - phase.since >= delays.off:
        return (_turn(phase, _NORMAL, phase.since + delays.off),)
    return _NONE


def _turn(phase: Phase, after: State, at: int) -> Turn:
    turn = Turn(phase.state, after, at, phase.value)
    phase.state = after
    phase.since = at
    return turn
