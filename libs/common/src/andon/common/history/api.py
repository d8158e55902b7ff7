"""What routes over history have in common: the range a caller asks for, and InfluxDB, asked for that caller."""

from typing import Annotated, TypeAlias
from zoneinfo import ZoneInfo

from fastapi import Depends, Query, Request

from andon.common.api import Caller
from andon.common.history.history import History
from andon.common.history.span import Span, span_of
from andon.common.times import time_zone

From: TypeAlias = Annotated[
    str, Query(alias="from", max_length=64, description="ISO 8601, epoch ms, or -1h, -30d, -2w, -1y")
]
To: TypeAlias = Annotated[str, Query(max_length=64, description="ISO 8601, epoch ms, or now; not included")]


def _zone(
    tz: Annotated[str, Query(max_length=64, description="The clock of times without an offset")] = "UTC",
) -> ZoneInfo:
    """The clock that a caller's times are on."""
    return time_zone(tz)


AskedZone = Annotated[ZoneInfo, Depends(_zone)]


def _span(zone: AskedZone, from_: From = "-1h", to: To = "now") -> Span:
    """The range a caller asks for."""
    return span_of(from_, to, zone)


AskedSpan = Annotated[Span, Depends(_span)]


async def _history(request: Request, caller: Caller) -> History:
    history: History = request.app.state.history
    return history.asked_by(caller.id)


KnownHistory = Annotated[History, Depends(_history)]
