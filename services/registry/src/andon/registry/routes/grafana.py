"""Grafana inside the pages: whether there is one, a session with it, and the key set it checks us with."""

from fastapi import APIRouter, Request, Response, status
from pydantic import BaseModel

from andon.common.api import Caller
from andon.common.errors import NotFoundError
from andon.registry.grafana.dashboards import DASHBOARDS
from andon.registry.grafana.sessions import SECONDS, set_cookie
from andon.registry.routes.state import Registry

public = APIRouter(tags=["grafana"])
router = APIRouter(tags=["grafana"])

KEYS_SECONDS = 300
"""For so long Grafana may go on with the key set it has read."""


class GrafanaOut(BaseModel):
    """Whether the caller's pages show Grafana, and the uid of the dashboard for each kind of page."""

    enabled: bool
    dashboards: dict[str, str]


class SessionOut(BaseModel):
    """For how many seconds the session is good; the cookie that came with this is it."""

    expires_in: int


@public.get("/grafana/jwks.json")
async def read_keys(registry: Registry, response: Response) -> dict[str, list[dict[str, str]]]:
    """Give the public key that says who somebody is, as a JSON Web Key Set: for `jwk_set_url` in Grafana's settings."""
    response.headers["Cache-Control"] = f"public, max-age={KEYS_SECONDS}"
    return registry.grafana.assertions.jwks


@router.get("/grafana")
async def read_grafana(registry: Registry, caller: Caller) -> GrafanaOut:
    """Say whether the caller's pages show Grafana: it is set up, and they may see the whole plant."""
    return GrafanaOut(enabled=registry.grafana.enabled and not caller.scope, dashboards=DASHBOARDS)


@router.post("/grafana/session")
async def open_session(request: Request, response: Response, registry: Registry, caller: Caller) -> SessionOut:
    """Open or renew the caller's session with Grafana: a cookie that frames below /grafana/ send, and no script reads.

    It ends with the token of this request.
    """
    if not registry.grafana.enabled:
        raise NotFoundError("There is no Grafana here; ANDON_REGISTRY_GRAFANA_URL says where one is")
    secure = request.url.scheme == "https"
    response.headers["Set-Cookie"] = set_cookie(registry.grafana.sessions.open(caller), secure=secure)
    return SessionOut(expires_in=SECONDS)


@router.delete("/grafana/session", status_code=status.HTTP_204_NO_CONTENT)
async def end_session(request: Request, response: Response) -> None:
    """Make the browser forget its session with Grafana; signing out ends it, too."""
    response.headers["Set-Cookie"] = set_cookie("", secure=request.url.scheme == "https")
