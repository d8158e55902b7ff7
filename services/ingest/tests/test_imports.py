"""Import of history: people bring files of years ago; they go the way of all readings, and disturb nobody."""

import asyncio
import io
import signal
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from andon.common.api import create_front
from andon.common.auth import Principal, Role, Tokens
from andon.common.bus import Bus
from andon.common.influx import Influx
from andon.common.plant import Asset
from andon.common.reading import NS_PER_S
from andon.common.subjects import TELEMETRY
from andon.common.testing.fixtures import NatsForTest
from andon.common.testing.waiting import eventually
from andon.ingest.app import create_http_service
from andon.ingest.imports import imports, pace, shared
from andon.ingest.ledger.ledger import instance_of
from andon.ingest.pipeline import Pipeline

PATH = "berlin/painting/line-1/robot-3"
URL = "/api/ingest/v1/imports"
SECRET = "a secret of this test, long enough"
BEGIN = datetime(2021, 3, 1, tzinfo=UTC)
BEGIN_NS = int(BEGIN.timestamp()) * NS_PER_S


def token(role: Role = Role.ENGINEER, scope: str = "") -> dict[str, str]:
    """Header of a caller."""
    signed = Tokens(secret=SECRET).sign(
        Principal(id="p1", name="ann", role=role, scope=scope), token_id="t1", lifetime=3600
    )
    return {"Authorization": f"Bearer {signed}"}


def environment(nats: NatsForTest) -> dict[str, str]:
    """Settings of the HTTP process."""
    return {
        "ANDON_NATS_URL": nats.settings.url,
        "ANDON_NATS_PASSWORD": nats.settings.password.get_secret_value(),
        "ANDON_TOKEN_SECRET": SECRET,
    }


@pytest.fixture
async def client(nats: NatsForTest, plant: Asset, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """The routes, running, with the plant known."""
    for name, value in environment(nats).items():
        monkeypatch.setenv(name, value)
    app = create_front(create_http_service())
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://t", headers=token()) as client,
    ):
        await eventually(lambda: knows_the_plant(client))
        await eventually(lambda: all_ended(client), timeout=60, what="the import that asked for the plant is over")
        yield client


async def knows_the_plant(client: httpx.AsyncClient) -> bool:
    answer = await client.post(URL, content=b"time,a\n1,2\n", params={"dry_run": True}, headers=token())
    return answer.status_code == 202


async def all_ended(client: httpx.AsyncClient) -> bool:
    return all(one["ended"] for one in (await client.get(URL)).json()["items"])


def moment(number: int) -> str:
    return f"{BEGIN + timedelta(seconds=number):%Y-%m-%dT%H:%M:%S}.000Z"


def wide(rows: int) -> bytes:
    """Two sensors for some seconds."""
    lines = [f"time,{PATH}/temperature,{PATH}/torque", *(f"{moment(n)},{n}.5,{n * 2}" for n in range(rows))]
    return "\n".join(lines).encode()


async def ended(client: httpx.AsyncClient, content: bytes, timeout: float = 60, **params: Any) -> dict[str, Any]:
    """An import at its end."""
    answer = await client.post(URL, content=content, params=params)
    assert answer.status_code == 202, answer.text
    return await finished(client, answer.json()["id"], timeout)


async def finished(client: httpx.AsyncClient, name: str, timeout: float = 60) -> dict[str, Any]:
    async def found() -> dict[str, Any] | None:
        job: dict[str, Any] = (await client.get(f"{URL}/{name}")).json()
        return job if job["state"] in ("done", "failed", "cancelled") else None

    done: dict[str, Any] = await eventually(found, timeout=timeout)
    return done


async def in_stream(bus: Bus) -> int:
    return (await bus.js.stream_info(TELEMETRY)).state.last_seq


async def stored(influx: Influx, key: str = "temperature") -> list[list[Any]]:
    """What InfluxDB has of a sensor."""
    [series] = await influx.query(f'SELECT "{key}" FROM "robot" WHERE time < now()')
    return [row for one in series for row in one.rows]


