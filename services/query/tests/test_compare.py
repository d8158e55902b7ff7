"""The same sensor of several machines, and a week beside the week before."""

import pytest

from andon.common.bus import Bus
from andon.common.influx import Influx
from andon.common.reading import Reading
from andon.common.testing.machines import a_machine, store
from andon.common.testing.waiting import eventually

from .conftest import MS, OVEN, PRESS, ROBOT, QueryForTest, S, put_assets
from .test_stats import T, between

NAMES = [f"{machine.path}/temperature" for machine in (PRESS, ROBOT)]
WEEK = 7 * 86_400 * S


async def two_machines(influx: Influx) -> None:
    """A press at 0 to 9 degrees, a robot ten warmer that missed a second."""
    await store(influx, PRESS, *(Reading("p1", T + i * S, {"temperature": float(i)}) for i in range(10)))
    await store(influx, ROBOT, *(Reading("r3", T + i * S, {"temperature": i + 10.0}) for i in range(10) if i != 4))


async def test_sensors_beside_the_first_of_them(query: QueryForTest, influx: Influx) -> None:
    await two_machines(influx)
    found = await query.get("/compare", sensor=NAMES, points=10, **between(T, T + 10 * S))
    press, robot = found["items"]
    assert (found["resolution"], press["sensor"], robot["sensor"]) == ("1s", *NAMES)
    assert (press["start"], press["end"], press["reference"], press["difference"]) == (
        T // MS,
        T // MS + 10_000,
        None,
        None,
    )
    assert press["points"] == [[1000 * i, i] for i in range(10)]
    assert (press["numbers"]["mean"], robot["numbers"]["count"]) == (4.5, 9)
    assert robot["reference"] == 0
    assert robot["difference"]["points"] == [[1000 * i, 10] for i in range(10) if i != 4]
    assert robot["difference"]["mean"] == pytest.approx(robot["numbers"]["mean"] - 4.5)
    assert robot["difference"]["percent"] == pytest.approx(100 * (robot["numbers"]["mean"] - 4.5) / 4.5)


async def test_one_key_of_all_machines_below_a_node(query: QueryForTest, influx: Influx) -> None:
    await two_machines(influx)
    asked = {"key": "temperature", "points": 10, **between(T, T + 10 * S)}
    berlin = await query.get("/compare", under="berlin", **asked)
    assert [one["sensor"] for one in berlin["items"]] == NAMES
    everywhere = await query.get("/compare", under="", **asked)
    assert [one["sensor"] for one in everywhere["items"]] == [*NAMES, f"{OVEN.path}/temperature"]
    assert everywhere["items"][2]["numbers"]["count"] == 0
    assert everywhere["items"][2]["difference"] == {"mean": None, "percent": None, "points": []}
    theirs = await query.get("/compare", under="", scope="berlin", **asked)
    assert [one["sensor"] for one in theirs["items"]] == NAMES


