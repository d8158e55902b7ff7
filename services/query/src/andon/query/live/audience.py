"""Who wants to hear of which machine: an index by machine, so that a reading costs only those who want it."""

from dataclasses import dataclass, field

from andon.query.branches import Branches, Keys
from andon.query.live.outbox import Outbox
from andon.query.live.table import Table


@dataclass(eq=False, kw_only=True)
class Listener:
    """One live client: what it asked for (paths or ids), what it may see, and what is on its way to it."""

    scope: str
    names: list[str]
    outbox: Outbox
    chosen: dict[str, Keys] = field(default_factory=dict)


class Audience:
    """Listeners by machine id. `by_machine` is read by the feed for every reading."""

    def __init__(self, branches: Branches, table: Table) -> None:
        self.by_machine: dict[str, dict[Listener, Keys]] = {}
        self._listeners: dict[Listener, None] = {}
        self._branches = branches
        self._table = table
        self._version = branches.plant.version

    def add(self, listener: Listener) -> list[str]:
        """Listen from now on, newest samples first. A sentence for each name that cannot be used, or not yet."""
        self._listeners[listener] = None
        wrong = self.place(listener)
        listener.names = [self._lasting(name) for name in listener.names]
        return wrong

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

    def _lasting(self, name: str) -> str:
        """The id where there is one: it stays when the machine gets another path."""
        plant = self._branches.plant
        if asset := plant.find(name):
            return asset.id
        found = plant.find_sensor(name)
        return f"{found[0].id}/{found[1].key}" if found else name

    def place(self, listener: Listener) -> list[str]:
        """Choose the machines anew, and greet those that are new. A sentence for each name that cannot be used."""
        chosen, wrong = self._branches.select_all(listener.names, listener.scope)
        for machine in listener.chosen.keys() - chosen.keys():
            self._leave(listener, machine)
        for machine, keys in chosen.items():
            self.by_machine.setdefault(machine, {})[listener] = keys
            if machine not in listener.chosen:
                self._greet(listener, machine, keys)
        listener.chosen = chosen
        return wrong

    def _greet(self, listener: Listener, machine: str, keys: Keys) -> None:
        for key in self._table.samples(machine):
            if keys is None or key in keys:
                listener.outbox.refresh(machine, key)

    def _leave(self, listener: Listener, machine: str) -> None:
        listeners = self.by_machine.get(machine, {})
        listeners.pop(listener, None)
        if not listeners:
            self.by_machine.pop(machine, None)
