"""Who wants to hear of which machine: an index by machine, so that a reading costs only those who want it."""

from dataclasses import dataclass, field

from andon.query.branches import Branches, Keys
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


class Audience:
    """Listeners by machine id. `by_machine` is read by the feed for every reading."""

    def __init__(self, branches: Branches, table: Table) -> None:
        self.by_machine: dict[str, dict[Listener, Keys]] = {}
        self._listeners: dict[Listener, None] = {}
        self._branches = branches
        self._table = table
        self._version = branches.plant.version

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

    def follow_plant(self) -> None:
        """After a change of the plant: new machines are heard, removed and moved ones no longer."""
        if self._version != self._branches.plant.version:
            self._version = self._branches.plant.version
            for listener in self._listeners:
                self.place(listener)

    def place(self, listener: Listener) -> dict[str, str]:
        """Listen from now on to what is wanted now; what is new to the listener begins with its newest samples.

        Name -> why it cannot be used, or not yet.
        """
        self._listeners[listener] = None
        before = listener.chosen
        listener.chosen, wrong = listener.interest.choose(self._branches, listener.scope)
        for machine in before.keys() - listener.chosen.keys():
            self._leave(listener, machine)
        for machine, keys in listener.chosen.items():
            self.by_machine.setdefault(machine, {})[listener] = keys
            known = before.get(machine, _NONE)
            if known is not None and known != keys:
                self._greet(listener, machine, keys, known)
        return wrong

    def _greet(self, listener: Listener, machine: str, keys: Keys, known: frozenset[str]) -> None:
        for key, sample in self._table.samples(machine).items():
            if (keys is None or key in keys) and key not in known:
                listener.outbox.greet(machine, key, sample)

    def _leave(self, listener: Listener, machine: str) -> None:
        listeners = self.by_machine.get(machine, {})
        listeners.pop(listener, None)
        if not listeners:
            self.by_machine.pop(machine, None)
