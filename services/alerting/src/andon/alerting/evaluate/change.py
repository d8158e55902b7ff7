"""Change: what of rules, calendars and plant is another than at the last look, and whose watches it touches. Pure.

A watch follows from its rule, the calendars that this names, its machine, and the labels of what that stands in. Only
a rule with an expression that names other machines' sensors may follow from any of the plant: it is touched as a whole.
Parents and groups of alarms are looked up when an alarm is raised; watches know nothing of them.
"""

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

from andon.alerting.rules.calendar import Calendar
from andon.alerting.rules.draft import Rule
from andon.alerting.rules.meaning import Meaning, meaning_of
from andon.common.plant import Asset

Read: TypeAlias = tuple[Rule, Meaning]
"""A rule, and what it means."""


class Look:
    """The plant, the rules in force and the calendars at one time; assets, machines among them, and rules by id."""

    def __init__(
        self,
        assets: Iterable[Asset] = (),
        rules: Iterable[Rule] = (),
        calendars: Iterable[Calendar] = (),
        before: "Look | None" = None,
    ) -> None:
        self.assets = {asset.id: asset for asset in assets}
        self.machines = {name: asset for name, asset in self.assets.items() if asset.kind == "machine"}
        self.calendars = {calendar.name: calendar for calendar in calendars}
        known = before.rules if before is not None else {}
        self.rules: dict[str, Read] = {rule.id: _read(rule, known.get(rule.id)) for rule in rules if rule.enabled}


class Change(NamedTuple):
    """Ids: rules whose watches are made anew on all machines, and machines on which those of all rules are."""

    rules: frozenset[str]
    machines: frozenset[str]


def change(before: Look, now: Look) -> Change:
    """From one look to the next."""
    machines = _machines(before, now)
    rules = {rule_id for rule_id in before.rules.keys() | now.rules.keys() if _differs(rule_id, before, now)}
    if machines:
        rules |= {rule_id for rule_id, (_, meaning) in now.rules.items() if looks_around(meaning)}
    return Change(frozenset(rules), machines)


def _differs(rule_id: str, before: Look, now: Look) -> bool:
    old, new = before.rules.get(rule_id), now.rules.get(rule_id)
    if old is None or new is None or old is not new:
        return True
    return any(before.calendars.get(name) != now.calendars.get(name) for name in new[0].active_during)


def looks_around(meaning: Meaning) -> bool:
    """Whether a rule names sensors of other machines than the one it watches."""
    return any("/" in path for path in meaning.paths)


def _read(rule: Rule, known: Read | None) -> Read:
    """A rule that is as it was is the very same: it is read once, and compared once."""
    return known if known is not None and known[0] == rule else (rule, meaning_of(rule))


def _machines(before: Look, now: Look) -> frozenset[str]:
    """Ids of machines that are new, gone or not as they were, and of those below other nodes of which that is so."""
    touched, parts = set[str](), set[str]()
    for name in before.assets.keys() | now.assets.keys():
        old, new = before.assets.get(name), now.assets.get(name)
        if old is new or old == new:
            continue
        for asset in (old, new):
            if asset is not None and asset.kind == "machine":
                touched.add(name)
            elif asset is not None:
                parts.add(asset.path)
    if parts:
        touched.update(
            name for name, asset in now.assets.items() if asset.kind == "machine" and _stands_in(asset, parts)
        )
    return frozenset(touched)


def _stands_in(machine: Asset, parts: set[str]) -> bool:
    slugs = machine.path.split("/")
    return any("/".join(slugs[:depth]) in parts for depth in range(1, len(slugs)))
