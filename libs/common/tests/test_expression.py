"""Expressions: they mean what Python means by them, and nothing hostile gets further than parse."""

import math
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from andon.common.errors import InvalidError
from andon.common.expression import FLOATS, Place, Several, datatype_of, evaluate, inputs, parse, place
from andon.common.expression.parse import MAX_DEPTH, MAX_LENGTH, MAX_NODES

MACHINE = "berlin/painting/line-1/robot-3"
VALUES: dict[str, Any] = {
    "torque": 191.0,
    "speed": 100.0,
    "running": 1.0,
    "state": "RUN",
    "oil-temp": 40.0,
    "none": math.nan,
}


def value(text: str, **values: Any) -> float:
    found = {**VALUES, **values}
    return float(evaluate(parse(text), FLOATS, lambda node: found[node.path]))


def refusal(text: str) -> str:
    with pytest.raises(InvalidError) as refused:
        parse(text)
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("torque * speed / 9550", 2.0),
        ("-2 ** 2", -4.0),
        ("2 ** -1", 0.5),
        ("7 % 4 - 1", 2.0),
        ("1 - 2 - 3", -4.0),
        ("2 ** 3 ** 2", 512.0),
        ("'oil-temp' + .5", 40.5),
        ('torque if state == "RUN" else 0', 191.0),
        ('torque if state != "RUN" else 0', 0.0),
        ('"RUN" == state', 1.0),
        ("running * torque", 191.0),
        ("not running or speed >= 100 and torque > 3", 1.0),
        ("clamp(speed, 0, 50)", 50.0),
        ("max(speed, torque, 3) + min(1, 2)", 192.0),
        ("round(torque / 9, 1)", 21.2),
        ("round(2.5) + round(3.5)", 6.0),
        ("abs(-3) + sqrt(16) + exp(0) + log(1) + sin(0) + cos(0)", 9.0),
        ("  torque\n  + 1 ", 192.0),
        ("1 if none else 2 if running else 3", math.nan),
    ],
)
def test_it_means_what_it_says(text: str, expected: float) -> None:
    assert value(text) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    "text",
    [
        *("1 / 0", "0 % 0", "9 ** 9 ** 9", "1e308 * 10", "log(0)", "log(-1)", "sqrt(-1)", "(-8) ** 0.5", "0 ** -1"),
        *(
            "exp(1000)",
            "none + 1",
            "none == none",
            "none if running else 1",
            "max(none, 1)",
            "none ** 0",
            "running and none",
        ),
    ],
)
def test_what_has_no_answer_has_no_value(text: str) -> None:
    assert math.isnan(value(text))


def test_and_or_and_if_need_no_more_than_they_must() -> None:
    assert value("speed > 0 and torque / speed > 2", speed=0.0) == 0.0
    assert value("torque / speed > 2 and speed > 0", speed=0.0) == 0.0
    assert value("running or none") == 1.0
    assert value("0 if speed == 0 else torque / speed", speed=0.0) == 0.0


