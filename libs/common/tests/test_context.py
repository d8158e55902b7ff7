"""Each request has an id that its answer, problems and log lines carry; its numbers; and one line when it fails."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
import structlog
from fastapi import APIRouter, FastAPI
from fastapi.responses import StreamingResponse
from structlog.testing import capture_logs
from structlog.typing import EventDict

from andon.common import metrics
from andon.common.api import Service, create_front
from andon.common.auth import Principal, Role, Tokens
from andon.common.errors import UnavailableError

TOKENS = Tokens(secret="s" * 40)
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def a_front() -> FastAPI:
    inner, router = APIRouter(prefix="/things"), APIRouter()

    @inner.get("/{name}")
    async def thing(name: str) -> dict[str, str]:
        structlog.stdlib.get_logger("test").info("asked", name=name)
        return {}

    @router.get("/away")
    async def away() -> None:
        raise UnavailableError("The database does not answer")

    @router.get("/broken")
    async def broken() -> None:
        raise RuntimeError("a fault of ours")

    @router.get("/half")
    async def half() -> StreamingResponse:
        async def pieces() -> AsyncIterator[bytes]:
            yield b"a"
            raise RuntimeError("no more of it")

        return StreamingResponse(pieces())

    router.include_router(inner)

    @asynccontextmanager
    async def start(_: FastAPI) -> AsyncIterator[None]:
        yield

    return create_front(Service(name="demo", title="Demo", router=router, tokens=TOKENS, start=start))


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    token = TOKENS.sign(Principal(id="1", name="Anna", role=Role.VIEWER), token_id="t", lifetime=3600)
    transport = httpx.ASGITransport(a_front())
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://test/api/demo/v1", headers=headers) as client:
        yield client


@pytest.fixture
def lines() -> AsyncIterator[list[EventDict]]:
    with capture_logs([structlog.contextvars.merge_contextvars]) as found:
        yield found


async def test_an_id_that_is_given_stands_in_the_answer_and_in_each_line(
    http: httpx.AsyncClient, lines: list[EventDict]
) -> None:
    traced = {"X-Request-ID": "from-the-proxy.7", "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
    answer = await http.get("/things/a", headers=traced)
    assert answer.headers["x-request-id"] == "from-the-proxy.7"
    (line,) = lines
    assert (line["event"], line["request_id"], line["trace_id"]) == ("asked", "from-the-proxy.7", TRACE)


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "ä", "a\tb", '{"a": 1}'])
async def test_an_id_that_is_none_is_replaced(http: httpx.AsyncClient, given: str) -> None:
    answer = await http.get("/things/a", headers={"X-Request-ID": given.encode()})  # type: ignore[dict-item]
    assert re.fullmatch(r"[0-9a-f]{16}", answer.headers["x-request-id"])


async def test_a_problem_says_the_id_to_quote_and_the_log_has_one_line_of_it(
    http: httpx.AsyncClient, lines: list[EventDict]
) -> None:
    answer = await http.get("/away")
    problem = answer.json()
    assert (answer.status_code, problem["request_id"]) == (503, answer.headers["x-request-id"])
    assert "trace_id" not in problem
    (line,) = lines
    assert line["request_id"] == problem["request_id"]
    assert (line["route"], line["status"]) == ("GET /api/demo/v1/away", 503)
    assert line["why"] == "The database does not answer"


async def test_a_fault_of_ours_is_one_line_with_its_traceback(http: httpx.AsyncClient, lines: list[EventDict]) -> None:
    answer = await http.get("/broken")
    assert answer.status_code == 500
    (line,) = lines
    assert (line["log_level"], line["status"], str(line["exc_info"])) == ("error", 500, "a fault of ours")
    assert line["request_id"] == answer.json()["request_id"]


async def test_an_answer_that_breaks_off_is_told(http: httpx.AsyncClient, lines: list[EventDict]) -> None:
    with pytest.raises(AssertionError):  # httpx's stand-in for a server knows no half answer
        await http.get("/half")
    (line,) = lines
    assert (line["status"], str(line["exc_info"])) == (200, "no more of it")


async def test_what_succeeds_or_is_the_callers_mistake_is_no_line(
    http: httpx.AsyncClient, lines: list[EventDict]
) -> None:
    await http.get("/nowhere")
    await http.get("/things/a?unknown=1")
    assert lines == []


async def test_requests_are_counted_by_route_and_never_by_path(http: httpx.AsyncClient) -> None:
    for path in ("/things/a", "/things/b", "/nowhere", "/nowhere/else"):
        await http.get(path)
    await http.request("BREW", "/things/a")
    await http.get("http://test/readyz")
    told = metrics.render().decode()
    counted = set(re.findall(r'^andon_http_requests_total{(.*service="demo".*)}', told, re.MULTILINE))
    routes = {found[1] for line in counted if (found := re.search(r'route="([^"]*)"', line))}
    assert {"/api/demo/v1/things/{name}", "(none)"} <= routes
    assert not any("nowhere" in route or route.endswith("/a") for route in routes)
    assert any('method="OTHER"' in line for line in counted)
    assert 'route="/readyz"' not in told
    assert 'andon_http_open{service="demo"} 0.0' in told
