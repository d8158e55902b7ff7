"""Ingest's routes: readings in; those of dead letters, imports and the ledger stand in their folders' `http.py`."""

import msgspec
from fastapi import APIRouter, Request, Response

from andon.common.api import Caller
from andon.common.platform import PROBER, SITE
from andon.common.reading import Quality
from andon.ingest.deadletters.http import router as letters_router
from andon.ingest.imports.http import router as imports_router
from andon.ingest.ledger.http import router as ledger_router
from andon.ingest.prober.probe import Probes, ProbeView
from andon.ingest.readings import MOST_NOTE, Readings, parse, read_body
from andon.ingest.trace.http import router as trace_router
from andon.ingest.whole import Whole, WholeView

router = APIRouter()
router.include_router(letters_router)
router.include_router(imports_router)
router.include_router(ledger_router)
router.include_router(trace_router)

_QUALITY = {"type": "string", "enum": [quality.value for quality in Quality]}
_READING = {
    "type": "object",
    "required": ["asset", "values"],
    "additionalProperties": False,
    "properties": {
        "asset": {"type": "string", "description": "Path or id of a machine"},
        "ts": {"description": "Epoch milliseconds, or ISO 8601; now when it is missing"},
        "values": {"type": "object", "additionalProperties": {"type": ["number", "boolean", "string", "null"]}},
        "quality": {
            "description": "How far the values can be trusted: all, or by sensor key; good where it says nothing",
            "oneOf": [_QUALITY, {"type": "object", "additionalProperties": _QUALITY}],
        },
        "seq": {"type": "integer", "minimum": 0, "description": "Number of this message, counting by one"},
        "boot": {"type": ["string", "integer"], "description": "Which start of the device counts so"},
        "note": {
            "type": "string",
            "maxLength": MOST_NOTE,
            "description": "What the one who read it off saw; kept with the message, told by /trace",
        },
    },
    "example": {"asset": "berlin/painting/line-1/robot-3", "ts": 1732380000000, "values": {"temperature": 71.3}},
}
_SCHEMA = {"oneOf": [_READING, {"type": "array", "items": _READING}]}
_REFUSED = {
    "type": "object",
    "required": ["index", "reason", "detail"],
    "properties": {
        "index": {"type": "integer", "description": "Which of the readings, from 0"},
        "reason": {"type": "string"},
        "detail": {"type": "string"},
    },
}
_ANSWER = {
    "type": "object",
    "required": ["accepted", "refused"],
    "properties": {
        "accepted": {"type": "integer", "description": "Readings of which at least one value is safe"},
        "refused": {"type": "array", "items": _REFUSED, "description": "Readings of which a value cannot be used"},
    },
}
_BODY = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": _SCHEMA}}},
    "responses": {"202": {"content": {"application/json": {"schema": _ANSWER}}}},
}


@router.post("/readings", status_code=202, openapi_extra=_BODY, summary="Send readings, one or a list")
async def post_readings(request: Request, caller: Caller) -> Response:
    """Take readings over HTTP; 202 once they are safe. Other fields are refused. Needs the role operator."""
    readings: Readings = request.app.state.readings
    answer = await readings.take(parse(await read_body(request)), caller)
    return Response(msgspec.json.encode(answer), 202, media_type="application/json")


@router.get("/probe", summary="How long a reading takes to the broker, the store and the live feed")
async def read_probe(request: Request, caller: Caller) -> ProbeView:
    """What the prober measured, for whoever may see the whole plant."""
    caller.require_path(PROBER)
    probes: Probes = request.app.state.probes
    return probes.view()


@router.get("/platform", summary="How Andon itself stands: processes, lags, streams")
async def read_platform(request: Request, caller: Caller) -> WholeView:
    """Who runs in which version, who is behind, how full the streams are; for whoever may see Andon's own site."""
    caller.require_path(SITE)
    whole: Whole = request.app.state.whole
    return await whole.view()
