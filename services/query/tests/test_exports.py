"""Exports that take long: made beside the requests, with progress, for their owner alone, and gone in the end."""

import asyncio
import resource
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from andon.common.auth import Principal, Role
from andon.common.influx import Influx
from andon.common.testing.fixtures import InfluxForTest
from andon.common.testing.waiting import eventually
from andon.query.export import jobs, links, slices
from andon.query.export.exporter import Exporter

from .conftest import PRESS, QueryForTest, is_ready, running
from .plenty import TEMPERATURE, left, place, store_plenty

__all__ = ["place"]

URL = "/api/query/v1/exports"


def as_(query: QueryForTest, name: str, role: Role = Role.VIEWER, scope: str = "") -> dict[str, str]:
    """Header of somebody."""
    token = query.tokens.sign(Principal(id=name, name=name, role=role, scope=scope), token_id=f"t-{name}", lifetime=60)
    return {"Authorization": f"Bearer {token}"}


async def call(
    query: QueryForTest, method: str, path: str = "", status: int = 200, who: Any = None, **more: Any
) -> Any:
    """JSON of an answer with this status."""
    found = await query.http.request(method, f"{URL}{path}", headers=who or as_(query, "anna"), **more)
    assert found.status_code == status, found.text
    return found.json() if found.content else None


