"""WS /live: values as they come, to browsers and to whoever speaks WebSocket.

    > {"op": "auth", "token": "..."}        first, within 5 s; again with a fresh token before the old one expires
    > {"op": "subscribe", "under": ["berlin/painting"], "max_hz": 5, "every": false}    replaces the one before
    > {"op": "subscribe", "under": ["berlin/body"], "add": true}      these too
    > {"op": "unsubscribe", "under": ["berlin/painting/line-2"]}      these, and what lies below them, no more
    < {"samples": [[sensor path, epoch ms, value, quality], ...]}     first frame: the newest of all subscribed
    < {"samples": [...], "lost": 17}        with `every` alone: so many samples had to be left out
    < {"op": "error", "detail": "..."}      the connection stays

After a gap `"since": epoch ms` in a subscription brings first what happened from then on, oldest first:

    < {"samples": [...]}                    all of it, that of this very millisecond too; nothing comes twice after it
    < {"samples": [...], "gap": [from, to]} more than is told here happened from `from` until before `to` (epoch ms):
                                            GET /series has it

`WS /live?ticket=...` (from POST /live/ticket, good once within 30 s) needs no `auth`.

Closed with 4401 (not signed in, or no longer), 1008 (too many frames), 1009 (message too large), 1012 (service
restarts), 1013 (try later).
Pings are the server's (uvicorn: every 20 s).
"""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request, WebSocket
from fastapi.security import HTTPAuthorizationCredentials
from pydantic import BaseModel

from andon.common.api import Caller, bearer
from andon.query.live.hall import Hall
from andon.query.live.session import Session
from andon.query.live.tickets import TICKET_SECONDS

router = APIRouter()
"""The feed itself: it asks for the token in its own way."""
signed_in = APIRouter()

POLICY_VIOLATION = 1008


@router.websocket("/live")
async def live(socket: WebSocket, ticket: str = "") -> None:
    """One client, from its ticket or first message to its last."""
    hall: Hall = socket.app.state.hall
    if not same_host(socket.headers.get("origin"), socket.headers.get("host", "")):
        await socket.close(POLICY_VIOLATION)  # before it is accepted: the browser sees 403
        return
    await socket.accept()
    await Session(hall, socket).run(ticket)


def same_host(origin: str | None, host: str) -> bool:
    """Whether a browser's page came from this very host. Programs that are no browser send no Origin."""
    return origin is None or urlsplit(origin).netloc.lower() == host.lower()


class Ticket(BaseModel):
    """Good once, for so many seconds."""

    ticket: str
    expires_in: int


@signed_in.post("/live/ticket", status_code=201)
async def issue_ticket(
    request: Request, caller: Caller, credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]
) -> Ticket:
    """A ticket for `WS /live?ticket=` or `GET /live/events?ticket=`, where a browser cannot send the token along.

    What it opens shows what you may see, and ends when your token expires or is revoked.
    """
    hall: Hall = request.app.state.hall
    return Ticket(ticket=hall.tickets.issue(caller.id, credentials.credentials), expires_in=TICKET_SECONDS)
