"""XLSX: a workbook's sheet, row by row. Slow, and capped before anything of it is unpacked."""

import os
import warnings
import zipfile
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import IO, Any
from xml.etree.ElementTree import ParseError
from zoneinfo import ZoneInfo

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from andon.common.errors import InvalidError
from andon.ingest.imports.moments import Column
from andon.ingest.imports.order import Options
from andon.ingest.imports.table import MOST_COLUMNS, Block, Table

ROWS = 2000
CELLS = 200_000
"""Rows, and cells of these, read at once."""
MOST_ROWS = 1_048_576
"""Excel has no more."""
MOST_PARTS = 1000
MOST_UNPACKED = 4 * 2**30
"""Bytes of all parts, unpacked."""
MOST_TEXTS = 128 * 2**20
"""Bytes of the parts that have to be in memory as a whole: texts, styles, and all but the sheets."""
ABOUT = "about"
"""Sheet in which an export of Andon says what it is."""
BROKEN = (zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, TypeError, IndexError)
"""What openpyxl lets through of a file that is no workbook; AttributeError too, for parts that should be there."""


def open_xlsx(file: IO[bytes], options: Options) -> Table:
    """The sheet that is asked for; or the first, and those with the same header, for one alone has not room for all.

    Raises:
        InvalidError: no workbook, one too large, or one without this sheet.
    """
    warnings.simplefilter("ignore")  # what openpyxl thinks of styles
    try:
        _check_parts(file)
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        first = _sheet(book, options.sheet)
        header = next(_rows(first), ())
        sheets = [sheet for sheet in book.worksheets if sheet is first or next(_rows(sheet), ()) == header]
        zone = _zone(book)
    except (*BROKEN, AttributeError) as error:
        raise InvalidError(f"The workbook cannot be read: {str(error)[:200] or type(error).__name__}") from None
    names = [_name(cell) for cell in header]
    while names and not names[-1]:
        names.pop()
    left = [sheet.title for sheet in book.worksheets if sheet not in sheets and sheet.title != ABOUT]
    notes = [f"The sheet '{left[0][:40]}' is not read: its header is another one"] if left and not options.sheet else []
    rows = _below_each_other([first] if options.sheet else sheets)

    def blocks(wanted: list[str]) -> Iterator[Block]:
        return _blocks(rows, names, wanted)

    at = partial(os.lseek, file.fileno(), 0, os.SEEK_CUR)
    return Table(names, blocks, at, serials=True, zone=zone, notes=notes)


def _below_each_other(sheets: list[Any]) -> Iterator[tuple[object, ...]]:
    for sheet in sheets:
        yield from islice(_rows(sheet), 1, None)


def _zone(book: Any) -> str:
    """The time zone that a workbook of Andon's export says its dates are of."""
    if ABOUT not in book.sheetnames:
        return ""
    told = {row[0]: row[1] for row in islice(_rows(book[ABOUT]), 20) if len(row) > 1 and isinstance(row[0], str)}
    zone = str(told.get("time zone", ""))
    try:
        return zone if told.get("source") == "Andon" and zone and ZoneInfo(zone) else ""
    except (ValueError, OSError, LookupError):
        return ""


def _check_parts(file: IO[bytes]) -> None:
    """A ZIP archive says how large its parts are; zipfile does not unpack more than that."""
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise InvalidError(f"The workbook has {len(parts)} parts; at most {MOST_PARTS}")
    unpacked = sum(part.file_size for part in parts)
    whole = sum(part.file_size for part in parts if not part.filename.startswith("xl/worksheets/"))
    if unpacked > MOST_UNPACKED or whole > MOST_TEXTS:
        raise InvalidError(
            f"Unpacked, the workbook has {unpacked // 2**20} MiB, {whole // 2**20} MiB of it besides its sheets; "
            f"at most {MOST_UNPACKED // 2**20} and {MOST_TEXTS // 2**20} MiB. Save it as CSV"
        )
    file.seek(0)


def _sheet(book: Any, name: str) -> Any:
    if not book.worksheets:
        raise InvalidError("The workbook has no sheet")
    if not name:
        return book.worksheets[0]
    names = [sheet.title for sheet in book.worksheets]
    if name not in names:
        there = ", ".join(f"'{one[:40]}'" for one in names[:10])
        raise InvalidError(f"The workbook has no sheet '{name[:40]}'; it has {there}")
    return book.worksheets[names.index(name)]


def _rows(sheet: Any) -> Iterator[tuple[object, ...]]:
    sheet.reset_dimensions()  # what a sheet says of its size may be wrong
    rows: Iterator[tuple[object, ...]] = sheet.iter_rows(values_only=True, max_row=MOST_ROWS)
    return rows


def _name(cell: object) -> str:
    return "" if cell is None else str(cell)


def _blocks(rows: Iterator[tuple[object, ...]], names: list[str], wanted: list[str]) -> Iterator[Block]:
    places, begin = [names.index(name) for name in wanted], 2
    most = min(ROWS, CELLS // len(wanted) + 1)
    try:
        while some := list(islice(rows, most)):
            if any(len(row) > MOST_COLUMNS for row in some):
                raise InvalidError(f"Behind row {begin - 1} a row has more than {MOST_COLUMNS} cells")
            columns: dict[str, Column] = {
                name: [row[place] if place < len(row) else None for row in some]
                for name, place in zip(wanted, places, strict=True)
            }
            yield Block(range(begin, begin + len(some)), columns)
            begin += len(some)
    except (*BROKEN, AttributeError) as error:
        raise InvalidError(
            f"Behind row {begin - 1} the workbook cannot be read: {str(error)[:200] or type(error).__name__}"
        ) from None
