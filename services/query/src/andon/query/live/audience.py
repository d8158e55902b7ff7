"""Who wants to hear of which machine: an index by machine, so that a reading costs only those who want it."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from andon.query.branches import Branches, Keys
from andon.query.live.change import Change, Look, change, look
from andon.query.live.effort import Effort
from andon.query.live.interest import Interest
from andon.query.live.outbox import Outbox
from andon.query.live.table import Table

_NONE: frozenset[str] = frozenset()


@dataclass(eq=False, kw_only=True)
class Listener:
    """One live client: what it asked for, what it may see, and what is on its way to it."""

    scope: str
    outbox: Outbox
    interest: Interest = field(default_factory=Interest)
    chosen: dict[str, Keys] = field(default_factory=dict)
    version: int = -1
    """Of the plant, up to which `chosen` is true to it."""


class Audience:
    """Listeners by machine id. `by_machine` is read by the feed for every reading.

    effort: what it takes to place them is done in turns of it.
    """

    def __init__(self, branches: Branches, table: Table, effort: Effort) -> None:
        self.effort = effort
        self.by_machine: dict[str, dict[Listener, Keys]] = {}
        self._listeners: dict[Listener, None] = {}
        self._branches = branches
        self._table = table
        self._version = branches.plant.version
        self._look: Look = look(branches)

    def remove(self, listener: Listener) -> None:
        """Listen no more."""
        self._listeners.pop(listener, None)
        for machine in listener.chosen:
            self._leave(listener, machine)
        listener.chosen = {}

    def refresh(self, machine: str, key: str) -> None:
        """A newer sample than the feed brought was found in history: send it."""
        for listener, keys in self.by_machine.get(machine, {}).items():
            if keys is None or key in keys:
                listener.outbox.refresh(machine, key)

    async def follow_plant(self) -> None:
        """After a change of the plant: new machines are heard, removed and moved ones no longer.

        It costs each who listens what was changed, not the whole plant; and between two of them others have their turn.
        """
        version = self._branches.plant.version
        if self._version == version:
            return
        now = look(self._branches)
        what = change(self._branches, self._look, now)
        for listener in list(self._listeners):
            async with self.effort.turn(""):
                if listener in self._listeners and listener.version < version:
                    self._follow(listener, what)
                    listener.version = version
        self._version, self._look = version, now  # only now: what is broken off is done again

    def _follow(self, listener: Listener, what: Change) -> None:
        found, _ = listener.interest.choose(what.part, listener.scope)
        self._put(listener, found, (what.touched & listener.chosen.keys()) - found.keys())

    async def catch_up(self, listener: Listener, person: str) -> None:
        """Follow the plant for one alone, now; after a start all who come back ask for it at once."""
        if listener.version != self._branches.plant.version:
            async with self.effort.turn(person):
                self.place(listener)

    def place(self, listener: Listener) -> dict[str, str]:
        """Listen from now on to what is wanted now; what is new to the listener begins with its newest samples.

        Name -> why it cannot be used, or not yet.
        """
        self._listeners[listener] = None
        listener.version = self._branches.plant.version
        found, wrong = listener.interest.choose(self._branches, listener.scope)
        self._put(listener, found, listener.chosen.keys() - found.keys())
        return wrong

    def _put(self, listener: Listener, found: dict[str, Keys], gone: AbstractSet[str]) -> None:
        """Listen to what was found, and no more to what is gone; what is neither stays as it is."""
        for machine in gone:
            del listener.chosen[machine]
            self._leave(listener, machine)
        for machine, keys in found.items():
            known = listener.chosen.get(machine, _NONE)
            listener.chosen[machine] = keys
            self.by_machine.setdefault(machine, {})[listener] = keys
            if known is not None and known != keys:
                self._greet(listener, machine, keys, known)

    def _greet(self, listener: Listener, machine: str, keys: Keys, known: frozenset[str]) -> None:
        for key, sample in self._table.samples(machine).items():
            if (keys is None or key in keys) and key not in known:
                listener.outbox.greet(machine, key, sample)

    def _leave(self, listener: Listener, machine: str) -> None:
        listeners = self.by_machine.get(machine, {})
        listeners.pop(listener, None)
        if not listeners:
            self.by_machine.pop(machine, None)
