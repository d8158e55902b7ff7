"""History as a file over HTTP, from a real InfluxDB: whole, in constant memory, or recognisably not whole."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from andon.common.bus import Bus
from andon.common.influx import Influx
from andon.common.reading import Reading
from andon.common.testing.fixtures import InfluxForTest
from andon.common.testing.machines import a_machine, store
from andon.common.testing.waiting import ANSWER_SECONDS, eventually
from andon.query.export import answer, slices
from andon.query.export.export import Doors

from .conftest import MS, OVEN, PRESS, ROBOT, QueryForTest, S, is_ready, put_assets, running
from .plenty import TEMPERATURE, T, a_wide_machine, left, place, store_plenty

__all__ = ["place"]

SPAN = {"from": T // MS, "to": T // MS + 60_000}
URL = "/api/query/v1/export"


async def export(query: QueryForTest, **asked: Any) -> httpx.Response:
    found = await query.http.get(URL, params=asked, headers=query.bearer(scope=asked.pop("scope", "")))
    assert found.status_code == 200, found.text
    return found


async def three_machines(influx: Influx) -> None:
    await store(
        influx,
        PRESS,
        Reading("p1", T, {"temperature": 20.5, "state": "RUN", "running": True}),
        Reading("p1", T + 250 * MS, {"temperature": 0.1 + 0.2}, {"temperature": "bad"}),
        Reading("p1", T + 2 * S, {"state": '=HYPERLINK("x")', "running": False}),
    )
    await store(influx, ROBOT, Reading("r3", T + S, {"temperature": -3.0}))
    await store(influx, OVEN, Reading("o1", T, {"temperature": 900.0}))


async def test_a_column_for_each_sensor_merged_on_time(query: QueryForTest, influx: Influx) -> None:
    await three_machines(influx)
    wanted = [f"{ROBOT.path}/temperature", "p1/temperature", f"{PRESS.path}/state"]
    found = await export(query, sensor=wanted, **SPAN)
    assert found.headers["content-type"] == "text/csv; charset=utf-8"
    name = "berlin-painting-line-1-robot-3-temperature-and-2-more_20251123T120000Z_20251123T120100Z.csv"
    assert found.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert found.text.splitlines() == [
        f"time,{ROBOT.path}/temperature,{TEMPERATURE},{PRESS.path}/state",
        "2025-11-23T12:00:00.000Z,,20.5,RUN",
        "2025-11-23T12:00:00.250Z,,0.30000000000000004,",
        "2025-11-23T12:00:01.000Z,-3,,",
        '2025-11-23T12:00:02.000Z,,,"\'=HYPERLINK(""x"")"',
    ]


async def test_of_a_machine_with_a_state_the_means_of_its_numbers(query: QueryForTest, influx: Influx) -> None:
    await three_machines(influx)
    found = await export(query, under=PRESS.path, agg="max", bucket="1m", **SPAN)
    header, row = found.text.splitlines()
    assert (f"{PRESS.path}/state" in header, f"{PRESS.path}/running" in header) == (False, False)
    assert dict(zip(header.split(","), row.split(","), strict=True))[TEMPERATURE] == "20.5"


async def test_several_aggregates_and_what_a_state_and_a_switch_told(query: QueryForTest, influx: Influx) -> None:
    await three_machines(influx)
    asked = {"bucket": "1s", "from": T // MS, "to": T // MS + 4000}
    found = await export(query, sensor=[TEMPERATURE, "r3/temperature"], agg="mean,max,twa", **asked)
    header, *rows = csv.reader(io.StringIO(found.text))
    paths = (TEMPERATURE, f"{ROBOT.path}/temperature")
    assert header == ["time", *(f"{path} {agg}" for path in paths for agg in ("mean", "max", "twa"))]
    assert [at[17:19] for at, *_ in rows] == ["00", "01", "02", "03"]
    assert [[float(cell) if cell else None for cell in cells] for _, *cells in rows] == [
        [pytest.approx(10.4), 20.5, pytest.approx(5.35), None, None, None],
        [None, None, pytest.approx(0.3), -3, -3, -3],
        [None, None, pytest.approx(0.3), None, None, -3],
        [None, None, pytest.approx(0.3), None, None, -3],
    ]
    said = await export(query, sensor=[f"{PRESS.path}/state", "p1/running"], agg="last,count", format="json", **asked)
    keys = [f"{PRESS.path}/{key} {agg}" for key in ("state", "running") for agg in ("last", "count")]
    rows = [[row[key] for key in keys] for row in said.json()]
    assert rows == [["RUN", 1, True, 1], ['=HYPERLINK("x")', 1, False, 1]]
    share = await export(query, sensor="p1/running", agg="twa", format="parquet", **(asked | {"bucket": "4s"}))
    table = pq.read_table(io.BytesIO(share.content))
    assert (table.column_names[1], table.column(1).to_pylist()) == (f"{PRESS.path}/running", [0.5])


async def test_a_row_for_each_sample_with_its_quality_on_the_clock_of_the_factory(
    query: QueryForTest, influx: Influx
) -> None:
    await three_machines(influx)
    found = await export(query, under=PRESS.path, layout="long", tz="Europe/Berlin", name="Presse µ / 1", **SPAN)
    assert "filename*=UTF-8''Presse%20%C2%B5%20-%201.csv" in found.headers["content-disposition"]
    as_written = {"from": "2025-11-23T13:00:00", "to": "2025-11-23T13:01:00", "tz": "Europe/Berlin"}
    assert (await export(query, under=PRESS.path, layout="long", **as_written)).text == found.text
    assert list(csv.reader(io.StringIO(found.text))) == [
        ["time", "sensor", "value", "quality"],
        ["2025-11-23T13:00:00.000+01:00", TEMPERATURE, "20.5", "good"],
        ["2025-11-23T13:00:00.000+01:00", f"{PRESS.path}/running", "true", "good"],
        ["2025-11-23T13:00:00.000+01:00", f"{PRESS.path}/state", "RUN", "good"],
        ["2025-11-23T13:00:00.250+01:00", TEMPERATURE, "0.30000000000000004", "bad"],
        ["2025-11-23T13:00:02.000+01:00", f"{PRESS.path}/running", "false", "good"],
        ["2025-11-23T13:00:02.000+01:00", f"{PRESS.path}/state", '\'=HYPERLINK("x")', "good"],
    ]


async def test_each_caller_has_their_part_of_the_plant(query: QueryForTest, influx: Influx) -> None:
    await three_machines(influx)
    for layout in ("wide", "long"):
        found = await export(query, under="berlin", scope="berlin/painting", layout=layout, format="json", **SPAN)
        assert len(found.json()) == 1
        assert "press-1" not in found.text
    for path in ("/export", "/exports"):
        denied = await query.http.get(f"/api/query/v1{path}")
        assert denied.status_code == 401
    status, detail = await query.refusal("/export", sensor=TEMPERATURE, scope="lyon")
    assert (status, f"There is no sensor, machine or node '{TEMPERATURE}'" in detail) == (404, True)
    assert (await query.refusal("/export", under="berlin", scope="lyon"))[0] == 404


async def test_a_range_without_values_is_a_file_with_its_header(query: QueryForTest) -> None:
    assert (await export(query, sensor=TEMPERATURE, **SPAN)).text == f"time,{TEMPERATURE}\r\n"
    assert (await export(query, sensor=TEMPERATURE, format="json", **SPAN)).json() == []


REFUSED: tuple[tuple[dict[str, object], int, str], ...] = (
    ({"sensor": []}, 422, "No sensor is named; give sensor=<path>, or under="),
    ({"sensor": [], "under": "berlin/body/line-1/nothing"}, 404, "There is no sensor, machine or node"),
    ({"sensor": "p1/nothing"}, 404, "There is no sensor"),
    ({"from": "now", "to": "-1h"}, 422, "must be before"),
    ({"format": "doc"}, 422, "format"),
    ({"formt": "csv"}, 422, "formt"),
    ({"tz": "Mars"}, 422, "is no time zone"),
    ({"tz": "../../etc/passwd"}, 422, "is no time zone"),
    ({"agg": "mean"}, 422, "agg=mean needs a bucket"),
    ({"bucket": "1h"}, 422, "bucket=1h needs an agg"),
    ({"agg": "mean", "bucket": "0"}, 422, "at least 1ms"),
    (
        {"agg": "mean", "bucket": "1h", "sensor": "p1/state"},
        422,
        "is a string, and has no mean; ask for count, first, last",
    ),
    ({"agg": "mean", "bucket": "1h", "sensor": "p1/running"}, 422, "ask for count, first, last, twa of it, or leave"),
    ({"agg": "mean,p95", "bucket": "1h"}, 422, "agg=p95 cannot be exported, for minutes and hours do not tell it"),
    ({"agg": "middle", "bucket": "1h"}, 422, "agg='middle' is no aggregate"),
    ({"agg": "mean,max", "bucket": "1h", "sensor": [], "under": "p9"}, 422, "These are 402 aggregates of sensors; at"),
    ({"sensor": [], "under": "p9"}, 422, "These are 201 sensors; at most 200 with layout=wide, and 500 with"),
)


async def test_what_cannot_be_exported_is_said(query: QueryForTest, bus: Bus) -> None:
    await put_assets(bus, a_wide_machine(201))
    await eventually(lambda: query.hall.plant.find("p9"), what="the plant is known")
    for asked, status, says in REFUSED:
        found, detail = await query.refusal("/export", **{"sensor": TEMPERATURE, **asked})
        assert (found, says in detail) == (status, True), (asked, detail)
    keys = [f"p9/n{n}" for n in range(201)]
    found = await query.http.post(
        "/api/query/v1/exports", json={"sensor": keys, "layout": "long"}, headers=query.bearer()
    )
    assert (found.status_code, found.json()["sensors"]) == (202, 201)
    assert (await export(query, sensor=TEMPERATURE, layout="long", **SPAN)).text == "time,sensor,value,quality\r\n"


async def test_hostile_types_and_names_find_their_own_alone(query: QueryForTest, bus: Bus, influx: Influx) -> None:
    await three_machines(influx)
    odd = a_machine("berlin/body/line-1/odd", id="odd1", type="pre\"s's; DROP MEASUREMENT press")
    await store(influx, odd, Reading(odd.id, T, {"temperature": 7.0}))
    await put_assets(bus, odd)
    await eventually(lambda: query.hall.plant.find(odd.id), what="the plant is known")
    found = await export(query, sensor=f"{odd.path}/temperature", format="ndjson", **SPAN)
    assert json.loads(found.text) == {"time": "2025-11-23T12:00:00.000Z", f"{odd.path}/temperature": 7.0}
    assert len((await export(query, sensor=TEMPERATURE, **SPAN)).text.splitlines()) == 3
    for name in ('"\r\nSet-Cookie: a=b', "../../x", "x" * 100, "\u202excod"):
        head = (await export(query, sensor=TEMPERATURE, name=name, **SPAN)).headers
        assert "set-cookie" not in head
        assert "/" not in head["content-disposition"].partition(";")[2].replace("UTF-8''", "")


@pytest.mark.timeout(240)
async def test_two_million_samples_pass_through_little_memory(query: QueryForTest, bus: Bus, influx: Influx) -> None:
    machine = a_wide_machine(20)
    await put_assets(bus, machine)
    span = await store_plenty(influx, machine, 100_000)
    asked = {"under": "p9", "layout": "long", "format": "csv", **span}
    await eventually(lambda: query.hall.plant.find("p9"), what="the plant is known")
    await export(query, **(asked | {"to": (T + 10_000 * S) // MS}))  # a tenth: what the first time takes, and keeps
    size, before, most = 0, resident(), 0
    async with query.http.stream("GET", URL, params=asked, headers=query.bearer(), timeout=100) as found:
        async for chunk in found.aiter_raw():
            size += len(chunk)
            most = max(most, resident())
    assert size > 130_000_000
    assert most - before < 80_000_000, "not all of it is read first, and what has been sent is not kept"


def resident() -> int:
    """Bytes of memory of this process; InfluxDB has its own."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


