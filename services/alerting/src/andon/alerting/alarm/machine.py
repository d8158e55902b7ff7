"""The state machine of an alarm, after ISA-18.2 / IEC 62682. Pure, and total: any event may come in any state.

    state            what it is                             leaves it by
    normal           no alarm, or one that is over          raised > unacknowledged
    unacknowledged   its cause is there, nobody has seen    acknowledged > acknowledged; cleared > returned, or latched
    acknowledged     its cause is there, somebody has seen  cleared > normal, or latched;
                                                            realarmed, escalated > unacknowledged
    returned         its cause is gone, nobody has seen     acknowledged > normal; raised > unacknowledged
    latched          its cause is gone, yet it is held      acknowledged, then reset > normal; raised > unacknowledged
    shelved          hidden by a person for a time          unshelved > judged anew
    suppressed       hidden by design                       released > judged anew
    out-of-service   hidden by a person for a repair        in-service > judged anew
    any              whatever it is                         shelved, suppressed, out-of-service > these; closed > normal

Hidden states exclude no other: who is shelved may be suppressed as well; out-of-service is shown before suppressed, and
that before shelved. What raises and clears is noted there, too. Once nothing hides an alarm any more it is judged anew:
unacknowledged where its cause is there (whatever people did before it was hidden), latched where it is held, else
normal. What does not apply in a state changes nothing.

A latching alarm is held from the moment it is raised: it ends only when its cause is gone, and it was acknowledged, and
it was reset, in this order.
"""

import msgspec

from andon.alerting.alarm.events import Event
from andon.alerting.alarm.state import AlarmState


class Standing(msgspec.Struct, frozen=True):
    """All that decides an alarm's state. open: it is not over. latching: its rule holds what it raises from now on."""

    open: bool = False
    active: bool = False
    acknowledged: bool = False
    latching: bool = False
    latched: bool = False
    shelved: bool = False
    suppressed: bool = False
    out_of_service: bool = False

    @property
    def hidden(self) -> bool:
        """Whether it asks for nothing, whatever its cause does."""
        return self.shelved or self.suppressed or self.out_of_service


def state_of(standing: Standing) -> AlarmState:
    """The one state that is shown."""
    if not standing.open:
        return AlarmState.NORMAL
    if standing.out_of_service:
        return AlarmState.OUT_OF_SERVICE
    if standing.suppressed:
        return AlarmState.SUPPRESSED
    if standing.shelved:
        return AlarmState.SHELVED
    if standing.active:
        return AlarmState.ACKNOWLEDGED if standing.acknowledged else AlarmState.UNACKNOWLEDGED
    return AlarmState.LATCHED if standing.latched else AlarmState.RETURNED


def after(standing: Standing, event: Event) -> Standing:
    """The standing once `event` has happened; the same when it changes nothing."""
    if event in _HIDING:
        return _with(standing, open=True, **{_HIDING[event]: True})
    if event in _SHOWING:
        return _shown(standing, _SHOWING[event])
    if event is Event.RAISED:
        return _raised(standing)
    if not standing.open:
        return standing
    return _caused(standing, event) if standing.hidden else _asked(_caused(standing, event), event)


_HIDING = {Event.SHELVED: "shelved", Event.SUPPRESSED: "suppressed", Event.OUT_OF_SERVICE: "out_of_service"}
_SHOWING = {Event.UNSHELVED: "shelved", Event.RELEASED: "suppressed", Event.IN_SERVICE: "out_of_service"}


def _raised(standing: Standing) -> Standing:
    if standing.open and standing.active:
        return standing
    latched = standing.latched or standing.latching
    return _with(standing, open=True, active=True, acknowledged=False, latched=latched)


def _caused(standing: Standing, event: Event) -> Standing:
    """Of an open alarm, hidden or not."""
    if event is Event.CLOSED:
        return Standing(acknowledged=standing.acknowledged, latching=standing.latching)
    return _settled(_with(standing, active=False)) if event is Event.CLEARED else standing


def _asked(standing: Standing, event: Event) -> Standing:
    """Of an open alarm that nothing hides."""
    if event is Event.ACKNOWLEDGED:
        return _settled(_with(standing, acknowledged=True))
    if event is Event.RESET and standing.acknowledged and not standing.active:
        return _settled(_with(standing, latched=False))
    if event in (Event.REALARMED, Event.ESCALATED) and standing.active:
        return _with(standing, acknowledged=False)
    return standing


def _shown(standing: Standing, flag: str) -> Standing:
    """Once one thing hides it no longer."""
    if not getattr(standing, flag):
        return standing
    now = _with(standing, **{flag: False})
    if now.hidden:
        return now
    if now.active:
        return _with(now, acknowledged=False)
    return now if now.latched else _with(now, open=False)


def _settled(standing: Standing) -> Standing:
    """Over, when nothing is left to ask for."""
    over = standing.acknowledged and not (standing.active or standing.latched or standing.hidden)
    return _with(standing, open=False) if over else standing


def _with(standing: Standing, **changes: bool) -> Standing:
    return msgspec.structs.replace(standing, **changes)
