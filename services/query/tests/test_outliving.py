"""Minutes and hours outlive the samples they were made of: InfluxDB really deletes, and charts go on."""

import io
from collections.abc import Iterator
from pathlib import Path
from time import time_ns
from typing import Any

import msgspec
import openpyxl
import pytest

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.history.history import History
from andon.common.history.span import Span
from andon.common.history.tier import RAW
from andon.common.influx import Influx
from andon.common.influx.retention import DAY, HOUR
from andon.common.reading import Reading
from andon.common.testing.fixtures import InfluxForTest, running_influxdb
from andon.common.testing.machines import store
from andon.common.testing.waiting import eventually
from andon.common.times import ns_to_iso
from andon.query.derive.retention import once as keep_again
from andon.query.derive.rollup import Rollup
from andon.query.tiers.coverage import Progress
from andon.query.tiers.keeping import Keeper, Wish
from andon.query.tiers.tiers import MINUTES

from .conftest import MS, PRESS, QueryForTest, S, is_ready, running

OLD = (time_ns() - 40 * DAY) // HOUR * HOUR
SPAN = Span(OLD, OLD + 2 * HOUR)
SENSOR = f"{PRESS.path}/temperature"


@pytest.fixture
def influxdb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InfluxForTest]:
    """One that looks every second for what it need not keep, instead of every half hour."""
    monkeypatch.setenv("INFLUXDB_RETENTION_CHECK_INTERVAL", "1s")
    with running_influxdb(tmp_path) as found:
        yield found


