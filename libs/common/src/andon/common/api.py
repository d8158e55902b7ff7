"""The HTTP front all services share: problems, tokens, health, metrics, lists.

A service hands over a `Service`; `create_front` mounts one or several of them on one origin:

    /api/<name>/v1/...   the service's routes, `openapi.json` and `docs`
    /healthz /readyz /metrics
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Annotated, Generic, TypeVar

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from andon.common import metrics, mistakes
from andon.common.answer import Answer
from andon.common.auth import Principal, Role, Tokens
from andon.common.body import BodyLimit
from andon.common.context import RequestContext, blame, ids
from andon.common.docs import mount_docs
from andon.common.errors import AndonError, InvalidError, TooManyError, UnauthorizedError
from andon.common.health import Check, run_checks
from andon.common.parameters import only_known_parameters

bearer = HTTPBearer(auto_error=False, description="Token from POST /api/registry/v1/auth/token")


class Problem(Answer):
    """An error, as RFC 9457 has it.

    request_id: to quote when you ask for help; the log has it, and the header X-Request-ID of this answer.
    trace_id: where requests are traced.
    """

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    request_id: str | None = None
    trace_id: str | None = None


_T = TypeVar("_T")


class Page(Answer, Generic[_T]):
    """A list; `next_cursor` asks for what follows, None at the end."""

    items: list[_T]
    next_cursor: str | None = None


@dataclass(frozen=True, kw_only=True)
class Service:
    """One service: its routes, how to run it, and who it needs.

    start: runs while the front runs; gets the service's own sub-application, whose `state` it fills.
    checks: neighbour -> check, asked for by /readyz. recent: what /readyz tells besides, of what is over.
    public: routes that need no token (login alone). files: routes that take files, and the most bytes of one.
    failures: what a neighbour's driver raises in a route, and the error that the caller is told of instead.
    beside: applications at paths of their own on the origin; who may come in they decide themselves.
    """

    name: str
    title: str
    router: APIRouter
    tokens: Tokens
    start: Callable[[FastAPI], AbstractAsyncContextManager[None]]
    checks: dict[str, Check] = field(default_factory=dict)
    recent: list[Callable[[], dict[str, str]]] = field(default_factory=list)
    public: APIRouter | None = None
    files: dict[str, int] = field(default_factory=dict)
    failures: dict[type[Exception], Callable[[Exception], AndonError]] = field(default_factory=dict)
    beside: dict[str, ASGIApp] = field(default_factory=dict)


async def current_principal(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> Principal:
    """The caller, from the bearer token.

    Raises:
        UnauthorizedError: no token, or not a good one.
    """
    if credentials is None:
        raise UnauthorizedError("Send a bearer token; POST /api/registry/v1/auth/token gives one")
    tokens: Tokens = request.app.state.tokens
    return tokens.check(credentials.credentials)


Caller = Annotated[Principal, Depends(current_principal)]


def needs(role: Role) -> Callable[[Principal], Awaitable[None]]:
    """Dependency for a route that asks for at least `role`: `dependencies=[Depends(needs(Role.ADMIN))]`."""

    async def check(caller: Caller) -> None:
        caller.require_role(role)

    return check


def problem(status: int, title: str, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """An RFC 9457 answer. What cannot be written in UTF-8 (a caller's lone surrogate, quoted) is spelled out."""
    body = Problem(title=_utf8(title), status=status, detail=_utf8(detail), **ids()).model_dump(exclude_none=True)
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def _utf8(text: str) -> str:
    return text.encode(errors="backslashreplace").decode()


async def _on_andon_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, AndonError):
        raise error
    blame(request, str(error))
    return problem(error.status, error.title, str(error), _headers(error))


def _told_as(translate: Callable[[Exception], AndonError]) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answer(request: Request, error: Exception) -> Response:
        told = translate(error)
        return await _on_andon_error(request, told)

    return answer


def _headers(error: AndonError) -> dict[str, str] | None:
    if isinstance(error, UnauthorizedError):
        return {"WWW-Authenticate": "Bearer"}
    return {"Retry-After": str(error.seconds)} if isinstance(error, TooManyError) else None


async def _on_http_error(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return problem(error.status_code, str(error.detail), str(error.detail))


async def _on_validation_error(_: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    return problem(InvalidError.status, InvalidError.title, mistakes.told(error.errors(), error.body))


async def _on_crash(_: Request, __: Exception) -> Response:
    return problem(500, "Internal error", "Something went wrong here; the log has the details")


def _with_problems(app: FastAPI) -> FastAPI:
    app.add_exception_handler(AndonError, _on_andon_error)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(Exception, _on_crash)
    return app


def create_sub_app(service: Service) -> FastAPI:
    """One service's routes as an application of its own; everything needs a token but `public`."""
    problems: dict[int | str, dict[str, object]] = {
        s: {"model": Problem, "content": {"application/problem+json": {}}} for s in (401, 403, 404, 422, 503)
    }
    app = _with_problems(FastAPI(title=service.title, version="1", responses=problems, docs_url=None, redoc_url=None))
    for kind, translate in service.failures.items():
        app.add_exception_handler(kind, _told_as(translate))
    mount_docs(app)
    app.state.tokens = service.tokens
    if service.public is not None:
        app.include_router(service.public, dependencies=[Depends(only_known_parameters)])
    app.include_router(service.router, dependencies=[Depends(current_principal), Depends(only_known_parameters)])
    app.add_middleware(BodyLimit, files=service.files)
    return app


def create_front(*services: Service) -> FastAPI:
    """One origin for one or several services."""
    subs = {service.name: (service, create_sub_app(service)) for service in services}

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for service, sub in subs.values():
                await stack.enter_async_context(service.start(sub))
            yield

    async def sick() -> dict[str, str]:
        checks = {f"{s.name}: {neighbour}": check for s, _ in subs.values() for neighbour, check in s.checks.items()}
        return await run_checks(checks)

    def recent() -> dict[str, str]:
        return {who: what for s, _ in subs.values() for told in s.recent for who, what in told().items()}

    mounts = {f"/api/{name}/v1": name for name in subs}
    mounts |= {path: path.strip("/") for service, _ in subs.values() for path in service.beside}
    app = create_bare_front(lifespan, sick, recent, mounts)

    @app.get("/metrics")
    async def read_metrics() -> Response:
        return Response(metrics.render(), media_type="text/plain; version=0.0.4")

    for name, (service, sub) in subs.items():
        app.mount(f"/api/{name}/v1", sub)
        for path, beside in service.beside.items():
            app.mount(path, beside)
    return app


def create_bare_front(
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]],
    sick: Callable[[], Awaitable[dict[str, str]]],
    recent: Callable[[], dict[str, str]],
    mounts: dict[str, str] | None = None,
) -> FastAPI:
    """A front without services: health alone. `sick` and `recent` are what /readyz tells.

    sick: who -> what is wrong with it, '' for nothing. mounts: what is put on it afterwards, path -> name.
    """
    app = _with_problems(FastAPI(title="Andon", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan))

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz")
    async def readyz(response: Response) -> dict[str, object]:
        found = {who: wrong for who, wrong in (await sick()).items() if wrong}
        response.status_code = 503 if found else 200
        return {"status": "sick" if found else "ready", "sick": found, "recent": recent()}

    app.add_middleware(RequestContext, mounts=mounts or {})
    return app
