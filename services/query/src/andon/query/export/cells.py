"""Cells: values as CSV and JSON write them, whole columns at once. Pure."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import orjson

from andon.common.formulas import guard

if TYPE_CHECKING:
    import pyarrow as pa

_TO_QUOTE = re.compile(r'[,;"\r\n]|^$|^\s|\s$')


def csv_cells(values: "pa.Array") -> "pa.Array":
    """Cells of a CSV file (RFC 4180): numbers in the shortest form that is exactly theirs; gaps stay null."""
    return _cells(values, csv_text)


def json_cells(values: "pa.Array") -> "pa.Array":
    """Values in JSON; gaps stay null."""
    return _cells(values, json_text)


def _cells(values: "pa.Array", write: Callable[[str], str]) -> "pa.Array":
    import pyarrow as pa  # noqa: PLC0415 - 55 MB that an idle process need not have

    if not pa.types.is_string(values.type):
        return values.cast(pa.string())
    coded = values.dictionary_encode()  # states repeat
    written = pa.array([write(text) for text in coded.dictionary.to_pylist()], pa.string())
    return written.take(coded.indices)


def csv_text(text: str) -> str:
    """A text as a cell, quoted where it must be, and guarded from being a formula."""
    text = guard(text)
    return '"' + text.replace('"', '""') + '"' if _TO_QUOTE.search(text) else text


def json_text(text: str) -> str:
    """A text in JSON."""
    return orjson.dumps(text).decode()
