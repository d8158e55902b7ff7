"""Rules may not suppress each other in a circle, and a parent reaches as far around a machine as it says."""

import pytest

from andon.alerting.alarm.parents import part_of, parts_of, refuse_circles
from andon.common.errors import InvalidError

ROBOT = "berlin/painting/line-1/robot-3"


def test_a_tree_of_parents_is_no_circle() -> None:
    refuse_circles({"drive": "power", "hot": "drive", "slow": "drive"})
    refuse_circles({"hot": "gone"})


@pytest.mark.parametrize("names", ["a", "ab", "abc"])
def test_a_circle_is_refused_and_named(names: str) -> None:
    parents = dict(zip(names, names[1:] + names[0], strict=True))
    with pytest.raises(InvalidError, match=" < ".join(names + names[0])):
        refuse_circles(parents | {"z": "a"})


def test_the_part_of_the_plant_around_a_machine() -> None:
    assert part_of(ROBOT, "machine") == ROBOT
    assert part_of(ROBOT, "line") == "berlin/painting/line-1"
    assert part_of(ROBOT, "area") == "berlin/painting"
    assert part_of(ROBOT, "site") == "berlin"
    assert parts_of("berlin/oven") == ["berlin", "berlin/oven"]
