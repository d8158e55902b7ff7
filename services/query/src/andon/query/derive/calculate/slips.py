"""Slips: a batch of the stream, read as far as the calculator needs it: values of other machines are passed over."""

from collections.abc import Container

import msgspec

from andon.common.reading import Reading, Value


class Mark(msgspec.Struct, frozen=True):
    """Where in the stream one is: number of a batch, and UTC nanoseconds at which the stream had it."""

    sequence: int = 0
    arrived: int = 0


class Slip(msgspec.Struct, array_like=True, gc=False):
    """A reading whose values are not looked at yet."""

    asset: str
    time: int
    values: msgspec.Raw
    quality: msgspec.Raw


class Slips(msgspec.Struct, array_like=True, gc=False):
    """A batch (`wire.Batch`)."""

    arrived: int
    readings: list[Slip]
    notes: msgspec.Raw = msgspec.Raw()
    past: bool = False


_decoder = msgspec.msgpack.Decoder(Slips)
_values = msgspec.msgpack.Decoder(dict[str, Value])
_quality = msgspec.msgpack.Decoder(dict[str, str] | None)
_mark = msgspec.json.Decoder(Mark)


def read(data: bytes) -> Slips:
    """A batch.

    Raises:
        msgspec.DecodeError: the bytes are none.
    """
    return _decoder.decode(data)


def readings(slips: Slips, assets: Container[str]) -> list[Reading]:
    """The readings of these machines.

    Raises:
        msgspec.DecodeError: one of them is none.
    """
    return [
        Reading(slip.asset, slip.time, _values.decode(slip.values), _quality.decode(slip.quality))
        for slip in slips.readings
        if slip.asset in assets
    ]


def decode_mark(data: bytes) -> Mark:
    """A mark as it was kept.

    Raises:
        msgspec.DecodeError: the bytes are none.
    """
    return _mark.decode(data)
