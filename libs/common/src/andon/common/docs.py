"""A service's description as a page to try it out: Swagger UI from our own files, for factories have no internet."""

import base64
import hashlib
from importlib.resources import files

from fastapi import FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

FILES = files("fastapi_offline") / "static"


def mount_docs(app: FastAPI) -> None:
    """`/docs` and the files it needs, below wherever the application is mounted."""

    async def docs(request: Request) -> HTMLResponse:
        root = str(request.scope.get("root_path", ""))
        page = get_swagger_ui_html(
            openapi_url=f"{root}{app.openapi_url}",
            title=app.title,
            swagger_js_url=f"{root}/docs-files/swagger-ui-bundle.js",
            swagger_css_url=f"{root}/docs-files/swagger-ui.css",
            swagger_favicon_url="data:,",
        )
        page.headers["content-security-policy"] = _policy(bytes(page.body))
        return page

    app.add_route("/docs", docs, include_in_schema=False)
    app.mount("/docs-files", StaticFiles(directory=str(FILES)), name="docs-files")


def _policy(page: bytes) -> str:
    """Our own origin alone, and the page's one script of its own by its hash."""
    script = page.partition(b"<script>")[2].partition(b"</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script).digest()).decode()
    return (
        f"default-src 'none'; script-src 'self' 'sha256-{digest}'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src data:; connect-src 'self'; form-action 'none'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
