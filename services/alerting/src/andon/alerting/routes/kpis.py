"""Routes of the figures: how good the alarms of a part of the plant are, as JSON or, of the offenders, as CSV."""

import asyncio
from time import time_ns
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from andon.alerting.kpis import read
from andon.alerting.kpis.answer import Kpis, answer, named, offenders_csv
from andon.alerting.kpis.columns import Span
from andon.alerting.kpis.report import report
from andon.alerting.routes.parts import past_part_of
from andon.common.api import Caller
from andon.common.errors import InvalidError
from andon.common.reading import NS_PER_S
from andon.common.times import parse_time, time_zone

router = APIRouter(tags=["kpis"])

MAX_DAYS = 366
_TURN = asyncio.Lock()
"""A year of lines takes much memory: one answer at a time is made, and the others wait."""
Text = Annotated[str, Query(max_length=64)]


@router.get("/kpis", response_model=Kpis)
async def kpis(  # noqa: PLR0917 - query parameters
    request: Request,
    caller: Caller,
    under: Annotated[str, Query(max_length=400, description="An asset or a sensor, by path or id")] = "",
    start: Annotated[str, Query(alias="from", max_length=64)] = "-7d",
    end: Annotated[str, Query(alias="to", max_length=64)] = "now",
    tz: Text = "UTC",
    format: Annotated[Literal["json", "csv"], Query(description="csv: the offenders alone")] = "json",  # noqa: A002
) -> Any:
    """Figures of ISA-18.2 and EEMUA 191 for a part of the plant that one operator looks after, with their targets."""
    zone = time_zone(tz)
    now = time_ns()
    span = _span(parse_time(start, now=now, zone=zone), parse_time(end, now=now, zone=zone), now)
    async with _TURN, request.app.state.database.read() as session:
        path = await past_part_of(request, session, caller, under)
        ledger = await read.read(session, [caller.scope, path], span)
        found = await asyncio.to_thread(report, ledger.columns, span, zone)
        examples = {watch: ledger.examples[watch] for watch in named(found)}
        alarms = await read.alarms_of(session, list(examples.values()))
    rows = {watch: alarms[alarm_id] for watch, alarm_id in examples.items() if alarm_id in alarms}
    shaped = answer(found, rows, span, path)
    if format == "csv":
        return Response(offenders_csv(shaped.offenders), media_type="text/csv; charset=utf-8")
    return shaped


def _span(start: int, end: int, now: int) -> Span:
    """The range asked for; what lies in the future is left out.

    Raises:
        InvalidError: it is empty, too long, or from before there were clocks like ours.
    """
    end = min(end, now)
    if not 0 <= start < end:
        raise InvalidError("'from' must lie before 'to' and before now, and not before 1970")
    if end - start > MAX_DAYS * 86_400 * NS_PER_S:
        raise InvalidError(f"The range is longer than {MAX_DAYS} days; ask for a shorter one")
    return Span(start, end)
