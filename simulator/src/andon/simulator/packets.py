"""Packets: the few of MQTT 3.1.1 that a publisher needs, built from parts that are encoded once."""

from collections.abc import Iterator
from functools import lru_cache

CONNACK, PUBACK = 0x20, 0x40
PUBLISH_QOS_0, PUBLISH_QOS_1, DUP = 0x30, 0x32, 0x08
DISCONNECT = b"\xe0\x00"
PINGREQ = b"\xc0\x00"
REFUSALS = {
    1: "it does not speak MQTT 3.1.1",
    2: "it does not like the client's name",
    3: "it is not available yet",
    4: "user name or password is wrong",
    5: "this user may not connect",
}


def text(value: str | bytes) -> bytes:
    """A string as MQTT writes it: two bytes of length, then UTF-8."""
    data = value.encode() if isinstance(value, str) else value
    return len(data).to_bytes(2, "big") + data


@lru_cache(maxsize=4096)
def fixed_header(kind: int, size: int) -> bytes:
    """First byte and the variable-length size of what follows."""
    header = bytearray([kind])
    while True:
        size, low = size >> 7, size & 0x7F
        header.append(low | 0x80 if size else low)
        if not size:
            return bytes(header)


def connect(client: str, username: str | None, password: str | None, keepalive: int = 60) -> bytes:
    """CONNECT with a clean session."""
    flags = 0x02 | (0x80 if username is not None else 0) | (0x40 if password is not None else 0)
    fields = [text(client), *(text(field) for field in (username, password) if field is not None)]
    body = text("MQTT") + bytes([4, flags]) + keepalive.to_bytes(2, "big") + b"".join(fields)
    return fixed_header(0x10, len(body)) + body


def publish(topic: bytes, packet_id: int, payload: bytes) -> bytes:
    """PUBLISH with QoS 1, or with QoS 0 when `packet_id` is 0. `topic` is already `text`."""
    if not packet_id:
        return fixed_header(PUBLISH_QOS_0, len(topic) + len(payload)) + topic + payload
    size = len(topic) + 2 + len(payload)
    return fixed_header(PUBLISH_QOS_1, size) + topic + packet_id.to_bytes(2, "big") + payload


def again(packet: bytes) -> bytes:
    """The same PUBLISH, marked as a duplicate."""
    return bytes([packet[0] | DUP]) + packet[1:]


def answers(received: bytearray) -> Iterator[tuple[int, bytes]]:
    """Take whole packets off the front: (type, body). What is left is the beginning of the next.

    Raises:
        ValueError: these bytes are not what a broker answers to a publisher.
    """
    place = 0
    while len(received) - place >= 2:
        size = received[place + 1]  # a broker's answers to a publisher have two to four bytes
        if size > 127:
            raise ValueError(f"an answer of more than 127 bytes: {bytes(received[place : place + 8]).hex()}")
        end = place + 2 + size
        if end > len(received):
            break
        yield received[place] & 0xF0, bytes(received[place + 2 : end])
        place = end
    del received[:place]
