"""XLSX: a workbook on disk, row by row; sent when it is complete, for its beginning is written last."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from typing_extensions import override

from andon.common.errors import InvalidError
from andon.common.history.columns import Times
from andon.common.reading import NS_PER_MS, NS_PER_S
from andon.query.export import layout
from andon.query.export.about import about
from andon.query.export.cells import json_cells
from andon.query.export.clock import offsets
from andon.query.export.order import Order
from andon.query.export.room import require_room, size
from andon.query.export.slices import Slice

if TYPE_CHECKING:
    import pyarrow as pa

SHEET_ROWS = 1_048_576
"""Of one sheet; Excel has no more."""
MOST_CELLS = 10_000_000
"""Of one workbook: more than any spreadsheet opens."""
PIECE = 2**18
"""Bytes read from the finished workbook at once."""
DATE = "yyyy-mm-dd hh:mm:ss.000"
_EXCEL_1970 = 25_569
_MS_PER_DAY = 86_400_000


class Exact(float):
    """A number that is written with all its digits; xlsxwriter would leave out the last of 17."""

    @override
    def __format__(self, spec: str) -> str:
        return float.__repr__(self)


class XlsxFile:
    """Sheets `data`, `data 2`, ... of as many rows as fit, and `about`. Times are dates on the order's clock."""

    def __init__(self, order: Order, folder: Path) -> None:
        import xlsxwriter  # noqa: PLC0415 - 8 MB that an idle process need not have

        self._order, self._cells, self._sheets = order, 0, 0
        self._exports, self._folder = folder, tempfile.TemporaryDirectory(dir=folder)
        self._path = Path(self._folder.name) / "export.xlsx"
        self._book = xlsxwriter.Workbook(self._path, {"constant_memory": True, "tmpdir": self._folder.name})
        self._date = self._book.add_format({"num_format": DATE, "align": "left"})
        self._bold = self._book.add_format({"bold": True})
        self._open_sheet()

    def _open_sheet(self) -> None:
        self._sheets += 1
        self._sheet = self._book.add_worksheet("data" if self._sheets == 1 else f"data {self._sheets}")
        self._sheet.freeze_panes(1, 1)
        self._sheet.set_column(0, 0, 24)
        names = layout.names(self._order)
        self._sheet.set_column(1, len(names) - 1, 40 if self._order.layout == "long" else 18)
        for column, name in enumerate(names):
            self._sheet.write_string(0, column, name, self._bold)
        self._row = 1

    def begin(self) -> bytes:
        """Nothing yet."""
        return b""

    def write(self, one: Slice) -> Iterator[bytes]:
        """Nothing yet.

        Raises:
            InvalidError: this would be more than a workbook can reasonably hold. TooLargeError: the disk has no room.
        """
        for times, columns in layout.rows(self._order, one, json_cells):
            self._cells += len(times) * (len(columns) + 1)
            if self._cells > MOST_CELLS:
                raise InvalidError(
                    f"That is more than {MOST_CELLS:,} cells, too many for a workbook; "
                    "ask for format=csv or parquet, a shorter range, or an agg and a bucket"
                )
            self._write_rows(times, columns)
            require_room(self._exports, more=size(Path(self._folder.name)))  # to put it together takes as much again
            yield b""

    def _write_rows(self, times: Times, columns: "list[pa.Array]") -> None:
        if self._order.layout == "long":
            lists = [columns[0].to_pylist(), _values(columns[1]), columns[2].to_pylist()]
        else:
            lists = [_values(column) for column in columns]
        for serial, *values in zip(self._serials(times), *lists, strict=True):
            if self._row == SHEET_ROWS:
                self._open_sheet()
            self._sheet.write_number(self._row, 0, serial, self._date)
            for column, value in enumerate(values, 1):
                if isinstance(value, str):
                    self._sheet.write_string(self._row, column, value)  # never a formula, whatever it begins with
                elif isinstance(value, bool):
                    self._sheet.write_boolean(self._row, column, value)
                elif value is not None:
                    self._sheet.write_number(self._row, column, Exact(value))
            self._row += 1

    def _serials(self, times: Times) -> list[float]:
        """Excel's days since 1900, to the millisecond."""
        local = times // NS_PER_MS + offsets(times // NS_PER_S, self._order.zone) * 1000
        serials: list[float] = (local / _MS_PER_DAY + _EXCEL_1970).tolist()
        return serials

    def end(self) -> Iterator[bytes]:
        """The whole workbook."""
        sheet = self._book.add_worksheet("about")
        sheet.set_column(0, 0, 50)
        sheet.set_column(1, 2, 34)
        lines = [*about(self._order), ("", ""), ("sensor", "unit", "name")]
        lines += [(column.path, column.sensor.unit, column.sensor.name) for column in self._order.columns]
        for row, line in enumerate(lines):
            for column, text in enumerate(line):
                sheet.write_string(row, column, text)
        self._book.close()
        with self._path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece

    def close(self) -> None:
        """Remove it from the disk. A workbook that is given up never closes the rows of its sheets by itself."""
        for sheet in self._book.worksheets():
            if sheet.row_data_fh is not None:
                sheet.row_data_fh.close()
        self._folder.cleanup()


def _values(cells: "pa.Array") -> list[Any]:
    """Values of JSON cells: by their texts a column may have values of several types."""
    found: list[Any] = orjson.loads("[" + ",".join(cells.fill_null("null").to_pylist()) + "]")
    return found
