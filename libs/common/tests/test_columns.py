"""Expressions over columns compute what they compute over single values."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from andon.common.expression import FLOATS, evaluate, parse
from andon.common.expression.columns import COLUMNS

NUMBERS = st.one_of(
    st.just(math.nan), st.sampled_from([0.0, 1.0, -1.0, 0.5, 2.5, 1e308, -1e308, 1e-320]), st.floats(-1e9, 1e9)
)
EXACT = [
    *(
        "a + b * c",
        "a - b / c",
        "a % b",
        "-a",
        "a < b",
        "a <= b or a > c",
        "a == b and b != c",
        "not a",
        "a if b else c",
    ),
    *(
        "abs(a)",
        "min(a, b, c)",
        "max(a, 2)",
        "round(a)",
        "round(a, 3)",
        "sqrt(a)",
        "clamp(a, b, c)",
        "a and b or not c",
        "1 / 0",
    ),
    *(
        'x == "RUN"',
        'x != "RUN" and a',
        'a if x == "RUN" else b / 0',
        "sum('../*/p')",
        "mean('../*/p')",
        "min('../*/p')",
    ),
    *("max('../*/p')", "count('../*/p') + a", "0 if a == 0 else b / a"),
]
NEARLY = ["a ** b", "exp(a)", "log(a)", "sin(a)", "cos(a)", "a ** 0.5", "9 ** 9 ** 9"]
ROWS = st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS, st.sampled_from(["RUN", "STOP", None])), min_size=1, max_size=8)


@settings(deadline=None)
@given(st.sampled_from(EXACT + NEARLY), ROWS)
def test_columns_compute_what_floats_compute(text: str, rows: list[tuple[float, float, float, str | None]]) -> None:
    tree = parse(text)
    columns: dict[str, Any] = {key: np.array([row[n] for row in rows]) for n, key in enumerate("abc")}
    columns["x"] = np.array([row[3] for row in rows], np.object_)
    columns["../*/p"] = [columns[key] for key in "abc"]
    together = np.broadcast_to(evaluate(tree, COLUMNS, lambda node: columns[node.path]), len(rows))
    for number, row in enumerate(rows):
        one: dict[str, Any] = {"a": row[0], "b": row[1], "c": row[2], "x": row[3] or math.nan, "../*/p": list(row[:3])}
        alone = evaluate(tree, FLOATS, lambda node, one=one: one[node.path])
        rel = 1e-12 if text in NEARLY else 0
        assert together[number] == pytest.approx(alone, rel=rel, abs=0, nan_ok=True), (text, row)
