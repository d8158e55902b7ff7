"""Files: what writes each format. All of it runs in a thread, and imports its library only there."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from andon.query.export.order import Format, Order
from andon.query.export.slices import Slice

MEDIA_TYPES: dict[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "arrow": "application/vnd.apache.arrow.stream",
    "json": "application/json",
    "ndjson": "application/x-ndjson",
}


class File(Protocol):
    """A file that is written from its beginning to its end. What it is given in pieces, it hands on in pieces."""

    def begin(self) -> bytes:
        """What stands before all rows."""

    def write(self, one: Slice) -> Iterator[bytes]:
        """Rows of a slice."""

    def end(self) -> Iterator[bytes]:
        """What stands behind all rows; without it the file is not complete."""

    def close(self) -> None:
        """Give back what is held, complete or not."""


def open_file(order: Order, folder: Path) -> File:
    """The file an order asks for; `folder` is where it may put what does not fit into memory."""
    from andon.query.export.arrow_files import ArrowFile, ParquetFile  # noqa: PLC0415 - each with its library
    from andon.query.export.text_files import CsvFile, JsonFile  # noqa: PLC0415
    from andon.query.export.xlsx_file import XlsxFile  # noqa: PLC0415

    match order.format:
        case "csv":
            return CsvFile(order)
        case "xlsx":
            return XlsxFile(order, folder)
        case "parquet":
            return ParquetFile(order)
        case "arrow":
            return ArrowFile(order)
        case "json" | "ndjson":
            return JsonFile(order, lines=order.format == "ndjson")
