"""What an import is asked for, and what the process that reads the file tells of it: the words between the two.

A file is read by a process of its own (`reader.py`): a hostile one can cost that process its life and nobody else's,
and what it takes of memory and libraries is given back at the end. Each frame is a length and msgpack.
"""

import asyncio
import struct
from typing import IO, Literal, TypeAlias

import msgspec

from andon.common.plant import Asset

Format: TypeAlias = Literal["csv", "xlsx", "parquet"]
Layout: TypeAlias = Literal["wide", "long"]
Encoding: TypeAlias = Literal["utf-8", "utf-16", "windows-1252", "latin-1"]

_LENGTH = struct.Struct(">I")


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How a file is written, where it does not say so itself.

    asset: id or path of the machine whose sensors the file names by their keys. tz: zone of times without an offset; ''
    is what the file says, or UTC.
    time_format: of `strptime`. decimal: the mark in numbers. sheet: of a workbook; '' is the first.
    """

    format: Format | None = None
    layout: Layout | None = None
    asset: str = ""
    tz: str = ""
    time_format: str = ""
    separator: str = ""
    decimal: str = ""
    encoding: Encoding | None = None
    sheet: str = ""


class Order(msgspec.Struct, kw_only=True):
    """What to read. `file` and `refused` are descriptors; `plant` is what the caller may write to.

    now: UTC nanoseconds. oldest: before, the database keeps nothing. patience: CPU seconds from one frame to the next.
    """

    options: Options
    file: int
    size: int
    refused: int
    plant: list[Asset]
    partitions: int
    now: int
    oldest: int
    dry_run: bool
    patience: float = 100.0


class Problem(msgspec.Struct):
    """Something in a file that cannot be used. `row` counts as a spreadsheet does: the header is row 1."""

    row: int
    column: str
    reason: str
    detail: str


class SensorCount(msgspec.Struct):
    """Samples of one sensor. first, last: event times, UTC nanoseconds. duplicates: times that came again."""

    sensor: str
    samples: int = 0
    first: int = 0
    last: int = 0
    duplicates: int = 0


class Counts(msgspec.Struct):
    """How far an import is. A cell is a sample, empty, or refused; `refused` counts by reason.

    at: bytes of the file that are read.
    """

    rows: int = 0
    samples: int = 0
    empty: int = 0
    refused: dict[str, int] = {}
    at: int = 0


class Report(msgspec.Struct):
    """What stands in a file.

    problems: the first of them. unknown: columns, or sensors, that are none of the plant. in_order: whether the times
    of every sensor only grow; if not, duplicates are at least as many as are told. notes: what was assumed.
    refused_cut: the file of refused cells does not hold all of them.
    """

    format: str = ""
    layout: str = ""
    sensors: list[SensorCount] = []
    problems: list[Problem] = []
    unknown: list[str] = []
    in_order: bool = True
    notes: list[str] = []
    refused_cut: bool = False


class Packed(msgspec.Struct):
    """A batch to publish. For who traces a value: of each machine the event times of its readings, and its sensors."""

    subject: str
    data: bytes
    samples: int = 0
    origins: dict[str, list[int]] = {}
    keys: dict[str, set[str]] = {}


class Imported(msgspec.Struct):
    """What is kept as the message of imported readings of one machine: rows of the file, and the sensors in these."""

    id: str = msgspec.field(name="import")
    rows: tuple[int, int]
    sensors: list[str] = []


class Frame(msgspec.Struct):
    """One word of the reader: batches to publish, and the counts once they are. The last one has `report`.

    rows: first and last row of the file that the batches hold. failure: why the file cannot be read; nothing follows.
    """

    packed: list[Packed] = []
    rows: tuple[int, int] = (0, 0)
    counts: Counts | None = None
    report: Report | None = None
    failure: str = ""


_encode = msgspec.msgpack.Encoder().encode
_frame_decoder = msgspec.msgpack.Decoder(Frame)
_order_decoder = msgspec.msgpack.Decoder(Order)


def encode_order(order: Order) -> bytes:
    """An order, for the reader's standard input; which stays open, for its end is the end of who gave the order."""
    data = _encode(order)
    return _LENGTH.pack(len(data)) + data


def read_order(stream: IO[bytes]) -> Order:
    """The order again."""
    (length,) = _LENGTH.unpack(stream.read(_LENGTH.size))
    return _order_decoder.decode(stream.read(length))


def write_frame(out: IO[bytes], frame: Frame) -> None:
    """Hand a frame on; waits while the taker is behind."""
    data = _encode(frame)
    out.write(_LENGTH.pack(len(data)) + data)
    out.flush()


async def read_frame(stream: asyncio.StreamReader) -> Frame | None:
    """The next frame; None at the end."""
    try:
        (length,) = _LENGTH.unpack(await stream.readexactly(_LENGTH.size))
        return _frame_decoder.decode(await stream.readexactly(length))
    except asyncio.IncompleteReadError:
        return None