def test_aggregates_take_those_that_have_said_something() -> None:
    some = [1.0, math.nan, 5.0]
    found = {
        name: value(f"{name}('../*/power')", **{"../*/power": some}) for name in ("sum", "mean", "min", "max", "count")
    }
    assert found == {"sum": 6.0, "mean": 3.0, "min": 1.0, "max": 5.0, "count": 2.0}
    assert math.isnan(value("count('../*/power')", **{"../*/power": [math.nan]}))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "character 1: there is nothing in it"),
        ("torque * * 2", "character 10: a number, a sensor or a function is expected, not '*'"),
        ("(torque", "character 8: the ( at character 1 is not closed"),
        ("torque speed", "character 8: 'speed' is not expected here; is an operator missing?"),
        ("torque = 1", "character 8: write == to compare"),
        ("1 < speed < 3", "character 11: compare two at a time"),
        ("1 if speed", "character 11: 'if' needs an 'else'"),
        ("'RUN' == state", "character 1: 'RUN' is no sensor; a text stands in double quotes"),
        ('"RUN"', "character 1: a text is only compared"),
        ('"RUN" + 1', "a text is only compared"),
        ('state > "RUN"', "character 7: a text is compared with a sensor, by == or !="),
        ('"a" == "b"', "a text is compared with a sensor"),
        ('state == "RUN', 'character 10: the " that opens here is not closed'),
        ("foo(1)", "character 1: there is no function 'foo'; there are abs, clamp"),
        ("sqrt()", "character 6: sqrt needs a value"),
        ("clamp(1, 2)", "character 1: clamp takes 3 values, not 2"),
        ("round(torque, speed)", "round takes a value and a number of digits from 0 to 10"),
        ("sum(torque)", "sum takes sensors of several machines: sum('../*/power')"),
        ("abs('../*/power') + sum('../*/power')", "character 5: a path with * stands alone in sum, mean"),
        ("'../*/power' + 1", "character 1: a path with * stands alone in sum, mean"),
        ("'../power'", "leads to no machine; write '../robot-3/power', or 'site/area/line/machine/key'"),
        ("'line-1/robot-3/power'", "leads to no machine"),
        ("'../../../../../x/power'", "leads to no machine"),
        ("sum('../*/*')", "does not end with the key of a sensor"),
        ("'../Robot/power'", "'Robot' is no name of a node"),
        ("2nd", "character 1: a number runs into a name"),
        ("1e999", "character 1: this number is too large"),
        ("Torque", "character 1: names are a-z, 0-9 and _"),
        ("torque.real", "character 7: '.' has no meaning here"),
        ("torque[0]", "character 7: '[' has no meaning here"),
        ("__import__('os')", "character 1: names are"),
        ("(lambda: 1)()", "character 8: "),
        ("[x for x in y]", "character 1: '[' has no meaning here"),
        ("x := 1", "character 3: ':' has no meaning here"),
        ("exec('x')", "there is no function 'exec'"),
        ("torque\\", "character 7: '\\\\' has no meaning here"),
        ("torque\x00", "has no meaning here"),
        ("t\u0131me", "character 2: names are a-z"),
        ("1+" * 600 + "1", f"an expression may have {MAX_LENGTH} characters, this one has 1201"),
        ("1+" * MAX_NODES + "1", f"more than {MAX_NODES} values and operators"),
        ("(" * (MAX_DEPTH + 1) + "1" + ")" * (MAX_DEPTH + 1), f"nested more than {MAX_DEPTH} deep"),
        ("-" * 900 + "1", f"nested more than {MAX_DEPTH} deep"),
        ("not " * 200 + "1", f"nested more than {MAX_DEPTH} deep"),
        ("2" + "**2" * 100, f"nested more than {MAX_DEPTH} deep"),
        ("1 if 1 else " * 60 + "1", f"nested more than {MAX_DEPTH} deep"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, why: str) -> None:
    assert why in refusal(text)
    assert refusal(text).startswith("expression, character ")


def test_paths_are_read_from_the_machine_on() -> None:
    assert place("power", MACHINE).path == f"{MACHINE}/power"
    assert place("../robot-4/power", MACHINE).path == "berlin/painting/line-1/robot-4/power"
    assert place("../../line-2/robot-4/power", MACHINE).path == "berlin/painting/line-2/robot-4/power"
    assert place("lyon/heat/line-1/oven-1/gas", MACHINE).path == "lyon/heat/line-1/oven-1/gas"
    whole_area = place("../../*/*/power", MACHINE)
    assert whole_area == Place(("berlin", "painting", "*", "*"), "power")
    assert whole_area.below == "berlin/painting"
    assert whole_area.fits("berlin/painting/line-9/x")
    assert not whole_area.fits("berlin/pressing/line-9/x")
    assert not whole_area.fits("berlin/painting/line-9")
    assert [node.path for node in inputs(parse("a + sum('../*/b') if '../r/c' == \"d\" else 1"))] == [
        "../r/c",
        "a",
        "../*/b",
    ]


