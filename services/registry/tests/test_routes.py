"""Deny by default: no route without a token, none above one's role."""

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from andon.common.auth import Role

PUBLIC = {("POST", "/auth/token"), ("GET", "/grafana/jwks.json")}
NEEDED = {
    ("POST", "/assets"): Role.ENGINEER,
    ("PATCH", "/assets/{name}"): Role.ENGINEER,
    ("DELETE", "/assets/{name}"): Role.ENGINEER,
    ("PUT", "/types/{slug}"): Role.ENGINEER,
    ("DELETE", "/types/{slug}"): Role.ENGINEER,
    ("POST", "/plant"): Role.ENGINEER,
    ("GET", "/devices"): Role.ADMIN,
    ("POST", "/devices"): Role.ADMIN,
    ("GET", "/devices/{device_id}"): Role.ADMIN,
    ("PATCH", "/devices/{device_id}"): Role.ADMIN,
    ("DELETE", "/devices/{device_id}"): Role.ADMIN,
    ("DELETE", "/devices/{device_id}/quarantine"): Role.ADMIN,
    ("POST", "/devices/{device_id}/rotate"): Role.ADMIN,
    ("GET", "/people"): Role.ADMIN,
    ("POST", "/people"): Role.ADMIN,
    ("PATCH", "/people/{person_id}"): Role.ADMIN,
    ("DELETE", "/people/{person_id}"): Role.ADMIN,
    ("DELETE", "/people/{person_id}/sessions"): Role.ADMIN,
}
"""All others are open to every role."""


def all_routes(app: FastAPI) -> set[tuple[str, str]]:
    paths = app.openapi()["paths"]
    return {(method.upper(), path) for path, methods in paths.items() for method in methods}


def sub_app(front: FastAPI) -> FastAPI:
    return next(r.app for r in front.routes if getattr(r, "path", "") == "/api/registry/v1")


async def test_every_route_without_a_token_answers_401(registry) -> None:
    app = sub_app(registry.app)
    assert not [r.path for r in app.routes if isinstance(r, APIRoute) and not r.include_in_schema]
    routes = all_routes(app)
    assert set(NEEDED) <= routes
    assert len(routes) >= 22
    for method, path in routes - PUBLIC:
        answer = await registry.stranger().request(method, path)
        assert answer.status_code == 401, (method, path)
        assert answer.json()["title"] == "Not signed in"


@pytest.mark.parametrize("role", list(Role))
async def test_no_route_answers_somebody_below_its_role(registry, role: Role) -> None:
    somebody = await registry.person("somebody", role.name.lower())
    routes = all_routes(sub_app(registry.app)) - PUBLIC - {("POST", "/auth/logout")}
    for method, path in sorted(routes):
        answer = await somebody.request(method, path)
        allowed = role >= NEEDED.get((method, path), Role.VIEWER)
        assert (answer.status_code != 403) == allowed, (method, path, answer.text)


async def test_health_metrics_and_the_description_are_open(registry) -> None:
    for path in ("/healthz", "/readyz", "/metrics", "/api/registry/v1/openapi.json", "/api/registry/v1/docs"):
        assert (await registry.stranger().get(f"http://registry{path}")).status_code == 200, path
