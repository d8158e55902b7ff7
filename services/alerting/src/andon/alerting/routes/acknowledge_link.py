"""The link in a message that acknowledges its alarm: a small page for whoever got the message, without signing in.

Mail scanners and previews open links, so opening it changes nothing; the button on it does.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from time import time_ns
from typing import Annotated
from urllib.parse import parse_qs

import msgspec
from fastapi import APIRouter, Request
from fastapi import Path as PathParameter
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.alarm import actions
from andon.alerting.alarm.events import ANNOUNCING
from andon.alerting.alarm.state import AlarmState
from andon.alerting.couriers.message import by_now
from andon.alerting.database import FAILURES
from andon.alerting.notify.links import Ticket
from andon.alerting.tables import AlarmRow, ChannelRow, TransitionRow
from andon.common.errors import ConflictError, InvalidError, UnavailableError
from andon.common.times import ns_to_iso

public = APIRouter(tags=["alarms"])
MOST_COMMENT = 500
_NOT_NOW: tuple[type[Exception], ...] = (UnavailableError, *FAILURES)
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Robots-Tag": "noindex",
}
_pages = Environment(
    loader=FileSystemLoader(Path(__file__).parent.parent / "notify" / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
)
Token = Annotated[str, PathParameter(max_length=1000)]


class Answer(msgspec.Struct, frozen=True):
    """What the page says. tone: ask, done, late."""

    status: int
    tone: str
    title: str
    text: str = ""


@public.get("/acknowledge/{token}", response_class=HTMLResponse)
async def show_alarm(token: Token, request: Request) -> HTMLResponse:
    """The alarm of a link, and a button to acknowledge it. Changes nothing."""
    return await _answered(request, token, _show)


@public.post("/acknowledge/{token}", response_class=HTMLResponse)
async def acknowledge(token: Token, request: Request) -> HTMLResponse:
    """Acknowledge the alarm of a link, in the name of the channel that the message went to. Good for one use."""
    return await _answered(request, token, _acknowledge)


async def _answered(
    request: Request, token: str, act: Callable[[Request, Ticket], Awaitable[HTMLResponse]]
) -> HTMLResponse:
    """The page for a link; who opens it reads no problem in JSON, but a sentence."""
    try:
        ticket = request.app.state.links.read(token)
    except InvalidError as error:
        return _page(Answer(404, "late", "This link does not work", str(error)))
    try:
        return await act(request, ticket)
    except _NOT_NOW:
        return _page(Answer(503, "late", "Not just now", "Nothing was acknowledged. Open the link again in a minute."))


async def _show(request: Request, ticket: Ticket) -> HTMLResponse:
    async with request.app.state.database.read() as session:
        alarm = await session.get(AlarmRow, ticket.alarm_id)
        answer = await _refusal(session, ticket, alarm)
    return _page(answer or Answer(200, "ask", "Do you see to it?"), alarm)


async def _acknowledge(request: Request, ticket: Ticket) -> HTMLResponse:
    comment = _comment(await request.body())
    news = []
    async with request.app.state.database.write() as session:
        alarm = await session.get(AlarmRow, ticket.alarm_id, with_for_update=True)
        answer = await _refusal(session, ticket, alarm)
        if answer is None and alarm is not None:
            try:
                by = _by(ticket)
                news = await actions.acknowledge(session, alarm, by=by, comment=comment, now=time_ns())
            except ConflictError as error:
                answer = Answer(409, "late", "There is nothing to acknowledge", str(error))
    await request.app.state.tell(news)
    done = "Everybody who looks at this alarm sees it, and nobody more is called."
    return _page(answer or Answer(200, "done", "Acknowledged", done), alarm)


async def _refusal(session: AsyncSession, ticket: Ticket, alarm: AlarmRow | None) -> Answer | None:
    """Why a link does nothing any more; None where it does."""
    known = select(ChannelRow.id).where(ChannelRow.name == ticket.channel)
    if alarm is None or await session.scalar(known) is None:
        return Answer(410, "late", "This is over", "The alarm, or the channel of the message, is not there any more.")
    if alarm.acknowledged:
        who = "with this link" if alarm.acknowledged_by == _by(ticket) else f"by {alarm.acknowledged_by or 'somebody'}"
        when = f", {_clock(alarm.acknowledged_at)}" if alarm.acknowledged_at else ""
        return Answer(409, "done", "Acknowledged already", f"That was done {who}{when}. Nothing is left to do here.")
    if alarm.state == AlarmState.NORMAL:
        return Answer(410, "done", "This is over", "The alarm is closed; nothing is left to acknowledge.")
    last = select(func.max(TransitionRow.number)).where(
        TransitionRow.alarm_id == alarm.id,
        TransitionRow.event.in_(ANNOUNCING),
        TransitionRow.to_state == AlarmState.UNACKNOWLEDGED,
    )
    if (await session.scalar(last) or 0) > ticket.number:
        return Answer(409, "late", "It has happened anew since", "There is a newer message; use the link in that one.")
    if ticket.expired:
        return Answer(410, "late", "This link is too old", "It was good for a day. Sign in to acknowledge the alarm.")
    return None


def _comment(body: bytes) -> str:
    """What the form says; whatever else somebody sends is no comment."""
    try:
        said = parse_qs(body.decode(errors="replace"), max_num_fields=5).get("comment", [""])[0]
    except ValueError:
        return ""
    return said.replace("\0", "").strip()[:MOST_COMMENT]


def _by(ticket: Ticket) -> str:
    return f"link to {ticket.channel}"


def _page(answer: Answer, alarm: AlarmRow | None = None) -> HTMLResponse:
    facts = alarm and {
        "rule": alarm.rule_name,
        "machine": alarm.asset_name,
        "place": " / ".join(alarm.asset.split("/")[:-1]),
        "message": by_now(alarm.message, active=alarm.active),
        "severity": alarm.severity,
        "since": _clock(alarm.since),
        "active": alarm.active,
        "action": (alarm.advice or {}).get("action", ""),
    }
    page = _pages.get_template("acknowledge.html").render(answer=answer, alarm=facts, most=MOST_COMMENT)
    return HTMLResponse(page, answer.status, _HEADERS)


def _clock(at: int | None) -> str:
    return f"{ns_to_iso(at or 0)[:19].replace('T', ' ')} UTC"
