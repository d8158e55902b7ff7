"""The gateway: what comes below /grafana/ with a session is passed on to Grafana, in the name of its person.

Read this first. Answers are handed on as they come, compressed as they are; nothing is kept.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import quote
from weakref import WeakValueDictionary

import httpx
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import RedirectResponse
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from andon.common import jobs, logs
from andon.common.errors import TooLargeError, UnauthorizedError, UnavailableError
from andon.common.service import endless
from andon.common.trouble import Trouble
from andon.registry.grafana import admission, headers
from andon.registry.grafana.assertion import Assertions
from andon.registry.grafana.live import Live
from andon.registry.grafana.sessions import Session, Sessions, cookies, set_cookie

log = logs.get("registry.grafana")

DOOR = "/open-grafana"
"""The page that opens a session for who is signed in, and leads on to its `to`."""
MAX_BODY = 4 * 2**20
"""Bytes of a request; the largest are dashboards that are saved."""
AT_ONCE = 128
OF_ONE = 32
"""Requests of one person that are on their way; more of theirs wait."""
PATIENCE = httpx.Timeout(connect=5, read=60, write=20, pool=10).as_dict()
"""Seconds; `read` between two pieces of an answer: a query over months has its time."""


class Gateway:
    """ASGI for /grafana, within `open`. url: where Grafana is, without a path."""

    def __init__(self, url: str, sessions: Sessions, assertions: Assertions) -> None:
        self._url = httpx.URL(url)
        self._sessions = sessions
        self._assertions = assertions
        self._turns: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._trouble = Trouble(log, comes="Grafana does not answer", over="Grafana answers again")

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Serve within this block."""
        self._closing = asyncio.Event()
        self._live = Live(self._url, self._sessions, self._closing)
        limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=16)
        made = httpx.AsyncHTTPTransport(verify=ssl.create_default_context(), limits=limits, trust_env=False)
        async with made as self._wire:
            with endless(self._closing.set):
                yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection.

        Raises:
            AndonError: it may not pass, or Grafana does not answer; nothing has been sent yet.
        """
        if scope["type"] == "websocket":
            socket = WebSocket(scope, receive, send)
            await self._live.serve(socket, lambda session: self._headers(socket, session))
            return
        request = Request(scope, receive)
        admission.require_below(scope["path"])
        if page := admission.leads_back(_target(scope)):
            await RedirectResponse(page, 303)(scope, receive, send)
            return
        try:
            session = self._sessions.check(cookies(request))
        except UnauthorizedError:
            if not admission.is_visit(request.headers):
                raise
            await RedirectResponse(f"{DOOR}?to={quote(_target(scope), safe='')}", 303)(scope, receive, send)
            return
        admission.require_same_origin(request.method, request.headers)
        turn = self._turns.setdefault(session.person.id, asyncio.Semaphore(OF_ONE))
        with suppress(ClientDisconnect):
            async with turn:
                await self._pass(request, session, send)

    async def _pass(self, request: Request, session: Session, send: Send) -> None:
        """One request and its answer."""
        body = await _body(request)  # first, for it may take longer than a signature is good
        asked = httpx.Request(
            request.method,
            self._url,
            headers=[
                (name.encode("latin-1"), value.encode("latin-1")) for name, value in self._headers(request, session)
            ],
            content=body or None,
            extensions={"timeout": PATIENCE, "target": _target(request.scope).encode("latin-1")},
        )
        answer = await self._ask(asked)
        try:
            await send(self._start(request, session, answer))
            await self._stream(answer, request.receive, send)
        finally:
            await answer.aclose()

    async def _ask(self, asked: httpx.Request) -> httpx.Response:
        """Grafana's answer, up to its headers.

        Raises:
            UnavailableError: there is none.
        """
        try:
            answer = await self._wire.handle_async_request(asked)
        except httpx.TransportError as error:
            self._trouble.say(repr(error))
            raise UnavailableError("Grafana does not answer; try again, or ask who runs it") from error
        self._trouble.say("")
        return answer

    def _start(self, request: Request, session: Session, answer: httpx.Response) -> Message:
        given = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in answer.headers.raw]
        host = request.headers.get("host", "")
        told = headers.to_browser(
            given, asked=request.scope["path"], host=host, behind=self._url.netloc.decode("ascii")
        )
        if session.fades:
            told.append(("set-cookie", set_cookie(self._sessions.renew(session), secure=request.url.scheme == "https")))
        encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in told]
        return {"type": "http.response.start", "status": answer.status_code, "headers": encoded}

    async def _stream(self, answer: httpx.Response, receive: Receive, send: Send) -> None:
        """The body, until it ends, the browser goes away, or we stop. What Grafana breaks off ends so here."""
        body = asyncio.ensure_future(_hand_on(answer, send))
        others = [asyncio.ensure_future(_gone(receive)), asyncio.ensure_future(self._closing.wait())]
        try:
            await asyncio.wait({body, *others}, return_when=asyncio.FIRST_COMPLETED)
            if body.done():
                body.result()
        except httpx.TransportError as error:
            log.warning("an answer of Grafana's broke off", error=repr(error))
        finally:
            await jobs.end(body, *others)

    def _headers(self, asked: HTTPConnection, session: Session) -> list[headers.Header]:
        return headers.to_grafana(
            asked.headers.items(),
            address=asked.client.host if asked.client else "",
            scheme="https" if asked.url.scheme in ("https", "wss") else "http",
            assertion=self._assertions.sign(session.person),
        )


async def _body(request: Request) -> bytes:
    """Its body, counted as it comes.

    Raises:
        TooLargeError: more than Grafana is sent.
    """
    taken = bytearray()
    async for piece in request.stream():
        taken += piece
        if len(taken) > MAX_BODY:
            raise TooLargeError(f"The body has more than {MAX_BODY // 2**20} MiB")
    return bytes(taken)


async def _hand_on(answer: httpx.Response, send: Send) -> None:
    async for piece in answer.aiter_raw():
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _target(scope: Scope) -> str:
    """Path and query as the browser wrote them."""
    path: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
    query: bytes = scope.get("query_string", b"")
    return (path + (b"?" + query if query else b"")).decode("latin-1")
