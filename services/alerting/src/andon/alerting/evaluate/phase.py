"""Phase: where one level of a rule stands with one sensor. Pure; time is event time, UTC nanoseconds.

    NORMAL ──trouble──> PENDING ──on-delay, repeat──> ACTIVE ──good──> CLEARING ──off-delay, minimum──> NORMAL
       ^──────good─────────┘                            ^───trouble──────┘

    ACTIVE, CLEARING ──gate closes──> SUPPRESSED ──gate opens──> NORMAL

A value holds until the next one is known. So a delay is over at the first sample that was measured at or after its
end, whatever that sample says, and the alarm's time is the end of the delay and not the sample's arrival. When a
sensor falls silent no such sample comes; then the judge lets the time pass by the clock (`elapse`).

A level that is raised more than MOST_RAISED times within a minute chatters (ISA-18.2). Then it is held: that time it
stays for a minute at least, whatever its samples and its gate say, and its end tells how often it came back meanwhile.
So a sensor that turns a thousand times a second costs the journal no more than one that turns once a second.
"""

from enum import IntEnum

import msgspec

from andon.common.reading import NS_PER_S

MAX_DELAY = 24 * 3600 * NS_PER_S
NEVER = -(2**63)
"""Before all times: nothing was seen yet."""
FOREVER = 2**63 - 1
"""After all times."""


CHATTER = 60 * NS_PER_S
"""The time in which raises are counted; and that for which what chatters stays."""
MOST_RAISED = 600
"""More raises in this time, ten a second, tell nobody anything, and a few dozen such sensors would hold up all others.
A sensor that is heard ten times a second has no more."""


class State(IntEnum):
    """The process side of an alarm; the operator's side is in `alarm.state`."""

    NORMAL = 0
    PENDING = 1
    ACTIVE = 2
    CLEARING = 3
    SUPPRESSED = 4


class Timing(msgspec.Struct, frozen=True):
    """On-delay, off-delay and the shortest stay in ACTIVE, in nanoseconds; samples in trouble on end that it takes."""

    on: int = 0
    off: int = 0
    minimum: int = 0
    repeat: int = 1


class Phase(msgspec.Struct, gc=False):
    """State of one level of a rule on one sensor.

    since: event time at which the state began. due: when PENDING or CLEARING is over, FOREVER while that is not known.
    least: when an active one may end at the earliest. count: samples in trouble on end, as far as they matter; once
    it is active, how often it has come back. value: the value to tell. late: the alarm began in the past, as it seemed
    when it was judged. raises: how often it was raised from `counted` on, for a minute.
    """

    state: State = State.NORMAL
    since: int = NEVER
    due: int = FOREVER
    least: int = NEVER
    count: int = 0
    value: float = 0.0
    late: bool = False
    raises: int = 0
    counted: int = NEVER

    @property
    def held(self) -> bool:
        """Whether it chatters: what is active stays for a while."""
        return self.raises > MOST_RAISED

    @property
    def gated(self) -> bool:
        """Whether its gate is closed: it is suppressed, or will be once it is held no longer."""
        return self.state is State.SUPPRESSED or (self.state is State.ACTIVE and self.due != FOREVER)


class Turn(msgspec.Struct, frozen=True):
    """One change of state: when by event time, and with which value.

    chatter: of one that raises what chatters, how often it was raised within a minute; of the one that clears it, how
    often it came back meanwhile; else 0.

    One from ACTIVE to ACTIVE says that an alarm that was raised late is still there now. One from PENDING to PENDING
    says that one more of the samples has come that an alarm takes, so that a restart goes on counting there.
    """

    before: State
    after: State
    at: int
    value: float
    chatter: int = 0

    @property
    def raised(self) -> bool:
        """Whether an alarm begins."""
        return self.after is State.ACTIVE and self.before is State.PENDING

    @property
    def cleared(self) -> bool:
        """Whether an alarm's cause is gone."""
        return self.after is State.NORMAL and self.before is State.CLEARING

    @property
    def current(self) -> bool:
        """Whether an alarm that was raised late has reached the present."""
        return self.after is State.ACTIVE and self.before is State.ACTIVE

    @property
    def suppressed(self) -> bool:
        """Whether an alarm is hidden by design from now on."""
        return self.after is State.SUPPRESSED

    @property
    def released(self) -> bool:
        """Whether the design hides it no longer: it ends, and its cause is judged anew."""
        return self.before is State.SUPPRESSED


_NONE: tuple[Turn, ...] = ()
_NORMAL, _PENDING, _ACTIVE, _CLEARING, _SUPPRESSED = State


