"""CSV: what separates, how it is encoded, which mark is the decimal one; then block by block."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

import pyarrow as pa
import pyarrow.csv as arrow_csv

from andon.common.errors import InvalidError
from andon.ingest.imports.order import Options
from andon.ingest.imports.table import Block, Table, check_names
from andon.ingest.imports.values import Notation

HEAD = 2**18
"""Bytes at which the kind of file is guessed."""
BLOCK = 2**20
"""Bytes parsed at once, and so the most one row may have."""
SEPARATORS = ",;\t"
MOST_MALFORMED = 100_000
"""Rows with too few or too many cells after which a file is none."""
SHOWN = 60


@dataclass
class _Rows:
    """Numbers rows, and takes note of those with too few or too many cells."""

    malformed: list[tuple[int, str]] = field(default_factory=list)
    gone: set[int] = field(default_factory=set)
    last: int = 1
    blocks: int = 0

    def skip(self, row: Any) -> str:
        """Called by Arrow, from its parser."""
        if row.text.strip():
            cells = "cell" if row.actual_columns == 1 else "cells"
            why = f"{row.actual_columns} {cells} where the header has {row.expected_columns}: {row.text[:SHOWN]!r}"
            self.malformed.append((row.number, why))
        self.gone.add(row.number)
        return "error" if len(self.gone) > MOST_MALFORMED else "skip"

    def number(self, count: int) -> list[int] | range:
        """Numbers of the rows of the next block."""
        self.blocks += 1
        begin = self.last + 1
        if not self.gone:
            self.last += count
            return range(begin, begin + count)
        numbers = list[int]()
        while len(numbers) < count:
            self.last += 1
            if self.last not in self.gone:
                numbers.append(self.last)
            self.gone.discard(self.last)
        return numbers


def open_csv(file: IO[bytes], options: Options) -> Table:
    """A CSV file.

    Raises:
        InvalidError: its header cannot be read.
    """
    raw = file.read(HEAD)
    file.seek(0)
    encoding, notes = encoding_of(raw, options.encoding)
    text = raw.decode(encoding, errors="replace").removeprefix("\ufeff")
    skipped, text = _without_hint(text)
    separator = options.separator or separator_of(text)
    names = header_of(text, separator)
    check_names(names)
    rows, decimal = _Rows(last=1 + skipped), options.decimal or decimal_of(text, separator)
    if decimal == "," and not options.decimal:
        notes.append("The decimal mark is taken to be the comma")

    def blocks(wanted: list[str]) -> Iterator[Block]:
        return _blocks(file, rows, wanted, encoding=encoding, separator=separator, skipped=skipped)

    block = BLOCK * (2 if encoding.startswith("utf-16") else 1)  # Arrow reads far ahead of what it has parsed
    return Table(
        names, blocks, lambda: rows.blocks * block, rows.malformed, Notation(decimal, guarded=True), notes=notes
    )


def _blocks(
    file: IO[bytes], rows: _Rows, wanted: list[str], *, encoding: str, separator: str, skipped: int
) -> Iterator[Block]:
    try:
        reader = arrow_csv.open_csv(
            pa.PythonFile(file, mode="r"),
            arrow_csv.ReadOptions(
                block_size=BLOCK,
                use_threads=False,  # or rows have no numbers
                skip_rows=skipped,
                encoding="utf8" if encoding in ("utf-8", "utf-8-sig") else encoding,
            ),
            arrow_csv.ParseOptions(
                delimiter=separator, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=rows.skip
            ),
            arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(wanted, pa.string()),
                include_columns=wanted,
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,  # "" is a text without letters, and nothing is none
            ),
        )
        for batch in reader:
            yield Block(rows.number(batch.num_rows), dict(zip(wanted, batch.columns, strict=True)))
    except (pa.ArrowInvalid, pa.ArrowKeyError, UnicodeDecodeError) as error:
        raise InvalidError(_plain(str(error), rows)) from None


def _plain(why: str, rows: _Rows) -> str:
    where = f"Behind row {rows.last}"
    if len(rows.gone) > MOST_MALFORMED:
        return f"More than {MOST_MALFORMED} rows have too few or too many cells; is the separator another one?"
    if "straddling" in why:
        return f"{where} a row has more than {BLOCK // 2**20} MiB; is a quotation mark never closed?"
    if "UTF8" in why or "codec" in why:
        return f"{where} are bytes that are no text in this encoding; give encoding=windows-1252, or save it as UTF-8"
    if "Empty CSV" in why:
        return "The file is empty"
    return f"{where} the file cannot be read as CSV: {why[:200]}"


def encoding_of(head: bytes, asked: str | None) -> tuple[str, list[str]]:
    """Encoding of a file by its first bytes, and what was assumed."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16", []
    if asked is not None:
        return asked, []
    few, even, odd = len(head[:2000]) // 20, head[0:2000:2].count(0), head[1:2000:2].count(0)
    if even + odd:
        if min(even, odd) > few or max(even, odd) <= few:
            raise InvalidError("The file is no text; CSV, XLSX and Parquet can be imported")
        return ("utf-16-le" if odd > even else "utf-16-be"), ["The encoding is taken to be UTF-16"]
    try:
        head.decode()
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4 or len(head) < HEAD:  # else a letter is cut at the end of the head
            return "windows-1252", ["The encoding is no UTF-8, and taken to be Windows-1252"]
    return "utf-8", []


def _without_hint(text: str) -> tuple[int, str]:
    """Rows before the header, and the text without them: Excel writes `sep=;` there."""
    line, _, rest = text.partition("\n")
    return (1, rest) if line.strip().lower().startswith("sep=") and len(line.strip()) == 5 else (0, text)


def separator_of(text: str) -> str:
    """What stands most often in the first line, outside of quotation marks."""
    counts, quoted = dict.fromkeys(SEPARATORS, 0), False
    for letter in text:
        if letter == '"':
            quoted = not quoted
        elif letter == "\n" and not quoted:
            break
        elif letter in counts and not quoted:
            counts[letter] += 1
    return max(counts, key=lambda one: counts[one])


def header_of(text: str, separator: str) -> list[str]:
    """Names of the columns.

    Raises:
        InvalidError: there is no header.
    """
    try:
        names = next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])
    except csv.Error as error:
        raise InvalidError(f"The first line cannot be read: {error}") from None
    if not any(name.strip() for name in names):
        raise InvalidError("The file is empty" if not text.strip() else "The first line has to name the columns")
    return names


def decimal_of(text: str, separator: str) -> str:
    """The decimal mark: a comma only where commas do not separate, and cells have one where a number has its mark."""
    if separator != ";":
        return "."
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for _, row in zip(range(1000), rows, strict=False):
            for cell in row:
                whole, mark, rest = cell.strip().lstrip("+-").partition(",")
                if mark and whole.isdecimal() and rest.isdecimal():
                    return ","
    except csv.Error:  # a cell too large, or cut at the end of the head
        return "."
    return "."
