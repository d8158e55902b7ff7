"""A server that speaks as another InfluxDB does, in front of a real one of 1.x that stores and answers.

For what cannot run here. What it says is taken from the documentation and the sources of the versions it stands for;
it is not one of them, and a story that it passes has not been checked against them.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar, Self, TypeAlias

import httpx
import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from andon.common.influx.quoting import quote_identifier
from andon.common.settings import InfluxSettings
from andon.common.testing.ports import free_port
from andon.common.testing.waiting import eventually

TOKEN = "a-token-of-the-stand-in"  # noqa: S105 - nobody's
Handler: TypeAlias = Callable[[Request], Awaitable[Response]]
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


class InfluxStandIn:
    """Serves until its `async with` ends. `behind` is the real one."""

    org: ClassVar[str] = ""

    def __init__(self, behind: InfluxSettings) -> None:
        self._behind = httpx.AsyncClient(base_url=behind.url, timeout=30, verify=False)  # noqa: S501 - loopback
        self._scratch = 0
        self.port = free_port()

    @property
    def settings(self) -> InfluxSettings:
        """How services reach it."""
        return InfluxSettings(url=f"http://127.0.0.1:{self.port}", token=SecretStr(TOKEN), org=self.org)

    async def __aenter__(self) -> Self:
        app = Starlette(routes=[Route(path, handler, methods=METHODS) for path, handler in self.routes().items()])
        self._server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=self.port, log_config=None))
        self._serving = asyncio.create_task(self._server.serve())
        await eventually(lambda: self._server.started, what="the stand-in listens")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.should_exit = True
        await asyncio.wait_for(self._serving, 15)
        await self._behind.aclose()

    def routes(self) -> dict[str, Handler]:
        """What the server answers, by path; 404 elsewhere."""
        raise NotImplementedError

    async def run(self, statement: str) -> str:
        """Run a statement of 1.x; its error, if any."""
        answer = await self._behind.post("/query", data={"q": statement})
        (result,) = answer.json()["results"]
        return str(result.get("error", ""))

    async def asked(self, database: str, form: dict[str, str], accept: str) -> Response:
        """Hand a query on to another database's data."""
        answer = await self._behind.post("/query", data={**form, "db": database}, headers={"Accept": accept})
        return Response(answer.content, answer.status_code, media_type=answer.headers["content-type"])

    async def written(self, database: str, lines: bytes) -> str:
        """Write lines; what 1.x says against them, '' when all are stored."""
        answer = await self._behind.post("/write", params={"db": database, "precision": "ns"}, content=lines)
        return "" if answer.status_code == 204 else str(answer.json()["error"])

    async def unparsable(self, lines: bytes) -> str:
        """What cannot be read in lines, tried where nobody looks; '' when all can."""
        self._scratch += 1
        name = f"scratch-{self._scratch}"
        await self.run(f"CREATE DATABASE {quote_identifier(name)}")
        why = await self.written(name, lines)
        await self.run(f"DROP DATABASE {quote_identifier(name)}")
        return why if "unable to parse" in why or "invalid" in why else ""


def guarded(handler: Handler) -> Handler:
    """The handler for those who bring the token, by one of the schemes of 2.x and 3; 401 for others."""

    async def answer(request: Request) -> Response:
        if request.headers.get("authorization", "") in (f"Token {TOKEN}", f"Bearer {TOKEN}"):
            return await handler(request)
        return told(401, code="unauthorized", message="unauthorized access")

    return answer


async def form(request: Request) -> dict[str, str]:
    """Parameters of a query, from its address and its body."""
    return {**request.query_params, **{k: str(v) for k, v in (await request.form()).items()}}


def told(status: int, **body: Any) -> Response:
    """A JSON answer."""
    return JSONResponse(body, status)