async def test_years_old_files_land_and_nothing_is_unexplained(
    client: httpx.AsyncClient, pipeline: Pipeline, influx: Influx
) -> None:
    done = await ended(client, wide(5000), name="old.csv")
    assert (done["state"], done["samples"], done["rows"], done["refused"]) == ("done", 10_000, 5000, {})
    assert done["bytes"] == done["size"]
    rows = await stored(influx)  # done means stored
    assert (len(rows), rows[0], rows[-1]) == (5000, [BEGIN_NS, 0.5], [BEGIN_NS + 4999 * NS_PER_S, 4999.5])
    assert instance_of(pipeline.tally).unexplained == 0

    async def settled() -> bool:
        row = pipeline.bookkeeper.account.rows["r3"]
        return row.messages == row.readings == row.stored == 5000 and not row.in_flight and not row.lost

    await eventually(settled)
    ledger = (await client.get("/api/ingest/v1/ledger")).json()
    assert (ledger["unexplained"], ledger["lost"], ledger["problems"]) == (0, 0, [])
    again = await ended(client, wide(5000))
    assert (again["state"], again["samples"], await stored(influx)) == ("done", 10_000, rows)


async def test_a_dry_run_tells_all_and_sends_nothing(client: httpx.AsyncClient, bus: Bus) -> None:
    text = "\n".join(
        [
            f"time,{PATH}/temperature,{PATH}/state,{PATH}/colour",
            f"{moment(0)},1,RUN,red",
            f"{moment(1)},hot,STOP,red",
            f"{moment(1)},3,,red",
            "yesterday,4,RUN,red",
            "2999-01-01T00:00:00Z,5,,red",
            f"{moment(2)},6",
        ]
    )
    done = await ended(client, text.encode(), dry_run=True)
    report = done["report"]
    assert (done["state"], done["rows"], done["samples"], done["empty"]) == ("done", 6, 4, 2)
    assert done["refused"] == {"bad-value": 1, "bad-time": 3, "malformed": 1}
    assert sorted((p["row"], p["reason"]) for p in report["problems"]) == [
        (3, "bad-value"),
        (5, "bad-time"),
        (6, "bad-time"),
        (7, "malformed"),
    ]
    assert "expected a number, got 'hot'" in str(report["problems"])
    assert report["unknown"] == [f"{PATH}/colour"]
    assert {one["sensor"]: (one["samples"], one["first"], one["last"]) for one in report["sensors"]} == {
        f"{PATH}/temperature": (2, moment(0), moment(1)),
        f"{PATH}/state": (2, moment(0), moment(1)),
    }
    assert await in_stream(bus) == 0


async def test_what_was_refused_is_mended_and_imported_as_it_is(
    client: httpx.AsyncClient, pipeline: Pipeline, influx: Influx
) -> None:
    content = f"time;{PATH}/temperature\n01.03.2021 00:00;1,5\n01.03.2021 00:01;2,x\n".encode()
    done = await ended(client, content, time_format="%d.%m.%Y %H:%M")
    assert (done["samples"], done["refused"]) == (1, {"bad-value": 1})
    refused = (await client.get(f"{URL}/{done['id']}/refused")).text
    assert refused.splitlines()[0] == "row,time,sensor,value,quality,reason,detail"
    assert f'3,01.03.2021 00:01,{PATH}/temperature,"2,x",,bad-value' in refused
    mended = refused.replace('"2,x"', "2.75").encode()
    done = await ended(client, mended, time_format="%d.%m.%Y %H:%M")
    assert (done["samples"], done["refused"], done["report"]["layout"]) == (1, {}, "long")
    assert await stored(influx) == [[BEGIN_NS, 1.5], [BEGIN_NS + 60 * NS_PER_S, 2.75]]


def as_xlsx(rows: list[tuple[Any, ...]]) -> bytes:
    book, out = openpyxl.Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet("values")
    for row in rows:
        sheet.append(row)
    book.save(out)
    return out.getvalue()


def as_parquet(rows: list[tuple[Any, ...]]) -> bytes:
    out = io.BytesIO()
    columns = list(zip(*rows[1:], strict=True))
    times = pa.array([t.replace(tzinfo=UTC) for t in columns[0]], pa.timestamp("ms", "UTC"))
    pq.write_table(pa.table([times, *map(pa.array, columns[1:])], names=list(rows[0])), out)
    return out.getvalue()


