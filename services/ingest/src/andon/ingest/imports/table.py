"""Table: a file as blocks of rows, whatever its format; each format is the file of its name.

csv_table, xlsx_table, parquet_table  ->  Table.blocks(): Block after Block, a few megabytes each
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO

from andon.common.errors import InvalidError
from andon.ingest.imports.moments import Column
from andon.ingest.imports.order import Format, Options
from andon.ingest.imports.values import Notation

MOST_COLUMNS = 2000
MOST_NAME = 500
"""Characters of a column's name; a sensor's path is shorter."""


@dataclass
class Block:
    """Some rows, column by column. rows: their numbers, as a spreadsheet counts: the header is row 1."""

    rows: Sequence[int]
    columns: dict[str, Column]


@dataclass
class Table:
    """A file that is open. names: its columns, as they are written.

    blocks: reads the columns that are named, to the end. at: bytes that are read. malformed: rows that are none, taken
    out by who reads them: number and why. serials: numbers may be Excel's days. zone: of its times, where it says so.
    """

    names: list[str]
    blocks: Callable[[list[str]], Iterator[Block]]
    at: Callable[[], int]
    malformed: list[tuple[int, str]] = field(default_factory=list)
    notation: Notation = field(default_factory=Notation)
    serials: bool = False
    zone: str = ""
    notes: list[str] = field(default_factory=list)


def format_of(head: bytes, asked: Format | None) -> Format:
    """Format of a file, by its first bytes.

    Raises:
        InvalidError: it is none that can be read, or not the one that was asked for.
    """
    packed = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd", b"7z\xbc": "7z"}
    for magic, name in packed.items():
        if head.startswith(magic):
            raise InvalidError(f"The file is packed with {name}; unpack it first")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise InvalidError("The file is an old workbook (XLS), or one with a password; save it as XLSX, without")
    found: Format = "csv"
    if head.startswith(b"PK"):
        found = "xlsx"
    elif head.startswith(b"PAR1"):
        found = "parquet"
    if asked is not None and asked != found:
        raise InvalidError(f"The file does not begin as {asked.upper()} does; it seems to be {found.upper()}")
    return found


def open_table(file: IO[bytes], options: Options, found: Format) -> Table:
    """Open a file of a format.

    Raises:
        InvalidError: it cannot be read; says what to change.
    """
    # Each format brings a large library, and nobody needs two of them.
    if found == "csv":
        from andon.ingest.imports.csv_table import open_csv  # noqa: PLC0415

        table = open_csv(file, options)
    elif found == "xlsx":
        from andon.ingest.imports.xlsx_table import open_xlsx  # noqa: PLC0415

        table = open_xlsx(file, options)
    else:
        from andon.ingest.imports.parquet_table import open_parquet  # noqa: PLC0415

        table = open_parquet(file)
    check_names(table.names)
    return table


def check_names(names: list[str]) -> None:
    """A header that can be used.

    Raises:
        InvalidError: too many columns, too long a name, or one that stands twice.
    """
    if len(names) > MOST_COLUMNS:
        raise InvalidError(f"The file has {len(names)} columns; at most {MOST_COLUMNS}. Split it")
    if len(names) < 2:
        raise InvalidError("The file has a single column; a time and a value are needed. Is the separator another one?")
    seen = set[str]()
    for name in names:
        if len(name) > MOST_NAME:
            raise InvalidError(f"A column's name has {len(name)} characters; at most {MOST_NAME}")
        if name and name in seen:
            raise InvalidError(f"Two columns are called '{name}'; take one away")
        seen.add(name)
