"""Scope: which rules watch which sensor. Rebuilt when the plant or the rules change; read for every reading.

A reading of a machine nobody watches costs one dictionary lookup; one of a watched machine one more lookup per
watched sensor, however many values it carries.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from andon.alerting.condition import Condition
from andon.alerting.phase import Delays, Phase
from andon.alerting.rule import Rule, RuleDraft, check_rule
from andon.common.plant import Asset, Plant, Sensor, is_below

PhaseKey = tuple[str, str, str]
"""Rule id, asset id, sensor key."""


class Watch(msgspec.Struct, eq=False, frozen=True):
    """One rule on one sensor, with all that is needed to judge a sample and to tell of an alarm."""

    rule: Rule
    asset: Asset
    sensor: Sensor
    condition: Condition
    delays: Delays
    phase: Phase

    @property
    def key(self) -> PhaseKey:
        """What its phase is kept under."""
        return self.rule.id, self.asset.id, self.sensor.key


Index = dict[str, list[tuple[str, list[Watch]]]]
"""Asset id -> (sensor key, its watches)."""


def build_index(plant: Plant, rules: Iterable[Rule], phases: Mapping[PhaseKey, Phase]) -> Index:
    """The index of a plant and its rules; phases that exist go on."""
    known = [(rule, *check_rule(rule)) for rule in rules]
    index: Index = {}
    for asset in plant.machines():
        watched: dict[str, list[Watch]] = {}
        for rule, condition, delays in known:
            sensor = _watched_sensor(rule, asset)
            if sensor is not None:
                phase = phases.get((rule.id, asset.id, sensor.key)) or Phase()
                watched.setdefault(sensor.key, []).append(Watch(rule, asset, sensor, condition, delays, phase))
        if watched:
            index[asset.id] = list(watched.items())
    return index


def watches(index: Index) -> dict[PhaseKey, Watch]:
    """All watches of an index by key."""
    return {watch.key: watch for sensors in index.values() for _, found in sensors for watch in found}


def idle(machines: Sequence[Asset], rules: Iterable[RuleDraft]) -> list[str]:
    """Names of the rules that watch no sensor of these machines."""
    by_path = {machine.path: machine for machine in machines}

    def watches_any(rule: RuleDraft) -> bool:
        path = rule.scope.sensor.rpartition("/")[0]
        near = machines if not path else [by_path[path]] if path in by_path else []
        return any(_watched_sensor(rule, machine) is not None for machine in near)

    return [rule.name for rule in rules if not watches_any(rule)]


def _watched_sensor(rule: RuleDraft, asset: Asset) -> Sensor | None:
    scope = rule.scope
    path, _, key = scope.sensor.rpartition("/")
    if path:
        if path != asset.path:
            return None
    elif (scope.type is not None and scope.type != asset.type) or not is_below(asset.path, scope.under or ""):
        return None
    return next((s for s in asset.sensors if s.key == key and s.datatype != "string"), None)
