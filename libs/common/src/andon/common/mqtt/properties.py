"""Properties of an MQTT 5 PUBLISH (3.3.2.3): the number a device gave its message, and its trace, as user properties.

A device that cannot change its payload writes the user properties `seq` (a whole number, counting by one) and `boot`
(which start of the device counts so). Pure, capped, and never trusting: what is no number is none.
"""

from collections.abc import Iterator

MOST_BYTES = 1024
"""Properties beyond this many bytes are not looked at."""
MOST_DIGITS = 18
MOST_TEXT = 64

_USER = 0x26
_LENGTHS = {0x01: 1, 0x02: 4, 0x23: 2}
"""Properties of a fixed size: payload format, message expiry, topic alias."""
_SIZED = (0x03, 0x08, 0x09)
"""Properties led by their size in two bytes: content type, response topic, correlation data."""
_SUBSCRIPTION = 0x0B


def number(properties: bytes) -> tuple[int | None, str]:
    """The device's number of a message, and its boot: (None, "") when it gives none."""
    seq, boot = None, ""
    for name, value in _user_properties(properties[:MOST_BYTES]):
        if name == b"seq" and value.isdigit() and len(value) <= MOST_DIGITS:
            seq = int(value)
        elif name == b"boot" and len(value) <= MOST_TEXT:
            boot = value.decode(errors="replace")
    return (None, "") if seq is None else (seq, boot)


def traceparent(properties: bytes) -> str:
    """The trace a message belongs to, as W3C has it; '' where it names none. Read only where traces are made."""
    for name, value in _user_properties(properties[:MOST_BYTES]):
        if name == b"traceparent" and len(value) <= MOST_TEXT:
            return value.decode("ascii", errors="replace")
    return ""


def _user_properties(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and value of each, as far as `data` goes and is understood."""
    at, end = 0, len(data)
    while at < end:
        kind, at = data[at], at + 1
        if kind == _USER:
            name, at = _sized(data, at)
            value, at = _sized(data, at)
            if at <= end:
                yield name, value
        elif kind in _SIZED:
            _, at = _sized(data, at)
        elif kind in _LENGTHS:
            at += _LENGTHS[kind]
        elif kind == _SUBSCRIPTION:
            while at < end and data[at] > 127:
                at += 1
            at += 1
        else:
            return


def _sized(data: bytes, at: int) -> tuple[bytes, int]:
    stop = at + 2 + int.from_bytes(data[at : at + 2], "big")
    return data[at + 2 : stop], stop