async def done(query: QueryForTest, name: str, state: str = "done") -> Any:
    async def it_is() -> Any:
        found = await call(query, "GET", f"/{name}")
        assert found["state"] == state, found
        return found

    return await eventually(it_is, what=f"the export is {state}")


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Holds every export after its first piece until it is set."""
    found, make = asyncio.Event(), Exporter.make

    async def held(self: Exporter, *arguments: Any) -> AsyncGenerator[bytes]:
        async with aclosing(make(self, *arguments)) as pieces:
            async for piece in pieces:
                yield piece
                await found.wait()

    monkeypatch.setattr(Exporter, "make", held)
    return found


async def test_it_is_made_with_progress_and_fetched_whole_or_in_parts(
    query: QueryForTest, influx: Influx, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slices, "ROWS", 1000)
    span = await store_plenty(influx, PRESS, 10_000)
    asked = {"sensor": [TEMPERATURE], "layout": "long", **span}
    made = await call(query, "POST", status=202, json=asked)
    assert (made["state"], made["rows"], made["kept_until"]) == ("waiting", 0, None)
    found = await done(query, made["id"])
    assert (found["rows"], found["percent"], found["eta"], found["sensors"]) == (10_000, 100.0, None, 1)
    assert (await call(query, "GET"))["items"] == [found]
    direct = await query.http.get("/api/query/v1/export", params=asked, headers=query.bearer())
    whole = await query.http.get(f"{URL}/{made['id']}/file", headers=query.bearer())
    assert whole.content == direct.content
    assert found["bytes"] == len(direct.content)
    for header in ("content-type", "content-disposition"):
        assert whole.headers[header] == direct.headers[header]
    part = await query.http.get(f"{URL}/{made['id']}/file", headers={**query.bearer(), "Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, direct.content[100:200])
    await call(query, "DELETE", f"/{made['id']}", 204)
    assert left(place) == []
    gone = await call(query, "GET", f"/{made['id']}", 404)
    assert "they are kept for an hour: POST /api/query/v1/exports makes another" in gone["detail"]


async def test_a_browser_fetches_it_by_a_link_while_that_is_good(
    query: QueryForTest, influx: Influx, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store_plenty(influx, PRESS, 10)
    name = (await call(query, "POST", status=202, json={"sensor": [TEMPERATURE]}))["id"]
    await done(query, name)
    link = await call(query, "POST", f"/{name}/link")
    assert link["expires_in"] == 600
    for _ in range(2):
        assert (await query.http.get(link["url"])).text == f"time,{TEMPERATURE}\r\n"
    for wrong in (f"{URL}/{name}/file", f"{URL}/{name}/file?ticket=x", link["url"].replace(name, "0" * 16)):
        assert (await query.http.get(wrong)).status_code == 401
    query.state.tokens.revoked.add("anna")
    assert (await query.http.get(link["url"])).status_code == 401
    query.state.tokens.revoked.discard("anna")
    monkeypatch.setattr(links, "SECONDS", -1.0)
    stale = await call(query, "POST", f"/{name}/link")
    assert (await query.http.get(stale["url"])).json()["detail"].startswith("The link is too old")


async def test_only_its_owner_and_admins_see_it_and_only_in_their_part_of_the_plant(
    query: QueryForTest, influx: Influx, place: Path
) -> None:
    await store_plenty(influx, PRESS, 10)
    anna, ben, boss = as_(query, "anna"), as_(query, "ben"), as_(query, "boss", Role.ADMIN)
    name = (await call(query, "POST", status=202, json={"sensor": [TEMPERATURE]}, who=anna))["id"]
    await done(query, name)
    moved, far = as_(query, "anna", scope="lyon"), as_(query, "chief", Role.ADMIN, scope="lyon")
    for who in (ben, moved, far):
        assert (await call(query, "GET", who=who))["items"] == []
        for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/file"), ("POST", "/link")):
            await call(query, method, f"/{name}{path}", 404, who=who)
    assert [one["owner"] for one in (await call(query, "GET", who=boss))["items"]] == ["anna"]
    assert (await query.http.get(f"{URL}/{name}/file", headers=boss)).status_code == 200
    for method, path in (("GET", ""), ("POST", ""), ("GET", f"/{name}"), ("DELETE", f"/{name}")):
        assert (await query.http.request(method, f"{URL}{path}")).status_code == 401


async def test_two_are_made_at_once_of_two_people_and_the_others_wait_and_a_person_has_five(
    query: QueryForTest, influx: Influx, gate: asyncio.Event, place: Path
) -> None:
    span = await store_plenty(influx, PRESS, 10)
    asked = {"sensor": [TEMPERATURE], "format": "ndjson", **span}
    names = [(await call(query, "POST", status=202, json=asked))["id"] for _ in range(5)]

    async def states() -> list[str]:
        return [(await call(query, "GET", f"/{name}"))["state"] for name in names]

    other = as_(query, "berta")
    theirs = (await call(query, "POST", status=202, who=other, json=asked))["id"]

    async def two_run() -> bool:
        assert (await call(query, "GET", f"/{theirs}", who=other))["state"] == "running"
        return await states() == ["running", "waiting", "waiting", "waiting", "waiting"]

    await eventually(two_run, what="two run, one of each")
    refused = await call(query, "POST", status=429, json=asked)
    assert "You have 5 exports; DELETE /api/query/v1/exports/<id> removes one" in refused["detail"]
    early = await call(query, "GET", f"/{names[2]}/file", 409)
    assert early["detail"] == "The export is waiting yet"
    await call(query, "DELETE", f"/{names[0]}", 204)
    await call(query, "DELETE", f"/{names[3]}", 204)
    gate.set()
    for name in (names[1], names[2], names[4]):
        await done(query, name)
    assert left(place) == sorted((names[1], names[2], names[4], theirs))


async def test_one_that_is_taken_back_half_way_leaves_nothing(
    query: QueryForTest, influx: Influx, place: Path, gate: asyncio.Event
) -> None:
    span = await store_plenty(influx, PRESS, 100)
    for form in ("csv", "parquet", "xlsx"):
        made = await call(query, "POST", status=202, json={"sensor": [TEMPERATURE], "format": form, **span})
        await done(query, made["id"], "running")
        await eventually(lambda: left(place), what="it has its files")
        await call(query, "DELETE", f"/{made['id']}", 204)
        assert left(place) == []


async def test_influxdb_gone_half_way_fails_it_with_the_reason(
    *,
    query: QueryForTest,
    influx: Influx,
    influxdb: InfluxForTest,
    place: Path,
    gate: asyncio.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(slices, "ROWS", 1000)
    span = await store_plenty(influx, PRESS, 20_000)
    made = await call(query, "POST", status=202, json={"sensor": [TEMPERATURE], **span})
    await done(query, made["id"], "running")
    await eventually(lambda: left(place), what="it is written")
    influxdb.process.kill()
    gate.set()
    found = await done(query, made["id"], "failed")
    assert found["detail"].startswith("InfluxDB does not answer")
    assert left(place) == []
    refused = await call(query, "GET", f"/{made['id']}/file", 409)
    assert refused["detail"].startswith("The export has failed: InfluxDB does not answer")


@pytest.mark.parametrize(
    ("limit", "value", "says"),
    [("making.MOST_BYTES", 1000, "The file grows beyond"), ("room.FREE_SHARE", 1.1, "The disk has only")],
)
async def test_one_that_grows_too_large_is_ended_with_a_sentence(
    *,
    query: QueryForTest,
    influx: Influx,
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
    value: float,
    says: str,
) -> None:
    monkeypatch.setattr(f"andon.query.export.{limit}", value)
    span = await store_plenty(influx, PRESS, 1000)
    made = await call(query, "POST", status=202, json={"sensor": [TEMPERATURE], **span})
    found = await done(query, made["id"], "failed")
    assert says in found["detail"]
    assert "ask for a shorter range" in found["detail"]
    assert left(place) == []


async def test_a_workbook_leaves_room_on_the_disk_before_anything_of_it_is_sent(
    query: QueryForTest, influx: Influx, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("andon.query.export.room.FREE_SHARE", 1.1)
    span = await store_plenty(influx, PRESS, 1000)
    status, detail = await query.refusal("/export", sensor=TEMPERATURE, format="xlsx", **span)
    assert (status, detail.startswith("The disk has only")) == (413, True)
    assert left(place) == []


async def test_a_disk_that_gets_full_within_the_last_piece_fails_it(
    query: QueryForTest, influx: Influx, place: Path
) -> None:
    span = await store_plenty(influx, PRESS, 10_000)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, limits[1]))  # of which the system takes a part, too
    try:
        made = await call(query, "POST", status=202, json={"sensor": [TEMPERATURE], **span})
        found = await done(query, made["id"], "failed")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert found["detail"] == "The file cannot be written: File too large"
    assert left(place) == []


async def test_it_is_kept_for_a_while(
    query: QueryForTest, influx: Influx, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "KEPT_SECONDS", 0.0)
    made = await call(query, "POST", status=202, json={"sensor": [TEMPERATURE]})

    async def gone() -> bool:
        return (await query.http.get(f"{URL}/{made['id']}", headers=query.bearer())).status_code == 404

    await eventually(gone, what="it is forgotten")
    assert left(place) == []


async def test_a_service_that_stops_ends_them_and_leaves_no_folder(
    neighbours: None, influx: Influx, plant: None, place: Path, gate: asyncio.Event
) -> None:
    async with running() as query:
        await eventually(lambda: is_ready(query), what="the plant is known")
        span = await store_plenty(influx, PRESS, 100)
        for form in ("csv", "xlsx", "parquet"):
            await call(query, "POST", status=202, json={"sensor": [TEMPERATURE], "format": form, **span})
        await eventually(lambda: left(place), what="they are written")
    assert list(place.iterdir()) == []


async def test_what_cannot_be_exported_is_said_at_once(query: QueryForTest) -> None:
    for asked, says in (
        ({}, "No sensor is named"),
        ({"sensor": [TEMPERATURE], "wat": 1}, "wat"),
        ({"sensor": ["x" * 600]}, "sensor"),
        ({"sensor": [TEMPERATURE], "from": "soon"}, "is no time"),
    ):
        assert says in (await call(query, "POST", status=422, json=asked))["detail"]
    far = await call(query, "POST", status=404, json={"sensor": [TEMPERATURE]}, who=as_(query, "anna", scope="lyon"))
    assert f"There is no sensor, machine or node '{TEMPERATURE}'" in far["detail"]
