"""Renewal: from one look at rules and plant to the next, in pieces so small that judging waits for none. Pure.

Watches know nothing of each other, so each piece holds by itself: those that come with it judge anew, all others as
before. A rule that looks around is made whole before the first piece of it is handed over, for what it costs a reading
is known only then.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from andon.alerting.evaluate.change import Change, Look, change, looks_around
from andon.alerting.evaluate.index import Costs, Near, Places, make, sensor_of
from andon.alerting.evaluate.watch import PhaseKey, Watch

PIECE = 400
"""Watches that may have been there, and sensors that new ones look at, in one piece: some ten milliseconds' work."""


class Piece(NamedTuple):
    """Watches that are `made` anew, and the keys of all that may have been there `before`, for them or for nothing."""

    made: list[Watch]
    before: list[PhaseKey]


def pieces(before: Look, now: Look, ours: Callable[[str], bool] = lambda _: True) -> Iterator[Piece]:
    """All that is to be exchanged, of the machines that are `ours`; it takes its time, but for each piece little."""
    touched = change(before, now)
    if not touched.rules and not touched.machines:
        return
    work = _Work(before, now, touched, ours)
    for rule_id in touched.rules:
        if work.looks_around(rule_id):
            yield from _together(work.whole(rule_id))
    yield from _together(work.others())


def _together(each: Iterable[Piece]) -> Iterator[Piece]:
    """Pieces put together, as long as they stay small."""
    made, before, weight = list[Watch](), list[PhaseKey](), 0
    for piece in each:
        made += piece.made
        before += piece.before
        weight += len(piece.before) + sum(watch.looks_at for watch in piece.made)
        if weight >= PIECE:
            yield Piece(made, before)
            made, before, weight = [], [], 0
    if made or before:
        yield Piece(made, before)


class _Work:
    """What is to be done, machine by machine."""

    def __init__(self, before: Look, now: Look, touched: Change, ours: Callable[[str], bool]) -> None:
        self._before, self._now, self._touched = before.machines, now.machines, touched
        self._was, self._is = before.rules, now.rules
        self._places = Places(now.assets.values(), now.calendars.values())
        there = {**before.machines, **now.machines}
        self._machines = [name for name in there if ours(name)]

    def looks_around(self, rule_id: str) -> bool:
        """Whether a rule looks around; one that is gone, whether it did."""
        _, meaning = self._is.get(rule_id) or self._was[rule_id]
        return looks_around(meaning)

    def whole(self, rule_id: str) -> list[Piece]:
        """A rule that looks around, on all machines; where it looks at too much, no watch at all."""
        (was, new), costs, found = self._near({rule_id}.__contains__), Costs(), list[Piece]()
        for piece in self._pieces(self._machines, was, new):
            found.append(piece)
            for watch in piece.made:
                costs.add(watch)
            if costs.too_high:
                return list(self._pieces(self._machines, was, Near(())))
        return found

    def others(self) -> Iterator[Piece]:
        """All other rules: on machines that are touched all of them, and elsewhere those that are."""
        whole = {rule_id for rule_id in self._touched.rules if self.looks_around(rule_id)}
        some = self._touched.rules - whole
        if self._touched.machines:
            near = self._near(lambda rule_id: rule_id not in whole)
            yield from self._pieces((name for name in self._machines if name in self._touched.machines), *near)
        if some:
            near = self._near(some.__contains__)
            yield from self._pieces((name for name in self._machines if name not in self._touched.machines), *near)

    def _near(self, concerns: Callable[[str], bool]) -> tuple[Near, Near]:
        """The rules that it concerns, as they were and as they are."""
        was, new = ([read for rule_id, read in rules.items() if concerns(rule_id)] for rules in (self._was, self._is))
        return Near(was), Near(new)

    def _pieces(self, machines: Iterable[str], was: Near, new: Near) -> Iterator[Piece]:
        """One for each machine."""
        for name in machines:
            before, now = self._before.get(name), self._now.get(name)
            keys = [(rule.id, name, sensor_of(rule)) for rule, _ in was.of(before)] if before else []
            made = [make(self._places, rule, meaning, now) for rule, meaning in new.of(now)] if now else []
            yield Piece([watch for watch in made if watch is not None], keys)
