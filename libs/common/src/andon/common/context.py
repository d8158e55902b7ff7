"""What each request has around it: an id that its log lines, its answer and its problems carry, its numbers, its span.

One line is logged for a request that ends in 5xx or breaks off, none for others.
"""

import re
import secrets
from collections.abc import Awaitable, Callable
from time import perf_counter

import structlog
from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from andon.common import logs, tracing, vitals

log = logs.get("api")

WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{1,64}")
"""A request id that is taken from whoever asks; anything else gets one of ours."""
TRACEPARENT = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}
NOT_COUNTED = {"/healthz", "/readyz", "/metrics"}
"""Asked for all day by those who watch; they would hide what people wait for."""
NO_ROUTE = "(none)"
"""A page, a file, or what there is not: paths are without end, labels are not."""
PAGES = "pages"
LEFT = 499
"""Whoever asked has left before there was an answer."""
SAFE_HEADERS = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer"))
_WHY = "andon.why"


def blame(request: Request, why: Exception | str) -> None:
    """Say why a request fails; it stands in the line that is logged of it."""
    request.scope[_WHY] = why


def ids() -> dict[str, str]:
    """Ids of the request that is answered here, for who is to quote them: `request_id`, and `trace_id` if any."""
    known = structlog.contextvars.get_contextvars()
    return {name: known[name] for name in ("request_id", "trace_id") if name in known}


class RequestContext:
    """ASGI middleware, outermost of the origin. mounts: path of each service on it, and its name."""

    def __init__(self, app: ASGIApp, mounts: dict[str, str]) -> None:
        self._app = app
        self._mounts = mounts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers: dict[bytes, bytes] = dict(scope["headers"])
        name, path = _request_id(headers), scope["path"]
        with structlog.contextvars.bound_contextvars(request_id=name, path=path):
            if scope["type"] != "http":
                await self._app(scope, receive, send)
                return
            service = next((own for mount, own in self._mounts.items() if path.startswith(f"{mount}/")), PAGES)
            answered = _Answered(self._app, scope, name, service)
            await (answered.serve if path in NOT_COUNTED else answered.serve_counted)(headers, receive, send)


class _Answered:
    """One request, from its head to the end of its answer."""

    def __init__(self, app: ASGIApp, scope: Scope, name: str, service: str) -> None:
        self._app, self._scope, self._name, self._service = app, scope, name, service
        self._begun = perf_counter()
        self._took = 0.0
        self._status = 0

    async def serve_counted(self, headers: dict[bytes, bytes], receive: Receive, send: Send) -> None:
        came = headers.get(b"traceparent", b"").decode("latin-1")
        parent = came if TRACEPARENT.fullmatch(came) else ""
        with vitals.HTTP_OPEN.labels(self._service).track_inprogress(), tracing.span("request", parent=parent) as span:
            trace_id = (tracing.header() or parent)[3:35]
            with structlog.contextvars.bound_contextvars(**({"trace_id": trace_id} if trace_id else {})):
                try:
                    await self.serve(headers, receive, send)
                finally:
                    self._end(span)

    async def serve(self, _: dict[bytes, bytes], receive: Receive, send: Send) -> None:
        try:
            await self._app(self._scope, receive, self._with_headers(send))
        except Exception as error:
            self._scope[_WHY] = error
            if not self._status:  # nobody has answered yet
                self._status = 500
                raise

    def _with_headers(self, send: Send) -> Callable[[Message], Awaitable[None]]:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._status, self._took = message["status"], perf_counter() - self._begun
                own = (b"x-request-id", self._name.encode())
                message["headers"] = [*message.get("headers", ()), *SAFE_HEADERS, own]
            await send(message)

        return sent

    def _end(self, span: tracing.Span | None) -> None:
        method, route = self._scope["method"], _route(self._scope)
        method = method if method in METHODS else "OTHER"
        status, took = self._status or LEFT, self._took or perf_counter() - self._begun
        vitals.HTTP_REQUESTS.labels(self._service, method, route, status).inc()
        vitals.HTTP_SECONDS.labels(self._service, method, route).observe(took)
        why, what = self._scope.get(_WHY, ""), f"{method} {route}"
        if span is not None:
            told = {"http.request.method": method, "http.route": route, "http.response.status_code": status}
            span.tell(what, told, failed=(str(why) or str(status)) if status >= 500 else "")
        if isinstance(why, Exception):
            log.error("request failed", route=what, status=status, seconds=round(took, 3), exc_info=why)
        elif status >= 500:
            log.warning("request failed", route=what, status=status, seconds=round(took, 3), why=why)


def _request_id(headers: dict[bytes, bytes]) -> str:
    came = headers.get(b"x-request-id", b"").decode("latin-1")
    return came if WELL_FORMED.fullmatch(came) else secrets.token_hex(8)


def _route(scope: Scope) -> str:
    """Route of a request that was answered, as the API names it: `/api/query/v1/exports/{name}`."""
    within = scope.get("fastapi", {}).get("effective_route_context") or scope.get("route")
    path = getattr(within, "path", "")
    return f"{scope.get('root_path', '')}{path}" if path else NO_ROUTE
