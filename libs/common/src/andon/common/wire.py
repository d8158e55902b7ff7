"""What travels on NATS: packed batches of readings, and dead letters, as msgpack.

Nothing is published that this file cannot read back.
"""

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
    """

    arrived: int
    readings: list[Reading]
    notes: dict[str, Note] = {}


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


_batch_encoder = msgspec.msgpack.Encoder()
_batch_decoder = msgspec.msgpack.Decoder(Batch)
_letter_decoder = msgspec.msgpack.Decoder(DeadLetter)


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
