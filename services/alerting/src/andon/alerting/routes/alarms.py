"""Routes of alarms: list, journal, counts, and the live stream. What people do to them is in `alarm_actions.py`."""

from time import time
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from msgspec.structs import replace

from andon.alerting.alarm import query
from andon.alerting.alarm.shape import alarm_json, told_to, transition_json
from andon.alerting.alarm.state import AlarmState, Severity
from andon.alerting.instants import instant
from andon.alerting.routes import alarm_actions
from andon.alerting.routes.alarm_shapes import Alarm, AlarmWithJournal, Summary, Transition
from andon.alerting.routes.parts import past_part_of
from andon.common.api import Caller, Page
from andon.common.auth import Principal, Tokens

router = APIRouter(tags=["alarms"])
Under = Annotated[
    str, Query(max_length=400, description="An asset or a sensor, by path or id; only alarms at or below it.")
]
_TIME = "ISO 8601, epoch milliseconds, or like -1h"


@router.get("/alarms")
async def list_alarms(  # noqa: PLR0917 - query parameters
    request: Request,
    caller: Caller,
    state: query.StateFilter = "open",
    under: Under = "",
    severity: Annotated[list[Severity], Query(max_length=4)] = [],  # noqa: B006 - copied by FastAPI
    rule: Annotated[str | None, Query(max_length=16, description="A rule's id")] = None,
    assigned_to: Annotated[str | None, Query(max_length=100)] = None,
    late: Annotated[bool | None, Query()] = None,
    start: Annotated[str | None, Query(alias="from", max_length=40, description=_TIME)] = None,
    end: Annotated[str | None, Query(alias="to", max_length=40, description=_TIME)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[str, Query(max_length=100)] = "",
) -> Page[Alarm]:
    """Alarms of the caller's part of the plant; open ones most severe first, then newest.

    Open is what asks for something: shelved, suppressed and out-of-service alarms have states of their own. `from` and
    `to` are about `since`.
    """
    wanted = query.Filter(
        state=state,
        severities=tuple(severity),
        rule=rule,
        assigned_to=assigned_to,
        late=late,
        start=instant(start) if start else None,
        end=instant(end) if end else None,
    )
    async with request.app.state.database.read() as session:
        scopes = (caller.scope, await past_part_of(request, session, caller, under))
        wanted = replace(wanted, scopes=scopes)
        rows, after = await query.page_of_alarms(session, wanted, limit=limit, cursor=cursor)
    return Page(items=[Alarm.model_validate(told_to(alarm_json(row), caller)) for row in rows], next_cursor=after)


@router.get("/alarms/summary")
async def summarize(request: Request, caller: Caller, under: Under = "") -> Summary:
    """Counts of open alarms for an overview."""
    async with request.app.state.database.read() as session:
        scopes = [caller.scope, await past_part_of(request, session, caller, under)]
        severities, states, paths = await query.count_open(session, scopes)
    return Summary(
        open=severities.total(),
        severities={str(s): severities[s] for s in Severity},
        states={str(s): states[s] for s in AlarmState if s is not AlarmState.NORMAL},
        paths={path: dict(counts) for path, counts in sorted(paths.items())},
    )


@router.get("/alarms/stream", response_class=StreamingResponse)
async def stream(request: Request, caller: Caller) -> StreamingResponse:
    """Server-sent events: `alarm` with the alarm as data, at each of its transitions."""
    hub = request.app.state.stream
    client = hub.join(caller)
    tokens: Tokens = request.app.state.tokens
    return StreamingResponse(
        hub.events(client, lambda: _still_admitted(tokens, caller)),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


@router.get("/alarms/{alarm_id}")
async def read_alarm(alarm_id: str, request: Request, caller: Caller) -> AlarmWithJournal:
    """One alarm with the last thousand lines of its journal."""
    async with request.app.state.database.read() as session:
        row = await query.visible_alarm(session, alarm_id, caller)
        turns = await query.journal_of(session, alarm_id)
    return AlarmWithJournal(
        **told_to(alarm_json(row), caller),
        transitions=[Transition.model_validate(transition_json(turn)) for turn in turns],
    )


def _still_admitted(tokens: Tokens, caller: Principal) -> bool:
    """Whether a token that was good when the stream began still is."""
    return time() < caller.expires and caller.token_id not in tokens.revoked and caller.id not in tokens.revoked


router.include_router(alarm_actions.router)
