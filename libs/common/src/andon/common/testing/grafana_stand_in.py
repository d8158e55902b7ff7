"""A server that stands for Grafana: it lets in whom the gateway's signature names, and says back what it was asked.

What it knows of Grafana is taken from its documentation and sources: `auth.jwt` with a key set and ES256, its own
sub path, the origin of WebSockets. It is no Grafana, and a story that it passes has not been checked against one.
"""

import asyncio
import json
from html import escape
from typing import Any, Self
from urllib.parse import urlsplit

import httpx
import jwt
import uvicorn
from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from andon.common.testing.ports import free_port
from andon.common.testing.waiting import ANSWER_SECONDS, eventually

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{uid} - Grafana</title>
<body data-theme="{theme}"><h1>{uid}</h1><p id="who">{who}</p><table>{rows}</table></body></html>"""


class GrafanaStandIn:
    """Serves below /grafana/ until its `async with` ends.

    jwks_url: where it reads the key set, as `jwk_set_url`. dashboards: the uids it has. headers: added to its answers,
    which wait while `go_on` is not set. seen: what it was asked, in order. listeners: to its endless answer.
    """

    def __init__(self, jwks_url: str = "", *, dashboards: tuple[str, ...] = ()) -> None:
        self.jwks_url = jwks_url
        self.dashboards = dashboards
        self.port = free_port()
        self.headers: list[tuple[str, str]] = []
        self.seen: list[dict[str, Any]] = []
        self.go_on = asyncio.Event()
        self.go_on.set()
        self.listeners = 0

    @property
    def url(self) -> str:
        """Where the gateway finds it."""
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.go_on.set()
        await self.stop()

    async def start(self) -> None:
        """Listen, again on the same port."""
        routes = [
            Route("/grafana/d/{uid}", self._dashboard),
            Route("/grafana/d/{uid}/{slug}", self._dashboard),
            Route("/grafana/api/dashboards/uid/{uid}", self._found),
            Route("/grafana/api/stream", self._stream),
            Route("/grafana/api/broken", self._broken),
            Route("/grafana/leads", self._leads),
            WebSocketRoute("/grafana/api/live/ws", self._live),
            Route("/{path:path}", self._echo, methods=METHODS),
        ]
        config = uvicorn.Config(
            Starlette(routes=routes),
            host="127.0.0.1",
            port=self.port,
            log_config=None,
            ws="websockets-sansio",
            lifespan="off",
        )
        self._server = uvicorn.Server(config)
        self._serving = asyncio.create_task(self._server.serve())
        await eventually(lambda: self._server.started, what="the stand-in for Grafana listens")

    async def stop(self) -> None:
        """Listen no more; who waits is cut off."""
        self._server.should_exit = self._server.force_exit = True
        await asyncio.wait_for(self._serving, 15)

    async def who(self, asked: HTTPConnection) -> dict[str, Any] | None:
        """The claims of who asks, as `auth.jwt` reads them; None: it would answer 401."""
        token = asked.headers.get("x-jwt-assertion", "")
        async with httpx.AsyncClient(timeout=ANSWER_SECONDS) as http:
            keys = jwt.PyJWKSet.from_dict((await http.get(self.jwks_url)).json())
        try:
            key = keys[jwt.get_unverified_header(token)["kid"]]
            return jwt.decode(token, key, algorithms=["ES256"], issuer="andon", audience="grafana")
        except (jwt.InvalidTokenError, KeyError):
            return None

    async def _dashboard(self, request: Request) -> Response:
        await self.go_on.wait()
        self._note(request)
        claims = await self.who(request)
        if claims is None:
            return RedirectResponse("/grafana/login", 302)
        told = "".join(f"<tr><th>{escape(k)}<td>{escape(v)}" for k, v in request.query_params.items())
        page = PAGE.format(
            uid=escape(request.path_params["uid"]),
            theme=escape(request.query_params.get("theme", "")),
            who=escape(f"{claims['preferred_username']} ({claims['role']})"),
            rows=told,
        )
        return self._with_headers(HTMLResponse(page))

    async def _found(self, request: Request) -> Response:
        if await self.who(request) is None:
            return JSONResponse({"message": "Failed to verify JWT"}, 401)
        uid = request.path_params["uid"]
        if uid not in self.dashboards:
            return JSONResponse({"message": "Dashboard not found"}, 404)
        return JSONResponse({"dashboard": {"uid": uid, "title": uid}, "meta": {}})

    async def _echo(self, request: Request) -> Response:
        await self.go_on.wait()
        asked = self._note(request)
        asked["body"] = (await request.body()).decode()
        asked["claims"] = await self.who(request)
        return self._with_headers(JSONResponse(asked))

    async def _stream(self, _: Request) -> Response:
        """One line at once, another when it goes on."""

        async def lines() -> Any:
            self.listeners += 1
            try:
                yield b"first\n"
                await self.go_on.wait()
                yield b"second\n"
            finally:
                self.listeners -= 1

        return StreamingResponse(lines(), media_type="text/plain")

    async def _broken(self, _: Request) -> Response:
        """Says it sends more than it does."""
        return Response(b"cut short", headers={"content-length": "100"})

    async def _leads(self, request: Request) -> Response:
        return Response(status_code=302, headers={"location": request.query_params["to"]})

    async def _live(self, socket: WebSocket) -> None:
        """Says back what it hears, but to those from elsewhere: Grafana holds the origin against its host."""
        at_home = urlsplit(socket.headers.get("origin", "")).netloc == socket.headers.get("host")
        claims = await self.who(socket)
        if not at_home or claims is None:
            await socket.close()
            return
        await socket.accept()
        await socket.send_text(json.dumps({"who": claims["name"], "headers": dict(socket.headers)}))
        try:
            while (said := await socket.receive())["type"] == "websocket.receive":
                text = said.get("text")
                if text == "good-bye":
                    await socket.close(3005, "said so")
                    return
                await (socket.send_text(text) if text is not None else socket.send_bytes(said["bytes"]))
        except WebSocketDisconnect:
            return

    def _note(self, request: Request) -> dict[str, Any]:
        asked: dict[str, Any] = {
            "method": request.method,
            "target": request.scope["raw_path"].decode(),
            "query": request.url.query,
            "headers": list(request.headers.items()),
        }
        self.seen.append(asked)
        return asked

    def _with_headers(self, response: Response) -> Response:
        for name, value in self.headers:
            response.raw_headers.append((name.encode(), value.encode()))
        return response
