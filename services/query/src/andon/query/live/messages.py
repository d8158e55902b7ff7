"""What a live client may say, and what it is told: JSON objects.

What it says has an `op`, and is capped in size, count and rate. What it is told the feed writes as plain objects, for
that is its hot path; their shapes stand here for those who read them, and the tests hold every frame against them.
"""

from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta, Struct

from andon.common.reading import Quality, Value

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


class Samples(Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Samples: sensor path, epoch milliseconds, value, quality. None, where there was nothing to tell.

    gap: from and to (not included), epoch milliseconds: what lies between is not told here, but by GET /series.
    lost: how many samples were left out, for the client did not read; the newest of each sensor is never.
    """

    samples: list[tuple[str, int, Value, Quality]]
    gap: tuple[int, int] | None = None
    lost: int = 0


class Wrong(Struct, tag_field="op", tag="error", forbid_unknown_fields=True):
    """What is wrong with a message, or with one of its names; the connection stays."""

    detail: str


class Problem(Struct, forbid_unknown_fields=True):
    """The same as a server-sent event: what is wrong with a name."""

    detail: str


class Goodbye(Struct, forbid_unknown_fields=True):
    """Why a stream of server-sent events ends; `code` is that of the WebSocket."""

    code: int
    detail: str


_decoder: msgspec.json.Decoder[Message] = msgspec.json.Decoder(Message)


def read_message(data: str | bytes) -> Message:
    """A client's message.

    Raises:
        msgspec.DecodeError: it is no JSON, or says nothing known; the text says what is wrong.
    """
    return _decoder.decode(data)
