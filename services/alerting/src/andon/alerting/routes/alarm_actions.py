"""Routes of what people do to alarms: acknowledge, shelve, reset, take out of service, comment, assign."""

from collections.abc import Awaitable, Callable
from time import time_ns
from typing import Any

from fastapi import APIRouter, Depends, Request

from andon.alerting.alarm import actions, query
from andon.alerting.alarm.shape import News, alarm_json, told_to
from andon.alerting.routes.alarm_shapes import (
    Acknowledged,
    Alarm,
    Assignment,
    BulkAcknowledgement,
    OutOfService,
    Remark,
    Said,
    Shelving,
)
from andon.alerting.routes.parts import part_of
from andon.common.api import Caller, needs
from andon.common.auth import Principal, Role
from andon.common.errors import InvalidError

router = APIRouter(tags=["alarms"], dependencies=[Depends(needs(Role.OPERATOR))])
Action = Callable[..., Awaitable[list[News]]]
"""One of `actions`: what to do with an alarm in a session, `by` whom, `now`."""


@router.post("/alarms/ack")
async def acknowledge_many(request: Request, caller: Caller, body: BulkAcknowledgement) -> Acknowledged:
    """Acknowledge many alarms at once: all of them, or none if that fails."""
    if (body.ids is None) == (body.under is None):
        raise InvalidError("Name alarms by `ids`, or all below a part of the plant by `under`; one of both")
    by, now = caller.name or caller.id, time_ns()
    async with request.app.state.database.write() as session:
        if body.ids is not None:
            found = await query.alarms_by_id(session, list(dict.fromkeys(body.ids)), caller)
        else:
            scopes = (caller.scope, part_of(request, caller, body.under or ""))
            wanted = query.Filter(state=body.state, scopes=scopes, severities=tuple(body.severity))
            found = await query.waiting_alarms(session, wanted)
        news = await actions.acknowledge_all(session, found, by=by, comment=body.comment, now=now)
    await request.app.state.tell(news)
    named = len(found) if body.ids is None else len(set(body.ids))
    return Acknowledged(acknowledged=len(news), unchanged=named - len(news))


@router.post("/alarms/{alarm_id}/ack")
async def acknowledge(alarm_id: str, request: Request, caller: Caller, body: Said | None = None) -> Alarm:
    """Acknowledge an alarm: somebody has seen it and sees to it. Doing so twice changes nothing."""
    said = body.comment if body else ""
    return await _act(request, alarm_id, caller, actions.acknowledge, comment=said)


@router.post("/alarms/{alarm_id}/reset")
async def reset(alarm_id: str, request: Request, caller: Caller, body: Said | None = None) -> Alarm:
    """End a latched alarm whose cause is gone and that was acknowledged."""
    said = body.comment if body else ""
    return await _act(request, alarm_id, caller, actions.reset, comment=said)


@router.post("/alarms/{alarm_id}/shelve")
async def shelve(alarm_id: str, request: Request, caller: Caller, body: Shelving) -> Alarm:
    """Hide an alarm for a time; also one that was just closed and will come again."""
    return await _act(request, alarm_id, caller, actions.shelve, length=body.length, reason=body.reason)


@router.post("/alarms/{alarm_id}/unshelve")
async def unshelve(alarm_id: str, request: Request, caller: Caller, body: Said | None = None) -> Alarm:
    """Show a shelved alarm again, as its cause stands now."""
    said = body.comment if body else ""
    return await _act(request, alarm_id, caller, actions.unshelve, comment=said)


@router.post("/alarms/{alarm_id}/out-of-service")
async def take_out_of_service(alarm_id: str, request: Request, caller: Caller, body: OutOfService) -> Alarm:
    """Hide an alarm until somebody puts it back, while something is repaired."""
    return await _act(request, alarm_id, caller, actions.take_out_of_service, reason=body.reason)


@router.post("/alarms/{alarm_id}/in-service")
async def put_in_service(alarm_id: str, request: Request, caller: Caller, body: Said | None = None) -> Alarm:
    """Show an alarm that was out of service again, as its cause stands now."""
    said = body.comment if body else ""
    return await _act(request, alarm_id, caller, actions.put_in_service, comment=said)


@router.post("/alarms/{alarm_id}/comments")
async def comment_on(alarm_id: str, request: Request, caller: Caller, body: Remark) -> Alarm:
    """Write something into an alarm's journal."""
    return await _act(request, alarm_id, caller, actions.comment_on, text=body.text)


@router.post("/alarms/{alarm_id}/assign")
async def assign(alarm_id: str, request: Request, caller: Caller, body: Assignment) -> Alarm:
    """Say who sees to an alarm."""
    return await _act(request, alarm_id, caller, actions.assign, to=body.to)


async def _act(request: Request, alarm_id: str, caller: Principal, action: Action, **said: Any) -> Alarm:
    async with request.app.state.database.write() as session:
        alarm = await query.visible_alarm(session, alarm_id, caller, lock=True)
        news = await action(session, alarm, by=caller.name or caller.id, now=time_ns(), **said)
    if news:
        await request.app.state.tell(news)
    return Alarm.model_validate(told_to(alarm_json(alarm), caller))
