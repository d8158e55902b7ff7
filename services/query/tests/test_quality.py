"""When the values of a sensor were not good."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.common.influx import Influx
from andon.common.reading import Reading
from andon.common.testing.machines import store
from andon.query.analysis import quality

from .conftest import MS, PRESS, QueryForTest, S

T = 1_763_899_200 * S
TEMPERATURE = f"{PRESS.path}/temperature"


def said(seconds: int, how: str) -> Reading:
    doubt = {} if how == "good" else {"temperature": how}
    return Reading("p1", T + seconds * S, {"temperature": float(seconds)}, doubt)


def between(start: int, end: int) -> dict[str, Any]:
    return {"from": (T + start * S) // MS, "to": (T + end * S) // MS}


async def test_doubtful_values_are_told_as_stretches_of_one_quality(query: QueryForTest, influx: Influx) -> None:
    how = {10: "bad", 11: "bad", 12: "uncertain", 40: "uncertain"}
    await store(influx, PRESS, *(said(second, how.get(second, "good")) for second in range(60)))
    found = await query.get("/quality", sensor=TEMPERATURE, points=50, **between(0, 100))
    start = T // MS
    assert found == {
        "sensor": TEMPERATURE,
        "complete": True,
        "stretches": [
            {"start": start + 10_000, "end": start + 11_000, "quality": "bad", "count": 2},
            {"start": start + 12_000, "end": start + 12_000, "quality": "uncertain", "count": 1},
            {"start": start + 40_000, "end": start + 40_000, "quality": "uncertain", "count": 1},
        ],
    }


async def test_a_value_that_was_corrected_is_good(query: QueryForTest, influx: Influx) -> None:
    await store(influx, PRESS, said(1, "bad"))
    await store(influx, PRESS, Reading("p1", T + S, {"temperature": 1.0}, {"temperature": "good"}))
    assert (await query.get("/quality", sensor=TEMPERATURE, **between(0, 10)))["stretches"] == []


async def test_of_too_many_the_newest_are_told_and_it_says_so(
    query: QueryForTest, influx: Influx, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quality, "MAX_ROWS", 3)
    await store(influx, PRESS, *(said(second, "bad") for second in range(5)))
    found = await query.get("/quality", sensor=TEMPERATURE, **between(0, 10))
    assert (found["complete"], [one["count"] for one in found["stretches"]]) == (False, [1, 1, 1])
    assert found["stretches"][0]["start"] == (T + 2 * S) // MS


async def test_a_sensor_without_doubts_has_none(query: QueryForTest, influx: Influx) -> None:
    await store(influx, PRESS, said(1, "good"))
    assert (await query.get("/quality", sensor=TEMPERATURE, **between(0, 10)))["stretches"] == []
    assert (await query.refusal("/quality", sensor=f"{PRESS.path}/no_such"))[0] == 404


@given(st.lists(st.tuples(st.integers(0, 1000), st.sampled_from(["bad", "uncertain"])), unique_by=lambda one: one[0]))
def test_no_sample_is_lost_or_counted_twice(samples: list[tuple[int, str]]) -> None:
    samples = sorted(samples)
    times = np.array([at * S for at, _ in samples], np.int64)
    qualities = np.array([how for _, how in samples], np.object_)
    found = quality.compute(times, qualities, 5 * S)
    assert sum(one.count for one in found) == len(samples)
    assert all(one.start <= one.end for one in found)
    for one, after in pairwise(found):
        assert after.start - one.end > 5000 or after.quality != one.quality
