"""GET /live/events: values as they come, as server-sent events.

    id: 1732380000000
    data: {"samples": [[sensor path, epoch ms, value, quality], ...]}

`id` is the newest event time so far; a browser sends it along when it connects again, and what happened since comes
first. `event: problem` tells what is wrong with the names, `event: goodbye` why the stream ends. Frames are those of
the WebSocket.
"""

import asyncio
from contextlib import suppress
from time import time_ns
from typing import Annotated, Any, TypeAlias

import orjson
from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import StreamingResponse
from fastapi.security import HTTPAuthorizationCredentials
from pydantic import StringConstraints
from starlette.types import Send
from typing_extensions import override

from andon.common.api import Problem, bearer
from andon.common.errors import AndonError, TooManyError, UnauthorizedError
from andon.common.reading import NS_PER_MS
from andon.query.live.client import Client, Frame
from andon.query.live.guest import NOT_SIGNED_IN, GoodbyeError
from andon.query.live.hall import Hall
from andon.query.live.messages import LATEST_MS, MAX_HZ, MAX_NAME, MAX_PATHS, MIN_HZ, USUAL_HZ, Subscribe

router = APIRouter()

KEEP_ALIVE_SECONDS = 15.0
RETRY_SECONDS = 5
"""When to try again, for whom there was no place."""
RETRY_MS = 2000
CLOSE_SECONDS = 1.0

Path: TypeAlias = Annotated[str, StringConstraints(max_length=MAX_NAME)]
Hz: TypeAlias = Annotated[float, Query(ge=MIN_HZ, description=f"Frames per second, at most {MAX_HZ:g}")]
Every: TypeAlias = Annotated[bool, Query(description="All samples, not only the newest of each sensor")]
Since: TypeAlias = Annotated[int | None, Query(ge=0, le=LATEST_MS, description="Epoch ms; what happened since")]
LastEventId: TypeAlias = Annotated[int | None, Header(ge=0, le=LATEST_MS, description="As `since`, and before it")]


async def _token(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
    ticket: Annotated[str, Query(max_length=128, description="From POST /live/ticket, in place of a token")] = "",
) -> str:
    """The caller's token, sent along or left for a ticket.

    Raises:
        UnauthorizedError: neither is there, or the ticket is no longer good.
    """
    hall: Hall = request.app.state.hall
    if credentials is not None:
        hall.tokens.check(credentials.credentials)
        return credentials.credentials
    if not ticket:
        raise UnauthorizedError("Send a bearer token, or a ticket from POST /api/query/v1/live/ticket")
    return await hall.tickets.redeem(ticket)


def _wanted(
    under: Annotated[list[Path] | None, Query(max_length=MAX_PATHS, description="Paths or ids; all by default")] = None,
    max_hz: Hz = USUAL_HZ,
    every: Every = False,  # noqa: FBT002 - a parameter of the query
    since: Since = None,
    last_event_id: LastEventId = None,
) -> Subscribe:
    began = since if last_event_id is None else last_event_id
    return Subscribe(under=[""] if under is None else under, max_hz=max_hz, every=every, since=began)


@router.get(
    "/live/events",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}, 429: {"model": Problem}},
)
async def events(
    request: Request, token: Annotated[str, Depends(_token)], wanted: Annotated[Subscribe, Depends(_wanted)]
) -> StreamingResponse:
    """Live values as server-sent events: `{"samples": [[sensor path, epoch ms, value, quality], ...]}`.

    First the newest of all that `under` names. With `since`, or `Last-Event-ID`, first what happened from then on; of
    `"gap": [from, to]` in the first event GET /series has the rest. Without a bearer token a ticket lets in.
    """
    return EventStream(request.app.state.hall, token, wanted)


class EventStream(StreamingResponse):
    """One live client that only listens."""

    media_type = "text/event-stream"

    def __init__(self, hall: Hall, token: str, wanted: Subscribe) -> None:
        super().__init__((), headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        self._hall = hall
        self._token = token
        self._wanted = wanted
        self._client = Client(hall, self._write)
        self._newest = wanted.since or 0
        self._send: Send

    @override
    async def stream_response(self, send: Send) -> None:
        """Serve until either side has had enough; who listens to the connection's end is the caller."""
        self._send = send
        try:
            self._enter()
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await self._serve()
        finally:
            self._client.guest.leave()

    def _enter(self) -> None:
        try:
            self._client.guest.enter(self._token)
        except GoodbyeError as error:
            raise _refused(error) from None

    async def _serve(self) -> None:
        farewell = b""
        try:
            async with asyncio.TaskGroup() as tasks:
                await self._send_part(f"retry: {RETRY_MS}\n\n".encode())
                async with self._hall.effort.turn(self._client.guest.person):
                    wrong = self._client.subscribe(self._wanted)
                if wrong:
                    await self._client.write({"op": "error", "detail": wrong})
                tasks.create_task(self._client.send(), name="live send")
                tasks.create_task(self._client.guest.guard(), name="live guard")
                tasks.create_task(self._keep_alive(), name="live keep alive")
        except* GoodbyeError as goodbyes:
            farewell = _farewell(goodbyes.exceptions[0])
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._send_part(farewell, more=False)

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(KEEP_ALIVE_SECONDS)
            await self._client.write({})

    async def _write(self, frame: Frame) -> None:
        if not frame:
            await self._send_part(b": keep-alive\n\n")
        elif "samples" not in frame:
            await self._send_part(_event("problem", {"detail": frame["detail"]}))
        else:
            times = (at for _, at, _, _ in frame["samples"])
            # a clock that is ahead must not make a hole: what others say until then would never be told
            self._newest = max(self._newest, min(max(times, default=0), time_ns() // NS_PER_MS))
            await self._send_part(b"id: %d\ndata: %b\n\n" % (self._newest, orjson.dumps(frame)))

    async def _send_part(self, body: bytes, *, more: bool = True) -> None:
        await self._send({"type": "http.response.body", "body": body, "more_body": more})


def _event(name: str, data: dict[str, Any]) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (name.encode(), orjson.dumps(data))


def _farewell(error: BaseException) -> bytes:
    return _event("goodbye", {"code": error.code, "detail": error.reason}) if isinstance(error, GoodbyeError) else b""


def _refused(error: GoodbyeError) -> AndonError:
    """The same before the stream has begun."""
    if error.code == NOT_SIGNED_IN:
        return UnauthorizedError(error.reason)
    return TooManyError(error.reason, RETRY_SECONDS)
