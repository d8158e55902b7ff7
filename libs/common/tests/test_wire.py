"""Nothing is published that cannot be read back."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.common.errors import Reason
from andon.common.reading import Reading
from andon.common.wire import (
    Batch,
    DeadLetter,
    Note,
    RawBatch,
    RawMessage,
    Source,
    Stored,
    decode_batch,
    decode_deadletter,
    decode_raw,
    decode_stored,
    encode_batch,
    encode_deadletter,
    encode_raw,
    encode_stored,
)

values = st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.text(max_size=50))
readings = st.builds(
    Reading,
    asset=st.text(min_size=1, max_size=12),
    time=st.integers(min_value=0, max_value=2**62),
    values=st.dictionaries(st.text(min_size=1, max_size=20), values, max_size=8),
    quality=st.none() | st.dictionaries(st.text(max_size=20), st.just("bad"), max_size=3),
)


@given(st.builds(Batch, arrived=st.integers(min_value=0, max_value=2**62), readings=st.lists(readings, max_size=20)))
def test_a_batch_comes_back_as_it_went(batch: Batch) -> None:
    again = decode_batch(encode_batch(batch))
    assert again == batch
    for old, new in zip(batch.readings, again.readings, strict=True):
        assert [type(v) for v in new.values.values()] == [type(v) for v in old.values.values()]


@given(st.binary(max_size=300))
def test_foreign_bytes_are_an_error_and_nothing_else(data: bytes) -> None:
    try:
        batch = decode_batch(data)
    except msgspec.DecodeError:
        return
    assert isinstance(batch, Batch)


def test_a_dead_letter_keeps_the_original_bytes() -> None:
    letter = DeadLetter(Reason.MALFORMED, "no JSON", "factory/a", b"\x00\xff{", 3, 12, device="gateway-1")
    assert decode_deadletter(encode_deadletter(letter)) == letter
    with pytest.raises(msgspec.DecodeError):
        decode_deadletter(b"no letter")


class OldReading(msgspec.Struct, array_like=True):
    """As it was before devices could number."""

    asset: str
    time: int
    values: dict[str, float]
    quality: dict[str, str] | None = None


class OldBatch(msgspec.Struct, array_like=True):
    """As it was before there were notes."""

    arrived: int
    readings: list[OldReading]


class OldLetter(msgspec.Struct):
    """As it was before letters kept numbers."""

    reason: str
    detail: str
    source: str
    payload: bytes
    size: int
    at: int
    device: str = ""


def test_the_version_before_and_this_one_read_each_other_as_while_one_replaces_the_other() -> None:
    told = msgspec.msgpack.encode(OldBatch(5, [OldReading("a", 1, {"x": 1.0})]))
    assert decode_batch(told) == Batch(5, [Reading("a", 1, {"x": 1.0})])
    new = encode_batch(Batch(6, [Reading("a", 2, {"x": 2.0}, None, 17, "b")], {"a": Note(extra=1)}))
    assert msgspec.msgpack.decode(new, type=OldBatch) == OldBatch(6, [OldReading("a", 2, {"x": 2.0})])
    letter = msgspec.msgpack.encode(OldLetter("malformed", "why", "factory/a", b"{", 1, 7))
    assert decode_deadletter(letter) == DeadLetter(Reason.MALFORMED, "why", "factory/a", b"{", 1, 7)
    kept = encode_deadletter(DeadLetter(Reason.MALFORMED, "why", "factory/a", b"{", 1, 7, seq=3, boot="b"))
    assert msgspec.msgpack.decode(kept, type=OldLetter).payload == b"{"


@given(
    st.sampled_from(Source),
    st.lists(
        st.tuples(
            st.binary(max_size=30),
            st.binary(max_size=200),
            st.integers(0, 2**62),
            st.text(max_size=12),
            st.one_of(st.integers(0, 2**62), st.lists(st.integers(0, 2**62), max_size=5)),
        ),
        max_size=10,
    ),
)
def test_messages_come_back_as_they_came_to_the_last_byte(
    source: Source, messages: list[tuple[bytes, bytes, int, str, int | list[int]]]
) -> None:
    again = decode_raw(encode_raw([(source, 7, 9, messages), (Source.MQTT, 8, 10, [])]))
    assert again == [
        RawBatch(source, 7, 9, [RawMessage(*message) for message in messages]),
        RawBatch(Source.MQTT, 8, 10, []),
    ]


def test_when_batches_were_stored_comes_back() -> None:
    assert decode_stored(encode_stored(Stored(5, 1, 3))) == Stored(5, 1, 3)
    with pytest.raises(msgspec.DecodeError):
        decode_stored(b"\xc1")