async def answers(query: QueryForTest) -> list[Any]:
    """What a person sees of that time."""
    asked = {"sensor": SENSOR, "from": SPAN.start // MS, "to": SPAN.end // MS}
    chart = await query.get("/series", points=24, agg="mean", **asked)
    numbers = await query.get("/stats", **asked)
    return [chart["tier"], chart["points"], {name: numbers[name] for name in ("count", "mean", "min", "max", "stddev")}]


async def rolled_up_until(minute: int, bus: Bus, influx: Influx, keeper: Keeper, rollup: Rollup) -> None:
    """Two hours of samples, and their rollups; and how far these reach, as derive would have told."""
    said = [Reading("p1", OLD + n * 10 * S, {"temperature": float(n % 7)}) for n in range(720)]
    await store(influx, PRESS, *said)
    await keeper.enforce()
    await rollup.minutes([PRESS], SPAN)
    await rollup.hours([PRESS], SPAN)
    await (await bus.bucket(subjects.DERIVE_BUCKET)).put(
        subjects.PROGRESS_KEY, msgspec.json.encode(Progress(minutes=minute, hours=minute // HOUR * HOUR))
    )


async def retention_tells_what_is_left(query: QueryForTest) -> None:
    raw, minutes, _ = (await query.get("/retention"))["items"]
    assert (raw["has"], raw["oldest"]) == ("30d", None)
    assert minutes["oldest"] == OLD // MS


async def minutes_are_the_finest(query: QueryForTest, asked: dict[str, Any]) -> None:
    near = await query.get("/series", points=1000, **asked)  # seconds would fit, but minutes are all there is
    assert (near["tier"], near["resolution"], len(near["points"])) == ("1m", "1m", 60)
    status, why = await query.refusal("/series", bucket="10s", agg="mean", **asked)
    assert (status, "only whole minutes are kept" in why) == (422, True)


async def test_charts_go_on_where_samples_are_gone_and_are_not_made_again_of_what_is_left(
    bus: Bus, neighbours: None, influx: Influx, plant: None
) -> None:
    keeper, minute = Keeper(influx, [Wish(RAW, 0)]), time_ns() // MINUTES.width * MINUTES.width
    rollup = Rollup(History(influx), influx, lambda tier: keeper.whole_since(tier, time_ns()))
    await rolled_up_until(minute, bus, influx, keeper, rollup)
    async with running() as query:
        await eventually(lambda: is_ready(query), what="the plant is known")
        await eventually(lambda: query.coverage.progress.minutes == minute, what="how far the tiers reach is known")
        before = await answers(query)
        assert before[0] != "raw"
        assert before[2]["count"] == 720

        keeper.wishes = [Wish(RAW, 30 * DAY)]
        await keeper.enforce()
        await eventually(lambda: nothing_left(influx), what="the samples are gone")
        assert await answers(query) == before
        await retention_tells_what_is_left(query)
        await keep_again(keeper, bus)
        await eventually(lambda: query.coverage.gone == keeper.gone, what="what is gone is known")
        assert await answers(query) == before
        asked = {"sensor": SENSOR, "from": OLD // MS, "to": (OLD + HOUR) // MS}
        await minutes_are_the_finest(query, asked)
        await less_than_a_minute_is_refused_and_not_empty(query)
        await what_has_one_clock_takes_the_minutes(query, asked)
        await what_needs_every_value_is_refused_and_not_made_of_the_rest(query)

        keeper.wishes = [Wish(RAW, 0)]
        await keeper.enforce()
        await store(influx, PRESS, Reading("p1", OLD + 5 * S, {"temperature": 1000.0}))  # it comes late, alone
        await rollup.minutes([PRESS], SPAN)
        await rollup.hours([PRESS], SPAN)
        assert await answers(query) == before


async def less_than_a_minute_is_refused_and_not_empty(query: QueryForTest) -> None:
    """Each minute of that time has samples; of these 40 seconds nobody knows any more."""
    asked = {"sensor": SENSOR, "from": OLD // MS + 10_000, "to": OLD // MS + 50_000}
    ways: tuple[tuple[str, dict[str, Any]], ...] = (
        ("/series", {}), ("/series", {"points": 1}), ("/series", {"agg": "median"}), ("/stats", {}), ("/histogram", {}),
        ("/percentiles", {}), ("/durations", {"above": 3}), ("/events", {"above": 3}), ("/compare", {"against": "1m"}),
    )  # fmt: skip
    for path, more in ways:
        status, why = await query.refusal(path, **asked, **more)
        assert (status, "only whole minutes are kept" in why) == (422, True), (path, why)


async def what_has_one_clock_takes_the_minutes(query: QueryForTest, asked: dict[str, Any]) -> None:
    found = await query.get("/compare", **(asked | {"against_from": (OLD + HOUR) // MS}))
    assert (found["resolution"], [len(item["points"]) for item in found["items"]]) == ("1m", [60, 60])
    alike = await query.get("/correlation", **(asked | {"sensor": [SENSOR, SENSOR]}))
    assert (alike["resolution"], alike["matrix"][0][1], alike["pairs"][0][1]) == ("1m", 1, 60)


async def what_needs_every_value_is_refused_and_not_made_of_the_rest(query: QueryForTest) -> None:
    """A chart that began where the samples do would look as if nothing had been measured before."""
    asked = {"sensor": SENSOR, "from": OLD // MS, "to": time_ns() // MS}
    for what in ({"agg": "median", "bucket": "day"}, {"agg": "mean,p95"}, {"draw": "lttb"}, {"agg": "states"}):
        status, why = await query.refusal("/series", **what, **asked)
        assert (status, f"Of 720 samples of '{SENSOR}' there only 0 are still kept" in why) == (422, True), why
    found = await query.http.get("/api/query/v1/export", params=asked | {"format": "xlsx"}, headers=query.bearer())
    since = found.headers["andon-kept-since"]
    assert since == ns_to_iso(query.coverage.since(RAW))
    rows = openpyxl.load_workbook(io.BytesIO(found.content))["about"].iter_rows(values_only=True)
    assert dict(row[:2] for row in rows)["kept"].startswith(f"samples since {since}; before, minutes and hours outlive")
    url, body = "/api/query/v1/exports", {"sensor": [SENSOR], "from": asked["from"], "to": asked["to"]}
    job = (await query.http.post(url, json=body, headers=query.bearer())).json()
    assert job["kept_since"] == since
    means = asked | {"agg": "mean", "bucket": "1h"}
    rolled = await query.http.get("/api/query/v1/export", params=means, headers=query.bearer())
    assert (len(rolled.text.splitlines()), "andon-kept-since" in rolled.headers) == (3, False)
    assert "or leave out agg=p95, which needs every value" in (await query.refusal("/series", agg="p95", **asked))[1]


async def nothing_left(influx: Influx) -> bool:
    return await influx.query(f'SELECT "temperature" FROM "press" WHERE time < {SPAN.end}') == [[]]


async def test_an_hour_that_lost_minutes_is_not_made_of_the_others(influx: Influx) -> None:
    """The tier of minutes may be kept for less than that of hours."""
    now, recent = time_ns(), (time_ns() - DAY) // HOUR * HOUR
    keeper = Keeper(influx, [], has={"1m": 7 * DAY})
    rollup = Rollup(History(influx), influx, lambda tier: keeper.whole_since(tier, now))
    for start in (OLD, recent):
        await store(influx, PRESS, *(Reading("p1", start + n * 60 * S, {"temperature": 1.0}) for n in range(30, 60)))
        await rollup.minutes([PRESS], Span(start + HOUR // 2, start + HOUR))  # of a whole hour, it is made of samples
        await rollup.hours([PRESS], Span(start, start + HOUR))
    ((series,),) = await influx.query("SELECT temperature__count FROM press", database=f"{influx.settings.database}_1h")
    assert series.rows == [[recent, 30]]


async def test_what_is_held_since_before_the_samples_that_are_kept_is_known(
    query: QueryForTest, influx: Influx
) -> None:
    """A switch that seldom changes, and a setpoint: their only samples are gone, and what they said still holds."""
    await store(influx, PRESS, Reading("p1", OLD + 5 * S, {"running": False, "state": "IDLE", "temperature": 7.0}))
    await store(influx, PRESS, Reading("p1", OLD + 95 * S, {"running": True, "state": "RUN", "temperature": 5.0}))
    rollup = Rollup(History(influx), influx, lambda _: 0)
    await rollup.minutes([PRESS], SPAN)
    await rollup.hours([PRESS], SPAN)
    now = time_ns() // HOUR * HOUR
    query.coverage.progress = Progress(minutes=now, hours=now)
    asked = {"from": (now - 2 * HOUR) // MS, "to": now // MS}

    async def held() -> list[Any]:
        states = [
            [value for *_, value in (await query.get("/series", agg="states", sensor=sensor, **asked))["states"]]
            for sensor in (f"{PRESS.path}/running", f"{PRESS.path}/state")
        ]
        share = await query.get("/series", agg="twa", bucket="1h", sensor=f"{PRESS.path}/running", **asked)
        mean = await query.get("/stats", sensor=SENSOR, **asked)
        return [*states, [value for _, value in share["points"]], mean["twa"]]

    assert await held() == [[True], ["RUN"], [1, 1], 5]
    await influx.query(f'DELETE FROM "press" WHERE time < {SPAN.end}')
    query.coverage.gone = {"raw": now - DAY}
    assert await held() == [[True], ["RUN"], [1, 1], 5]
    minutes = MINUTES.database(influx.settings.database)
    await influx.query(f'DELETE FROM "press" WHERE time < {SPAN.end}', database=minutes)
    assert await held() == [[True], ["RUN"], [1, 1], 5], "the hours know it, too"
