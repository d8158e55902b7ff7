"""Below which value so many percent of the samples lie."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.common.influx import Influx
from andon.common.reading import Reading
from andon.common.testing.machines import store
from andon.query.analysis import asked
from andon.query.analysis.percentiles import compute

from .conftest import PRESS, QueryForTest, S
from .test_stats import T, between

TEMPERATURE = f"{PRESS.path}/temperature"


async def test_the_percents_asked_for_in_their_order(query: QueryForTest, influx: Influx) -> None:
    await store(influx, PRESS, *(Reading("p1", T + i * S, {"temperature": float(i)}) for i in range(101)))
    found = await query.get("/percentiles", sensor=TEMPERATURE, p="95,5,99.5", **between(T, T + 101 * S))
    assert (found["sensor"], found["unit"], found["count"]) == (TEMPERATURE, "Cel", 101)
    assert found["percentiles"] == [{"p": 95, "value": 95}, {"p": 5, "value": 5}, {"p": 99.5, "value": 99.5}]
    nothing = await query.get("/percentiles", sensor=TEMPERATURE, p="50", **between(T - 10 * S, T))
    assert (nothing["count"], nothing["percentiles"]) == (0, [{"p": 50, "value": None}])


async def test_percents_that_are_none(query: QueryForTest) -> None:
    for p in ("", ",", "5,", "101", "-1", "nan", "inf", "five", "5;50", ",".join(["5"] * 51), "1" * 1001):
        status, detail = await query.refusal("/percentiles", sensor=TEMPERATURE, p=p)
        assert (status, "p must be" in detail or "1000 characters" in detail) == (422, True), (p, detail)


async def test_a_page_of_samples_ends_where_the_next_begins(
    query: QueryForTest, influx: Influx, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked, "PAGE", 10)
    for count in (9, 10, 11, 20, 25):
        start = T + count * 3600 * S
        await store(influx, PRESS, *(Reading("p1", start + i * S, {"temperature": float(i)}) for i in range(count)))
        found = await query.get("/percentiles", sensor=TEMPERATURE, p="0,50,100", **between(start, start + 3600 * S))
        assert found["count"] == count
        assert [one["value"] for one in found["percentiles"]] == [0, (count - 1) / 2, count - 1]


async def test_too_many_samples_are_refused_with_the_way_out(
    query: QueryForTest, influx: Influx, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked, "PAGE", 10)
    monkeypatch.setattr(asked.read_whole, "__kwdefaults__", {"most": 20})
    await store(influx, PRESS, *(Reading("p1", T + i * S, {"temperature": float(i)}) for i in range(21)))
    status, detail = await query.refusal("/percentiles", sensor=TEMPERATURE, **between(T, T + 60 * S))
    assert (status, detail) == (422, f"'{TEMPERATURE}' has more than 20 samples there; ask for a shorter range")
    assert (await query.get("/percentiles", sensor=TEMPERATURE, **between(T, T + 20 * S)))["count"] == 20


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=40), st.lists(st.floats(0, 100), min_size=1, max_size=5))
def test_between_two_samples_on_the_straight_line(values: list[float], percents: list[float]) -> None:
    ordered = sorted(values)
    for percent, found in zip(percents, compute(np.array(values), percents), strict=True):
        place = percent / 100 * (len(ordered) - 1)
        low = min(int(place), len(ordered) - 1)
        high = min(low + 1, len(ordered) - 1)
        expected = ordered[low] + (ordered[high] - ordered[low]) * (place - low)
        assert found is not None
        assert abs(found - expected) <= 1e-6 * max(1.0, abs(ordered[0]), abs(ordered[-1]))


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=10))
def test_no_value_is_a_crash(values: list[float]) -> None:
    for found in compute(np.array(values, np.float64), [0, 33.3, 50, 100]):
        assert found is None or np.isfinite(found)