@pytest.mark.parametrize("made", [as_xlsx, as_parquet])
async def test_workbooks_and_parquet_go_the_same_way(
    client: httpx.AsyncClient,
    pipeline: Pipeline,
    influx: Influx,
    made: Callable[[list[tuple[Any, ...]]], bytes],
) -> None:
    first = BEGIN.replace(tzinfo=None)
    rows = [("time", "temperature", "moving"), *((first + timedelta(seconds=n), n / 4, n % 2 == 0) for n in range(50))]
    done = await ended(client, made(rows), asset=PATH)
    assert (done["state"], done["samples"], done["refused"]) == ("done", 100, {}), done["detail"]
    assert [value for _, value in await stored(influx)] == [n / 4 for n in range(50)]
    assert [value for _, value in await stored(influx, "moving")][:2] == [True, False]


async def test_qualities_come_along(client: httpx.AsyncClient, pipeline: Pipeline, influx: Influx) -> None:
    rows = ["time,sensor,value,quality", f"{moment(0)},{PATH}/torque,1,good", f"{moment(1)},{PATH}/torque,2,bad"]
    done = await ended(client, "\r\n".join([*rows, f"{moment(2)},{PATH}/torque,3,so-so"]).encode())
    assert (done["samples"], done["refused"]) == (2, {"bad-value": 1})
    [[series]] = await influx.query('SELECT "torque", "torque__quality" FROM "robot"')
    assert [row[1:] for row in series.rows] == [[1, None], [2, "bad"]]


async def test_who_cancels_half_way_keeps_what_came_in(
    client: httpx.AsyncClient, pipeline: Pipeline, influx: Influx, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "LOOK_SECONDS", 0.3)  # so that it is not at its end by then, on however busy a machine
    answer = await client.post(URL, content=wide(300_000))
    url = f"{URL}/{answer.json()['id']}"

    async def begun() -> dict[str, Any]:
        job: dict[str, Any] = (await client.get(url)).json()
        return job if job["samples"] else {}

    job = await eventually(begun)
    assert (job["state"], job["eta_seconds"] > 0) == ("running", True)
    assert (await client.delete(url)).status_code == 204
    job = (await client.get(url)).json()
    assert (job["state"], job["report"], job["bytes"] < job["size"]) == ("cancelled", None, True)
    await eventually(lambda: pipeline.tally.stored == pipeline.tally.store_received > 0)
    assert 0 < len(await stored(influx)) < 300_000
    assert (await client.delete(url)).status_code == 204  # ended: now it is forgotten
    assert (await client.get(url)).status_code == 404


async def test_an_import_waits_while_the_store_is_behind(
    client: httpx.AsyncClient, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "SLOW_SECONDS", 0.1)  # nobody stores here: there is no pipeline
    answer = await client.post(URL, content=wide(100_000))
    url = f"{URL}/{answer.json()['id']}"

    async def waits() -> bool:
        return "Waits for the store" in (await client.get(url)).json()["detail"]

    await eventually(waits)
    assert await in_stream(bus) <= pace.MOST_AHEAD + 1
    assert (await client.delete(url)).status_code == 204


