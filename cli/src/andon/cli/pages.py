"""The web pages: files of web/dist, the single page for every path of its own, and headers that keep browsers safe."""

import os
from pathlib import Path

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send
from typing_extensions import override

from andon.cli.settings import ROOT

DIST = Path(os.environ.get("ANDON_WEB_DIST") or ROOT / "web" / "dist")

HEADERS = {
    "content-security-policy": (
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; "
        "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    ),
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(self), geolocation=(), microphone=()",
}

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"

PLACEHOLDER = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Andon</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:15vh auto;padding:0 1rem}</style>
<h1>Andon is running</h1>
<p>The web pages are not built yet. Stop Andon, run <code>./justw up</code> (it builds them), and reload.</p>
<p>The API is here already: <a href="/api/registry/v1/docs">registry</a>, <a href="/api/query/v1/docs">query</a>,
<a href="/api/alerting/v1/docs">alerting</a>, <a href="/api/ingest/v1/docs">ingest</a>.</p></html>"""


class Pages(StaticFiles):
    """Files of a built front end. A path without a file is one of the page's own, and gets index.html."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, html=True, check_dir=False)
        self.config_checked = True  # the folder may be built while we run
        self._index = folder / "index.html"

    @override
    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer one request."""
        if is_page(path) and not self._index.exists():
            return _answer(HTMLResponse(PLACEHOLDER), ASK_AGAIN)
        try:
            found = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or not is_page(path):
                raise
            found = await super().get_response("index.html", scope)
        return _answer(found, FOR_EVER if path.startswith("assets/") else ASK_AGAIN)


def is_page(path: str) -> bool:
    """Whether a path may be one of the single page's own: neither the API's, nor a file's name, nor for Prometheus."""
    parts = path.split("/")
    return path == "." or (parts[0] not in {"api", "assets", "metrics"} and "." not in parts[-1])


def _answer(response: Response, cache: str) -> Response:
    response.headers.update({**HEADERS, "cache-control": cache})
    return response


class OnlyHttp:
    """ASGI: closes WebSocket connections to paths that are none, which files cannot answer."""

    def __init__(self, folder: Path) -> None:
        self._files = GZipMiddleware(Pages(folder), minimum_size=1024)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] == "http":
            await self._files(scope, receive, send)
        else:
            await send(_CLOSE)


_CLOSE: Message = {"type": "websocket.close", "code": 1000}


def mount(front: FastAPI, folder: Path) -> None:
    """Serve the pages on every path the front has not."""
    front.mount("/", OnlyHttp(folder), name="pages")
