"""CSV, JSON and NDJSON: rows joined to lines by Arrow, and handed on as they are."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from andon.common.history.columns import Times
from andon.query.export import layout
from andon.query.export.cells import csv_cells, csv_text, json_cells, json_text
from andon.query.export.clock import iso
from andon.query.export.order import Order
from andon.query.export.slices import Slice

if TYPE_CHECKING:
    import pyarrow as pa


class CsvFile:
    """RFC 4180, UTF-8. Header `time,<sensor>,...`, or `time,sensor,value,quality`."""

    def __init__(self, order: Order) -> None:
        self._order = order

    def begin(self) -> bytes:
        """The header."""
        return (",".join(map(csv_text, layout.names(self._order))) + "\r\n").encode()

    def write(self, one: Slice) -> Iterator[bytes]:
        """Lines of a slice."""
        for times, columns in layout.rows(self._order, one, csv_cells):
            yield _bytes(_join(_join(_clock(times, self._order), *columns, between=","), "", between="\r\n"))

    def end(self) -> Iterator[bytes]:
        """Nothing."""
        return iter(())

    def close(self) -> None:
        """Nothing is held."""


class JsonFile:
    """An object for each row: an array of them, or (NDJSON) one on each line. A gap is null."""

    def __init__(self, order: Order, *, lines: bool) -> None:
        self._order, self._lines, self._rows = order, lines, False

    def begin(self) -> bytes:
        """The beginning of the array."""
        return b"" if self._lines else b"[\n"

    def write(self, one: Slice) -> Iterator[bytes]:
        """Objects of a slice."""
        for times, columns in layout.rows(self._order, one, self._cell):
            yield self._separated(_bytes(self._objects(times, columns)))

    def _cell(self, values: "pa.Array") -> "pa.Array":
        return json_cells(values)

    def _objects(self, times: Times, columns: "list[pa.Array]") -> "pa.Array":
        """Each with what stands before it: nothing on lines of their own, and otherwise the comma."""
        if self._order.layout == "long":
            sensor, value, quality = columns
            columns = [json_cells(sensor), value, json_cells(quality)]
        keys = [json_text(name) for name in layout.names(self._order)]
        parts: list[pa.Array | str] = [
            ("" if self._lines else ",\n") + "{" + keys[0] + ':"',
            _clock(times, self._order),
            '"',
        ]
        for key, column in zip(keys[1:], columns, strict=True):
            parts += [f",{key}:", column]
        return _join(*parts, "}\n" if self._lines else "}", between="", gap="null")

    def _separated(self, objects: bytes) -> bytes:
        first, self._rows = not self._rows, True
        return objects[2:] if first and not self._lines else objects

    def end(self) -> Iterator[bytes]:
        """The end of the array."""
        return iter(() if self._lines else (b"\n]\n",))

    def close(self) -> None:
        """Nothing is held."""


def _clock(times: Times, order: Order) -> "pa.Array":
    import pyarrow as pa  # noqa: PLC0415 - 55 MB that an idle process need not have

    text = iso(times, order.zone)
    ends = np.arange(len(text) + 1, dtype=np.int32) * text.shape[1]
    return pa.StringArray.from_buffers(len(text), pa.py_buffer(ends), pa.py_buffer(text))


def _join(*parts: "pa.Array | str", between: str, gap: str = "") -> "pa.Array":
    """Row by row one text of all parts."""
    import pyarrow.compute as pc  # noqa: PLC0415

    return pc.binary_join_element_wise(*parts, between, null_handling="replace", null_replacement=gap)


def _bytes(texts: "pa.Array") -> bytes:
    """All texts one after the other, as they lie in memory."""
    ends = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + len(texts) + 1]
    found: bytes = texts.buffers()[2][ends[0] : ends[-1]].to_pybytes()
    return found