def test_a_text_is_no_number_and_a_comparison_is_true_or_false() -> None:
    kinds = {"torque": "float", "running": "bool", "state": "string"}

    def kind(text: str) -> str | None:
        return datatype_of(parse(text), kinds.get)  # type: ignore[arg-type] # these are datatypes

    assert [kind(t) for t in ("torque + 1", "torque > 1", "not torque", "running", "running + 0")] == [
        *("float", "bool", "bool", "bool", "float")
    ]
    assert kind('running if state == "RUN" else torque > 1') == "bool"
    assert kind("running if torque else torque") == "float"
    assert kind("'../r/later'") is None
    with pytest.raises(InvalidError, match=r"'state' is a text, which is only compared"):
        kind("state * 2")
    with pytest.raises(InvalidError, match="'torque' is no text"):
        kind('torque == "RUN"')


NAMES = ("a", "b", "c")


def _binary(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    signs = st.sampled_from(["+", "-", "*", "/", "%", "<", "<=", ">", ">=", "==", "!="])
    return st.one_of(
        st.tuples(parts, signs, parts).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(parts, signs, parts, signs, parts).map(
            lambda t: (
                f"({' '.join(t)})"
                if not {t[1], t[3]} & {"<", "<=", ">", ">=", "==", "!="}
                else f"({t[0]} {t[1]} {t[2]})"
            )
        ),
        st.tuples(parts, parts, parts).map(lambda t: f"({t[0]} if {t[1]} else {t[2]})"),
        st.tuples(st.sampled_from(["abs", "-", "+"]), parts).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(st.sampled_from(["min", "max"]), parts, parts).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
        st.tuples(parts, st.sampled_from(["**2", "**3"])).map(lambda t: f"{t[0]}{t[1]}"),
    )


MEASURED = st.floats(-1e6, 1e6).map(lambda value: round(value, 3))
"""None is so small that only a division by it overflows."""
NUMBERS = MEASURED.map(abs).map(repr)
TEXTS = st.recursive(st.one_of(NUMBERS, st.sampled_from(NAMES)), _binary, max_leaves=12)


@given(TEXTS, st.lists(MEASURED, min_size=3, max_size=3))
def test_it_computes_what_python_computes(text: str, values: list[float]) -> None:
    found = dict(zip(NAMES, values, strict=True))
    assume(text.count("(") <= MAX_DEPTH)
    ours = evaluate(parse(text), FLOATS, lambda node: found[node.path])
    try:
        theirs = float(eval(text, {"__builtins__": {}}, {**found, "abs": abs, "min": min, "max": max}))  # noqa: S307 - the oracle
    except ArithmeticError:
        return  # where Python gives up, there may still be an answer: of a branch that was not taken
    overflown = "**" in text and math.isnan(ours)
    assert overflown or ours == pytest.approx(theirs, rel=1e-12)


WORDS = ["torque", "'../r/p'", "'../*/p'", '"RUN"', "if", "else", "and", "not", "sum", "lambda", "1e9", "\x00", "é"]
WORDS += [*"(),-.[:'\\\n", "**", "==", '"']


@given(st.one_of(st.text(max_size=1200), st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join)))
def test_whatever_is_written_is_a_tree_or_a_sentence(text: str) -> None:
    try:
        tree = parse(text)
    except InvalidError as error:
        sentence = str(error)
    else:
        assert all(place(node.path, MACHINE).key for node in inputs(tree))
        found = evaluate(tree, FLOATS, lambda node: [2.0] if isinstance(node, Several) else 2.0)
        sentence = f"expression, character 1: {found:g}"
    assert sentence.startswith("expression, character ")
