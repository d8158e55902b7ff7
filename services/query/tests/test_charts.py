"""Charts over HTTP: buckets of every kind, what they tell, gaps, one clock for several sensors, states."""

from datetime import datetime
from time import time_ns
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from andon.common.history.columns import Floats, Times
from andon.common.influx import Influx, join_lines, line_prefix
from andon.common.plant import Asset
from andon.common.reading import Reading
from andon.common.testing.machines import store
from andon.query.tiers import tiers, windows
from andon.query.tiers.coverage import Progress
from andon.query.tiers.tiers import HOURS, MINUTES

from .conftest import MS, PRESS, ROBOT, QueryForTest, S

T = 1_763_899_200 * S
HOUR = 3600 * S
DAY = 24 * HOUR
TEMPERATURE = f"{PRESS.path}/temperature"
STATE = f"{PRESS.path}/state"
OTHER = f"{ROBOT.path}/temperature"


def within(start: int, end: int) -> dict[str, int]:
    return {"from": start // MS, "to": end // MS}


def ms(*times: int) -> list[int]:
    return [at // MS for at in times]


async def put(influx: Influx, machine: Asset, key: str, values: dict[int, Any]) -> None:
    """Values by their time."""
    await store(influx, machine, *(Reading(machine.id, at, {key: value}) for at, value in values.items()))


async def roll_up(query: QueryForTest, influx: Influx, times: Times, values: Floats) -> None:
    """The press's temperature in both tiers, as the derive process leaves it behind, and no samples."""
    for tier in (MINUTES, HOURS):
        bounds = windows.edges(int(times[0]), int(times[-1]) + 1, tier.width)
        found = windows.from_samples(times, values, np.ones(len(times), np.bool_), bounds)
        database = tier.database(influx.settings.database)
        await influx.ensure_database(database=database)
        rows = join_lines(tiers.lines(line_prefix(PRESS), "temperature", found, tier.width))
        assert (await influx.write(rows, database=database)).stored
    query.coverage.progress = Progress(minutes=int(times[-1]), hours=int(times[-1]))


async def test_a_long_range_is_drawn_from_the_widest_tier_and_says_so(query: QueryForTest, influx: Influx) -> None:
    times = T + np.arange(0, 60 * 86_400, 300, dtype=np.int64) * S
    values = np.sin(np.arange(len(times)) / 50)
    await roll_up(query, influx, times, values)
    wide = await query.get("/series", sensor=TEMPERATURE, points=100, **within(T, T + 50 * DAY))
    assert (wide["resolution"], wide["tier"], wide["agg"], len(wide["points"])) == ("12h", "1h", "mean", 100)
    first = times < T + DAY // 2
    assert wide["points"][0] == [T // MS, pytest.approx(values[first].mean())]
    assert wide["envelope"][0][1:] == [values[first].min(), values[first].max()]
    counts = await query.get("/series", sensor=TEMPERATURE, agg="count", bucket="10m", **within(T, T + DAY))
    assert (counts["resolution"], counts["tier"], counts["points"][0][1]) == ("10m", "1m", 2)
    assert sum(count for _, count in counts["points"]) == 288


async def test_more_samples_than_can_be_read_are_drawn_in_wider_buckets(
    query: QueryForTest, influx: Influx, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("andon.query.series.series.MAX_READ", 200)
    times = T + np.arange(0, 7200, dtype=np.int64) * S
    values = (times // S % 60).astype(np.float64)
    await put(influx, PRESS, "temperature", dict(zip(times.tolist(), values.tolist(), strict=True)))
    await roll_up(query, influx, times, values)
    found = await query.get("/series", sensor=TEMPERATURE, points=1000, **within(T, T + HOUR))
    assert (found["resolution"], found["tier"], len(found["points"])) == ("1m", "1m", 60)
    assert {tuple(row[1:]) for row in found["envelope"]} == {(0, 59)}
    assert (await query.get("/series", sensor=TEMPERATURE, **within(T, T + 150 * S)))["resolution"] == "raw"
    both = await query.get("/series", sensor=[TEMPERATURE, OTHER], align=True, points=1000, **within(T, T + HOUR))
    assert (both["resolution"], len(both["times"])) == ("1m", 60)
    status, detail = await query.refusal("/series", sensor=TEMPERATURE, bucket="1s", **within(T, T + HOUR))
    assert (status, "ask for a shorter range, or for buckets of whole minutes" in detail) == (422, True)


async def test_more_samples_than_are_read_at_a_glance_are_read_all_the_same(
    query: QueryForTest, influx: Influx, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("andon.query.tiers.gather.FEW_SAMPLES", 50)
    await put(influx, PRESS, "temperature", {T + i * S: float(i) for i in range(600)})
    for agg in ("mean,count", "mean,stddev,count"):
        found = await query.get("/series", sensor=TEMPERATURE, agg=agg, bucket="10s", **within(T, T + HOUR))
        assert [row[-1] for row in found["points"]] == [10] * 60


async def test_a_sensor_that_seldom_speaks_is_drawn_value_by_value(query: QueryForTest, influx: Influx) -> None:
    times = T + np.arange(20, dtype=np.int64) * 50 * HOUR
    values = np.arange(20, dtype=np.float64)
    await put(influx, PRESS, "temperature", dict(zip(times.tolist(), values.tolist(), strict=True)))
    await roll_up(query, influx, times, values)
    found = await query.get("/series", sensor=TEMPERATURE, points=20, **within(T, T + 50 * DAY))
    assert (found["resolution"], found["tier"], found["agg"]) == ("raw", "raw", "raw")
    assert found["points"] == [[int(at) // MS, value] for at, value in zip(times, values, strict=True)]


def berlin(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin")).timestamp()) * S


async def test_days_shifts_weeks_and_months_of_the_clock_change(query: QueryForTest, influx: Influx) -> None:
    start, end = berlin("2025-10-25T00:00"), berlin("2025-10-28T00:00")
    await put(influx, PRESS, "temperature", dict.fromkeys(range(start, end, HOUR), 1.0))
    asked: dict[str, Any] = {"sensor": TEMPERATURE, "agg": "count", "tz": "Europe/Berlin", **within(start, end)}
    days = await query.get("/series", bucket="day", **asked)
    assert days["resolution"] == "day"
    assert days["points"] == [
        [berlin("2025-10-25T00:00") // MS, 24],
        [berlin("2025-10-26T00:00") // MS, 25],
        [berlin("2025-10-27T00:00") // MS, 24],
    ]
    shifts = await query.get("/series", bucket="shift", shifts="06:00,14:00,22:00", **asked)
    assert [count for _, count in shifts["points"]] == [6, 8, 8, 9, 8, 8, 8, 8, 8, 2]
    assert shifts["points"][0][0] == berlin("2025-10-24T22:00") // MS
    weeks = await query.get("/series", bucket="week", **asked)
    assert weeks["points"] == [[berlin("2025-10-20T00:00") // MS, 49], [berlin("2025-10-27T00:00") // MS, 24]]
    months = await query.get("/series", bucket="month", **asked)
    assert months["points"] == [[berlin("2025-10-01T00:00") // MS, 73]]
    as_written = asked | {"from": "2025-10-25", "to": "2025-10-28T00:00:00"}
    assert await query.get("/series", bucket="day", **as_written) == days
    assert (await query.refusal("/series", **(asked | {"tz": "Mars"})))[0] == 422
    utc = await query.get("/series", bucket="day", **(asked | {"tz": "UTC"}))
    assert [count for _, count in utc["points"]] == [2, 24, 24, 23]


async def test_years_of_days_that_begin_at_half_past_are_refused_before_their_minutes_are_read(
    query: QueryForTest, influx: Influx
) -> None:
    """India is five and a half hours ahead: no day there is made of whole hours of UTC."""
    times = T - 690 * DAY + np.arange(690, dtype=np.int64) * DAY
    await roll_up(query, influx, times, np.arange(690, dtype=np.float64))
    query.coverage.progress = Progress(minutes=T, hours=T)
    years: dict[str, Any] = {"sensor": TEMPERATURE, **within(T - 690 * DAY, T)}
    india = years | {"bucket": "day", "tz": "Asia/Kolkata"}
    for asked in (india | {"agg": "twa"}, india | {"agg": "mean,last"}, years | {"agg": "stddev", "bucket": "450m"}):
        status, detail = await query.refusal("/series", **asked)
        assert (status, "minutes there; at most 300,000: ask for a shorter range, for buckets of" in detail) == (
            422,
            True,
        )
    for asked in (
        india | {"agg": "mean,max"},
        years | {"agg": "twa", "bucket": "24h"},
        years | {"agg": "twa", "bucket": "day"},
    ):
        assert len((await query.get("/series", **asked))["points"]) >= 690
    switch = years | {"sensor": "p1/running", "agg": "twa", "bucket": "day"}
    assert (await query.refusal("/series", **switch, tz="Asia/Kolkata"))[0] == 422
    assert (await query.get("/series", **switch))["points"] == []
    half = india | {"agg": "last"} | within(T - 200 * DAY, T)
    assert len((await query.get("/series", **half))["points"]) == 200
    whole = await query.http.get("/api/query/v1/export", params=india | {"agg": "last"}, headers=query.bearer())
    assert len(whole.text.splitlines()) == 691, "a file is made of pieces"


async def test_one_point_tells_the_whole_range(query: QueryForTest, influx: Influx) -> None:
    times = T + np.arange(0, 3 * HOUR, 10 * S, dtype=np.int64)
    values = np.arange(len(times), dtype=np.float64)
    await put(influx, PRESS, "temperature", dict(zip(times.tolist(), values.tolist(), strict=True)))
    await roll_up(query, influx, times, values)
    span = within(T + 15 * S, T + 2 * HOUR + 25 * S)
    inside = values[2:723]
    found = await query.get("/series", sensor=TEMPERATURE, points=1, **span)
    assert (found["resolution"], found["tier"], found["points"]) == ("whole", "1h", [[span["from"], inside.mean()]])
    assert found["envelope"] == [[span["from"], inside.min(), inside.max()]]
    several = await query.get("/series", sensor=TEMPERATURE, agg="count,p50,twa", points=1, **span)
    assert several["points"] == [[span["from"], len(inside), np.median(inside), pytest.approx(361.5, abs=1)]]
    (only,) = (await query.get("/series", sensor=TEMPERATURE, points=1, **within(T, T + 5 * S)))["points"]
    assert only == [T // MS, 0]
    both = await query.get("/series", sensor=[TEMPERATURE, OTHER], points=1, align=True, **span)
    assert [item["values"] for item in both["items"]] == [[inside.mean()], [None]]
    await put(influx, PRESS, "state", {T + 4 * HOUR: "RUN", T + 4 * HOUR + 5 * S: "IDLE"})
    later = within(T + 4 * HOUR, T + 5 * HOUR)
    assert (await query.get("/series", sensor=STATE, points=1, **later))["points"] == [[later["from"], "IDLE"]]
    held = await query.get("/series", sensor=STATE, agg="states", points=1, **later)
    assert held["states"] == [[later["from"], later["to"], "IDLE"]]
    status, detail = await query.refusal("/series", sensor=TEMPERATURE, draw="lttb", points=1, **span)
    assert (status, "ask for at least 2 points" in detail) == (422, True)


async def test_several_aggregates_at_once(query: QueryForTest, influx: Influx) -> None:
    values = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0]
    await put(influx, PRESS, "temperature", {T + i * S: value for i, value in enumerate(values)})
    asked = {"sensor": TEMPERATURE, "bucket": "10s", **within(T, T + 10 * S)}
    names = "mean,median,p25,p100,stddev,count"
    found = await query.get("/series", agg=names, **asked)
    assert (found["agg"], found["tier"]) == (names, "raw")
    expected = [np.mean(values), np.median(values), np.percentile(values, 25), 9, np.std(values, ddof=1), 8]
    assert found["points"] == [[T // MS, *(pytest.approx(one) for one in expected)]]


async def test_percentiles_of_too_many_values_say_what_to_change(
    query: QueryForTest, influx: Influx, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put(influx, PRESS, "temperature", {T + i * S: float(i) for i in range(100)})
    asked = {"sensor": TEMPERATURE, **within(T, T + HOUR)}
    assert len((await query.get("/series", agg="p95", bucket="10s", **asked))["points"]) == 10
    monkeypatch.setattr("andon.query.series.series.MAX_SAMPLES", 99)
    status, detail = await query.refusal("/series", agg="mean,p95", **asked)
    assert status == 422
    assert "has more than 99 values there; shorten the range, or leave out agg=p95, which needs every" in detail
    status, detail = await query.refusal("/series", draw="lttb", **asked)
    assert (status, detail.endswith("shorten the range, or leave out draw=lttb")) == (422, True)


async def test_a_counter_grows_and_its_growth_adds_up(query: QueryForTest, influx: Influx) -> None:
    await put(influx, PRESS, "temperature", {T - 5 * S: 90.0, T + 5 * S: 100.0, T + 15 * S: 130.0, T + 35 * S: 150.0})
    asked = {"sensor": TEMPERATURE, "bucket": "10s", **within(T, T + 40 * S)}
    found = await query.get("/series", agg="delta,rate", **asked)
    assert found["points"] == [
        [T // MS, 10, 1],
        [T // MS + 10_000, 30, 3],
        [T // MS + 30_000, 20, 1],
    ]
    none_before = await query.get("/series", agg="delta,rate", **(asked | within(T - 10 * S, T + 10 * S)))
    assert none_before["points"] == [[T // MS - 10_000, 0, None], [T // MS, 10, 1]]


async def test_a_value_counts_as_long_as_it_held(query: QueryForTest, influx: Influx) -> None:
    await put(influx, PRESS, "temperature", {T - 100 * S: 10.0, T + 5 * S: 20.0})
    found = await query.get("/series", sensor=TEMPERATURE, agg="twa", bucket="10s", **within(T, T + 30 * S))
    assert found["points"] == [[T // MS, 15], [T // MS + 10_000, 20], [T // MS + 20_000, 20]]


async def test_a_switch_tells_which_share_of_each_shift_it_was_on(query: QueryForTest, influx: Influx) -> None:
    """Its mean would be one of messages: who reports only changes would be on half of the time."""
    start = berlin("2025-11-24T06:00")
    said = {start - HOUR: True, start + 2 * HOUR: False, start + 10 * HOUR: True, start + 14 * HOUR: False}
    await put(influx, PRESS, "running", said | {start + 10 * HOUR + n * S: True for n in range(1, 50)})
    asked: dict[str, Any] = {"sensor": "p1/running", "bucket": "shift", "tz": "Europe/Berlin"}
    span = within(start, start + 24 * HOUR)
    found = await query.get("/series", agg="twa", **asked, **span)
    assert (found["agg"], found["resolution"]) == ("twa", "shift")
    assert found["points"] == [[*ms(start + 8 * n * HOUR), share] for n, share in enumerate((0.25, 0.5, 0))]
    both = await query.get("/series", agg="twa,last,count", **asked, **span)
    assert [row[1:] for row in both["points"]] == [[0.25, False, 1], [0.5, False, 51], [0, None, None]]
    filled = await query.get("/series", agg="twa", fill="zero", **asked, **within(start - 16 * HOUR, start + 2 * HOUR))
    assert [share for _, share in filled["points"]] == [0, 1, 1]
    status, detail = await query.refusal("/series", agg="mean", **asked, **span)
    assert (status, "twa (twa is the share of time it was on), not mean" in detail) == (422, True)
    assert (await query.refusal("/series", agg="twa", **(asked | {"sensor": STATE}), **span))[0] == 422


FILLED = {
    "none": [[10, 1.0], [40, 4.0]],
    "null": [[0, None], [10, 1.0], [20, None], [30, None], [40, 4.0], [50, None]],
    "previous": [[0, 7.0], [10, 1.0], [20, 1.0], [30, 1.0], [40, 4.0], [50, 4.0]],
    "linear": [[0, None], [10, 1.0], [20, 2.0], [30, 3.0], [40, 4.0], [50, None]],
    "zero": [[0, 0.0], [10, 1.0], [20, 0.0], [30, 0.0], [40, 4.0], [50, 0.0]],
}


@pytest.mark.parametrize("fill", FILLED)
async def test_empty_buckets_in_every_way(query: QueryForTest, influx: Influx, fill: str) -> None:
    await put(influx, PRESS, "temperature", {T - HOUR: 7.0, T + 12 * S: 1.0, T + 44 * S: 4.0})
    asked = {"sensor": TEMPERATURE, "bucket": "10s", "fill": fill, **within(T, T + 60 * S)}
    found = await query.get("/series", agg="last", **asked)
    assert found["points"] == [[T // MS + second * 1000, value] for second, value in FILLED[fill]]
    means = (await query.get("/series", **asked))["envelope"]
    assert means == [[T // MS + 10_000, 1, 1], [T // MS + 40_000, 4, 4]], "nobody measured what is filled in"


async def test_several_sensors_on_one_clock(query: QueryForTest, influx: Influx) -> None:
    await put(influx, PRESS, "temperature", {T + i * S: float(i) for i in range(20)})
    await put(influx, ROBOT, "temperature", {T + 25 * S: 5.0})
    await put(influx, ROBOT, "state", {T + 3 * S: "RUN", T + 9 * S: "IDLE"})
    asked = {"sensor": [TEMPERATURE, OTHER, f"{ROBOT.path}/state"], "align": True, "bucket": "10s"}
    found = await query.get("/series", **asked, **within(T, T + 50 * S))
    assert found["resolution"] == "10s"
    assert found["times"] == ms(T, T + 10 * S, T + 20 * S)
    assert [(item["sensor"], item["agg"], item["values"]) for item in found["items"]] == [
        (TEMPERATURE, "mean", [4.5, 14.5, None]),
        (OTHER, "mean", [None, None, 5]),
        (f"{ROBOT.path}/state", "last", ["IDLE", None, None]),
    ]
    held = await query.get("/series", **asked, fill="previous", **within(T, T + 50 * S))
    assert len(held["times"]) == 5
    assert [item["values"] for item in held["items"]] == [[4.5] + [14.5] * 4, [None, None, 5, 5, 5], ["IDLE"] * 5]
    two = await query.get("/series", **(asked | {"sensor": [TEMPERATURE]}), agg="min,max", **within(T, T + 50 * S))
    assert [(item["agg"], item["values"]) for item in two["items"]] == [("min", [0, 10]), ("max", [9, 19])]


async def test_chosen_values_draw_the_line_of_all(query: QueryForTest, influx: Influx) -> None:
    values = [50.0 if i == 333 else float(i % 7) for i in range(1000)]
    await put(influx, PRESS, "temperature", {T + i * S: value for i, value in enumerate(values)})
    asked = {"sensor": TEMPERATURE, "draw": "lttb", **within(T, T + HOUR)}
    found = await query.get("/series", points=100, **asked)
    assert (found["resolution"], found["agg"], len(found["points"])) == ("raw", "raw", 100)
    assert [T // MS + 333_000, 50] in found["points"]
    assert all(values[(at - T // MS) // 1000] == value for at, value in found["points"])
    assert len((await query.get("/series", points=2000, **asked))["points"]) == 1000


async def test_states_are_intervals_and_a_repeated_state_is_one(query: QueryForTest, influx: Influx) -> None:
    words = {T - HOUR: "IDLE", T + 10 * S: "IDLE", T + 20 * S: "RUN", T + 21 * S: "RUN", T + 50 * S: "FAULT"}
    await put(influx, PRESS, "state", words)
    found = await query.get("/series", sensor=STATE, agg="states", **within(T, T + 60 * S))
    assert (found["agg"], found["resolution"], found["points"]) == ("states", "raw", [])
    assert found["states"] == [
        [*ms(T, T + 20 * S), "IDLE"],
        [*ms(T + 20 * S, T + 50 * S), "RUN"],
        [*ms(T + 50 * S, T + 60 * S), "FAULT"],
    ]
    alone = await query.get("/series", sensor=STATE, agg="states", **within(T + 30 * S, T + 40 * S))
    assert alone["states"] == [[*ms(T + 30 * S, T + 40 * S), "RUN"]]
    before = await query.get("/series", sensor=STATE, agg="states", **within(T - 2 * HOUR, T - HOUR + S))
    assert before["states"] == [[*ms(T - HOUR, T - HOUR + S), "IDLE"]]


async def test_nobody_knows_the_state_of_tomorrow(query: QueryForTest, influx: Influx) -> None:
    await put(influx, PRESS, "running", {T: True})
    tomorrow = time_ns() + DAY
    asked = {"sensor": f"{PRESS.path}/running", "agg": "states"}
    ((start, end, value),) = (await query.get("/series", **asked, **within(T, tomorrow)))["states"]
    assert (start, value) == (T // MS, True)
    assert end <= time_ns() // MS
    assert (await query.get("/series", **asked, **within(tomorrow, tomorrow + DAY)))["states"] == []


async def test_more_intervals_than_points_are_shown_by_what_held_longest(query: QueryForTest, influx: Influx) -> None:
    words = {T + i * S: "RUN" if i % 10 < 7 else "IDLE" for i in range(600)}
    await put(influx, PRESS, "state", words)
    found = await query.get("/series", sensor=STATE, agg="states", points=20, **within(T, T + 600 * S))
    assert (found["resolution"], found["states"]) == ("30s", [[*ms(T, T + 600 * S), "RUN"]])


async def test_a_number_held_is_an_interval_too(query: QueryForTest, influx: Influx) -> None:
    await put(influx, PRESS, "temperature", {T + i * S: float(i // 5) for i in range(10)})
    found = await query.get("/series", sensor=TEMPERATURE, agg="states", **within(T, T + 10 * S))
    assert found["states"] == [[*ms(T, T + 5 * S), 0], [*ms(T + 5 * S, T + 10 * S), 1]]


async def test_states_in_buckets_of_a_calendar(query: QueryForTest, influx: Influx) -> None:
    start = berlin("2025-10-26T00:00")
    await put(influx, PRESS, "state", {start - HOUR: "OFF", start + HOUR: "RUN", start + 2 * HOUR: "IDLE"})
    asked: dict[str, Any] = {"sensor": STATE, "bucket": "day", "tz": "Europe/Berlin"}
    found = await query.get("/series", agg="first,last,count", **asked, **within(start, start + 50 * HOUR))
    assert found["points"] == [[start // MS, "RUN", "IDLE", 2]]
    held = await query.get("/series", fill="previous", **asked, **within(start - 24 * HOUR, start + 50 * HOUR))
    assert [value for _, value in held["points"]] == ["OFF", "IDLE", "IDLE", "IDLE"]


async def test_what_a_sensor_said_when_it_still_was_a_word_is_no_number(query: QueryForTest, influx: Influx) -> None:
    week = 7 * DAY
    await put(influx, PRESS, "temperature", {T: "warm"})
    await put(influx, PRESS, "temperature", {T + 2 * week: 20.0})
    found = await query.get("/series", sensor=TEMPERATURE, agg="raw", **within(T, T + 3 * week))
    assert found["points"] == [[(T + 2 * week) // MS, 20]]
    for agg in ("mean", "p50", "twa", "delta"):
        found = await query.get("/series", sensor=TEMPERATURE, agg=agg, bucket="1d", **within(T + 1, T + 3 * week))
        assert {value for _, value in found["points"]} == {0 if agg == "delta" else 20}
    held = await query.get("/series", sensor=TEMPERATURE, agg="states", **within(T + 1, T + 3 * week))
    assert held["states"][-1] == [*ms(T + 2 * week, T + 3 * week), 20]


WORD = st.text(max_size=12) | st.integers(-(10**20), 10**20).map(str) | st.floats().map(str)
GARBAGE = {
    "from": WORD | st.sampled_from(["-1h", "-3650d", "now", "0", "2026-03-29T02:30:00"]),
    "to": WORD | st.sampled_from(["now", "9223372036854", "2262-04-11T23:47:16Z"]),
    "points": WORD | st.integers(1, 10_000).map(str),
    "agg": WORD | st.sampled_from(["auto", "raw", "states", "last", "p99.9", "mean,twa,rate,p5", "first,count"]),
    "bucket": WORD | st.sampled_from(["", "1ms", "7d", "shift", "day", "week", "month", "99999999999w"]),
    "tz": WORD | st.sampled_from(["UTC", "Europe/Berlin", "../UTC", "posix", "Asia"]),
    "shifts": WORD | st.sampled_from(["06:00", "00:00,23:59", "06:00,14:00,22:00"]),
    "fill": WORD | st.sampled_from(["none", "null", "previous", "linear", "zero"]),
    "align": WORD | st.sampled_from(["true", "false"]),
    "draw": WORD | st.sampled_from(["lttb", "envelope"]),
    "sensor": WORD | st.lists(st.sampled_from([TEMPERATURE, STATE, "p1/running", OTHER]), min_size=1, max_size=3),
}


@given(st.fixed_dictionaries({}, optional=GARBAGE), st.sampled_from([TEMPERATURE, STATE, "p1/running"]))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_garbage_is_answered_or_refused_and_never_breaks_anything(
    query: QueryForTest, influx: Influx, asked: dict[str, Any], sensor: str
) -> None:
    values = {"temperature": 1.0, "state": "A", "running": True}
    await store(influx, PRESS, Reading("p1", T, values), Reading("p1", T + S, values))
    usual = {"sensor": sensor, **within(T, T + HOUR)}
    answer = await query.http.get("/api/query/v1/series", params=usual | asked, headers=query.bearer())
    assert answer.status_code in (200, 404, 422), (asked, answer.text)
    assert answer.json()
