"""Values: cells as samples of a sensor's datatype. Pure.

`_number`, `_boolean` and `_text` say what a cell means; for whole columns of numbers Arrow does the same, faster.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from andon.common.formulas import unguard
from andon.common.plant import Datatype
from andon.common.reading import Value
from andon.ingest.decode import MAX_TEXT
from andon.ingest.imports.moments import SHOWN, Column, cells

EMPTY = frozenset({"", "nan", "-nan", "null", "none", "na", "n/a"})
"""What programs write where nothing was measured; in texts none of them is nothing."""
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_WORDS = {"true": True, "false": False, "1": True, "0": False, "1.0": True, "0.0": False}


class NoValueError(ValueError):
    """A cell is no value of its sensor; says why."""


@dataclass(frozen=True)
class Notation:
    """How a file writes values. decimal: the mark in numbers. guarded: texts may have an apostrophe (`formulas.py`)."""

    decimal: str = "."
    guarded: bool = False


def read_values(column: Column, datatype: Datatype, notation: Notation) -> tuple[list[Value | None], dict[int, str]]:
    """Values of a column, None where there is none; and why not, by index, where the cell is not empty."""
    if datatype == "float" and not isinstance(column, list):
        found = _fast_numbers(column, notation.decimal)
        if found is not None:
            return found, {}
    value_of = _MEANINGS[datatype]
    values: list[Value | None] = []
    wrong: dict[int, str] = {}
    for index, written in enumerate(cells(column)):
        cell = unguard(written) if notation.guarded and isinstance(written, str) else written
        try:
            values.append(None if cell is None else value_of(cell, notation.decimal))
        except (NoValueError, OverflowError) as error:
            values.append(None)
            wrong[index] = str(error)
    return values, wrong


def _fast_numbers(column: Column, decimal: str) -> list[Value | None] | None:
    """Numbers of a column in which every cell is one, or empty; None where that is not so."""
    import pyarrow as pa  # noqa: PLC0415 - large, and only who imports needs it
    import pyarrow.compute as pc  # noqa: PLC0415

    if pa.types.is_string(column.type):  # type: ignore[union-attr]
        if decimal == ",":
            if pc.any(pc.match_substring(column, ".")).as_py():
                return None
            column = pc.replace_substring(column, ",", ".")
        empty = pc.equal(column, "")
        if pc.any(empty).as_py():
            column = pc.if_else(empty, None, column)
    elif not (pa.types.is_floating(column.type) or pa.types.is_integer(column.type)):  # type: ignore[union-attr]
        return None
    try:
        numbers = pc.cast(column, pa.float64(), safe=False)
    except pa.ArrowInvalid:
        return None
    if not pc.all(pc.is_finite(numbers)).as_py():
        if pc.any(pc.is_inf(numbers)).as_py():
            return None
        numbers = pc.if_else(pc.is_nan(numbers), None, numbers)
    found: list[Value | None] = numbers.to_pylist()
    return found


def _number(cell: object, decimal: str) -> Value | None:
    if isinstance(cell, str):
        return _number_of_text(cell.strip(), decimal)
    if isinstance(cell, bool | int | float | Decimal):
        number = float(cell)
        if math.isinf(number):
            raise NoValueError("infinity is no value that can be kept")
        return None if math.isnan(number) else number
    raise NoValueError(f"expected a number, got {shown(cell)}")


def _number_of_text(text: str, decimal: str) -> Value | None:
    if text.lower() in EMPTY:
        return None
    plain = text.replace(",", ".") if decimal == "," else text
    if not _NUMBER.fullmatch(plain) or (decimal == "," and "." in text):
        raise NoValueError(f"expected a number, got {shown(text)}{_advice(text, decimal)}")
    number = float(plain)
    if math.isinf(number):
        raise NoValueError(f"{shown(text)} is too large a number to keep")
    return number


def _advice(text: str, decimal: str) -> str:
    if text.count(",") == 1 and decimal != "," and _NUMBER.fullmatch(text.replace(",", ".")):
        return "; if the comma is the decimal mark, give decimal=,"
    if decimal == "," and _NUMBER.fullmatch(text):
        return "; the file's decimal mark is the comma, unless you give decimal=."
    return ""


def _boolean(cell: object, _: str) -> Value | None:
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, int | float) and cell in (0, 1):
        return bool(cell)
    if isinstance(cell, float) and math.isnan(cell):
        return None
    word = cell.strip().lower() if isinstance(cell, str) else ""
    if word in _WORDS:
        return _WORDS[word]
    if isinstance(cell, str) and word in EMPTY:
        return None
    raise NoValueError(f"expected true or false, got {shown(cell)}")


def _text(cell: object, _: str) -> Value | None:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        cell = int(cell)  # a part number in a workbook
    if not isinstance(cell, str | int | float):
        raise NoValueError(f"expected text, got {shown(cell)}")
    if isinstance(cell, bool):
        return "true" if cell else "false"
    text = str(cell)
    if len(text) > MAX_TEXT:
        raise NoValueError(f"text of {len(text)} characters; at most {MAX_TEXT}")
    if isinstance(cell, float) and math.isnan(cell):
        return None
    return text


_MEANINGS: dict[Datatype, Callable[[object, str], Value | None]] = {
    "float": _number,
    "bool": _boolean,
    "string": _text,
}


def shown(cell: object) -> str:
    """A cell in a sentence: the first of it."""
    return f"'{str(cell)[:SHOWN]}'" if isinstance(cell, str | int | float | bool) else f"a {type(cell).__name__}"
