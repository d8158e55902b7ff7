"""Routes of notifications: what was told to whom, what waits, and what was not told, and why."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from sqlalchemy import Select, or_, select

from andon.alerting.alarm import query as alarms
from andon.alerting.elsewhere import cut_text
from andon.alerting.tables import EscalationRow, NotificationRow
from andon.alerting.tables.outbox import NotificationState
from andon.common.api import Caller, Page
from andon.common.auth import Principal
from andon.common.errors import BadRequestError
from andon.common.times import ns_to_iso

router = APIRouter(tags=["notifications"])


class Notification(BaseModel):
    """One message to one channel, named by its `key`, and what became of it.

    state: pending, sending, sent, failed, merged (told by another message: `merged_in`), muted (not told, for `reason`:
    a silence, quiet hours), superseded (told by the fallback, or not needed any more). step, repeat: of the policy, 0
    for what a rule's own channels are told. stands_in: the channel that it is sent instead of. alarms: in a digest.
    event: called (it asks for somebody), over, digest, or what else the journal says of the alarm, like eased.
    """

    id: int
    key: str
    channel: str
    asset: str
    message: str
    event: str
    state: NotificationState
    reason: str | None
    attempts: int
    step: int
    repeat: int
    created_at: str
    next_at: str | None
    sent_at: str | None
    error: str | None
    merged_in: int | None
    stands_in: str | None
    alarms: int


class NextCall(BaseModel):
    """Whom an alarm's policy calls next, unless somebody acknowledges it."""

    policy: str
    step: int
    repeat: int
    due: str


class AlarmNotifications(Page[Notification]):
    """What was told of one alarm, oldest first; `next_call` None where nobody more is called."""

    next_call: NextCall | None = None


@router.get("/notifications")
async def list_notifications(  # noqa: PLR0917 - query parameters
    request: Request,
    caller: Caller,
    state: NotificationState | Literal["all"] = "all",
    channel: Annotated[str, Query(max_length=100)] = "",
    digest: Annotated[int, Query(ge=0, le=alarms.MAX_INTEGER, description="What this message tells of")] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[str, Query(max_length=20)] = "",
) -> Page[Notification]:
    """Notifications about the caller's part of the plant, newest first; digests to callers of all of it."""
    query = _visible(select(NotificationRow), caller).order_by(NotificationRow.id.desc()).limit(limit + 1)
    if state != "all":
        query = query.where(NotificationRow.state == state)
    if channel:
        query = query.where(NotificationRow.channel == channel)
    if digest:
        query = query.where(NotificationRow.merged_in == digest)
    if cursor:
        if not cursor.isdecimal() or int(cursor) > alarms.MAX_INTEGER:
            raise BadRequestError(f"'{cursor}' is no cursor; pass next_cursor of the page before as it is")
        query = query.where(NotificationRow.id < int(cursor))
    async with request.app.state.database.read() as session:
        rows = (await session.scalars(query)).all()
    items = [_notification(row, caller) for row in rows[:limit]]
    return Page(items=items, next_cursor=str(items[-1].id) if len(rows) > limit else None)


@router.get("/alarms/{alarm_id}/notifications")
async def list_alarm_notifications(alarm_id: str, request: Request, caller: Caller) -> AlarmNotifications:
    """What was told of one alarm, the last 500 messages, and who is called next."""
    query = select(NotificationRow).where(NotificationRow.alarm_id == alarm_id)
    async with request.app.state.database.read() as session:
        await alarms.visible_alarm(session, alarm_id, caller)
        rows = (await session.scalars(query.order_by(NotificationRow.id.desc()).limit(500))).all()
        escalation = await session.get(EscalationRow, alarm_id)
    return AlarmNotifications(
        items=[_notification(row, caller) for row in reversed(rows)],
        next_call=escalation
        and NextCall(
            policy=escalation.policy, step=escalation.step, repeat=escalation.repeat, due=ns_to_iso(escalation.due)
        ),
    )


def _visible(query: Select[tuple[NotificationRow]], caller: Principal) -> Select[tuple[NotificationRow]]:
    if not caller.scope:
        return query
    below = NotificationRow.asset.startswith(caller.scope + "/", autoescape=True)
    return query.where(or_(NotificationRow.asset == caller.scope, below))


def _notification(row: NotificationRow, caller: Principal) -> Notification:
    return Notification(
        id=row.id,
        key=row.payload["key"],
        channel=row.channel,
        asset=row.asset,
        message=cut_text(_message(row.payload), row.asset, caller.scope),
        event=row.event,
        state=row.state,
        reason=row.reason,
        attempts=row.attempts,
        step=row.step,
        repeat=row.repeat,
        created_at=ns_to_iso(row.created_at),
        next_at=ns_to_iso(row.next_at) if row.state == "pending" else None,
        sent_at=ns_to_iso(row.sent_at) if row.sent_at else None,
        error=row.error,
        merged_in=row.merged_in,
        stands_in=row.stands_in,
        alarms=row.payload["digest"]["count"] if "digest" in row.payload else 1,
    )


def _message(payload: dict[str, Any]) -> str:
    if "digest" not in payload:
        return str(payload["alarm"]["message"])
    digest = payload["digest"]
    return f"{digest['count']} alarms: {digest['raised']} raised, {digest['cleared']} over"
