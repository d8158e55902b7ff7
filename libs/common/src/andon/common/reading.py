"""Reading: what one machine said at one instant. It is the unit that flows."""

from enum import StrEnum
from typing import TypeAlias

import msgspec

Value: TypeAlias = float | bool | str
"""One value of one sensor. Numbers are always floats, so that a field never changes its type."""

NS_PER_MS = 1_000_000
NS_PER_S = 1_000_000_000


class Quality(StrEnum):
    """How far a value can be trusted, in OPC UA's words."""

    GOOD = "good"
    UNCERTAIN = "uncertain"
    BAD = "bad"
    STALE = "stale"


class Reading(msgspec.Struct, array_like=True, gc=False):
    """What one machine said at one instant.

    asset: id of the machine in the plant model.
    time: event time, UTC nanoseconds since 1970.
    values: sensor key -> value.
    quality: sensor key -> quality, for the values that are not good; None when all are.
    seq, boot: the number the device gave it, counting by one, and which start of the device counts so; a gap shows a
    loss. None where it does not number.
    """

    asset: str
    time: int
    values: dict[str, Value]
    quality: dict[str, str] | None = None
    seq: int | None = None
    boot: str = ""
