"""Parquet: batch by batch, and of it the columns that are wanted."""

from collections.abc import Iterator
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from andon.common.errors import InvalidError
from andon.ingest.imports.moments import Column
from andon.ingest.imports.table import MOST_COLUMNS, Block, Table

ROWS = 20_000
"""Rows read at once."""
CELLS = 200_000
MOST_THRIFT = 16 * 2**20
"""Bytes of one text in the file's description of itself."""
BROKEN = (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowKeyError, OSError, OverflowError)


def open_parquet(file: IO[bytes]) -> Table:
    """A Parquet file.

    Raises:
        InvalidError: none, or one too wide.
    """
    size = file.seek(0, 2)
    file.seek(0)
    try:
        parquet = pq.ParquetFile(
            file, thrift_string_size_limit=MOST_THRIFT, thrift_container_size_limit=10**6, buffer_size=2**20
        )
        names = list(parquet.schema_arrow.names)
    except BROKEN as error:
        raise InvalidError(f"The Parquet file cannot be read: {str(error)[:200]}") from None
    if parquet.metadata.num_columns > MOST_COLUMNS:
        raise InvalidError(f"The file has {parquet.metadata.num_columns} columns; at most {MOST_COLUMNS}. Split it")
    done = 0

    def blocks(wanted: list[str]) -> Iterator[Block]:
        nonlocal done
        for block in _blocks(parquet, wanted):
            done += len(block.rows)
            yield block

    return Table(names, blocks, lambda: size * done // max(parquet.metadata.num_rows, 1))


def _blocks(parquet: pq.ParquetFile, wanted: list[str]) -> Iterator[Block]:
    begin = 2  # as if there were a header, so that all formats count alike
    try:
        batches = parquet.iter_batches(min(ROWS, CELLS // len(wanted) + 1), columns=wanted, use_threads=False)
        for batch in batches:
            columns: dict[str, Column] = {name: _plain(batch.column(name)) for name in wanted}
            yield Block(range(begin, begin + batch.num_rows), columns)
            begin += batch.num_rows
    except BROKEN as error:
        raise InvalidError(f"Behind row {begin - 1} the Parquet file cannot be read: {str(error)[:200]}") from None


def _plain(column: pa.Array) -> pa.Array:
    """Without dictionaries, and text as the CSV reader has it: the rest need not know of them."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_large_string(column.type) or pa.types.is_string_view(column.type):
        column = column.cast(pa.string())
    return column
