"""WebSockets below /grafana/, for Grafana Live: passed on both ways for as long as their person may look."""

import asyncio
import ssl
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx
from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Subprotocol

from andon.common import jobs, logs
from andon.common.errors import AndonError, ForbiddenError, TooManyError, UnauthorizedError
from andon.common.trouble import Trouble
from andon.registry.grafana import admission
from andon.registry.grafana.headers import Header
from andon.registry.grafana.sessions import Session, Sessions, cookies

log = logs.get("registry.grafana")

OF_ONE = 16
"""Of one person: each tab with Grafana in it has one."""
IN_ALL = 200
GUARD_SECONDS = 5.0
"""This often is looked whether the person still may."""
OPEN_SECONDS, CLOSE_SECONDS = 5.0, 2.0
MAX_MESSAGE = 2**20

GOING_AWAY, NOT_ALLOWED = 1001, 1008
NO_CODES = {None, 1005, 1006}
"""Close codes that nobody may send; they say that there was none."""


class Live:
    """Passes WebSockets on to Grafana at `url`, until `closing` is set."""

    def __init__(self, url: httpx.URL, sessions: Sessions, closing: asyncio.Event) -> None:
        self._url = url
        self._sessions = sessions
        self._closing = closing
        self._open: Counter[str] = Counter()
        self._trouble = Trouble(log, comes="Grafana takes no WebSocket", over="Grafana takes WebSockets again")

    async def serve(self, socket: WebSocket, headers: Callable[[Session], list[Header]]) -> None:
        """One connection. Who may not is refused before it is made: 403. headers: those for Grafana."""
        try:
            session = self._admit(socket)
            with self._place(session.person.id):
                async with self._connect(socket, headers(session)) as behind:
                    self._trouble.say("")
                    await socket.accept(subprotocol=behind.subprotocol)
                    code = await self._both_ways(socket, behind, session)
        except AndonError:
            code = NOT_ALLOWED
        except (OSError, TimeoutError, WebSocketException, ValueError) as error:
            self._trouble.say(repr(error))
            code = GOING_AWAY
        with suppress(RuntimeError, WebSocketDisconnect):  # it is closed already
            await socket.close(code)

    def _admit(self, socket: WebSocket) -> Session:
        admission.require_below(socket.scope["path"])
        session = self._sessions.check(cookies(socket))
        if not admission.is_same_origin(socket.headers):
            raise ForbiddenError("Only a page of this Andon may listen to Grafana")
        return session

    @contextmanager
    def _place(self, person: str) -> Iterator[None]:
        if self._open[person] >= OF_ONE or self._open.total() >= IN_ALL:
            raise TooManyError("Too many tabs listen to Grafana; close some", 60)
        self._open[person] += 1
        try:
            yield
        finally:
            self._open[person] -= 1
            self._open += Counter()  # forgets who has none

    def _connect(self, socket: WebSocket, headers: list[Header]) -> connect:
        """To Grafana, by the name that the browser gives us: Grafana holds the origin against it."""
        secure = self._url.scheme == "https"
        path = socket.scope.get("raw_path", b"").decode("latin-1")
        query = socket.scope.get("query_string", b"").decode("latin-1")
        host = socket.headers.get("host", "")
        tls: dict[str, Any] = {"ssl": ssl.create_default_context(), "server_hostname": self._url.host} if secure else {}
        spoken = (name.strip() for name in socket.headers.get("sec-websocket-protocol", "").split(","))
        return connect(
            f"{'wss' if secure else 'ws'}://{host}{path}" + (f"?{query}" if query else ""),
            host=self._url.host,
            port=self._url.port or (443 if secure else 80),
            **tls,
            subprotocols=[Subprotocol(name) for name in spoken if name] or None,
            additional_headers=[(n, v) for n, v in headers if n != "host" and not n.startswith("sec-websocket-")],
            user_agent_header=None,
            compression=None,
            proxy=None,
            open_timeout=OPEN_SECONDS,
            close_timeout=CLOSE_SECONDS,
            max_size=MAX_MESSAGE,
        )

    async def _both_ways(self, socket: WebSocket, behind: ClientConnection, session: Session) -> int:
        """Until either side ends, or the person may no longer; the code to close with."""
        tasks = [
            asyncio.ensure_future(one)
            for one in (_to_grafana(socket, behind), _to_browser(socket, behind), self._guard(session))
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            return next(iter(done)).result()
        except (WebSocketDisconnect, UnauthorizedError) as error:
            return NOT_ALLOWED if isinstance(error, UnauthorizedError) else GOING_AWAY
        except ConnectionClosed:
            return GOING_AWAY if behind.close_code in NO_CODES else behind.close_code or GOING_AWAY
        finally:
            await jobs.end(*tasks)

    async def _guard(self, session: Session) -> int:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(GUARD_SECONDS):
                    await self._closing.wait()
                return GOING_AWAY
            self._sessions.require_good(session)


async def _to_grafana(socket: WebSocket, behind: ClientConnection) -> int:
    while True:
        event = await socket.receive()
        if event["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(event["code"])
        text: str | None = event.get("text")
        await behind.send(event["bytes"] if text is None else text)


async def _to_browser(socket: WebSocket, behind: ClientConnection) -> int:
    while True:
        message = await behind.recv()
        await (socket.send_text(message) if isinstance(message, str) else socket.send_bytes(message))
