"""A query string whose words are misspelt is refused: it would change the answer unseen."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, Query
from pydantic import BaseModel, Field

from andon.common.api import Service, create_front
from andon.common.auth import Principal, Role, Tokens

TOKENS = Tokens(secret="s" * 40)
TOKEN = TOKENS.sign(Principal(id="1", name="Anna", role=Role.VIEWER), token_id="t", lifetime=3600)
BEARER = {"Authorization": f"Bearer {TOKEN}"}


class Wish(BaseModel):
    layout: str = "wide"
    from_: Annotated[str, Field(alias="from")] = "-1h"


def zone(tz: str = "UTC") -> str:
    return tz


def span(tz: Annotated[str, Depends(zone)], from_: Annotated[str, Query(alias="from")] = "-1h", to: str = "now") -> str:
    return f"{from_} {to} {tz}"


def a_front() -> FastAPI:
    router, inner, public = APIRouter(), APIRouter(prefix="/machines"), APIRouter()

    @inner.get("/{name}/series")
    async def series(name: str, asked: Annotated[str, Depends(span)], sensor: Annotated[list[str], Query()]) -> str:
        return f"{name} {asked} {sensor}"

    @router.get("/export")
    async def export(wish: Annotated[Wish, Query()]) -> str:
        return wish.from_

    @router.get("/ledger")
    async def ledger() -> str:
        return "even"

    @router.post("/imports")
    async def imports(*, dry_run: bool = False) -> bool:
        return dry_run

    @router.post("/readings")
    async def readings() -> str:
        return "taken"

    @public.get("/file")
    async def file(ticket: str = "") -> str:
        return ticket

    @asynccontextmanager
    async def start(_: FastAPI) -> AsyncIterator[None]:
        yield

    router.include_router(inner)
    return create_front(Service(name="demo", title="Demo", router=router, public=public, tokens=TOKENS, start=start))


async def ask(path: str, method: str = "GET", headers: dict[str, str] = BEARER) -> httpx.Response:
    transport = httpx.ASGITransport(a_front())
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as http:
        return await http.request(method, f"/api/demo/v1{path}")


@pytest.mark.parametrize(
    "path",
    [
        "/machines/press-1/series?sensor=a&sensor=b&from=-30d&to=now&tz=Europe/Berlin",
        "/export?from=-30d&layout=long",
        "/ledger",
        "/ledger?",
        "/file?ticket=abc",
        "/openapi.json?anything=1",
        "/docs?anything=1",
    ],
)
async def test_what_a_route_or_what_it_depends_on_reads_is_known(path: str) -> None:
    answer = await ask(path)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        (
            "/machines/press-1/series?sensor=a&frm=-30d",
            "There is no parameter 'frm' here; did you mean 'from'? Known are from, sensor, to, tz",
        ),
        (
            "/machines/press-1/series?sensors=a",
            "There is no parameter 'sensors' here; did you mean 'sensor'? Known are from, sensor, to, tz",
        ),
        (
            "/machines/press-1/series?name=a&sensor=a",
            "There is no parameter 'name' here. Known are from, sensor, to, tz",
        ),
        ("/export?FROM=-30d", "There is no parameter 'FROM' here; did you mean 'from'? Known are from, layout"),
        ("/ledger?device=1", "There is no parameter 'device' here, nor any other; leave it out"),
        ("/file?tickt=abc", "There is no parameter 'tickt' here; did you mean 'ticket'? Known are ticket"),
        ("/ledger?" + "x" * 5000, f"There is no parameter '{'x' * 64}' here, nor any other; leave it out"),
    ],
)
async def test_what_nobody_reads_is_refused_with_the_nearest_that_is_read(path: str, detail: str) -> None:
    answer = await ask(path)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["detail"] == detail


async def test_an_import_that_should_have_been_a_dry_run_is_refused_and_readings_are_not() -> None:
    assert "did you mean 'dry_run'?" in (await ask("/imports?dryrun=true", "POST")).json()["detail"]
    assert (await ask("/readings?gateway=3", "POST")).json() == "taken"


async def test_who_did_not_sign_in_hears_that_first() -> None:
    assert (await ask("/export?frm=-30d", headers={})).status_code == 401
