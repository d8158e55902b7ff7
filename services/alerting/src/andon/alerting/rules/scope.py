"""Scope: which machines' sensors a rule watches. Pure."""

from collections.abc import Callable, Iterable, Sequence

from andon.alerting.rules.draft import RuleDraft, ScopeDraft
from andon.common.plant import Asset, Plant, is_below


class Labels:
    """The labels of a plant's nodes, each with those of the nodes it stands in; its own count for more."""

    def __init__(self, assets: Iterable[Asset]) -> None:
        self._own = {asset.path: asset.labels for asset in assets}

    def of(self, path: str) -> dict[str, str]:
        """All labels of the node at a path."""
        slugs = path.split("/")
        found: dict[str, str] = {}
        for depth in range(1, len(slugs) + 1):
            found |= self._own.get("/".join(slugs[:depth]), {})
        return found


def watched_key(scope: ScopeDraft, machine: Asset, labels: Callable[[str], dict[str, str]]) -> str:
    """Key of the sensor of this machine that a scope means; '' for none. Whether there is one is not looked at."""
    path, _, key = scope.sensor.rpartition("/")
    if path:
        return key if path == machine.path else ""
    if (scope.type is not None and scope.type != machine.type) or not is_below(machine.path, scope.under or ""):
        return ""
    if scope.labels:
        there = labels(machine.path)
        if any(there.get(name) != value for name, value in scope.labels.items()):
            return ""
    return key


def idle(plant: Plant, rules: Sequence[RuleDraft], watches: Callable[[RuleDraft, Asset], bool]) -> list[str]:
    """Names of the rules that watch no sensor of a plant. `watches` tells it of one machine."""
    machines = plant.machines()

    def watches_any(rule: RuleDraft) -> bool:
        path = rule.scope.sensor.rpartition("/")[0]
        only = plant.find(path) if path else None
        near = machines if not path else [only] if only is not None else []
        return any(watches(rule, machine) for machine in near)

    return [rule.name for rule in rules if not watches_any(rule)]
