"""Ingest's routes: readings in, dead letters out."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response

from andon.common.api import Caller, Page, needs
from andon.common.auth import Role
from andon.common.errors import Reason
from andon.ingest.deadletters import DeadLetters, DeadLetterView
from andon.ingest.ledger import Ledger, LedgerView
from andon.ingest.readings import Readings, parse, read_body

router = APIRouter()

_READING = {
    "type": "object",
    "required": ["asset", "values"],
    "properties": {
        "asset": {"type": "string", "description": "Path or id of a machine"},
        "ts": {"description": "Epoch milliseconds, or ISO 8601; now when it is missing"},
        "values": {"type": "object", "additionalProperties": {"type": ["number", "boolean", "string", "null"]}},
    },
    "example": {"asset": "berlin/painting/line-1/robot-3", "ts": 1732380000000, "values": {"temperature": 71.3}},
}
_SCHEMA = {"oneOf": [_READING, {"type": "array", "items": _READING}]}
_BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": _SCHEMA}}}}


@router.post("/readings", status_code=202, openapi_extra=_BODY, summary="Send readings, one or a list")
async def post_readings(request: Request, caller: Caller) -> Response:
    """Take readings over HTTP; 202 once they are safe. Needs the role operator."""
    readings: Readings = request.app.state.readings
    answer = await readings.take(parse(await read_body(request)), caller)
    return Response(msgspec.json.encode(answer), 202, media_type="application/json")


@router.get(
    "/deadletters", dependencies=[Depends(needs(Role.ENGINEER))], summary="What could not be used, newest first"
)
async def list_deadletters(
    request: Request,
    caller: Caller,
    reason: Reason | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: str | None = None,
) -> Page[DeadLetterView]:
    """List dead letters, with the original bytes. A caller with a part of the plant sees only its topics."""
    letters: DeadLetters = request.app.state.deadletters
    items, following = await letters.page(reason=reason, limit=limit, cursor=cursor)
    seen = [i for i in items if not caller.scope or caller.may_see(i.source.partition("/")[2])]
    return Page(items=seen, next_cursor=following)


@router.get("/ledger", dependencies=[Depends(needs(Role.ENGINEER))], summary="Where everything that came in is now")
async def read_ledger(request: Request) -> LedgerView:
    """Received = published + dead-lettered + duplicate + retained + in hand, for each ingest since its start."""
    ledger: Ledger = request.app.state.ledger
    return await ledger.view()
