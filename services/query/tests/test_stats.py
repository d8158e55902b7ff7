"""A range in a handful of numbers, of the samples and of the tiers alike."""

import math
import statistics
from time import time_ns

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.common.influx import Influx, join_lines, line_prefix
from andon.common.reading import Reading
from andon.common.testing.machines import store
from andon.query.analysis.numbers import numbers
from andon.query.tiers import tiers, windows
from andon.query.tiers.coverage import Progress
from andon.query.tiers.tiers import HOURS

from .conftest import MS, PRESS, QueryForTest, S

T = 1_763_899_200 * S
TEMPERATURE = f"{PRESS.path}/temperature"


def between(start: int, end: int) -> dict[str, int]:
    """A range of whole milliseconds."""
    return {"from": start // MS, "to": end // MS}


async def test_a_range_in_numbers(query: QueryForTest, influx: Influx) -> None:
    await store(influx, PRESS, *(Reading("p1", T + i * S, {"temperature": float(v)}) for i, v in enumerate((2, 4, 9))))
    await store(influx, PRESS, Reading("p1", T + S, {"temperature": 4.0}, {"temperature": "bad"}))
    found = await query.get("/stats", sensor=TEMPERATURE, **between(T, T + 4 * S))
    assert found.pop("stddev") == pytest.approx(statistics.stdev((2, 4, 9)))
    assert found.pop("good") == pytest.approx(200 / 3)
    assert found == {
        "sensor": TEMPERATURE, "unit": "Cel", "count": 3, "mean": 5, "min": 2, "max": 9, "first": 2, "last": 9,
        "sum": 15, "twa": 6, "median": 4, "tier": "raw",
    }  # fmt: skip


async def test_a_value_reported_long_ago_still_holds(query: QueryForTest, influx: Influx) -> None:
    await store(influx, PRESS, Reading("p1", T, {"temperature": 7.0}), Reading("p1", T + 60 * S, {"temperature": 1.0}))
    quiet = await query.get("/stats", sensor=TEMPERATURE, **between(T + 10 * S, T + 20 * S))
    assert (quiet["count"], quiet["mean"], quiet["twa"]) == (0, None, 7)
    changed = await query.get("/stats", sensor=TEMPERATURE, **between(T + 30 * S, T + 90 * S))
    assert (changed["count"], changed["mean"], changed["twa"]) == (1, 1, 4)
    before = await query.get("/stats", sensor=TEMPERATURE, **between(T - 10 * S, T))
    assert (before["count"], before["twa"]) == (0, None)


async def test_the_last_value_does_not_hold_into_the_future(query: QueryForTest, influx: Influx) -> None:
    now = time_ns() // S * S
    values = {3600: 10.0, 1800: 0.0}
    await store(influx, PRESS, *(Reading("p1", now - ago * S, {"temperature": v}) for ago, v in values.items()))
    found = await query.get("/stats", sensor=TEMPERATURE, **between(now - 3600 * S, now + 86_400 * S))
    assert found["twa"] == pytest.approx(5, abs=0.1)


async def test_a_year_is_made_of_its_hours_and_its_ragged_ends_of_samples(query: QueryForTest, influx: Influx) -> None:
    hours = 365 * 24
    times = T + np.arange(hours * 4, dtype=np.int64) * (900 * S)
    values = np.round(np.sin(times / 1e15) * 100, 2)
    whole = windows.from_samples(times, values, times > 0, windows.edges(T, T + hours * HOURS.width, HOURS.width))
    database = HOURS.database(influx.settings.database)
    await influx.ensure_database(database=database)
    lines = join_lines(tiers.lines(line_prefix(PRESS), "temperature", whole, HOURS.width))
    assert (await influx.write(lines, database=database)).stored
    ends = [*range(4), *range(len(times) - 4, len(times))]
    await store(influx, PRESS, *(Reading("p1", int(times[i]), {"temperature": float(values[i])}) for i in ends))
    query.coverage.progress = Progress(minutes=0, hours=T + hours * HOURS.width)
    found = await query.get("/stats", sensor=TEMPERATURE, **between(T + 900 * S, T + hours * HOURS.width - 900 * S))
    inside = values[1:-1]
    assert (found["count"], found["tier"], found["good"]) == (len(inside), "1h", 100)
    assert (found["first"], found["last"]) == (inside[0], inside[-1])
    for name, value in {
        "mean": inside.mean(),
        "min": inside.min(),
        "max": inside.max(),
        "stddev": inside.std(ddof=1),
        "sum": inside.sum(),
        "twa": inside.mean(),
    }.items():
        assert found[name] == pytest.approx(float(value), rel=1e-6, abs=1e-3), name


async def test_huge_values_are_no_crash(query: QueryForTest, influx: Influx) -> None:
    await store(
        influx, PRESS, *(Reading("p1", T + i * S, {"temperature": v}) for i, v in enumerate((1.7e308, 1.7e308)))
    )
    found = await query.get("/stats", sensor=TEMPERATURE, **between(T, T + 2 * S))
    assert (found["count"], found["max"], found["sum"], found["stddev"]) == (2, 1.7e308, None, None)


async def test_a_state_has_no_mean(query: QueryForTest) -> None:
    status, detail = await query.refusal("/stats", sensor=f"{PRESS.path}/state")
    assert (status, detail.startswith(f"'{PRESS.path}/state' is a string; statistics need numbers")) == (422, True)
    assert detail.endswith("GET /durations tells how long it held each value")


@given(
    st.dictionaries(st.integers(0, 600), st.floats(-1e6, 1e6).map(lambda v: round(v, 3)), max_size=30),
    st.one_of(st.none(), st.floats(-1e3, 1e3)),
)
def test_numbers_are_what_a_plain_computation_gives(samples: dict[int, float], carry: float | None) -> None:
    end = T + 700 * S
    times = sorted(samples)
    values = [samples[at] for at in times]
    stamps = np.array([T + at * S for at in times], np.int64)
    window = windows.from_samples(stamps, np.array(values), stamps > 0, np.array([T, end], np.int64))
    found = numbers(window, T, end, carry)
    held = ([] if carry is None else [(0, carry)]) + list(zip(times, values, strict=True))
    stops = [*(at for at, _ in held[1:]), 700][: len(held)]
    area = sum(value * (stop - at) for (at, value), stop in zip(held, stops, strict=True))
    assert found.twa == (pytest.approx(area / (700 - held[0][0]), rel=1e-6, abs=1e-3) if held else None)
    assert found.count == len(values)
    if values:
        assert (found.first, found.last, found.min, found.max) == (values[0], values[-1], min(values), max(values))
        assert found.sum == pytest.approx(math.fsum(values), rel=1e-9, abs=1e-6)
        assert found.mean == pytest.approx(statistics.fmean(values), rel=1e-9, abs=1e-6)
    assert found.stddev == (pytest.approx(statistics.stdev(values), rel=1e-6, abs=1e-3) if len(values) > 1 else None)
