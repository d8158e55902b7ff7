"""Index: which watches hear which machine. Read for every reading; `renewal.py` keeps it true.

A reading of a machine that nobody watches costs one dictionary lookup; one of a watched machine one more lookup for
each watch, however many values it carries.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from andon.alerting.evaluate.change import Read
from andon.alerting.evaluate.gate import Gate
from andon.alerting.evaluate.phase import Phase
from andon.alerting.evaluate.sources import Judged
from andon.alerting.evaluate.sources.formula import Expression, Name
from andon.alerting.evaluate.sources.silence import ConstancyOf, SilenceOf
from andon.alerting.evaluate.sources.values import OwnValue, QualityOf, StateOf
from andon.alerting.evaluate.sources.windows import CountOf, RateOf, ScoreOf
from andon.alerting.evaluate.verdict import Rung
from andon.alerting.evaluate.watch import PhaseKey, Watch
from andon.alerting.rules import sources
from andon.alerting.rules.band import TRUTH, Band
from andon.alerting.rules.calendar import Calendar, Hours
from andon.alerting.rules.draft import Rule, RuleDraft
from andon.alerting.rules.levels import Level, Limit
from andon.alerting.rules.meaning import Meaning, meaning_of
from andon.alerting.rules.scope import Labels, watched_key
from andon.common import logs
from andon.common.expression import Input, Node, Place, Several, inputs, place
from andon.common.expression.formulas import MOST_INPUTS, Machines
from andon.common.plant import Asset, Sensor

log = logs.get("alerting.index")

MOST_LOOKED_AT = 50_000
"""Sensors that one reading may make one rule look at, some five milliseconds: in a line of 200, all may look at all."""
_TRUTHS = (sources.Equals, sources.Count, sources.Silent, sources.Unchanged, sources.Doubt)
_ANY_TYPE = (sources.Equals, sources.Silent, sources.Unchanged, sources.Doubt, sources.Formula)


class Places:
    """What rules need of a plant (`assets`: all of it) and of the calendars, looked up once for all of them."""

    def __init__(self, assets: Iterable[Asset], calendars: Iterable[Calendar]) -> None:
        assets = list(assets)
        self.machines = Machines(assets)
        self.labels = Labels(assets).of
        self.hours = {calendar.name: Hours(calendar) for calendar in calendars}
        self._meant: dict[Place, tuple[Name, ...]] = {}

    def meant(self, where: Place) -> tuple[Name, ...]:
        """The sensors that a place means; a pattern is held against the plant once, however many rules look from it."""
        found = self._meant.get(where)
        if found is None:
            found = tuple((machine.id, sensor.key) for machine, sensor in self.machines.sensors(where))
            if "*" in where.slugs:
                self._meant[where] = found
        return found


class Near:
    """Rules, found by what machines must have in common with their scopes to be looked at: path, type or nothing."""

    def __init__(self, rules: Iterable[Read]) -> None:
        self._rules: dict[tuple[str, str], list[Read]] = {}
        for rule, meaning in rules:
            self._rules.setdefault(_nearness(rule), []).append((rule, meaning))

    def of(self, machine: Asset) -> Iterator[Read]:
        """Those that may watch a sensor of a machine."""
        for where in (("path", machine.path), ("type", machine.type), _ANYWHERE):
            yield from self._rules.get(where, ())


def build(places: Places, rules: Iterable[Rule], ours: Callable[[str], bool] = lambda _: True) -> dict[PhaseKey, Watch]:
    """All watches of the machines that are `ours`."""
    near = Near((rule, meaning_of(rule)) for rule in rules if rule.enabled)
    found: dict[PhaseKey, Watch] = {}
    costs = Costs()
    for machine in places.machines.all:
        if not ours(machine.id):
            continue
        for rule, meaning in near.of(machine):
            watch = make(places, rule, meaning, machine) if rule.id not in costs.too_high else None
            if watch is not None:
                costs.add(watch)
                found[watch.key] = watch
    return {key: watch for key, watch in found.items() if key[0] not in costs.too_high} if costs.too_high else found


class Costs:
    """How many sensors a reading of a machine makes each rule look at. too_high: ids of rules that look at too many."""

    def __init__(self) -> None:
        self.too_high = set[str]()
        self._costs: dict[str, Counter[str]] = {}

    def add(self, watch: Watch) -> None:
        """Count a watch of several machines; one machine has few sensors."""
        if len(watch.machines) == 1:
            return
        costs = self._costs.setdefault(watch.rule.id, Counter())
        for machine in watch.machines:
            costs[machine] += watch.looks_at
        if max(costs[machine] for machine in watch.machines) > MOST_LOOKED_AT:
            self.too_high.add(watch.rule.id)
            log.warning(
                "a rule looks at too many sensors from too many machines; it watches none", rule=watch.rule.name
            )


def sensor_of(rule: Rule) -> str:
    """The key of the sensor that a rule watches, of whichever machine."""
    return rule.scope.sensor.rpartition("/")[2]


_ANYWHERE = ("", "")


def _nearness(rule: Rule) -> tuple[str, str]:
    path = rule.scope.sensor.rpartition("/")[0]
    return ("path", path) if path else ("type", rule.scope.type) if rule.scope.type is not None else _ANYWHERE


def make(places: Places, rule: Rule, meaning: Meaning, machine: Asset) -> Watch | None:
    """The watch of a rule on a machine; None where it watches none of its sensors."""
    key = watched_key(rule.scope, machine, places.labels)
    sensor = next((s for s in machine.sensors if s.key == key), None) if key else None
    if sensor is None or not _fits(meaning.source, sensor):
        return None
    bands = [(level, _band(meaning.source, level, sensor)) for level in meaning.levels]
    rungs = tuple(Rung(level, band, Phase()) for level, band in bands if band is not None)
    source = _source(places, meaning.source, machine, sensor)
    gate = None if meaning.gate is None else _expression(places, meaning.gate, machine)
    if not rungs or source is None or (gate is None and meaning.gate is not None):
        return None
    hours = tuple(places.hours[name] for name in rule.active_during if name in places.hours)
    return Watch(rule, machine, sensor, meaning, rungs, source, Gate(hours, gate))


def _fits(source: sources.Source, sensor: Sensor) -> bool:
    """Whether a condition can be true of what a sensor says: no number is a text, and no text a number."""
    is_text = sensor.datatype == "string"
    if isinstance(source, sources.Equals):
        return any(isinstance(value, str) == is_text for value in source.values)
    return not is_text or isinstance(source, _ANY_TYPE)


def watches_any(places: Places, rule: RuleDraft, machine: Asset) -> bool:
    """Whether a rule watches a sensor of this machine."""
    return make(places, Rule(id="", **rule.model_dump(exclude={"id"})), meaning_of(rule), machine) is not None


def _band(source: sources.Source, level: Level, sensor: Sensor) -> Band | None:
    """The limits of a level on a sensor; None where the sensor has none of those it names."""
    if isinstance(source, _TRUTHS) or (isinstance(source, sources.Formula) and source.truth):
        return TRUTH
    low, high = _resolved(level.low, sensor), _resolved(level.high, sensor)
    if low is None and high is None:
        return None
    band = _shared(float("-inf") if low is None else low, float("inf") if high is None else high, level.deadband)
    return None if band.low + band.deadband > band.high - band.deadband else band


@lru_cache(4096)
def _shared(low: float, high: float, deadband: float) -> Band:
    """A band; ten thousand machines of a type have the same."""
    return Band(low, high, deadband)


def _resolved(limit: Limit | None, sensor: Sensor) -> float | None:
    found = getattr(sensor.limits, limit) if isinstance(limit, str) else limit
    return None if found is None else float(found)


def _source(places: Places, source: sources.Source, machine: Asset, sensor: Sensor) -> Judged | Expression | None:
    """A source at work on a sensor; None where something that it needs is not there."""
    match source:
        case sources.Deviation(_, tree) | sources.Formula(_, tree):
            return _expression(places, tree, machine)
        case sources.Count(count, within, of):
            band = _band(sources.Own(), of, sensor)
            return None if band is None else CountOf(count, within, band)
        case _:
            return _MAKERS[type(source)](source)


_OWN = OwnValue()
"""It holds nothing: there need be no more of it than one."""
_MAKERS: Mapping[type[sources.Source], Callable[[Any], Judged]] = {
    sources.Own: lambda _: _OWN,
    sources.Rate: lambda of: RateOf(of.over, sources.PER[of.per]),
    sources.Score: lambda of: ScoreOf(of.over),
    sources.Equals: lambda of: StateOf(of.values),
    sources.Silent: lambda of: SilenceOf(of.after),
    sources.Unchanged: lambda of: ConstancyOf(of.after),
    sources.Doubt: lambda of: QualityOf(of.qualities),
}


def _expression(places: Places, tree: Node, machine: Asset) -> Expression | None:
    """An expression seen from a machine; None where one of its sensors does not exist, or there are too many."""
    meant: dict[Input | Several, tuple[Name, ...]] = {}
    for node in inputs(tree):
        meant[node] = places.meant(place(node.path, machine.path))
        if not meant[node]:
            return None
    if sum(map(len, meant.values())) > MOST_INPUTS:
        return None
    return Expression(tree, meant)