@pytest.mark.parametrize(
    ("number", "said"),
    [(signal.SIGSEGV, "who read it died of it"), (signal.SIGSTOP, "Nothing could be read for 0 s; split the file")],
)
async def test_a_file_that_kills_or_holds_its_reader_costs_nobody_else(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    start = asyncio.create_subprocess_exec

    async def started(*words: str, **how: Any) -> asyncio.subprocess.Process:
        reader = await start(*words, **how)
        reader.send_signal(number)
        return reader

    with monkeypatch.context() as patched:
        patched.setattr(asyncio, "create_subprocess_exec", started)
        patched.setattr("andon.ingest.imports.job.PATIENCE", 0.2)
        done = await ended(client, wide(10), dry_run=True)
    assert (done["state"], said in done["detail"]) == ("failed", True), done["detail"]
    assert (await ended(client, wide(10), dry_run=True))["samples"] == 20


@pytest.mark.parametrize(
    ("role", "scope", "status"),
    [(Role.VIEWER, "", 403), (Role.OPERATOR, "", 403), (Role.ENGINEER, "", 202), (Role.ENGINEER, "munich", 202)],
)
async def test_who_may_import(client: httpx.AsyncClient, role: Role, scope: str, status: int) -> None:
    for method, path in (("POST", ""), ("GET", ""), ("GET", "/x"), ("DELETE", "/x"), ("GET", "/x/refused")):
        assert (await client.request(method, URL + path, headers={"Authorization": ""})).status_code == 401
        answer = await client.request(method, URL + path, headers=token(role, scope), content=wide(1))
        assert answer.status_code == (
            403 if status == 403 else {"POST": 202, "GET": 200 if not path else 404}.get(method, 404)
        )


async def test_what_lies_outside_of_ones_part_of_the_plant_does_not_exist(client: httpx.AsyncClient, bus: Bus) -> None:
    mine = (await ended(client, wide(3), dry_run=True))["id"]
    elsewhere = token(scope="munich")
    answer = await client.post(URL, content=wide(3), headers=elsewhere)
    done = await finished(client, answer.json()["id"])
    assert done["state"] == "failed"
    assert done["detail"].startswith(f"No column is a sensor: '{PATH}/temperature'")
    assert (await client.get(f"{URL}/{mine}", headers=elsewhere)).status_code == 404
    assert (await client.get(f"{URL}/{mine}/refused", headers=elsewhere)).status_code == 404
    assert (await client.delete(f"{URL}/{mine}", headers=elsewhere)).status_code == 404
    assert [one["id"] for one in (await client.get(URL, headers=elsewhere)).json()["items"]] == [done["id"]]
    assert (await client.post(URL, params={"asset": PATH}, content=b"time,x", headers=elsewhere)).status_code == 422


@pytest.mark.parametrize(
    ("params", "content", "status", "said"),
    [
        ({"tz": "Mars/Olympus"}, b"x", 422, "no time zone"),
        ({"tz": "../../etc/passwd"}, b"x", 422, "no time zone"),
        ({"separator": "xx"}, b"x", 422, "separator"),
        ({"time_format": "%H:%M"}, b"x", 422, "has to hold a date"),
        ({"asset": "nowhere"}, b"x", 422, "no machine 'nowhere'"),
        ({"asset": "berlin/painting"}, b"x", 422, "no machine"),
        ({"dryrun": "true"}, b"x", 422, "dryrun"),
        ({}, b"", 400, "empty"),
    ],
)
async def test_bad_requests_say_what_to_change(
    client: httpx.AsyncClient, params: dict[str, str], content: bytes, status: int, said: str
) -> None:
    answer = await client.post(URL, params=params, content=content)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert said in answer.json()["detail"]


async def test_files_are_larger_than_other_bodies_and_have_an_end_all_the_same(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = b"time,temperature\n" + b"2021-01-01T00:00:00Z,1.0000000000\n" * 200_000
    assert len(content) > 6 * 2**20
    done = await ended(client, content, asset=PATH, dry_run=True)
    assert (done["samples"], done["report"]["duplicates"]) == (200_000, 199_999)
    monkeypatch.setattr("andon.ingest.imports.upload.MOST_BYTES", 2**20)
    answer = await client.post(URL, content=content)
    assert (answer.status_code, "split it" in answer.text) == (413, True)


async def test_files_do_not_pile_up(client: httpx.AsyncClient) -> None:
    """No store runs, and what waits for it cannot end while the others are posted."""
    posted = [await client.post(URL, content=wide(100)) for _ in range(imports.MOST_OF_PERSON)]
    assert {one.status_code for one in posted} == {202}, [one.text for one in posted]
    ids = [one.json()["id"] for one in posted]
    answer = await client.post(URL, content=wide(1))
    assert (answer.status_code, answer.headers.get("retry-after")) == (429, "30"), answer.text
    assert {(await client.delete(f"{URL}/{one}")).status_code for one in ids} == {204}
    found = {one["id"]: one["state"] for one in (await client.get(URL)).json()["items"] if one["id"] in ids}
    assert found == dict.fromkeys(ids, "cancelled")


async def test_reports_are_kept_for_a_while(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "MOST_ENDED", 2)
    done = [await ended(client, wide(1), dry_run=True) for _ in range(4)]

    async def kept() -> bool:
        found = [one["id"] for one in (await client.get(URL)).json()["items"]]
        return found == [one["id"] for one in reversed(done[2:])]

    await eventually(kept, what="the two newest are kept")
