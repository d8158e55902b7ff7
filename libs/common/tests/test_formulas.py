"""Formulas: which sensors a calculated one follows from, in which order, and which can never be calculated."""

from andon.common.expression import Formula, formulas
from andon.common.expression.formulas import LONGEST_CIRCLE, MOST_INPUTS, MOST_SUMMED
from andon.common.plant import Asset, Sensor

LINE = "berlin/painting/line-1"


def machine(path: str, *sensors: str, **calculated: str) -> Asset:
    """A machine whose id is its last slug."""
    measured = [Sensor(key, f"{path}/{key}") for key in sensors]
    made = [Sensor(key, f"{path}/{key}", expression=text) for key, text in calculated.items()]
    slug = path.rpartition("/")[2]
    return Asset(id=slug, path=path, kind="machine", slug=slug, name=slug, sensors=(*measured, *made))


def named(found: list[Formula]) -> list[str]:
    return [f"{formula.machine.slug}/{formula.sensor.key}" for formula in found]


def test_each_stands_behind_those_it_follows_from() -> None:
    meter = machine(f"{LINE}/meter", power="sum('../*/power')", cost="power * price", price="'../clock/price' * 2")
    robots = [machine(f"{LINE}/robot-{n}", "torque", "speed", power="torque * speed") for n in (1, 2)]
    found, wrong = formulas([meter, *robots, machine("berlin/pressing/line-1/press-1", "power")])
    assert wrong == {}
    assert set(named(found)) == {"meter/power", "meter/cost", "meter/price", "robot-1/power", "robot-2/power"}
    place = {name: number for number, name in enumerate(named(found))}
    assert place["robot-2/power"] < place["meter/power"] < place["meter/cost"] > place["meter/price"]
    by_name = dict(zip(named(found), found, strict=True))
    assert by_name["meter/power"].names == {("robot-1", "power"), ("robot-2", "power")}  # not itself
    assert [by_name[name].local for name in ("robot-1/power", "meter/power", "meter/cost")] == [True, False, True]
    assert by_name["meter/price"].missing == ["../clock/price"]


def test_a_circle_stops_those_in_it_and_behind_it_alone() -> None:
    found, wrong = formulas([machine(f"{LINE}/m", "x", a="b + x", b="c", c="a", behind="a", good="x")])
    assert named(found) == ["m/good"]
    assert set(wrong) == {f"{LINE}/m/{key}" for key in ("a", "b", "c", "behind")}
    assert wrong[f"{LINE}/m/behind"] == (
        f"'{LINE}/m/behind' would follow from itself: {LINE}/m/a <- {LINE}/m/b <- {LINE}/m/c <- {LINE}/m/a"
    )


def test_one_that_is_wrong_leaves_the_others_alone() -> None:
    robot = machine(f"{LINE}/m", "x", bad="x +", none="1", text="'../t/state' + 1", good="x")
    state = Sensor("state", f"{LINE}/t/state", datatype="string")
    many = [
        machine(f"lyon/{area}/l-{line}/m{n}", "y")
        for area in "ab"
        for line in range(2)
        for n in range(MOST_INPUTS // 4)
    ]
    texts = Asset(id="t", path=f"{LINE}/t", kind="machine", slug="t", name="t", sensors=(state,))
    total = machine("lyon/a/l-0/total", all="sum('lyon/*/*/*/y')")
    found, wrong = formulas([robot, texts, *many, total])
    assert named(found) == ["m/good", "total/all"]
    assert sorted(path.rpartition("/")[2] for path in wrong) == ["bad", "none", "text"]
    found, wrong = formulas([*many, total, machine("lyon/a/l-9/one-more", "y")])
    assert (found, list(wrong)) == ([], ["lyon/a/l-0/total/all"])
    assert f"it follows from {MOST_INPUTS + 1} sensors; {MOST_INPUTS} are allowed" in wrong["lyon/a/l-0/total/all"]


def test_a_circle_of_thousands_is_told_in_few_words_to_each() -> None:
    around = [machine(f"{LINE}/m{n}", x=f"'../m{(n + 1) % 5000}/x'") for n in range(5000)]
    found, wrong = formulas(around)
    assert (found, len(wrong)) == ([], 5000)
    assert all(told.count(" <- ") == LONGEST_CIRCLE and told.endswith(" <- ...") for told in wrong.values())
    assert wrong[f"{LINE}/m7/x"].startswith(f"'{LINE}/m7/x' would follow from itself: {LINE}/m7/x <- {LINE}/m8/x <- ")


def test_sums_of_sums_grow_no_further_than_a_plant_can_bear() -> None:
    found, wrong = formulas(
        [machine(f"{LINE}/m{n}", "y", x="sum('../*/y')", double="y * 2") for n in range(MOST_INPUTS)]
    )
    assert len([formula for formula in found if formula.sensor.key == "double"]) == MOST_INPUTS
    assert sum(len(formula.names) for formula in found) <= MOST_SUMMED + MOST_INPUTS * 2
    assert 0 < len(wrong) == MOST_INPUTS - (len(found) - MOST_INPUTS) < MOST_INPUTS
    assert all("more than 1,000,000 sensors together" in told for told in wrong.values())
