"""How long a machine was in each state."""

from time import time_ns
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.common.history.history import History
from andon.common.history.span import Span
from andon.common.influx import Influx
from andon.common.reading import Reading
from andon.common.testing.machines import store
from andon.query.analysis.durations import compute
from andon.query.derive.rollup import Rollup
from andon.query.series.states import Intervals
from andon.query.tiers.coverage import Progress
from andon.query.tiers.tiers import HOURS

from .conftest import MS, PRESS, QueryForTest, S
from .test_stats import T, between

STATE = f"{PRESS.path}/state"


async def test_a_shift_by_its_states(query: QueryForTest, influx: Influx) -> None:
    told = ((-3600, "IDLE"), (10, "RUN"), (20, "RUN"), (40, "FAULT"), (50, "RUN"), (90, "IDLE"))
    await store(influx, PRESS, *(Reading("p1", T + at * S, {"state": state}) for at, state in told))
    found = await query.get("/durations", sensor=STATE, **between(T, T + 100 * S))
    assert (found["sensor"], found["seconds"], found["others"]) == (STATE, 100, 0)
    assert found["items"] == [
        {"value": "RUN", "seconds": 70, "longest": 40, "times": 2, "share": 0.7},
        {"value": "IDLE", "seconds": 20, "longest": 10, "times": 2, "share": 0.2},
        {"value": "FAULT", "seconds": 10, "longest": 10, "times": 1, "share": 0.1},
    ]
    quiet = await query.get("/durations", sensor=STATE, **between(T + 60 * S, T + 80 * S))
    assert quiet["items"] == [{"value": "RUN", "seconds": 20, "longest": 20, "times": 1, "share": 1}]
    unknown = await query.get("/durations", sensor=STATE, **between(T - 7200 * S, T - 3600 * S))
    assert (unknown["seconds"], unknown["items"]) == (0, [])


async def test_a_switch_and_time_beyond_a_limit(query: QueryForTest, influx: Influx) -> None:
    told = ((0, False, 20.0), (10, True, 80.0), (15, True, 95.0), (20, False, 40.0), (30, False, -5.0))
    readings = (Reading("p1", T + at * S, {"running": on, "temperature": value}) for at, on, value in told)
    await store(influx, PRESS, *readings)
    span = between(T, T + 40 * S)

    async def seconds(**asked: Any) -> dict[Any, tuple[float, int]]:
        found = await query.get("/durations", **asked, **span)
        return {one["value"]: (one["seconds"], one["times"]) for one in found["items"]}

    assert await seconds(sensor=f"{PRESS.path}/running") == {True: (10, 1), False: (30, 2)}
    temperature = f"{PRESS.path}/temperature"
    assert await seconds(sensor=temperature, above=80) == {True: (5, 1), False: (35, 2)}
    assert await seconds(sensor=temperature, below=0) == {True: (10, 1), False: (30, 1)}
    assert await seconds(sensor=temperature, above=70, below=0) == {True: (20, 2), False: (20, 2)}
    assert await seconds(sensor=temperature, above=0.0) == {True: (30, 1), False: (10, 1)}


async def test_a_state_lasts_until_now_and_not_into_the_future(query: QueryForTest, influx: Influx) -> None:
    now = time_ns()
    await store(influx, PRESS, Reading("p1", now - 60 * S, {"state": "RUN"}))
    found = await query.get("/durations", sensor=STATE, **{"from": now // MS - 60_000, "to": now // MS + 86_400_000})
    assert found["seconds"] == pytest.approx(60, abs=30)


async def test_months_of_a_state_that_speaks_each_second_are_read_from_the_tiers(
    query: QueryForTest, influx: Influx
) -> None:
    hours, end = 4, T + 4 * HOURS.width
    said = (Reading("p1", T + at * S, {"state": "RUN" if at % 3600 < 3000 else "IDLE"}) for at in range(hours * 3600))
    await store(influx, PRESS, *said)
    rollup = Rollup(History(influx), influx, lambda _: 0)
    await rollup.minutes([PRESS], Span(T, end))
    await rollup.hours([PRESS], Span(T, end))
    await influx.query('DELETE FROM "press"')  # what is told from here on is told by the tiers
    query.coverage.progress = Progress(minutes=end, hours=end)
    found = await query.get("/durations", sensor=STATE, **between(T, end))
    assert [(one["value"], one["seconds"], one["times"]) for one in found["items"]] == [
        ("RUN", 12_000, 4), ("IDLE", 2400, 4),
    ]  # fmt: skip
    frames = await query.get("/events", sensor=STATE, equals="IDLE", **between(T, end))
    assert [(one["start"] - T // MS, one["seconds"], one["whole"]) for one in frames["items"]] == [
        ((hour * 3600 + 3000) * 1000, 600, hour < 3) for hour in range(hours)
    ]


REFUSED: tuple[tuple[dict[str, object], int, str], ...] = (
    ({"sensor": f"{PRESS.path}/temperature"}, 422, "name a limit by above= or below="),
    ({"sensor": STATE, "above": 1}, 422, "is a string; a limit needs numbers"),
    ({"sensor": f"{PRESS.path}/running", "below": 1}, 422, "is a bool; a limit needs numbers"),
    ({"sensor": f"{PRESS.path}/temperature", "above": "nan"}, 422, "finite"),
    ({"sensor": f"{PRESS.path}/nothing"}, 404, "There is no sensor"),
)


async def test_what_has_no_duration_is_said(query: QueryForTest) -> None:
    for asked, status, says in REFUSED:
        found, detail = await query.refusal("/durations", **asked)
        assert (found, says in detail) == (status, True), (asked, detail)


@given(st.lists(st.tuples(st.integers(1, 10**6), st.sampled_from(["RUN", "IDLE", True, False, "true"])), max_size=30))
def test_sums_are_those_of_the_intervals(pieces: list[tuple[int, Any]]) -> None:
    ends = np.cumsum([length for length, _ in pieces], dtype=np.int64) * MS
    values = np.empty(len(pieces), np.object_)
    values[:] = [value for _, value in pieces]
    found = compute("m/state", Intervals(ends - np.diff(ends, prepend=0), ends, values))
    expected: dict[Any, list[float]] = {}
    for length, value in pieces:
        expected.setdefault(value, []).append(length / 1000)
    assert found.seconds == pytest.approx(sum(map(sum, expected.values())))
    assert [one.seconds for one in found.items] == sorted((one.seconds for one in found.items), reverse=True)
    got = {one.value: (one.seconds, one.longest, one.times) for one in found.items}
    assert {type(value) for value in got} <= {str, bool}
    assert got == {v: (pytest.approx(sum(all_)), pytest.approx(max(all_)), len(all_)) for v, all_ in expected.items()}


def test_serial_numbers_are_no_states() -> None:
    ends = np.arange(1, 1001, dtype=np.int64) * S
    values = np.array([f"SN-{i}" for i in range(1000)], np.object_)
    found = compute("m/serial", Intervals(ends - S, ends, values))
    assert (len(found.items), found.others, found.seconds) == (200, 800, 1000)
