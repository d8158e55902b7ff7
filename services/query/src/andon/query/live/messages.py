"""What a live client may say: JSON objects with an `op`, capped in size, count and rate."""

from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta, Struct

MAX_MESSAGE = 64 * 1024
MAX_PATHS = 1_000
MAX_NAME = 512
MIN_HZ, MAX_HZ, USUAL_HZ = 0.1, 20.0, 5.0
LATEST_MS = (2**63 - 1) // 10**6
"""The last time InfluxDB knows, epoch milliseconds."""

Name: TypeAlias = Annotated[str, Meta(max_length=MAX_NAME)]
Names: TypeAlias = Annotated[list[Name], Meta(max_length=MAX_PATHS)]


class Auth(Struct, tag_field="op", tag="auth"):
    """Sign in, or carry on with a fresh token."""

    token: Annotated[str, Meta(max_length=8192)]


class Subscribe(Struct, tag_field="op", tag="subscribe"):
    """Nodes, machines or sensors, by path or id; '' is all the caller may see. Replaces what was asked for before.

    add: leave what was asked for before as it is, and want these too.
    max_hz: frames per second, at most 20; without it 5, or with `add` as many as before.
    every: all samples, not only the newest of each sensor; without it not, or with `add` as before.
    since: epoch milliseconds; what happened from then on comes first. Not with `add`.
    """

    under: Names
    max_hz: Annotated[float, Meta(ge=MIN_HZ)] | None = None
    every: bool | None = None
    add: bool = False
    since: Annotated[int, Meta(ge=0, le=LATEST_MS)] | None = None


class Unsubscribe(Struct, tag_field="op", tag="unsubscribe"):
    """Hear no more of these nodes, machines or sensors, whether they were subscribed by themselves or from above."""

    under: Names


Message: TypeAlias = Auth | Subscribe | Unsubscribe

_decoder: msgspec.json.Decoder[Message] = msgspec.json.Decoder(Message)


def read_message(data: str | bytes) -> Message:
    """A client's message.

    Raises:
        msgspec.DecodeError: it is no JSON, or says nothing known; the text says what is wrong.
    """
    return _decoder.decode(data)
