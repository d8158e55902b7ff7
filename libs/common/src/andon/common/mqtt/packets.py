"""MQTT control packets on the wire: what a subscriber sends, and what it receives.

Sections are those of the OASIS standards MQTT 3.1.1 and 5.0. Pure: bytes in, bytes out.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import msgspec

Version: TypeAlias = Literal[4, 5]
"""Protocol level: 4 is MQTT 3.1.1, 5 is MQTT 5."""

PINGREQ = b"\xc0\x00"
DISCONNECT = b"\xe0\x00"
PUBACK = b"\x40\x02"
"""Fixed header of an acknowledgement; the two bytes of the packet id follow."""

NEVER_EXPIRES = 0xFFFFFFFF
KEPT_OF_TOO_LARGE = 64 * 1024
"""Of a packet above the limit this much is kept, so that its dead letter shows what it was."""


class ProtocolError(Exception):
    """The other side does not speak MQTT as the standard has it."""


class Publish(msgspec.Struct, gc=False):
    """One received message.

    packet_id: its two bytes as they came; empty for QoS 0, which nobody acknowledges.
    size: bytes of the payload; `payload` is shorter when it was larger than is taken.
    properties: those of MQTT 5 as they came (`properties.number` reads them); empty when there are none.
    """

    topic: bytes
    payload: bytes
    packet_id: bytes
    retain: bool
    size: int
    properties: bytes = b""


@dataclass(frozen=True)
class Connack:
    """The answer to CONNECT (3.2). `code` 0 is welcome."""

    session_present: bool
    code: int


@dataclass(frozen=True)
class Suback:
    """The answer to the SUBSCRIBE of that packet id (3.9). A code of 0x80 or more is a refusal."""

    packet_id: int
    codes: bytes


@dataclass(frozen=True)
class Disconnect:
    """The broker says good-bye, and why (MQTT 5, 3.14)."""

    code: int


Control: TypeAlias = Connack | Suback | Disconnect | None
"""None is a PINGRESP."""


def _text(text: str) -> bytes:
    data = text.encode()
    return len(data).to_bytes(2, "big") + data


def packet(head: int, body: bytes) -> bytes:
    """A control packet: its first byte, the length of the rest (a variable byte integer, 2.2.3), and the rest."""
    length, size = bytearray(), len(body)
    while True:
        size, digit = divmod(size, 128)
        length.append(digit | (0x80 if size else 0))
        if not size:
            return bytes([head]) + bytes(length) + body


def connect(
    *,
    client_id: str,
    username: str,
    password: str,
    keepalive: int,
    version: Version,
    window: int,
    clean: bool = False,
) -> bytes:
    """CONNECT (3.1) for a session that outlives its connections; `clean` ends it instead, and what it holds.

    window: MQTT 5's Receive Maximum.
    """
    flags = (0xC0 if username else 0x00) | (0x02 if clean else 0x00)
    properties = b""
    if version == 5:
        lasts = 0 if clean else NEVER_EXPIRES
        told = b"\x11" + lasts.to_bytes(4, "big") + b"\x21" + window.to_bytes(2, "big")
        properties = bytes([len(told)]) + told
    head = _text("MQTT") + bytes([version, flags]) + keepalive.to_bytes(2, "big") + properties
    credentials = _text(username) + _text(password) if username else b""
    return packet(0x10, head + _text(client_id) + credentials)


def subscribe(packet_id: int, filters: tuple[str, ...], *, version: Version) -> bytes:
    """SUBSCRIBE (3.8) with QoS 1; in MQTT 5 without retained messages (Retain Handling 2)."""
    options = b"\x21" if version == 5 else b"\x01"
    properties = b"\x00" if version == 5 else b""
    body = packet_id.to_bytes(2, "big") + properties + b"".join(_text(f) + options for f in filters)
    return packet(0x82, body)


def subscribe_aside(packet_id: int, filters: tuple[str, ...], *, version: Version) -> bytes:
    """SUBSCRIBE with QoS 0 to what the broker says of itself; its retained values are welcome."""
    properties = b"\x00" if version == 5 else b""
    return packet(0x82, packet_id.to_bytes(2, "big") + properties + b"".join(_text(f) + b"\x00" for f in filters))


def publish(packet_id: bytes, topic: str, payload: bytes, *, version: Version) -> bytes:
    """PUBLISH (3.3) with QoS 1."""
    return packet(0x32, _text(topic) + packet_id + (b"\x00" if version == 5 else b"") + payload)


def pubacks(packet_ids: list[bytes]) -> bytes:
    """PUBACK (3.4) for each packet id, in one piece; in MQTT 5 two bytes mean success too."""
    return PUBACK + PUBACK.join(packet_ids) if packet_ids else b""


class PacketReader:
    """Cuts a stream of bytes into packets. Of one above `limit` bytes only the beginning is kept.

    `publishes` and `controls` collect what came, `asides` what a broker says of itself ($SYS, QoS 0); the owner takes
    them out after each `feed`.
    """

    def __init__(self, version: Version, limit: int) -> None:
        self.publishes: list[Publish] = []
        self.asides: list[Publish] = []
        self.controls: list[Control] = []
        self._version = version
        self._limit = limit
        self._rest = b""
        self._skip = 0

    def feed(self, data: bytes) -> None:
        """Take bytes from the network.

        Raises:
            ProtocolError: they are no MQTT.
        """
        if self._skip:
            data = self._skipped(data)
        buffer = self._rest + data if self._rest else data
        at, end = 0, len(buffer)
        while end - at >= 2:
            length, body = buffer[at + 1], at + 2
            if length > 127:
                length, body = _long_length(buffer, at + 1)
                if not body:
                    break
            stop = body + length
            if stop > end:
                if length > self._limit and end - body >= KEPT_OF_TOO_LARGE:
                    self._skip = stop - end
                    self._take(buffer[at], buffer[body : body + KEPT_OF_TOO_LARGE], length)
                    at = end
                break
            if buffer[at] & 0xF0 == 0x30:
                self._publish(buffer, buffer[at], body, stop, length)
            else:
                self._control(buffer[at], buffer[body:stop])
            at = stop
        self._rest = buffer[at:] if at < end else b""

    def _skipped(self, data: bytes) -> bytes:
        taken = min(self._skip, len(data))
        self._skip -= taken
        return data[taken:]

    def _take(self, head: int, body: bytes, length: int) -> None:
        if head & 0xF0 != 0x30:
            raise ProtocolError(f"A control packet of {length} bytes is no MQTT")
        self._publish(body, head, 0, len(body), length)

    def _publish(self, buffer: bytes, head: int, at: int, stop: int, length: int) -> None:
        body, begin = at, at + 2
        at = begin + (buffer[at] << 8 | buffer[at + 1])
        topic = buffer[begin:at]
        packet_id = properties = b""
        into = self.publishes
        if head & 0x06:
            packet_id = buffer[at : at + 2]
            at += 2
        elif topic[:1] == b"$":
            into = self.asides
        if self._version == 5:
            size = buffer[at]
            at += 1
            if size > 127:
                size, at = _long_length(buffer, at - 1)
            if size:
                properties = buffer[at : at + size]
                at += size
        if at > stop:
            raise ProtocolError("A PUBLISH is shorter than its own header says")
        if length > self._limit:
            stop = min(stop, at + KEPT_OF_TOO_LARGE)
        retain, size = bool(head & 1), length - (at - body)
        into.append(Publish(topic, buffer[at:stop], packet_id, retain, size, properties))

    def _control(self, head: int, body: bytes) -> None:
        kind = head >> 4
        if kind == 2 and len(body) >= 2:
            self.controls.append(Connack(bool(body[0] & 1), body[1]))
        elif kind == 9 and len(body) >= 3:
            skip = 2
            if self._version == 5:
                size, at = _long_length(body, 2)
                skip = at + size
            self.controls.append(Suback(int.from_bytes(body[:2], "big"), body[skip:]))
        elif kind == 13:
            self.controls.append(None)
        elif kind == 14:
            self.controls.append(Disconnect(body[0] if body else 0))
        else:
            raise ProtocolError(f"A subscriber does not expect a packet of type {kind}")


def _long_length(buffer: bytes, at: int) -> tuple[int, int]:
    """A variable byte integer (2.2.3) and where it ends; (0, 0) when not all of it is there."""
    value, shift = buffer[at] & 0x7F, 7
    for place in range(at + 1, min(at + 4, len(buffer))):
        digit = buffer[place]
        value |= (digit & 0x7F) << shift
        if digit < 128:
            return value, place + 1
        shift += 7
    if len(buffer) - at >= 4:
        raise ProtocolError("A length of more than four bytes is no MQTT")
    return 0, 0