async def test_nobody_is_read_for_who_does_not_read(
    query: QueryForTest, influx: Influx, monkeypatch: pytest.MonkeyPatch
) -> None:
    span = await store_plenty(influx, PRESS, 100_000)
    monkeypatch.setattr(slices, "ROWS", 5000)
    monkeypatch.setattr(slices, "MOST", 10_000)
    asked = {"sensor": TEMPERATURE, "layout": "long", "format": "ndjson", **span}
    async with query.http.stream("GET", URL, params=asked, headers=query.bearer()) as found:
        chunks = found.aiter_raw()
        taken = len(await anext(chunks))
        seen: list[int] = []

        def stands_still() -> bool:
            seen.append(progress_of(query))
            return paused(query) and seen[-25:] == [seen[-1]] * 25

        await eventually(stands_still, what="the connection is full, and no more is made")
        assert seen[-1] < 12_000_000
        async for chunk in chunks:
            taken += len(chunk)
    assert taken == 100_000 * len(
        f'{{"time":"{"x" * 24}","sensor":"{TEMPERATURE}","value":,"quality":"good"}}\n'
    ) + sum(len(f"{n}.25") for n in range(100_000))


def paused(query: QueryForTest) -> bool:
    return any(getattr(one, "flow", None) and one.flow.write_paused for one in query.server.server_state.connections)


