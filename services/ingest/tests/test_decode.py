"""Decode against everything a device could send."""

import json
import math
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from andon.common.errors import Reason, RefusedError
from andon.common.reading import Reading
from andon.common.wire import Batch, decode_batch, encode_batch
from andon.ingest.decode import MAX_MESSAGES, MAX_PAYLOAD, MOST_UNUSABLE, Message, PartlyUsable, Unusable, decode

_scalars = st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20)
_json = st.recursive(
    _scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["ts", "values", "quality", "a", "b"]), inner)
    ),
    max_leaves=20,
)
_good = st.fixed_dictionaries(
    {
        "values": st.dictionaries(
            st.text(max_size=8), st.booleans() | st.text(max_size=8) | st.integers(-(2**53), 2**53)
        )
    },
    optional={"ts": st.integers(0, 2**62)},
)


def usable(decoded: object) -> list[Message]:
    """The messages in what was decoded."""
    items: list[Any] = decoded if isinstance(decoded, list) else [decoded]
    return [i.message if isinstance(i, PartlyUsable) else i for i in items if isinstance(i, Message | PartlyUsable)]


def decoded_or_why(payload: bytes) -> object:
    """What it says, or the refusal; any other exception is a fault."""
    try:
        return decode(payload)
    except RefusedError as error:
        return error


@given(st.binary(max_size=300) | _json.map(lambda value: json.dumps(value).encode()))
@example(b'{"values":{"a":"\\ud800"}}')
@example(b'{"values":{"\\udfff":1}}')
@example(b'{"values":{"a":' + b"9" * 5000 + b"}}")
@example(b'{"ts":1e400,"values":{"a":1}}')
@example(b"[" * 5000 + b"]" * 5000)
@example(b'{"values":' * 5000)
@example(b"\xef\xbb\xbf{}")
@example(b"\x00" * 100)
def test_any_bytes_are_decoded_or_refused_with_a_reason(payload: bytes) -> None:
    decoded = decoded_or_why(payload)
    if isinstance(decoded, RefusedError):
        assert decoded.reason in (Reason.MALFORMED, Reason.TOO_LARGE)
        assert 0 < len(decoded.detail) < 1000
    for message in usable(decoded):
        assert all(type(v) in (float, bool, str, type(None)) for v in message.values.values())
        assert not any(isinstance(v, float) and not math.isfinite(v) for v in message.values.values())
        values = {k: v for k, v in message.values.items() if v is not None}
        batch = Batch(0, [Reading("a", 0, values)])
        assert decode_batch(encode_batch(batch)) == batch, "what decode lets in can be published"


@given(_good | st.lists(_good, min_size=1, max_size=5))
def test_the_canonical_form_says_what_was_sent(sent: Any) -> None:
    found = usable(decode(json.dumps(sent).encode()))
    expected = sent if isinstance(sent, list) else [sent]
    assert [(m.ts, m.values) for m in found] == [(m.get("ts"), m["values"]) for m in expected]


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 100)), min_size=1, max_size=20))
def test_bad_items_of_a_list_stand_where_they_stood(plan: list[tuple[bool, int]]) -> None:
    sent = [{"values": {"a": n}} if good else n for good, n in plan]
    decoded = decode(json.dumps(sent).encode())
    assert isinstance(decoded, list)
    assert [not isinstance(item, Unusable) for item in decoded] == [good for good, _ in plan]


@pytest.mark.parametrize("payload", [b"71.3", b"-4", b"true", b'"RUN"', b"null"])
def test_bare_values(payload: bytes) -> None:
    assert decode(payload) == json.loads(payload)


@pytest.mark.parametrize("digits", [310, 400, 4300, 6000])
def test_an_integer_no_float_holds_is_refused_or_unusable(digits: int) -> None:
    with suppress(RefusedError):
        found = decode(b'{"values": {"a": 1, "b": %s}}' % (b"9" * digits))
        assert isinstance(found, PartlyUsable)
        assert found.message.values == {"a": 1.0}
        assert "b" in found.unusable


def test_limits_hold_to_the_byte_and_to_the_message() -> None:
    assert decode(b" " * (MAX_PAYLOAD - 1) + b"1") == 1.0
    with pytest.raises(RefusedError, match=str(MAX_PAYLOAD)):
        decode(b" " * MAX_PAYLOAD + b"1")
    assert len(usable(decode(b"[" + b",".join([b'{"values":{"a":1}}'] * MAX_MESSAGES) + b"]"))) == MAX_MESSAGES
    with pytest.raises(RefusedError, match=str(MAX_MESSAGES)):
        decode(b"[" + b",".join([b'{"values":{"a":[]}}'] * (MAX_MESSAGES + 1)) + b"]")


def test_of_what_is_mostly_no_value_the_rest_is_not_looked_at() -> None:
    good, bad = '{"values": {"a": 1}}', '{"values": {"a": 1, "b": []}}'
    assert len(decode(f"[{good}, {', '.join([bad] * MOST_UNUSABLE)}]".encode())) == MOST_UNUSABLE + 1  # type: ignore[arg-type]
    with pytest.raises(RefusedError, match=f"more than {MOST_UNUSABLE} of its values are none"):
        decode(f"[{good}, {', '.join([bad] * (MOST_UNUSABLE + 1))}]".encode())
    with pytest.raises(RefusedError, match="1001 values at one instant"):
        decode(json.dumps({"values": {f"k{n}": [] for n in range(1001)}}).encode())
