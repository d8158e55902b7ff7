"""Answers of InfluxDB as numpy arrays: years of samples without a Python object for each.

InfluxDB 1.x and 2.x send msgpack, in which a row of times and numbers has always the same width, so that all rows are
one array of bytes; what is of another form (gaps, texts, counts), and JSON, is decoded the ordinary way.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec
import numpy as np
import numpy.typing as npt
import orjson

from andon.common.errors import InvalidError, UnavailableError
from andon.common.garbage import unsearched
from andon.common.influx import Answer, is_missing
from andon.common.reading import Value

Times: TypeAlias = npt.NDArray[np.int64]
"""UTC nanoseconds."""
Floats: TypeAlias = npt.NDArray[np.float64]
"""NaN where there is no value."""
Objects: TypeAlias = npt.NDArray[np.object_]
"""Texts and switches; None where there is no value."""

_VALUES = b"\xa6values"
_EMPTY = b"\x90"
_INT64, _FLOAT64 = 0xD3, 0xCB
_TIME_BYTES = _FLOAT_BYTES = 9
"""A type byte and eight of the value, the highest first."""


class CutShortError(InvalidError):
    """InfluxDB has more rows than it hands out at once (`max-row-limit`); what came is not all."""


@dataclass(frozen=True)
class Columns:
    """One series of an answer: its tags, the times of its rows, and a column for each field asked for."""

    tags: dict[str, str]
    times: Times
    fields: dict[str, Floats | Objects]

    def __len__(self) -> int:
        return len(self.times)

    def part(self, chosen: slice | npt.NDArray[np.intp]) -> "Columns":
        """Some of the rows."""
        return Columns(self.tags, self.times[chosen], {name: values[chosen] for name, values in self.fields.items()})

    def numbers(self, name: str) -> Floats:
        """A column of numbers; all NaN where InfluxDB knows no such field."""
        found = self.fields.get(name)
        if found is None:
            return np.full(len(self.times), np.nan)
        return found.astype(np.float64)


def as_value(value: Any) -> Value:
    """A value of an answer: JSON does not tell 9 from 9.0, and a column has numpy's; Andon's numbers are floats."""
    return value if isinstance(value, bool | str) else float(value)


def decode(answer: Answer) -> list[Columns]:
    """The series of the only statement of an answer; none where there is no such database or measurement.

    Raises:
        UnavailableError: InfluxDB refused the statement, or answered something else.
        CutShortError: there are more rows than InfluxDB hands out.
    """
    with unsearched():  # a hundred thousand rows are as many lists
        if answer.packed:
            head, cut = _cut(answer.body)
            found = _series(_unpack(head))
            if len(found) != len(cut):  # a name that looks like a key of the answer: nothing is what it seems
                found, cut = _series(_unpack(answer.body)), [None] * len(found)
        else:
            found = _series(_loads(answer.body))
            cut = [None] * len(found)
        return [_columns(raw, matrix) for raw, matrix in zip(found, cut, strict=True)]


def _unpack(body: bytes) -> Any:
    try:
        return msgspec.msgpack.decode(body)
    except msgspec.DecodeError as error:
        raise UnavailableError(f"InfluxDB's answer cannot be read: {error}") from error


def _loads(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise UnavailableError(f"InfluxDB's answer cannot be read: {error}") from error


def _series(answer: Any) -> list[dict[str, Any]]:
    """Series of the first result."""
    try:
        result = answer["results"][0]
        why = result.get("error", "")
        found = result.get("series", [])
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise UnavailableError(f"What answers is no InfluxDB: {error}") from error
    if why and not is_missing(why):
        raise UnavailableError(f"InfluxDB refused a query: {why}")
    if result.get("partial"):  # that of a series says only that it came in several pieces
        raise CutShortError("There are more rows than InfluxDB hands out at once; ask for a shorter range")
    return list(found)


def _cut(body: bytes) -> tuple[bytes, list[npt.NDArray[np.uint8] | None]]:
    """The answer without those rows that are one array of bytes, and these rows, series by series."""
    parts: list[bytes] = []
    cut: list[npt.NDArray[np.uint8] | None] = []
    done, at = 0, body.find(_VALUES)
    while at >= 0:
        begin = at + len(_VALUES)
        rows, end = _matrix(body, begin)
        cut.append(rows)
        if rows is not None:
            parts += (body[done:begin], _EMPTY)
            done = end
        at = body.find(_VALUES, max(end, begin))
    return b"".join((*parts, body[done:])), cut


def _matrix(body: bytes, at: int) -> tuple[npt.NDArray[np.uint8] | None, int]:
    """Rows that begin here with the header of their array, if all have one width; and where they end."""
    count, at = _length(body, at, 0xDC, 0xDD)
    columns, first = _length(body, at, 0xDC, 0xDD)
    if count < 1 or columns < 1:
        return None, at
    head = first - at
    width = head + _TIME_BYTES + (columns - 1) * _FLOAT_BYTES
    end = at + count * width
    if end > len(body):
        return None, at
    rows = np.frombuffer(body, np.uint8, count * width, at).reshape(count, width)
    types = [head + _TIME_BYTES * column for column in range(columns)]
    expected = bytes([_INT64] + [_FLOAT64] * (columns - 1))
    if not (rows[:, types] == np.frombuffer(expected, np.uint8)).all() or not (rows[:, :head] == rows[0, :head]).all():
        return None, at
    return rows, end


def _length(body: bytes, at: int, short: int, long: int) -> tuple[int, int]:
    """How many items the array has whose header stands here, and where they begin; -1 where there is no array."""
    mark = body[at] if at < len(body) else 0
    if mark & 0xF0 == 0x90:
        return mark & 0x0F, at + 1
    if mark == short:
        return int.from_bytes(body[at + 1 : at + 3], "big"), at + 3
    if mark == long:
        return int.from_bytes(body[at + 1 : at + 5], "big"), at + 5
    return -1, at


def _columns(raw: dict[str, Any], rows: npt.NDArray[np.uint8] | None) -> Columns:
    names, tags = raw["columns"][1:], raw.get("tags") or {}
    if rows is None:
        return _from_lists(names, tags, raw.get("values") or [])
    head = rows.shape[1] - _TIME_BYTES - len(names) * _FLOAT_BYTES + 1
    times = np.ascontiguousarray(rows[:, head : head + 8]).view(">i8").ravel().astype(np.int64)
    fields: dict[str, Floats | Objects] = {}
    for index, name in enumerate(names):
        at = head + _TIME_BYTES + index * _FLOAT_BYTES
        fields[name] = np.ascontiguousarray(rows[:, at : at + 8]).view(">f8").ravel().astype(np.float64)
    return Columns(tags, times, fields)


def _from_lists(names: list[str], tags: dict[str, str], rows: list[list[Any]]) -> Columns:
    columns = list(zip(*rows, strict=True)) or [()] * (len(names) + 1)
    fields = {name: _array(values) for name, values in zip(names, columns[1:], strict=True)}
    return Columns(tags, np.array(columns[0], np.int64), fields)


def _array(values: tuple[Any, ...]) -> Floats | Objects:
    if any(isinstance(value, (str, bool)) for value in values):
        found: Objects = np.empty(len(values), np.object_)
        found[:] = values
        return found
    return np.array([np.nan if value is None else value for value in values], np.float64)
