"""WS /live: values as they come, to browsers and to whoever speaks WebSocket.

    > {"op": "auth", "token": "..."}        first, within 5 s; again with a fresh token before the old one expires
    > {"op": "subscribe", "under": ["berlin/painting"], "max_hz": 5, "every": false}    replaces the one before
    < {"samples": [[sensor path, epoch ms, value, quality], ...]}     first frame: the newest of all subscribed
    < {"samples": [...], "lost": 17}        with `every` alone: so many samples had to be left out
    < {"op": "error", "detail": "..."}      the connection stays

Closed with 4401 (not signed in, or no longer), 1008 (too many frames), 1009 (message too large), 1012 (service
restarts), 1013 (try later).
Pings are the server's (uvicorn: every 20 s).
"""

from urllib.parse import urlsplit

from fastapi import APIRouter, WebSocket

from andon.query.live.hall import Hall
from andon.query.live.session import Session

router = APIRouter()

POLICY_VIOLATION = 1008


@router.websocket("/live")
async def live(socket: WebSocket) -> None:
    """One client, from its first message to its last."""
    hall: Hall = socket.app.state.hall
    if not same_host(socket.headers.get("origin"), socket.headers.get("host", "")):
        await socket.close(POLICY_VIOLATION)  # before it is accepted: the browser sees 403
        return
    await socket.accept()
    await Session(hall, socket).run()


def same_host(origin: str | None, host: str) -> bool:
    """Whether a browser's page came from this very host. Programs that are no browser send no Origin."""
    return origin is None or urlsplit(origin).netloc.lower() == host.lower()