async def test_a_period_beside_an_earlier_one(query: QueryForTest, influx: Influx) -> None:
    await two_machines(influx)
    before = (Reading("p1", T - WEEK + i * S, {"temperature": float(i * i)}) for i in range(10))
    await store(influx, PRESS, *before)
    asked = {"sensor": NAMES[0], "points": 10, **between(T, T + 10 * S)}
    for named in ({"against": "-1w"}, {"against": "7d"}, {"against_from": (T - WEEK) // MS}):
        now, then = (await query.get("/compare", **asked, **named))["items"]
        assert (now["start"], then["start"]) == (T // MS, (T - WEEK) // MS)
        assert now["points"] == [[1000 * i, i] for i in range(10)]
        assert then["points"] == [[1000 * i, i * i] for i in range(10)]
        assert (now["reference"], then["reference"], then["difference"]) == (1, None, None)
        assert now["difference"]["points"] == [[1000 * i, i - i * i] for i in range(10)]
        assert now["difference"]["mean"] == 4.5 - 28.5
    both = await query.get("/compare", **{**asked, "sensor": NAMES}, against="-1w")
    assert [one["reference"] for one in both["items"]] == [1, None, 3, None]


async def test_what_was_held_when_a_period_began_counts(query: QueryForTest, influx: Influx) -> None:
    told = ((-WEEK - 60 * S, 8.0), (-WEEK + 5 * S, 2.0), (5 * S, 4.0))
    await store(influx, PRESS, *(Reading("p1", T + at, {"temperature": value}) for at, value in told))
    now, then = (await query.get("/compare", sensor=NAMES[0], against="-1w", **between(T, T + 10 * S)))["items"]
    assert (now["numbers"]["twa"], then["numbers"]["twa"]) == (3, 5)


async def test_a_wide_bucket_lies_back_by_whole_hours(query: QueryForTest, influx: Influx) -> None:
    await store(influx, PRESS, Reading("p1", T + 3600 * S, {"temperature": 1.0}))
    asked = {"sensor": NAMES[0], "points": 30, **between(T, T + 86_400 * S)}
    _, then = (await query.get("/compare", **asked, against="-25h20m"))["items"]
    assert then["start"] == (T - 25 * 3600 * S) // MS


async def test_degrees_less_bars_are_nothing(query: QueryForTest, bus: Bus, influx: Influx) -> None:
    pump = a_machine("berlin/body/line-1/pump-1", id="pu1")
    bars = pump.sensors[0].__class__("temperature", f"{pump.path}/temperature", unit="bar")
    await put_assets(bus, type(pump)(**{**{f: getattr(pump, f) for f in pump.__struct_fields__}, "sensors": (bars,)}))
    await eventually(lambda: query.hall.plant.find("pu1"), what="the plant is known")
    asked = {"sensor": [NAMES[0], bars.path], **between(T, T + 10 * S)}
    assert (await query.get("/compare", **asked))["items"][1]["reference"] is None


REFUSED: tuple[tuple[dict[str, object], int, str], ...] = (
    ({}, 422, "Name the sensors by sensor="),
    ({"under": "berlin"}, 422, "Name the sensors by sensor="),
    ({"sensor": NAMES, "under": "berlin", "key": "temperature"}, 422, "Name the sensors by sensor="),
    ({"under": "berlin", "key": "nothing"}, 404, "No machine below 'berlin' measures numbers as 'nothing'"),
    ({"under": "berlin", "key": "state"}, 404, "measures numbers as 'state'"),
    ({"under": "atlantis", "key": "temperature"}, 404, "There is no sensor, machine or node 'atlantis'"),
    ({"sensor": NAMES[0]}, 422, "That makes 1 curves, and 2 to 20 can be compared"),
    ({"sensor": NAMES * 6, "against": "-1d"}, 422, "That makes 24 curves"),
    ({"sensor": NAMES * 11}, 422, "at most 20"),
    ({"sensor": NAMES, "against": "yesterday"}, 422, "is no duration"),
    ({"sensor": NAMES, "against": "0"}, 422, "must be another one"),
    ({"sensor": NAMES, "against": "-5000w"}, 422, "must be another one"),
    ({"sensor": NAMES, "against": "-1d", "against_from": "-2d"}, 422, "once"),
    ({"sensor": NAMES, "against_from": "2300-01-01"}, 422, "must be another one"),
    ({"sensor": NAMES, "points": 1}, 422, "points"),
    ({"sensor": [f"{PRESS.path}/state", NAMES[0]]}, 422, "statistics need numbers"),
)


async def test_what_cannot_be_compared_is_said(query: QueryForTest) -> None:
    for asked, status, says in REFUSED:
        found, detail = await query.refusal("/compare", **asked)
        assert (found, says in detail) == (status, True), (asked, detail)
    assert (await query.refusal("/compare", under="lyon", key="temperature", scope="berlin"))[0] == 404