def take(phase: Phase, timing: Timing, time: int, *, trouble: bool, value: float) -> tuple[Turn, ...]:
    """What a sample says from `time` on; the turns it caused, oldest first. Changes `phase`.

    value: what is to be told of it; a delay that ends tells the value that held at its end, whenever that is noticed.
    Times never go back. Suppressed phases do not turn.
    """
    state = phase.state
    if not trouble and state is _NORMAL:
        phase.value = value
        return _NONE
    if trouble and state is _ACTIVE:
        phase.value = value
        return _NONE
    turns = list(elapse(phase, timing, time - 1))
    if trouble == (phase.state is _PENDING):  # at the very end of a delay, it confirms what the delay waited for
        phase.value = value
    turns += elapse(phase, timing, time)
    phase.value = value
    time = max(time, phase.since)  # a straggler after a time-out ends what began, at the earliest, when it began
    if trouble:
        _trouble(phase, timing, time, turns)
    else:
        _good(phase, timing, time, turns)
    turns += elapse(phase, timing, time)
    return tuple(turns)


def _trouble(phase: Phase, timing: Timing, time: int, turns: list[Turn]) -> None:
    if phase.state is _NORMAL:
        turns.append(_turn(phase, _PENDING, time))
        phase.count = 1
        phase.due = time + timing.on if timing.repeat == 1 else FOREVER
    elif phase.state is _PENDING and phase.count < timing.repeat:
        phase.count += 1
        if phase.count == timing.repeat:
            phase.due = max(phase.since + timing.on, time)
        turns.append(Turn(_PENDING, _PENDING, time, phase.value))
    elif phase.state is _CLEARING:
        phase.count += 1
        turns.append(_turn(phase, _ACTIVE, time))


def _good(phase: Phase, timing: Timing, time: int, turns: list[Turn]) -> None:
    if phase.state is _PENDING:
        turns.append(_turn(phase, _NORMAL, time))
    elif phase.state is _ACTIVE:
        turns.append(_turn(phase, _CLEARING, time))
        phase.due = max(time + timing.off, phase.least)


def elapse(phase: Phase, timing: Timing, now: int) -> tuple[Turn, ...]:
    """Let time pass until `now`; the turn of a delay that is over by then."""
    if now < phase.due:
        return _NONE
    at = phase.due
    if phase.state is _PENDING:
        return (_raise(phase, timing, at),)
    if phase.state is _CLEARING:
        return (_turn(phase, _NORMAL, at, chatter=phase.count if phase.held else 0),)
    return (_turn(phase, _SUPPRESSED, at),) if phase.state is _ACTIVE else _NONE


def _raise(phase: Phase, timing: Timing, at: int) -> Turn:
    if at - phase.counted >= CHATTER:
        phase.counted, phase.raises = at, 0
    phase.raises += 1
    phase.count, phase.least = 0, at + (max(timing.minimum, CHATTER) if phase.held else timing.minimum)
    return _turn(phase, _ACTIVE, at, chatter=phase.raises if phase.held else 0)


def close_gate(phase: Phase, timing: Timing, time: int) -> tuple[Turn, ...]:
    """The rule does not count from `time` on: what is active is suppressed, what was pending is forgotten.

    What is held is suppressed once it is held no longer.
    """
    turns = elapse(phase, timing, time)
    if phase.state is _PENDING:
        return (*turns, _turn(phase, _NORMAL, time))
    if phase.held and time < phase.least and phase.state in (_ACTIVE, _CLEARING):
        phase.due = phase.least if phase.state is _ACTIVE else phase.due
        return turns
    if phase.state in (_ACTIVE, _CLEARING):
        return (*turns, _turn(phase, _SUPPRESSED, time))
    return turns


def open_gate(phase: Phase, time: int, *, hidden: bool = False) -> tuple[Turn, ...]:
    """The rule counts again from `time` on, and starts from normal; what is held goes on, unless its alarm is `hidden`.

    That is so where another level is suppressed: the alarm ends as a whole, and each level is judged anew.
    """
    if hidden and phase.state in (_ACTIVE, _CLEARING):
        return _turn(phase, _SUPPRESSED, time), _turn(phase, _NORMAL, time)
    if phase.state is _ACTIVE:
        phase.due = FOREVER
    return (_turn(phase, _NORMAL, time),) if phase.state is _SUPPRESSED else _NONE


def _turn(phase: Phase, after: State, at: int, chatter: int = 0) -> Turn:
    turn = Turn(phase.state, after, at, phase.value, chatter)
    phase.state, phase.since, phase.due = after, at, FOREVER
    return turn