def progress_of(query: QueryForTest) -> int:
    doors: Doors = query.state.doors
    (progress,) = doors.under_way
    return progress.bytes


@pytest.mark.parametrize("format", ["csv", "xlsx", "parquet"])
async def test_a_client_that_goes_leaves_nothing_behind(
    query: QueryForTest,
    influx: Influx,
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
    format: str,  # noqa: A002 - the parameter's name
) -> None:
    monkeypatch.setattr(slices, "ROWS", 1000)
    monkeypatch.setattr(slices, "MOST", 2000)
    span = await store_plenty(influx, PRESS, 100_000)
    doors: Doors = query.state.doors
    async with httpx.AsyncClient(base_url=query.url, timeout=ANSWER_SECONDS) as http:
        asked = {"sensor": TEMPERATURE, "layout": "long", "format": format, **span}
        request = http.build_request("GET", URL, params=asked, headers=query.bearer())
        if format == "xlsx":
            request.extensions["timeout"]["read"] = 0.3
            with pytest.raises(httpx.ReadTimeout):
                await http.send(request, stream=True)
        else:
            found = await http.send(request, stream=True)
            await anext(found.aiter_raw())
            await found.aclose()
    await eventually(lambda: not doors.under_way and not doors.inside.total(), what="it has ended")
    assert left(place) == []
    assert (await export(query, sensor=TEMPERATURE, **SPAN)).text.count("\n") == 61


