"""History over HTTP, from a real InfluxDB."""

from itertools import pairwise
from time import time_ns

import pytest

from andon.common.influx import Influx
from andon.common.reading import Reading
from andon.common.testing.machines import a_machine, store
from andon.common.times import ns_to_iso

from .conftest import MS, OVEN, PRESS, ROBOT, QueryForTest, S

T = 1_763_900_000 * S
TEMPERATURE = f"{PRESS.path}/temperature"


async def ten_minutes(influx: Influx) -> None:
    """A value a second: 0, 1, 2 ... 599."""
    await store(influx, PRESS, *(Reading("p1", T + i * S, {"temperature": float(i)}) for i in range(600)))


async def test_few_values_come_as_they_are_and_many_as_means_with_their_envelope(
    query: QueryForTest, influx: Influx
) -> None:
    await ten_minutes(influx)
    span = {"from": T // MS, "to": (T + 600 * S) // MS}
    everything = await query.get("/series", sensor=TEMPERATURE, **span)
    assert everything == {
        "sensor": TEMPERATURE,
        "unit": "Cel",
        "resolution": "raw",
        "tier": "raw",
        "agg": "raw",
        "points": [[T // MS + 1000 * i, i] for i in range(600)],
    }
    chart = await query.get("/series", sensor=TEMPERATURE, points=61, **span)
    assert (chart["resolution"], chart["agg"]) == ("10s", "mean")
    assert chart["points"] == [[T // MS + 10_000 * i, 10 * i + 4.5] for i in range(60)]
    assert chart["envelope"] == [[T // MS + 10_000 * i, 10 * i, 10 * i + 9] for i in range(60)]


async def test_each_aggregate(query: QueryForTest, influx: Influx) -> None:
    await ten_minutes(influx)
    span = {"from": T // MS, "to": (T + 600 * S) // MS}
    first = {"mean": 4.5, "min": 0, "max": 9, "first": 0, "last": 9, "count": 10, "sum": 45}
    for agg, value in first.items():
        found = await query.get("/series", sensor="p1/temperature", agg=agg, points=60, **span)
        assert found["agg"] == agg
        assert "envelope" not in found
        assert found["points"][0] == [T // MS, value]
        assert len(found["points"]) == 60


async def test_two_ranges_side_by_side_hold_every_value_once(query: QueryForTest, influx: Influx) -> None:
    await ten_minutes(influx)
    edges = [T // MS, T // MS + 123_000, T // MS + 600_000]
    parts = [
        await query.get("/series", sensor=TEMPERATURE, agg="raw", **{"from": a, "to": b}) for a, b in pairwise(edges)
    ]
    assert [value for part in parts for _, value in part["points"]] == list(range(600))


async def test_buckets_side_by_side_hold_every_value_once(query: QueryForTest, influx: Influx) -> None:
    await ten_minutes(influx)
    edges = [T // MS, T // MS + 120_000, T // MS + 600_000]
    counts = [
        (await query.get("/series", sensor=TEMPERATURE, agg="count", points=points, **{"from": a, "to": b}))["points"]
        for (a, b), points in zip(pairwise(edges), (13, 49), strict=True)
    ]
    assert [point for part in counts for point in part] == [[T // MS + 10_000 * i, 10] for i in range(60)]


async def test_several_sensors_and_their_datatypes(query: QueryForTest, influx: Influx) -> None:
    await store(influx, ROBOT, Reading("r3", T, {"temperature": 1.5, "running": True, "state": "RUN"}))
    await store(influx, OVEN, Reading("o1", T, {"temperature": 200.0}))
    wanted = [f"{ROBOT.path}/state", f"{ROBOT.path}/running", f"{OVEN.path}/temperature", TEMPERATURE]
    span = {"from": T // MS, "to": T // MS + 1}
    answer = await query.get("/series", sensor=wanted, **span)
    assert [item["sensor"] for item in answer["items"]] == wanted
    assert [item["points"] for item in answer["items"]] == [[[T // MS, "RUN"]], [[T // MS, True]], [[T // MS, 200]], []]
    states = await query.get("/series", sensor=wanted[0], agg="last", **span)
    assert states["points"] == [[T // MS, "RUN"]]
    status, detail = await query.refusal("/series", sensor=wanted[0], agg="mean", **span)
    assert (status, "is a string; ask for agg=auto, raw, last" in detail) == (422, True)
    status, detail = await query.refusal("/series", sensor=wanted[1], fill="linear", **span)
    assert (status, "is a bool; ask for fill=none, null or previous" in detail) == (422, True)


async def test_a_state_with_too_many_values_comes_as_the_last_of_each_bucket(
    query: QueryForTest, influx: Influx
) -> None:
    await store(influx, PRESS, *(Reading("p1", T + i * S, {"state": f"S{i}"}) for i in range(20)))
    found = await query.get(
        "/series", sensor=f"{PRESS.path}/state", points=2, **{"from": T // MS, "to": T // MS + 20_000}
    )
    assert (found["agg"], found["resolution"]) == ("last", "10s")
    assert found["points"] == [[T // MS, "S9"], [T // MS + 10_000, "S19"]]


REFUSED: tuple[tuple[dict[str, object], int, str], ...] = (
    ({"from": "now", "to": "-1h"}, 422, "must be before"),
    ({"from": "-1h", "to": "-1h"}, 422, "must be before"),
    ({"from": "yesterday"}, 422, "is no time"),
    ({"from": "-99w", "to": "2200-01-01T00:00:00Z"}, 422, "at most 3660: shorten it"),
    ({"from": "-5000000000000"}, 422, "between 1970 and 2262"),
    ({"from": "1732380000000000"}, 422, "a number is epoch milliseconds"),
    ({"from": "1732380000"}, 422, "write 1732380000000 for these seconds"),
    ({"frm": "-30d"}, 422, "There is no parameter 'frm' here; did you mean 'from'?"),
    ({"points": 10_001}, 422, "points"),
    ({"points": 0}, 422, "points"),
    ({"agg": "average"}, 422, "is no aggregate; there are auto, raw, states, mean"),
    ({"agg": "raw,mean"}, 422, "stands alone"),
    ({"agg": "raw", "bucket": "1h"}, 422, "has no buckets"),
    ({"agg": "states", "align": "true"}, 422, "has no buckets"),
    ({"draw": "lttb", "agg": "mean"}, 422, "ask for it without 'agg'"),
    ({"draw": "lttb", "fill": "zero"}, 422, "ask for it without 'agg' and buckets"),
    ({"bucket": "1ms"}, 422, "ask for bucket=500ms, or shorten the range"),
    ({"bucket": "fortnight"}, 422, "is no width"),
    ({"bucket": "day", "tz": "Berlin"}, 422, "is no time zone"),
    ({"bucket": "shift", "shifts": "6am"}, 422, "are no times of a day"),
    ({"fill": "guess"}, 422, "fill"),
    ({"align": "perhaps"}, 422, "align"),
    ({"from": "-30d", "points": 10_000, "agg": "mean,max,min", "sensor": [TEMPERATURE] * 20}, 422, "fewer points"),
    ({"sensor": ["a"] * 21}, 422, "sensor"),
    ({"sensor": f"{PRESS.path}/nothing"}, 404, "There is no sensor"),
)


async def test_what_cannot_be_answered_is_said(query: QueryForTest) -> None:
    for asked, status, says in REFUSED:
        found, detail = await query.refusal("/series", **{"sensor": TEMPERATURE, **asked})
        assert (found, says in detail) == (status, True), (asked, detail)


async def test_times_in_every_form(query: QueryForTest, influx: Influx) -> None:
    now = time_ns() // S * S
    await store(influx, PRESS, *(Reading("p1", now - h * 3600 * S, {"temperature": float(h)}) for h in range(4)))
    spans = {
        ("-90m", "now"): [1, 0],
        ("-150m", "-30m"): [2, 1],
        ("-1d", "-2h30m"): [3],
        (str(now // MS - 7_200_000), str(now // MS)): [2, 1],
        (ns_to_iso(now - 7200 * S), ns_to_iso(now)): [2, 1],
        (ns_to_iso(now - 7200 * S).replace("Z", "+00:00"), ns_to_iso(now + S)): [2, 1, 0],
        (ns_to_iso(now - 3600 * S).removesuffix("Z"), "now"): [1, 0],
    }
    for (start, end), values in spans.items():
        found = await query.get("/series", sensor=TEMPERATURE, **{"from": start, "to": end})
        assert [value for _, value in found["points"]] == values, (start, end)
    assert [v for _, v in (await query.get("/series", sensor=TEMPERATURE))["points"]] in ([1, 0], [0])


async def test_too_many_raw_values_are_an_error_that_names_the_way_out(
    query: QueryForTest, influx: Influx, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("andon.query.series.series.MAX_RAW", 100)
    await ten_minutes(influx)
    span = {"from": T // MS, "to": (T + 600 * S) // MS}
    status, detail = await query.refusal("/series", sensor=TEMPERATURE, agg="raw", **span)
    assert (status, detail.endswith("has more than 100 values there; shorten the range, or leave out agg=raw")) == (
        422,
        True,
    )


async def test_a_machine_where_a_sensor_is_wanted_is_told_its_sensors(query: QueryForTest) -> None:
    status, detail = await query.refusal("/series", sensor=PRESS.path, scope="berlin")
    assert (status, detail) == (404, f"'{PRESS.path}' is a machine; name one of its sensors, like '{TEMPERATURE}'")
    status, detail = await query.refusal("/series", sensor="berlin")
    assert (status, detail) == (404, "'berlin' is a site; name a sensor of one of its machines")


async def test_nobody_sees_beyond_their_part_of_the_plant(query: QueryForTest) -> None:
    status, detail = await query.refusal("/series", sensor=TEMPERATURE, scope="lyon")
    assert (status, f"There is no sensor, machine or node '{TEMPERATURE}'" in detail) == (404, True)
    status, detail = await query.refusal("/series", sensor=PRESS.path, scope="lyon")
    assert (status, f"There is no sensor, machine or node '{PRESS.path}'" in detail) == (404, True)
    anonymous = await query.http.get("/api/query/v1/series", params={"sensor": TEMPERATURE})
    assert anonymous.status_code == 401


async def test_a_field_named_like_a_tag_forges_no_history_of_another_machine(
    query: QueryForTest, influx: Influx
) -> None:
    await store(influx, PRESS, Reading("p1", T, {"temperature": 1.0}))
    forger = a_machine("munich/press-shop/line-1/press-9", id="p9")
    await store(influx, forger, Reading("p9", T + S, {"temperature": 666.0, "asset": "p1"}))
    found = await query.get("/series", sensor=TEMPERATURE, agg="raw", **{"from": T // MS, "to": (T + 600 * S) // MS})
    assert found["points"] == [[T // MS, 1]]
