"""Arrow IPC stream and Parquet: typed columns, each with its unit, and what the file is in the schema's metadata."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from andon.common.errors import InvalidError
from andon.query.export import layout
from andon.query.export.about import about
from andon.query.export.order import Order
from andon.query.export.slices import Slice

if TYPE_CHECKING:
    import pyarrow as pa

ROW_GROUP = 100_000


class Sink:
    """A file to Arrow: takes what is written until it is fetched."""

    closed = False

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> int:
        """Take some bytes."""
        self._parts.append(bytes(data))
        self._size += len(data)
        return len(data)

    def tell(self) -> int:
        """How many were ever written."""
        return self._size

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing is held."""

    def fetch(self) -> bytes:
        """What was written since it was fetched last."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


class ArrowFile:
    """Arrow's IPC stream: a batch after the other."""

    def __init__(self, order: Order) -> None:
        self._order, self._sink = order, Sink()
        self._schema = schema(order)
        self._writer = self._open()

    def _open(self) -> Any:
        import pyarrow as pa  # noqa: PLC0415 - 55 MB that an idle process need not have

        return pa.ipc.new_stream(self._sink, self._schema)

    def begin(self) -> bytes:
        """The schema."""
        return self._sink.fetch()

    def write(self, one: Slice) -> Iterator[bytes]:
        """Batches of a slice."""
        for rows in layout.rows(self._order, one, self._cell):
            self._take(self._batch(rows))
            yield self._sink.fetch()

    def _take(self, batch: "pa.RecordBatch") -> None:
        self._writer.write_batch(batch)

    def _cell(self, values: "pa.Array") -> "pa.Array":
        """As they are; in a column of several datatypes, as texts."""
        import pyarrow as pa  # noqa: PLC0415

        if self._order.layout == "wide":
            return values
        if len(self._order.datatypes) > 1:
            return values.cast(pa.string())
        _require(self._schema.field("value"), values)
        return values

    def _batch(self, rows: layout.Rows) -> "pa.RecordBatch":
        import pyarrow as pa  # noqa: PLC0415

        columns = [pa.array(rows.times).view(self._schema.field(0).type), *rows.columns]
        for column, field in zip(columns, self._schema, strict=True):
            _require(field, column)
        return pa.RecordBatch.from_arrays(columns, schema=self._schema)

    def end(self) -> Iterator[bytes]:
        """The mark that it was all."""
        self._writer.close()
        yield self._sink.fetch()

    def close(self) -> None:
        """Nothing is held but memory."""


def _require(field: "pa.Field", column: "pa.Array") -> None:
    """Refuse what a column cannot hold: the sensor was of another datatype once."""
    if column.type != field.type:
        raise InvalidError(
            f"'{field.name}' is declared as {field.type}, and has values of type {column.type} stored there; "
            "ask for format=csv or json, or for a range in which it has one type"
        )


class ParquetFile(ArrowFile):
    """Parquet: row groups of at least so many rows, then the footer, without which it is no file."""

    @override
    def _open(self) -> Any:
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.parquet as pq  # noqa: PLC0415

        self._waiting: list[pa.RecordBatch] = []
        texts = [field.name for field in self._schema if pa.types.is_string(field.type)]
        return pq.ParquetWriter(self._sink, self._schema, use_dictionary=texts or False)

    @override
    def _take(self, batch: "pa.RecordBatch") -> None:
        self._waiting.append(batch)
        if sum(map(len, self._waiting)) >= ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa  # noqa: PLC0415

        self._writer.write_table(pa.Table.from_batches(self._waiting, self._schema))
        self._waiting = []

    @override
    def end(self) -> Iterator[bytes]:
        """The last rows, and the footer."""
        if self._waiting:
            self._flush()
        yield from super().end()


def schema(order: Order) -> "pa.Schema":
    """The columns of an order, with what is known of each."""
    import pyarrow as pa  # noqa: PLC0415

    time = pa.field("time", pa.timestamp("ns", tz=order.zone.key), nullable=False)
    made = dict(about(order))
    if order.layout == "long":
        (kind,) = order.datatypes if len(order.datatypes) == 1 else ("string",)
        value = pa.field("value", layout.arrow_type(kind), nullable=False)
        others = [pa.field(name, pa.string(), nullable=False) for name in ("sensor", "quality")]
        return pa.schema(
            [time, others[0], value, others[1]], made | {f"unit of {c.path}": c.sensor.unit for c in order.columns}
        )
    fields = [
        pa.field(c.path, layout.arrow_type(order.datatype(c)), metadata={"unit": c.sensor.unit, "name": c.sensor.name})
        for c in order.columns
    ]
    return pa.schema([time, *fields], made)