async def test_influxdb_gone_before_is_said_and_gone_half_way_breaks_the_transfer(
    query: QueryForTest, influx: Influx, influxdb: InfluxForTest, place: Path
) -> None:
    span = await store_plenty(influx, PRESS, 300_000)
    for kind in ("ndjson", "csv", "parquet"):
        asked = {"sensor": TEMPERATURE, "layout": "long", "format": kind, **span}
        async with query.http.stream("GET", URL, params=asked, headers=query.bearer()) as found:
            chunks = found.aiter_raw()
            await anext(chunks)
            influxdb.process.kill()
            with pytest.raises(httpx.RemoteProtocolError, match="incomplete"):
                async for _ in chunks:
                    pass
        for form in (kind, "xlsx"):
            status, detail = await query.refusal("/export", sensor=TEMPERATURE, format=form, **span)
            assert (status, "InfluxDB does not answer" in detail) == (503, True)
        influxdb.process.start()
        await eventually(influx.ping, what="InfluxDB is back")
    assert left(place) == []


async def test_a_client_that_never_reads_is_let_go(
    query: QueryForTest, influx: Influx, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer, "PATIENCE_SECONDS", 0.2)
    span = await store_plenty(influx, PRESS, 300_000)
    asked = {"sensor": TEMPERATURE, "layout": "long", "format": "ndjson", **span}
    async with query.http.stream("GET", URL, params=asked, headers=query.bearer()) as found:
        await eventually(lambda: not query.state.doors.under_way, what="it was given up")
        with pytest.raises(httpx.RemoteProtocolError, match="incomplete"):
            await found.aread()


async def test_a_service_that_stops_breaks_off_what_nobody_reads(
    neighbours: None, influx: Influx, plant: None, place: Path
) -> None:
    span = await store_plenty(influx, PRESS, 300_000)
    asked = {"sensor": TEMPERATURE, "layout": "long", "format": "ndjson", **span}
    async with httpx.AsyncClient(timeout=30) as http:
        async with running() as query:
            await eventually(lambda: is_ready(query), what="the plant is known")
            request = http.build_request("GET", f"{query.url}{URL}", params=asked, headers=query.bearer())
            found = await http.send(request, stream=True)
            await eventually(lambda: paused(query), what="the connection is full")
        assert list(place.iterdir()) == []
        with pytest.raises(httpx.RemoteProtocolError, match="incomplete"):
            await found.aread()


async def test_at_most_two_at_once_for_each_person(query: QueryForTest, influx: Influx) -> None:
    span = await store_plenty(influx, PRESS, 100_000)
    asked = {"sensor": TEMPERATURE, "layout": "long", "format": "ndjson", **span}
    async with (
        query.http.stream("GET", URL, params=asked, headers=query.bearer()) as one,
        query.http.stream("GET", URL, params=asked, headers=query.bearer()) as two,
    ):
        status, detail = await query.refusal("/export", **asked)
        assert (status, "wait for one to end, or POST /api/query/v1/exports" in detail) == (429, True)
        sizes = [len(await found.aread()) for found in (one, two)]
    assert sizes[0] == sizes[1]
    await eventually(lambda: not query.state.doors.inside.total(), what="both have ended")


async def test_typed_files_over_http(query: QueryForTest, influx: Influx) -> None:
    await three_machines(influx)
    found = await export(query, under="p1", format="arrow", **SPAN)
    assert found.headers["content-type"] == "application/vnd.apache.arrow.stream"
    assert '.arrows"' in found.headers["content-disposition"]
    table = pa.ipc.open_stream(found.content).read_all()
    assert table[TEMPERATURE].to_pylist() == [20.5, 0.1 + 0.2, None]
    assert table[f"{PRESS.path}/state"].to_pylist() == ["RUN", None, '=HYPERLINK("x")']
