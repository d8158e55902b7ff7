"""The pages: files, the single page for its own paths, caching, and headers that keep browsers safe."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from andon.cli import pages
from andon.common.api import create_front

INDEX = "<!doctype html><title>Andon</title>" + "<p>x</p>" * 200


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(INDEX)
    (tmp_path / "assets" / "index-3f9a.js").write_text("export {}")
    (tmp_path / "favicon.svg").write_text("<svg/>")
    return tmp_path


def front(folder: Path) -> FastAPI:
    made = create_front()
    pages.mount(made, folder)
    return made


@pytest.fixture
async def browser(dist: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(front(dist)), base_url="http://andon") as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/plant/berlin/painting", "/alarms", "/index.html"])
async def test_every_path_of_the_page_gets_the_page(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(path)
    assert answer.status_code == 200
    assert answer.text == INDEX
    assert answer.headers["cache-control"] == "no-cache"


async def test_hashed_files_are_kept_for_ever(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/assets/index-3f9a.js")
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    assert "javascript" in answer.headers["content-type"]


@pytest.mark.parametrize("path", ["/assets/gone.js", "/missing.png", "/api/nothing/v1/x", "/api/"])
async def test_what_is_missing_is_missing(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/../secrets", "/%2e%2e/secrets", "/assets/..%2f..%2fsecrets"])
async def test_nothing_outside_the_folder_is_served(browser: httpx.AsyncClient, dist: Path, path: str) -> None:
    (dist.parent / "secrets").write_text("ANDON_TOKEN_SECRET=s3cret")
    assert "s3cret" not in (await browser.get(path)).text


async def test_pages_carry_a_strict_policy(browser: httpx.AsyncClient) -> None:
    headers = (await browser.get("/")).headers
    assert "script-src 'self';" in headers["content-security-policy"]
    assert "connect-src 'self';" in headers["content-security-policy"], "that is WebSockets of this origin too"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"


async def test_a_second_visit_costs_nothing(browser: httpx.AsyncClient) -> None:
    first = await browser.get("/", headers={"Accept-Encoding": "gzip"})
    assert first.headers["content-encoding"] == "gzip"
    again = await browser.get("/", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


async def test_health_stays_where_it_is(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/healthz")).json() == {"status": "alive"}


async def test_without_built_pages_a_page_says_what_to_do(tmp_path: Path) -> None:
    transport = httpx.ASGITransport(front(tmp_path / "nothing"))
    async with httpx.AsyncClient(transport=transport, base_url="http://andon") as browser:
        answer = await browser.get("/")
        assert answer.status_code == 200
        assert "./justw up" in answer.text
        assert (await browser.get("/api/nothing")).status_code == 404


async def test_a_websocket_to_no_service_is_closed(dist: Path) -> None:
    sent = list[object]()

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: object) -> None:
        sent.append(message)

    scope = {"type": "websocket", "path": "/nowhere", "headers": [], "query_string": b"", "subprotocols": []}
    await front(dist)(scope, receive, send)
    assert sent == [{"type": "websocket.close", "code": 1000}]
