"""Routes of alarms: list, journal, acknowledge, counts, and the live stream."""

from time import time, time_ns
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from andon.alerting import journal, query
from andon.alerting.alarm import AlarmState, Severity
from andon.alerting.journal import News
from andon.common.api import Caller, Page, needs
from andon.common.auth import Principal, Role, Tokens
from andon.common.times import ns_to_iso

router = APIRouter(tags=["alarms"])
Under = Annotated[
    str, Query(max_length=400, description="An asset or a sensor, by path or id; only alarms at or below it.")
]


class Alarm(BaseModel):
    """An alarm as it stands. `since`: when its cause began to count, by event time."""

    id: str
    rule: str
    rule_name: str
    sensor: str
    asset: str
    asset_name: str
    unit: str
    state: AlarmState
    active: bool
    severity: Severity
    since: str
    value: float
    limit: float
    message: str
    acknowledged_by: str | None
    acknowledged_at: str | None
    comment: str | None
    cleared_at: str | None


class Transition(BaseModel):
    """One line of an alarm's journal; `by` is empty when the process did it."""

    number: int
    from_state: AlarmState = Field(serialization_alias="from")
    to_state: AlarmState = Field(serialization_alias="to")
    at: str
    value: float | None
    by: str | None
    comment: str | None


class AlarmWithJournal(Alarm):
    """An alarm and all it went through."""

    transitions: list[Transition]


class Acknowledgement(BaseModel):
    """What the operator has to say."""

    comment: str = Field(default="", max_length=2000)


class Summary(BaseModel):
    """Open alarms: how many, by severity, by state, and by machine path and severity."""

    open: int
    severities: dict[str, int]
    states: dict[str, int]
    paths: dict[str, dict[str, int]]


@router.get("/alarms")
async def list_alarms(  # noqa: PLR0917 - query parameters
    request: Request,
    caller: Caller,
    state: query.StateFilter = "open",
    under: Under = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[str, Query(max_length=100)] = "",
) -> Page[Alarm]:
    """Alarms of the caller's part of the plant; open ones most severe first, then newest."""
    async with request.app.state.database.read() as session:
        rows, after = await query.page_of_alarms(
            session, state=state, scopes=[caller.scope, _path_of(request, under)], limit=limit, cursor=cursor
        )
    return Page(items=[Alarm.model_validate(journal.alarm_json(row)) for row in rows], next_cursor=after)


@router.get("/alarms/summary")
async def summarize(request: Request, caller: Caller, under: Under = "") -> Summary:
    """Counts of open alarms for an overview."""
    async with request.app.state.database.read() as session:
        severities, states, paths = await query.count_open(session, [caller.scope, _path_of(request, under)])
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
    """One alarm with its journal."""
    async with request.app.state.database.read() as session:
        row = await query.visible_alarm(session, alarm_id, caller)
        turns = await query.journal_of(session, alarm_id)
    transitions = [
        Transition(
            number=turn.number,
            from_state=AlarmState(turn.from_state),
            to_state=AlarmState(turn.to_state),
            at=ns_to_iso(turn.at),
            value=turn.value,
            by=turn.by,
            comment=turn.comment,
        )
        for turn in turns
    ]
    return AlarmWithJournal(**journal.alarm_json(row), transitions=transitions)


@router.post("/alarms/{alarm_id}/ack", dependencies=[Depends(needs(Role.OPERATOR))])
async def acknowledge(alarm_id: str, request: Request, caller: Caller, body: Acknowledgement | None = None) -> Alarm:
    """Acknowledge an alarm: somebody has seen it and sees to it. Doing so twice changes nothing."""
    async with request.app.state.database.write() as session:
        await query.visible_alarm(session, alarm_id, caller)
        row, changed = await journal.acknowledge(
            session, alarm_id, by=caller.name or caller.id, comment=body.comment if body else "", now=time_ns()
        )
    found = journal.alarm_json(row)
    if changed:
        await request.app.state.tell([News("acknowledged", found)])
    return Alarm.model_validate(found)


def _path_of(request: Request, name: str) -> str:
    """The path of an asset or a sensor that may be named by id."""
    plant = request.app.state.plant
    asset, sensor = plant.find(name), plant.find_sensor(name)
    if asset is None and sensor is not None:
        return f"{sensor[0].path}/{sensor[1].key}"
    return asset.path if asset is not None else name


def _still_admitted(tokens: Tokens, caller: Principal) -> bool:
    """Whether a token that was good when the stream began still is."""
    return time() < caller.expires and caller.token_id not in tokens.revoked and caller.id not in tokens.revoked
