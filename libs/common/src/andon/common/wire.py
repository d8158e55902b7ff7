"""What travels on NATS: packed batches of readings, dead letters, and messages as they came, as msgpack.

Nothing is published that this file cannot read back.
"""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from andon.common.errors import Reason
from andon.common.reading import Reading

MAX_BATCH_BYTES = 512 * 1024
"""A batch stays below nats-server's max_payload (1 MiB) with room for headers."""


class Note(msgspec.Struct, array_like=True, gc=False):
    """What a batch tells the ledger of one source besides its readings.

    extra: by how many its messages are more than its readings; below 0 where a message held several.
    dead_lettered, duplicate, retained: messages of which nothing was published, and why.
    refused: readings that the store could not store, and made dead letters.
    numbers: start and number that the device gave to messages of which nothing was published.
    """

    extra: int = 0
    dead_lettered: int = 0
    duplicate: int = 0
    retained: int = 0
    refused: int = 0
    numbers: list[tuple[str, int]] = []


class Batch(msgspec.Struct, array_like=True, gc=False):
    """Readings of one partition, in order of arrival; there may be none, when all that came was refused.

    arrived: UTC nanoseconds at which the last of them reached Andon.
    notes: by source, which is an asset id, or the path a topic named where there is no such machine. Most batches have
    none: then each message held one reading.
    past: people brought it along from elsewhere: it is history, and nobody is called about it.
    calculated: it follows from what came, and did not come itself.
    """

    arrived: int
    readings: list[Reading]
    notes: dict[str, Note] = {}
    past: bool = False
    calculated: bool = False


class DeadLetter(msgspec.Struct):
    """What could not be used, and why.

    source: where it came from: an MQTT topic, `http`, or a stream.
    device: the credential it came with, where known.
    size: bytes of the original; `payload` holds all of them, except of what was too large, or what the broker refused.
    at: UTC nanoseconds.
    seq, boot: the number the device gave it beside the payload, as a user property of MQTT 5.
    """

    reason: Reason
    detail: str
    source: str
    payload: bytes
    size: int
    at: int
    device: str = ""
    seq: int | None = None
    boot: str = ""


class Source(StrEnum):
    """By which way readings came."""

    MQTT = "mqtt"
    HTTP = "http"
    REPLAY = "replay"
    IMPORT = "import"
    CALCULATED = "calculated"
    PLATFORM = "platform"


class RawMessage(msgspec.Struct, array_like=True, gc=False):
    """A message as it came, and of which readings it is the origin.

    topic: under which it came, with its slot; what stands for it where there is none: a file's name, or nothing.
    payload: all of it, but of a very large one the beginning; `size` is then how many bytes it had, else 0.
    arrived: UTC nanoseconds.
    asset, times: machine and event times of its readings; one alone is no list.
    by: who sent it, where that is known.
    """

    topic: bytes
    payload: bytes
    arrived: int
    asset: str
    times: int | list[int]
    by: str = ""
    size: int = 0


class RawBatch(msgspec.Struct, array_like=True, gc=False):
    """Messages whose readings went into TELEMETRY together, in one partition.

    published: UTC nanoseconds at which TELEMETRY had them.
    sequence: number of the batch there; the last, if it took several.
    """

    source: Source
    published: int
    sequence: int
    messages: list[RawMessage]


class Stored(msgspec.Struct, array_like=True, gc=False):
    """Batches of TELEMETRY, from number `first` to `last` of one partition, were in InfluxDB `at` UTC nanoseconds."""

    at: int
    first: int
    last: int


_batch_encoder = msgspec.msgpack.Encoder()
_batch_decoder = msgspec.msgpack.Decoder(Batch)
_letter_decoder = msgspec.msgpack.Decoder(DeadLetter)
_raw_decoder = msgspec.msgpack.Decoder(list[RawBatch])
_stored_decoder = msgspec.msgpack.Decoder(Stored)


def encode_batch(batch: Batch) -> bytes:
    """Pack a batch."""
    return _batch_encoder.encode(batch)


def decode_batch(data: bytes) -> Batch:
    """Unpack a batch.

    Raises:
        msgspec.DecodeError: the bytes are not a batch.
    """
    return _batch_decoder.decode(data)


def encode_deadletter(letter: DeadLetter) -> bytes:
    """Pack a dead letter."""
    return _batch_encoder.encode(letter)


def decode_deadletter(data: bytes) -> DeadLetter:
    """Unpack a dead letter.

    Raises:
        msgspec.DecodeError: the bytes are not a dead letter.
    """
    return _letter_decoder.decode(data)


Raw = tuple[bytes, bytes, int, str, int | list[int]] | tuple[bytes, bytes, int, str, int | list[int], str, int]
"""A RawMessage while it is on its way: a tuple is packed to the same bytes, and made at half the cost."""


RawLot = tuple[Source, int, int, Sequence[Raw]]
"""A RawBatch while it is on its way."""


def encode_raw(lots: Sequence[RawLot]) -> bytes:
    """Pack messages of one partition as they came, of several batches of TELEMETRY."""
    return _batch_encoder.encode(lots)


def decode_raw(data: bytes) -> list[RawBatch]:
    """Unpack messages as they came.

    Raises:
        msgspec.DecodeError: the bytes are none.
    """
    return _raw_decoder.decode(data)


def encode_stored(stored: Stored) -> bytes:
    """Pack when batches were written."""
    return _batch_encoder.encode(stored)


def decode_stored(data: bytes) -> Stored:
    """Unpack when batches were written.

    Raises:
        msgspec.DecodeError: the bytes do not tell it.
    """
    return _stored_decoder.decode(data)
