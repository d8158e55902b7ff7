"""By itself the factory shows the first alarm within two minutes, then one every ten, and heals each time."""

from itertools import groupby, pairwise

from andon.simulator.factory import MAX_ORDERED, Factory
from andon.simulator.faults import Fault, FaultKind
from andon.simulator.plant_file import PlantFile, RuleEntry

STARTED = 1_732_532_400


def speaking(factory: Factory, rules: list[RuleEntry], t: float) -> set[tuple[str, str]]:
    """(rule, machine) of all rules that hold at a moment."""
    kinds = {machine.path: machine.type for machine in factory.machines}
    return {
        (rule.name, said.path)
        for said in factory.reports(t)
        for rule in rules
        if rule.scope["type"] == kinds[said.path]
        and isinstance(value := said.values.get(rule.scope["sensor"]), float)
        and rule.condition.holds(value)
    }


def test_the_first_alarm_comes_within_two_minutes_and_clears_by_itself(plant: PlantFile) -> None:
    for seed in range(12):
        factory = Factory(plant, seed, STARTED)
        holds = [bool(speaking(factory, plant.rules, STARTED + s)) for s in range(300)]
        runs = [(value, len(list(group))) for value, group in groupby(holds)]
        first = holds.index(True)
        assert first < 100, seed
        assert max(length for value, length in runs if value) > 20, seed  # longer than any delay of a rule
        assert not holds[-1], seed


def test_later_about_one_alarm_every_ten_minutes(plant: PlantFile) -> None:
    factory = Factory(plant, 1, STARTED)
    alarms = [speaking(factory, plant.rules, STARTED + s) for s in range(0, 7200, 5)]
    lasting = {which for before, now in pairwise(alarms) for which in before & now}
    assert 9 <= len({rule for rule, _ in lasting}) <= 12
    assert all(len(now) <= 1 for now in alarms)


def test_between_alarms_small_disturbances_of_all_kinds_come(plant: PlantFile) -> None:
    factory = Factory(plant, 1, STARTED)
    kinds = {fault.kind for s in range(3600) for fault in factory.faults(STARTED + s)}
    assert kinds == set(FaultKind)


def test_the_same_seed_and_start_bring_the_same_faults(plant: PlantFile) -> None:
    one, other = ([Factory(plant, seed, STARTED).faults(STARTED + s) for s in range(0, 3600, 30)] for seed in (1, 1))
    assert one == other
    assert one != [Factory(plant, 2, STARTED).faults(STARTED + s) for s in range(0, 3600, 30)]


def test_a_plant_without_rules_has_disturbances_and_no_alarms(plant: PlantFile) -> None:
    bare = PlantFile(types=plant.types, sites=plant.sites)
    kinds = {f.kind for s in range(3600) for f in Factory(bare, 1, STARTED).faults(STARTED + s)}
    assert kinds == set(FaultKind) - {FaultKind.DRIFT}


def test_an_empty_plant_says_nothing_and_does_not_fail() -> None:
    assert list(Factory(PlantFile(), 1, STARTED).reports(STARTED + 350)) == []


def test_ordered_faults_are_bounded_and_forgotten_when_over(plant: PlantFile) -> None:
    factory = Factory(plant, 1, STARTED)
    for number in range(MAX_ORDERED + 20):
        factory.order(Fault(factory.machines[0].path, "", FaultKind.DROP_OUT, STARTED, 10 + number))
    assert len(factory.faults(STARTED + 1)) == MAX_ORDERED
    assert factory.faults(STARTED + 1000) == [f for f in factory.faults(STARTED + 1000) if f.kind is FaultKind.DRIFT]
