"""What is not theirs is not there: whoever has a part of the plant learns nothing of the rest, by whichever route."""

import json
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import httpx
import pytest
import pytest_asyncio

from andon.common.testing.factory import Factory
from andon.common.testing.waiting import ANSWER_SECONDS

PLANT = """
types:
  oven:
    sensors: [{key: temperature, unit: Cel}, {key: state, datatype: string}]
sites:
  - {slug: berlin, areas: [{slug: heat, lines: [{slug: line-1, machines: [{slug: oven-1, type: oven}]}]}]}
  - {slug: lyon, areas: [{slug: heat, lines: [{slug: line-1, machines: [{slug: oven-1, type: oven}]}]}]}
"""
OVEN, NOBODY = "lyon/heat/line-1/oven-1", "lyon/heat/line-1/oven-9"


class Route(NamedTuple):
    """A call that names a place, `@`, in its path, its query or its body; and what it answers outside of one's part."""

    status: int
    method: str
    path: str
    params: Any = None
    body: Any = None


HOT = {"name": "Hot", "scope": {"sensor": "@/temperature"}, "condition": {"above": 1}, "severity": "high"}
EVA = {"username": "max", "password": "max-password", "role": "viewer", "scope": "@"}
T = {"sensor": "@/temperature"}
NIGHT = {"under": "@", "from": "2090-01-01T00:00:00Z", "to": "2090-01-01T08:00:00Z"}
ROUTES = [
    Route(404, "GET", "registry/v1/assets", {"under": "@"}),
    Route(404, "GET", "registry/v1/assets/@"),
    Route(404, "PATCH", "registry/v1/assets/@", body={"name": "Mine"}),
    Route(404, "DELETE", "registry/v1/assets/@"),
    Route(404, "POST", "registry/v1/assets", body={"parent": "@", "kind": "machine", "slug": "mine"}),
    Route(403, "POST", "registry/v1/devices", body={"name": "mine", "scope": "@"}),
    Route(403, "POST", "registry/v1/people", body=EVA),
    Route(403, "POST", "registry/v1/views", body={"name": "Theirs", "address": "/", "shared": True, "scope": "@"}),
    Route(404, "GET", "query/v1/series", T),
    Route(404, "GET", "query/v1/latest", {"under": "@"}),
    Route(404, "GET", "query/v1/latest", {"under": "@/temperature"}),
    Route(404, "GET", "query/v1/calculated", {"under": "@"}),
    Route(404, "POST", "query/v1/calculated/recompute", {"under": "@"}),
    Route(404, "POST", "query/v1/rollups", {"under": "@"}),
    Route(404, "GET", "query/v1/export", {"under": "@"}),
    Route(404, "POST", "query/v1/exports", body={"sensor": ["@/temperature"]}),
    Route(404, "GET", "query/v1/stats", T),
    Route(404, "GET", "query/v1/histogram", T),
    Route(404, "GET", "query/v1/percentiles", T),
    Route(404, "GET", "query/v1/durations", T),
    Route(404, "GET", "query/v1/events", T | {"above": 1}),
    Route(404, "GET", "query/v1/correlation", {"sensor": ["@/temperature", "berlin/heat/line-1/oven-1/temperature"]}),
    Route(404, "GET", "query/v1/compare", {"under": "@", "key": "temperature"}),
    Route(404, "GET", "ingest/v1/trace", T | {"ts": "0"}),
    Route(422, "POST", "ingest/v1/readings", body={"asset": "@", "values": {"temperature": 1}}),
    Route(422, "POST", "ingest/v1/imports", {"asset": "@"}),
    Route(200, "GET", "ingest/v1/ledger/machines", {"under": "@"}),
    Route(200, "GET", "ingest/v1/deadletters", {"under": "@"}),
    Route(200, "POST", "ingest/v1/deadletters/replay", body={"under": "@"}),
    Route(404, "GET", "alerting/v1/alarms", {"under": "@"}),
    Route(404, "GET", "alerting/v1/alarms/summary", {"under": "@"}),
    Route(404, "GET", "alerting/v1/kpis", {"under": "@"}),
    Route(404, "POST", "alerting/v1/alarms/ack", body={"under": "@"}),
    Route(403, "POST", "alerting/v1/silences", body=NIGHT),
    Route(403, "POST", "alerting/v1/rules", body=HOT),
    Route(403, "POST", "alerting/v1/apply", body={"rules": [HOT]}),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def factory(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Factory]:
    """Two sites with an oven each."""
    async with Factory(tmp_path_factory.mktemp("sight") / "andon") as factory:
        await factory.apply_plant(PLANT)
        yield factory


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def eva(factory: Factory) -> AsyncIterator[httpx.AsyncClient]:
    """An admin of Berlin alone."""
    password = "berlin-password"
    eva = {"username": "eva", "password": password, "role": "admin", "scope": "berlin"}
    await factory.call("POST", "/api/registry/v1/people", json=eva)
    async with httpx.AsyncClient(base_url=f"{factory.http.base_url}/api/", timeout=ANSWER_SECONDS) as http:
        answer = await http.post("registry/v1/auth/token", data={"username": "eva", "password": password})
        http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        yield http


async def answers(http: httpx.AsyncClient, route: Route, name: str) -> tuple[int, str]:
    """Status and text, with the name as it was written taken out, and the request's own id."""

    def named(words: Any) -> Any:
        return json.loads(json.dumps(words).replace("@", name))

    body = {} if route.body is None else {"json": named(route.body)}
    answer = await http.request(route.method, route.path.replace("@", name), params=named(route.params), **body)
    return answer.status_code, answer.text.replace(name, "@").replace(answer.headers["X-Request-ID"], "")


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
@pytest.mark.asyncio(loop_scope="module")
async def test_what_is_not_theirs_is_answered_as_what_is_not_there(
    factory: Factory, eva: httpx.AsyncClient, route: Route
) -> None:
    oven = (await factory.call("GET", f"/api/registry/v1/assets/{OVEN}"))["id"]
    missing = await answers(eva, route, NOBODY)
    assert missing[0] == route.status, missing
    for name in (OVEN, oven, "0".join(oven[:4])):  # by path, by id, and by an id that nothing has
        assert await answers(eva, route, name) == missing


@pytest.mark.asyncio(loop_scope="module")
async def test_of_a_plant_file_too_it_is_not_told_what_of_it_is_there(eva: httpx.AsyncClient) -> None:
    for slug in ("lyon", "rome"):
        file, kind = f"sites: [{{slug: {slug}}}]", {"Content-Type": "application/yaml"}
        answer = await eva.post("registry/v1/plant", params={"dry_run": True}, content=file, headers=kind)
        assert answer.status_code == 403
        assert answer.json()["detail"] == f"'{slug}' is outside your part of the plant ('berlin')"


@pytest.mark.asyncio(loop_scope="module")
async def test_what_they_may_read_and_not_change_is_there_and_forbidden(
    factory: Factory, eva: httpx.AsyncClient
) -> None:
    everywhere = HOT | {"scope": {"type": "oven", "sensor": "temperature"}}
    rule = await factory.call("POST", "/api/alerting/v1/rules", json=everywhere)
    for path, method, body in (
        (f"alerting/v1/rules/{rule['id']}", "DELETE", {}),
        ("registry/v1/types/oven", "PUT", {"json": {"name": "Mine"}}),
    ):
        assert (await eva.get(path)).status_code == 200
        assert (await eva.request(method, path, **body)).status_code == 403
