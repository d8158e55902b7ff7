"""Cells as values: a column means what its cells mean, and what is no value is said to be none."""

import math
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.common.formulas import guard
from andon.common.plant import Datatype
from andon.ingest.imports.values import Notation, read_values

DOT = Notation(".")
numbers = st.floats(allow_nan=False, allow_infinity=False)
words = st.text("0123456789.,+-eE naif", max_size=8) | numbers.map(str) | st.sampled_from(["", "NaN", "1e999", "-inf"])


@given(st.lists(st.none() | numbers))
def test_numbers_come_back_as_they_were(found: list[float | None]) -> None:
    texts = ["" if one is None else repr(one) for one in found]
    assert read_values(pa.array(texts, pa.string()), "float", DOT) == (found, {})
    assert read_values(pa.array(found, pa.float64()), "float", DOT) == (found, {})
    assert read_values(list(found), "float", DOT) == (found, {})
    commas = [text.replace(".", ",") for text in texts]
    assert read_values(pa.array(commas, pa.string()), "float", Notation(",")) == (found, {})


@given(st.lists(words), st.sampled_from([".", ","]))
def test_a_column_means_what_its_cells_mean(texts: list[str], decimal: str) -> None:
    assert read_values(pa.array(texts, pa.string()), "float", Notation(decimal)) == read_values(
        list(texts), "float", Notation(decimal)
    )
    for text in texts:
        assert read_values(pa.array([text], pa.string()), "float", Notation(decimal)) == read_values(
            [text], "float", Notation(decimal)
        )


@pytest.mark.parametrize(
    ("cell", "datatype", "value"),
    [
        (" 1.5 ", "float", 1.5),
        (True, "float", 1.0),
        (7, "float", 7.0),
        (math.nan, "float", None),
        ("n/a", "float", None),
        ("TRUE", "bool", True),
        ("0", "bool", False),
        (1.0, "bool", True),
        (False, "bool", False),
        (math.nan, "bool", None),
        ("null", "bool", None),
        ("RUN", "string", "RUN"),
        ("", "string", ""),
        ("nan", "string", "nan"),
        (4711.0, "string", "4711"),
        (True, "string", "true"),
    ],
)
def test_what_a_cell_is_worth(cell: Any, datatype: Datatype, value: object) -> None:
    assert read_values([cell], datatype, DOT) == ([value], {})


@pytest.mark.parametrize(
    ("cell", "datatype", "decimal", "said"),
    [
        ("hot", "float", ".", "expected a number, got 'hot'"),
        ("3,5", "float", ".", "give decimal=,"),
        ("3.5", "float", ",", "unless you give decimal=."),
        ("1.234,5", "float", ",", "expected a number"),
        ("1e999", "float", ".", "too large a number"),
        (10**400, "float", ".", "too large"),
        ("inf", "float", ".", "expected a number"),
        (math.inf, "float", ".", "infinity"),
        ("1_000", "float", ".", "expected a number"),
        ("٣", "float", ".", "expected a number"),
        ([1], "float", ".", "got a list"),
        ("perhaps", "bool", ".", "expected true or false"),
        (2, "bool", ".", "expected true or false"),
        ("x" * 300, "string", ".", "text of 300 characters"),
        (b"x", "string", ".", "expected text, got a bytes"),
    ],
)
def test_what_is_no_value_is_said_to_be_none(cell: Any, datatype: Datatype, decimal: str, said: str) -> None:
    values, wrong = read_values([cell], datatype, Notation(decimal))
    assert values == [None]
    assert said in wrong[0]
    if isinstance(cell, str):
        assert read_values(pa.array([cell]), datatype, Notation(decimal)) == (values, wrong)


@given(st.text(max_size=10) | st.sampled_from(["=1+1", "'=x", "-5", "''+", "@"]))
def test_what_is_kept_from_being_a_formula_comes_back(text: str) -> None:
    assert read_values([guard(text)], "string", Notation(guarded=True)) == ([text], {})
    assert not guard(text).startswith(("=", "+", "-", "@", "\t", "\r"))
