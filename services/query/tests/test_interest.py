"""What a client wants: names added and taken away, whatever their order, and never more than it may hold."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from andon.common.plant import Plant, is_below
from andon.common.platform import is_platform
from andon.common.testing.machines import a_machine
from andon.query.branches import Branches, Keys
from andon.query.live.interest import Interest
from andon.query.live.messages import MAX_PATHS

from .conftest import MACHINES, OVEN, PRESS, ROBOT, nodes_above

LEDGER = a_machine("andon/platform/pipeline/ledger", id="l1")
NAMES = (
    "",
    "berlin",
    "berlin/body",
    "p1",
    ROBOT.path,
    "p1/temperature",
    f"{PRESS.path}/state",
    "lyon",
    "andon",
    "andon/platform/pipeline/ledger/state",
)


def a_plant() -> Plant:
    """Two factories, and the platform."""
    plant = Plant()
    for machine in (*MACHINES, LEDGER):
        for asset in (*nodes_above(machine), machine):
            plant.put(asset)
    return plant


def sensors(interest: Interest, branches: Branches, scope: str = "") -> set[str]:
    """Paths of the sensors that are chosen."""
    found = set()
    for name, keys in interest.choose(branches, scope)[0].items():
        machine = branches.plant.find(name)
        assert machine is not None
        found |= {sensor.path for sensor in machine.sensors if keys is None or sensor.key in keys}
    return found


def meant(name: str, plant: Plant) -> set[str]:
    """Paths of the sensors that a name stands for."""
    asset, every = plant.find(name), [s.path for m in plant.machines() for s in m.sensors]
    if not name:
        return {path for path in every if not is_platform(path)}
    if asset is None:
        found = plant.find_sensor(name)
        assert found is not None
        return {found[1].path}
    return {path for path in every if is_below(path, asset.path)}


steps = st.lists(st.tuples(st.sampled_from(("add", "remove", "replace")), st.lists(st.sampled_from(NAMES), max_size=3)))


@given(steps)
def test_the_later_name_counts(run: list[tuple[str, list[str]]]) -> None:
    plant = a_plant()
    branches, interest, expected = Branches(plant), Interest(), set[str]()
    for what, names in run:
        all_meant = set[str]().union(*(meant(name, plant) for name in names))
        if what == "replace":
            interest.replace(names)
            expected = all_meant
        elif what == "add":
            assert interest.add(names, plant) == ""
            expected |= all_meant
        else:
            assert interest.remove(names, plant) == ""
            expected -= all_meant
        assert sensors(interest, branches) == expected
        assert len(interest._steps) <= len(NAMES) + 3, "what a later name covers is forgotten"


def test_a_new_machine_below_a_name_is_heard_and_one_below_what_was_taken_away_is_not() -> None:
    plant = a_plant()
    branches, interest = Branches(plant), Interest("berlin")
    assert interest.remove(["berlin/painting"], plant) == ""
    for machine in (a_machine("berlin/body/line-1/new", id="n1"), a_machine("berlin/painting/line-1/new", id="n2")):
        plant.put(machine)
    assert set(interest.choose(branches, "")[0]) == {"p1", "n1"}


def test_a_machine_keeps_its_place_when_it_gets_another_path() -> None:
    plant = a_plant()
    branches, interest = Branches(plant), Interest(PRESS.path)
    assert set(interest.choose(branches, "")[0]) == {"p1"}
    plant.put(a_machine("lyon/heat/line-1/press-1", id="p1"))
    assert set(interest.choose(branches, "")[0]) == {"p1"}
    assert interest.remove(["lyon"], plant) == ""
    assert interest.choose(branches, "") == ({}, {})


def test_names_that_are_not_known_yet_may_be_taken_away() -> None:
    plant = a_plant()
    branches, interest = Branches(plant), Interest("berlin/soon", "o1")
    assert set(interest.choose(branches, "")[1]) == {"berlin/soon"}
    assert interest.remove(["berlin/soon", "nowhere"], plant) == ""
    assert interest.choose(branches, "") == ({OVEN.id: None}, {})


def test_more_names_than_one_may_hold_change_nothing() -> None:
    plant: Any = a_plant()
    branches, interest = Branches(plant), Interest(*(f"soon-{i}" for i in range(MAX_PATHS)))
    assert interest.add(["p1"], plant).startswith("A subscription may hold 1000 names, these would make 1001")
    assert interest.choose(branches, "")[0] == {}
    assert interest.remove(["soon-0"], plant) == ""
    assert interest.add(["p1"], plant) == ""
    assert set(interest.choose(branches, "")[0]) == {"p1"}


def test_a_name_counts_once_however_often_it_is_said() -> None:
    plant = a_plant()

    class Counted(Branches):
        asked = 0

        def select(self, name: str, scope: str) -> dict[str, Keys]:
            self.asked += 1
            return super().select(name, scope)

    branches, interest = Counted(plant), Interest()
    for say in (
        interest.replace,
        lambda names: interest.add(names, plant),
        lambda names: interest.remove(names, plant),
    ):
        say(["lyon"] * MAX_PATHS)
        branches.asked = 0
        interest.choose(branches, "")
        assert branches.asked <= 2, "a thousand times the whole plant kept the event loop from everybody"
