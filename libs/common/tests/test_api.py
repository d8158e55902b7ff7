"""The HTTP front: tokens, problems, health."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, Query

from andon.common.api import Caller, Service, create_front, needs
from andon.common.auth import Principal, Role, Tokens
from andon.common.errors import InvalidError, NotFoundError, UnavailableError

TOKENS = Tokens(secret="s" * 40)


def a_service(sick: str = "") -> Service:
    router = APIRouter()

    @router.get("/me")
    async def me(caller: Caller) -> dict[str, str]:
        return {"name": caller.name}

    @router.get("/secret", dependencies=[Depends(needs(Role.ADMIN))])
    async def secret() -> dict[str, str]:
        return {}

    @router.post("/echo")
    async def echo(body: dict[str, str]) -> dict[str, str]:
        return body

    @router.post("/refuse")
    async def refuse(body: dict[str, Any]) -> None:
        raise InvalidError(f"'{next(iter(body))}' cannot be used")

    @router.get("/missing")
    async def missing(limit: Annotated[int, Query(ge=1)] = 1) -> None:
        raise NotFoundError("There is no such thing")

    @router.get("/away")
    async def away() -> None:
        raise KeyError("elsewhere")

    @asynccontextmanager
    async def start(app: FastAPI) -> AsyncIterator[None]:
        app.state.started = True
        yield

    return Service(
        name="demo",
        title="Demo",
        router=router,
        tokens=TOKENS,
        start=start,
        checks={"neighbour": lambda: sick},
        failures={LookupError: lambda error: UnavailableError(f"It is away: {error}")},
    )


def client(sick: str = "") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(create_front(a_service(sick)))
    token = TOKENS.sign(Principal(id="1", name="Anna", role=Role.VIEWER), token_id="t", lifetime=3600)
    return httpx.AsyncClient(transport=transport, base_url="http://test", headers={"Authorization": f"Bearer {token}"})


async def test_a_token_opens_what_its_role_may_open() -> None:
    async with client() as http:
        assert (await http.get("/api/demo/v1/me")).json() == {"name": "Anna"}
        refused = await http.get("/api/demo/v1/secret")
        assert refused.status_code == 403
        assert refused.headers["content-type"] == "application/problem+json"
        assert "role admin" in refused.json()["detail"]


async def test_what_a_neighbours_driver_raises_is_told_as_the_service_says() -> None:
    async with client() as http:
        answer = await http.get("/api/demo/v1/away")
        assert (answer.status_code, answer.json()["detail"]) == (503, "It is away: 'elsewhere'")
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("header", [None, "Bearer nonsense", "Basic YTpi"])
async def test_without_a_good_token_the_answer_is_401(header: str | None) -> None:
    async with client() as http:
        http.headers.pop("Authorization")
        if header:
            http.headers["Authorization"] = header
        answer = await http.get("/api/demo/v1/me")
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["title"] == "Not signed in"


async def test_errors_are_problems() -> None:
    async with client() as http:
        assert (await http.get("/api/demo/v1/missing")).json()["detail"] == "There is no such thing"
        assert (await http.get("/api/demo/v1/missing?limit=0")).status_code == 422
        assert (await http.get("/api/demo/v1/nowhere")).headers["content-type"] == "application/problem+json"


async def test_readiness_names_the_sick_neighbour() -> None:
    async with client() as http:
        assert (await http.get("/readyz")).json() == {"status": "ready", "sick": {}, "recent": {}}
    async with client("does not answer") as http:
        answer = await http.get("/readyz")
        assert answer.status_code == 503
        assert answer.json()["sick"] == {"demo: neighbour": "does not answer"}
        assert (await http.get("/healthz")).status_code == 200
        assert b"andon_intake_messages" in (await http.get("/metrics")).content


async def test_words_that_are_no_unicode_are_refused_with_a_problem() -> None:
    async with client() as http:
        http.headers["Content-Type"] = "application/json"
        answer = await http.post("/api/demo/v1/refuse", content='{"\\ud800": 1}')
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["detail"] == "'\\ud800' cannot be used"


@pytest.mark.parametrize("declared", [True, False])
async def test_a_body_without_end_is_cut_off_whoever_sends_it(declared: bool) -> None:  # noqa: FBT001
    async def parts() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield b" " * 2**20

    content: bytes | AsyncIterator[bytes] = b" " * (64 * 2**20) if declared else parts()
    transport = httpx.ASGITransport(create_front(a_service()))
    async with httpx.AsyncClient(transport=transport, base_url="http://andon") as http:
        answer = await http.post("/api/demo/v1/echo", content=content, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")


async def test_the_description_needs_nobody_elses_files() -> None:
    async with client() as http:
        http.headers.pop("Authorization")
        page = await http.get("/api/demo/v1/docs")
        assert page.status_code == 200
        assert "//" not in page.text.replace("<!--", ""), "no other origin"
        for path in re.findall(r"""(?:src|href)="(/[^"]+)"|url: '([^']+)'""", page.text):
            assert (await http.get("".join(path))).status_code == 200, path
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'; script-src 'self' 'sha256-" in policy
        assert (await http.get("/api/demo/v1/redoc")).status_code == 404
