"""Decode: bytes of a payload to messages. Pure, capped, and never trusting.

Canonical: {"ts": 1732380000000, "values": {"temperature": 71.3, "state": "RUN"}}, a list of such, or a bare value.
A device that doubts what it measured adds "quality": "bad", or {"temperature": "uncertain"} where the rest is good.
One that numbers its messages adds "seq": 17, and "boot": "a1" to say which of its starts counts so. What else stands
there is its own: a device cannot be told that nobody reads it.
"""

from sys import float_info
from typing import Annotated, TypeAlias

import msgspec

from andon.common.errors import Reason, RefusedError

MAX_PAYLOAD = 1_000_000
"""Bytes; a dead letter can hold all of it and stays below what nats-server takes by default, 1 MiB."""
MAX_MESSAGES = 10_000
MAX_VALUES = 1000
MOST_UNUSABLE = 1000
"""Values and items in one message after which the rest is not looked at: each costs work, and others wait for it."""
MAX_TEXT = 256
"""Characters of a string value: a state or a part number, not a document."""
QUALITIES = "good, uncertain, bad or stale"
MOST_BOOT = 32
MOST_SEQ = 2**53
"""JSON numbers are exact up to here."""


class Unusable(msgspec.Struct):
    """Stands in a list where a message should be, and says why it is none."""

    detail: str


class Message(msgspec.Struct, gc=False):
    """One object of the canonical form. `ts` as the device wrote it; a value that is None was not measured.

    quality: of all values, or by sensor key, as the device wrote it; what it does not name is good.
    """

    values: dict[str, float | bool | str | None]
    ts: int | float | str | None = None
    seq: Annotated[int, msgspec.Meta(ge=0, le=MOST_SEQ)] | None = None
    boot: int | str | None = None
    quality: str | dict[str, str] | None = None


class PartlyUsable(msgspec.Struct):
    """A message some of whose values are none; `unusable` says why, by key."""

    message: Message
    unusable: dict[str, str]


Decoded: TypeAlias = Message | PartlyUsable | list[Message | PartlyUsable | Unusable] | float | bool | str | None

_decoder = msgspec.json.Decoder(Message | list[Message] | float | bool | str | None)


def decode(payload: bytes) -> Decoded:
    """What a payload says: a message, a list of them, or a bare value.

    Raises:
        RefusedError: too large, no JSON, or no part of it is in the canonical form.
    """
    if len(payload) > MAX_PAYLOAD:
        raise RefusedError(Reason.TOO_LARGE, f"{len(payload)} bytes; at most {MAX_PAYLOAD} are taken")
    try:
        decoded: Decoded = _decoder.decode(payload)
    except msgspec.ValidationError as error:
        return _piecewise(payload, str(error))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RefusedError(Reason.MALFORMED, plain(error)) from None
    if type(decoded) is list and len(decoded) > MAX_MESSAGES:
        raise RefusedError(
            Reason.TOO_LARGE, f"{len(decoded)} readings in one message; at most {MAX_MESSAGES} are taken"
        )
    return decoded


def plain(error: Exception) -> str:
    """Why bytes are no JSON, in words that tell nothing of how they are read."""
    if isinstance(error, RecursionError):
        return "nested too deeply"
    if isinstance(error, UnicodeDecodeError):
        return "no valid UTF-8"
    return str(error)


def _piecewise(payload: bytes, why: str) -> Decoded:
    """Not all of it is canonical: keep what is, and say of the rest why not."""
    try:
        raw = msgspec.json.decode(payload)
    except (ValueError, RecursionError) as error:
        raise RefusedError(Reason.MALFORMED, plain(error)) from None
    if not isinstance(raw, list):
        found = _message(raw)
        if isinstance(found, Unusable):
            raise RefusedError(Reason.MALFORMED, f"{found.detail} ({why})")
        return found
    if len(raw) > MAX_MESSAGES:
        raise RefusedError(Reason.TOO_LARGE, f"{len(raw)} readings in one message; at most {MAX_MESSAGES} are taken")
    items, unusable = list[Message | PartlyUsable | Unusable](), 0
    for item in map(_message, raw):
        items.append(item)
        unusable += len(item.unusable) if isinstance(item, PartlyUsable) else isinstance(item, Unusable)
        if unusable > MOST_UNUSABLE:
            raise RefusedError(Reason.MALFORMED, f"more than {MOST_UNUSABLE} of its values are none ({why})")
    return items


def _message(raw: object) -> Message | PartlyUsable | Unusable:
    if not isinstance(raw, dict) or not isinstance(raw.get("values"), dict):
        return Unusable('expected {"ts": ..., "values": {...}}')
    if len(raw["values"]) > MAX_VALUES:
        return Unusable(f"{len(raw['values'])} values at one instant; at most {MAX_VALUES} are taken")
    ts = raw.get("ts")
    if isinstance(ts, bool) or not isinstance(ts, int | float | str | None):
        return Unusable("'ts' is no time")
    quality = _quality(raw.get("quality"))
    if isinstance(quality, Unusable):
        return quality
    values: dict[str, float | bool | str | None] = {}
    unusable: dict[str, str] = {}
    for key, value in raw["values"].items():
        if isinstance(value, list | dict):
            unusable[key] = (
                f"expected a number, text or boolean, got {'a list' if type(value) is list else 'an object'}"
            )
        elif type(value) is int and abs(value) > float_info.max:
            unusable[key] = "a number too large to keep"
        else:
            values[key] = float(value) if type(value) is int else value
    message = Message(values, ts, *_numbered(raw), quality)
    return PartlyUsable(message, unusable) if unusable else message


def _quality(raw: object) -> str | dict[str, str] | Unusable | None:
    """What is written as quality; whether these are words of quality is not looked at here."""
    if isinstance(raw, dict):
        if len(raw) > MAX_VALUES:
            return Unusable(f"quality of {len(raw)} sensors; at most {MAX_VALUES} are taken")
        return {key: word if isinstance(word, str) else msgspec.json.encode(word).decode() for key, word in raw.items()}
    return raw if isinstance(raw, str | None) else Unusable(f"'quality' is to be {QUALITIES}, or one of them by sensor")


class _Numbered(msgspec.Struct):
    seq: int | float | str | None = None
    boot: int | str | None = None


_numbered_decoder = msgspec.json.Decoder(_Numbered)


def number_of(payload: bytes) -> tuple[int | None, str]:
    """Number and start of a message that cannot be used otherwise; None where it has none that can be read."""
    try:
        found = _numbered_decoder.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None, ""
    seq, boot = _numbered({"seq": found.seq, "boot": found.boot})
    return seq, boot_text(boot)


def boot_text(boot: int | str | None) -> str:
    """Which start of the device counts so, as text."""
    return "" if boot is None else str(boot)[:MOST_BOOT]


def _numbered(raw: dict[str, object]) -> tuple[int | None, int | str | None]:
    """Number and start, where they are usable; values do not suffer for a bad number."""
    seq, boot = raw.get("seq"), raw.get("boot")
    if isinstance(seq, float) and seq.is_integer():
        seq = int(seq)
    usable = type(seq) is int and 0 <= seq <= MOST_SEQ
    return (seq if usable else None, boot if type(boot) in (int, str) else None)  # type: ignore[return-value]
