"""What goes up and down together."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from andon.common.influx import Influx
from andon.common.reading import Reading
from andon.common.testing.machines import store
from andon.query.analysis.correlation import compute, of_two, ranks

from .conftest import OVEN, PRESS, ROBOT, QueryForTest, S
from .test_stats import T, between

NAMES = [f"{machine.path}/temperature" for machine in (PRESS, ROBOT, OVEN)]


async def test_sensors_of_three_machines_on_one_clock(query: QueryForTest, influx: Influx) -> None:
    wave = [math.sin(i / 5) for i in range(100)]
    for machine, late, values in (
        (PRESS, 0, wave),
        (ROBOT, 300_000_000, [-3 * v + 7 for v in wave]),
        (OVEN, 0, [5.0] * 100),
    ):
        readings = (Reading(machine.id, T + i * S + late, {"temperature": v}) for i, v in enumerate(values))
        await store(influx, machine, *readings)
    found = await query.get("/correlation", sensor=NAMES, points=100, **between(T, T + 100 * S))
    assert (found["sensors"], found["method"], found["resolution"]) == (NAMES, "pearson", "1s")
    assert found["pairs"] == [[100] * 3] * 3
    assert found["matrix"][0][:2] == pytest.approx([1, -1])
    assert found["matrix"][1][:2] == pytest.approx([-1, 1])
    assert [row[2] for row in found["matrix"]] == found["matrix"][2] == [None, None, None]


async def test_buckets_without_a_value_are_no_pairs(query: QueryForTest, influx: Influx) -> None:
    await store(influx, PRESS, *(Reading("p1", T + i * S, {"temperature": float(i)}) for i in range(20)))
    await store(influx, ROBOT, *(Reading("r3", T + i * S, {"temperature": i**3.0}) for i in range(10, 20)))
    asked = {"sensor": NAMES[:2], "points": 20, **between(T, T + 20 * S)}
    found = await query.get("/correlation", method="spearman", **asked)
    assert (found["matrix"][0][1], found["pairs"]) == (pytest.approx(1), [[20, 10], [10, 10]])
    assert 0.9 < (await query.get("/correlation", **asked))["matrix"][0][1] < 0.999
    few = {"sensor": NAMES[:2], "points": 20, **between(T, T + 12 * S)}
    assert (await query.get("/correlation", **few))["matrix"][0][1] is None


async def test_sensors_that_take_turns_meet_in_wider_buckets_whatever_the_range(
    query: QueryForTest, influx: Influx
) -> None:
    """One a minute each, half a minute apart: buckets of 30 s hold the one or the other."""
    minutes = 24 * 60
    for machine, late in ((PRESS, 0), (ROBOT, 30 * S)):
        at = range(T + late, T + late + minutes * 60 * S, 60 * S)
        wave = (Reading(machine.id, time, {"temperature": math.sin((time - T) / S / 5000)}) for time in at)
        await store(influx, machine, *wave)
    for hours, points, resolution in ((6, 1000, "1m"), (24, 1000, "2m"), (6, 100, "5m")):
        asked = {"sensor": NAMES[:2], "points": points, **between(T, T + hours * 3600 * S)}
        found = await query.get("/correlation", **asked)
        assert (found["resolution"], found["matrix"][0][1]) == (resolution, pytest.approx(1, abs=1e-4))
        assert found["pairs"] == [[found["pairs"][0][0]] * 2] * 2
        widened = "Buckets are 1m wide: in those of 30s sensors were seldom measured together."
        assert found["note"] == (widened if resolution == "1m" else "")


async def test_sensors_that_never_meet_are_said_and_keep_nobody_from_meeting(
    query: QueryForTest, influx: Influx
) -> None:
    for machine, start in ((PRESS, 0), (ROBOT, 1), (OVEN, 3000)):
        times = (T + (start + n * 2) * S for n in range(100))
        await store(influx, machine, *(Reading(machine.id, at, {"temperature": float(at // S % 50)}) for at in times))
    asked = {"sensor": NAMES, **between(T, T + 3600 * S)}
    found = await query.get("/correlation", points=5000, **asked)
    assert (found["resolution"], found["pairs"][0][1]) == ("2s", 100)
    assert [row[2] for row in found["matrix"][:2]] == [None, None]
    assert "Buckets are 2s wide" in found["note"]
    assert found["note"].endswith(
        "2 of the pairs of sensors are seldom or never in one bucket; "
        "ask for fewer points, or for a range in which both are measured."
    )
    apart = await query.get("/correlation", points=5000, **(asked | {"sensor": NAMES[1:]}))
    assert (apart["resolution"], apart["note"][:30]) == ("1s", "1 of the pairs of sensors is s")


REFUSED: tuple[tuple[dict[str, object], int, str], ...] = (
    ({"sensor": NAMES[:1]}, 422, "at least 2"),
    ({"sensor": NAMES * 7}, 422, "at most 20"),
    ({"points": 5}, 422, "points"),
    ({"points": 5001}, 422, "points"),
    ({"method": "kendall"}, 422, "method"),
    ({"sensor": [NAMES[0], f"{PRESS.path}/state"]}, 422, "statistics need numbers"),
    ({"sensor": [NAMES[0], "p1/nothing"]}, 404, "There is no sensor"),
)


async def test_what_cannot_be_correlated_is_said(query: QueryForTest) -> None:
    for asked, status, says in REFUSED:
        found, detail = await query.refusal("/correlation", **{"sensor": NAMES, **asked})
        assert (found, says in detail) == (status, True), (asked, detail)
    assert (await query.refusal("/correlation", sensor=NAMES, scope="berlin"))[0] == 404


VALUES = st.floats(-1e6, 1e6).map(lambda v: round(v, 3))
PAIRS = st.lists(st.tuples(VALUES, VALUES), min_size=3, max_size=40)


@given(PAIRS)
def test_two_rows_correlate_as_the_textbook_says(pairs: list[tuple[float, float]]) -> None:
    a, b = [x for x, _ in pairs], [y for _, y in pairs]
    found = of_two(np.array(a), np.array(b), "pearson")
    if len({*a}) == 1 or len({*b}) == 1:
        assert found is None
        return
    assume(statistics.pstdev(a) > 1e-3 and statistics.pstdev(b) > 1e-3)
    assert found == pytest.approx(statistics.correlation(a, b), abs=1e-5)


@given(PAIRS)
def test_ranks_share_what_is_equal(pairs: list[tuple[float, float]]) -> None:
    a = [x for x, _ in pairs]
    expected = [sum(other < x for other in a) + (sum(other == x for other in a) + 1) / 2 for x in a]
    assert ranks(np.array(a)).tolist() == expected


@given(
    st.lists(
        st.lists(st.one_of(st.just(math.nan), st.floats(allow_infinity=True)), min_size=5, max_size=5),
        min_size=2,
        max_size=4,
    )
)
def test_no_value_is_a_crash(rows: list[list[float]]) -> None:
    for method in ("pearson", "spearman"):
        matrix, pairs = compute(np.array(rows), method)
        for i, j in ((i, j) for i in range(len(rows)) for j in range(len(rows))):
            assert matrix[i][j] == matrix[j][i]
            assert matrix[i][j] is None or -1 <= matrix[i][j] <= 1
            assert pairs[i][j] == sum(
                math.isfinite(x) and math.isfinite(y) for x, y in zip(rows[i], rows[j], strict=True)
            )
