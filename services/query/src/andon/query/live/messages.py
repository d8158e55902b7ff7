"""What a live client may say: JSON objects with an `op`, capped in size, count and rate."""

from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta, Struct

MAX_MESSAGE = 64 * 1024
MAX_PATHS = 1_000
MAX_HZ = 20.0

Name: TypeAlias = Annotated[str, Meta(max_length=512)]


class Auth(Struct, tag_field="op", tag="auth"):
    """Sign in, or carry on with a fresh token."""

    token: Annotated[str, Meta(max_length=8192)]


class Subscribe(Struct, tag_field="op", tag="subscribe"):
    """Nodes, machines or sensors, by path or id; '' is all the caller may see. Replaces what was asked for before.

    max_hz: frames per second, at most 20.
    every: all samples, not only the newest of each sensor.
    """

    under: Annotated[list[Name], Meta(max_length=MAX_PATHS)]
    max_hz: Annotated[float, Meta(ge=0.1)] = 5.0
    every: bool = False

    @property
    def interval(self) -> float:
        """Seconds between two frames."""
        return 1 / min(self.max_hz, MAX_HZ)


_decoder: msgspec.json.Decoder[Auth | Subscribe] = msgspec.json.Decoder(Auth | Subscribe)


def read_message(data: str | bytes) -> Auth | Subscribe:
    """A client's message.

    Raises:
        msgspec.DecodeError: it is no JSON, or says nothing known; the text says what is wrong.
    """
    return _decoder.decode(data)
