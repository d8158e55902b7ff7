"""All the times a machine ran, and what else was then."""

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
from andon.query.analysis import asked as reading
from andon.query.analysis.frames import GROUPS, grouped, true_for, within
from andon.query.derive.rollup import Rollup
from andon.query.series.states import intervals
from andon.query.tiers.coverage import Progress
from andon.query.tiers.tiers import HOURS, MINUTES
from andon.query.tiers.windows import from_samples

from .conftest import MS, OVEN, PRESS, ROBOT, QueryForTest, S
from .test_stats import T, between

STATE, TEMPERATURE = f"{PRESS.path}/state", f"{PRESS.path}/temperature"
TOLD = ((-60, "RUN"), (10, "IDLE"), (20, "RUN"), (50, "FAULT"), (52, "RUN"), (53, "IDLE"), (70, "RUN"))


async def a_day(influx: Influx) -> None:
    """A press that ran four times, and whose temperature rose by one each second."""
    await store(influx, PRESS, *(Reading("p1", T + at * S, {"state": state}) for at, state in TOLD))
    await store(influx, PRESS, *(Reading("p1", T + i * S, {"temperature": float(i)}) for i in range(0, 100, 2)))


def spans(page: dict[str, Any]) -> list[tuple[float, float, bool]]:
    """Frames in seconds after T."""
    return [((f["start"] - T // MS) / 1000, (f["end"] - T // MS) / 1000, f["whole"]) for f in page["items"]]


async def test_all_times_a_press_ran(query: QueryForTest, influx: Influx) -> None:
    await a_day(influx)
    found = await query.get("/events", sensor=STATE, equals="RUN", **between(T, T + 100 * S))
    assert spans(found) == [(0, 10, False), (20, 50, True), (52, 53, True), (70, 100, False)]
    assert [frame["seconds"] for frame in found["items"]] == [10, 30, 1, 30]
    assert found["next_cursor"] is None
    long = await query.get("/events", sensor=STATE, equals="RUN", **{"for": "10s"}, **between(T, T + 100 * S))
    assert spans(long) == [(0, 10, False), (20, 50, True), (70, 100, False)]
    none = await query.get("/events", sensor=STATE, equals="run", **between(T, T + 100 * S))
    assert none == {"items": [], "next_cursor": None}


async def test_pages_side_by_side_hold_every_frame_once(query: QueryForTest, influx: Influx) -> None:
    await a_day(influx)
    asked = {"sensor": STATE, "equals": "RUN", "limit": 1, **between(T, T + 100 * S)}
    pages, cursor = list[Any](), ""
    while cursor is not None:
        page = await query.get("/events", cursor=cursor, **asked)
        pages, cursor = [*pages, *spans(page)], page["next_cursor"]
    assert pages == [(0, 10, False), (20, 50, True), (52, 53, True), (70, 100, False)]
    for wrong in ("x", "-1", "1.5", "²", "9" * 20):
        status, detail = await query.refusal("/events", **{**asked, "cursor": wrong})
        assert (status, "is no cursor" in detail) == (400, True)


async def test_what_other_sensors_measured_meanwhile(query: QueryForTest, influx: Influx) -> None:
    await a_day(influx)
    await store(influx, OVEN, Reading("o1", T + 30 * S, {"temperature": 200.0}))
    others = [TEMPERATURE, f"{OVEN.path}/temperature"]
    asked = {"sensor": STATE, "equals": "RUN", "with": others, **between(T, T + 60 * S)}
    first, second, third = (await query.get("/events", **asked))["items"]
    press = [frame["numbers"][TEMPERATURE] for frame in (first, second, third)]
    assert [(one["count"], one["min"], one["max"], one["mean"]) for one in press] == [
        (5, 0, 8, 4), (15, 20, 48, 34), (1, 52, 52, 52),
    ]  # fmt: skip
    assert (press[1]["twa"], press[1]["good"]) == (34, 100)
    oven = [frame["numbers"][others[1]] for frame in (first, second, third)]
    assert [(one["count"], one["twa"]) for one in oven] == [(0, None), (1, 200), (0, 200)]


async def test_what_was_held_when_a_frame_began_holds_within_it(query: QueryForTest, influx: Influx) -> None:
    """An oven that tells only changes: before the first frame, within a long time between two, and within the last."""
    states = ((0, "RUN"), (10, "IDLE"), (20, "RUN"), (30, "IDLE"), (9000, "RUN"), (9010, "IDLE"))
    heat = ((-500, 100.0), (15, 200.0), (5000, 300.0), (9005, 500.0))
    await store(influx, PRESS, *(Reading("p1", T + at * S, {"state": state}) for at, state in states))
    await store(influx, OVEN, *(Reading("o1", T + at * S, {"temperature": value}) for at, value in heat))
    oven = f"{OVEN.path}/temperature"
    asked = {"sensor": STATE, "equals": "RUN", "with": oven, **between(T, T + 9100 * S)}
    found = [frame["numbers"][oven] for frame in (await query.get("/events", **asked))["items"]]
    assert [(one["count"], one["twa"]) for one in found] == [(0, 100), (0, 200), (1, 400)]


async def test_a_number_beyond_a_limit_and_a_program_number(query: QueryForTest, influx: Influx) -> None:
    values = (7.0, 7.0, 12.0, 12.0, 7.0, 3.0)
    await store(
        influx, ROBOT, *(Reading("r3", T + i * S, {"temperature": v, "running": v > 5}) for i, v in enumerate(values))
    )
    number, switch, span = f"{ROBOT.path}/temperature", f"{ROBOT.path}/running", between(T - S, T + 6 * S)

    async def found(**asked: Any) -> list[tuple[float, float, bool]]:
        return spans(await query.get("/events", **asked, **span))

    assert await found(sensor=number, above=10) == [(2, 4, True)]
    assert await found(sensor=number, equals="7") == [(0, 2, True), (4, 5, True)]
    assert await found(sensor=number, above=10, below=5) == [(2, 4, True), (5, 6, False)]
    assert await found(sensor=switch, equals="TRUE") == [(0, 5, True)]
    assert await found(sensor=switch, equals="false") == [(5, 6, False)]


async def test_a_frame_that_goes_on_ends_now(query: QueryForTest, influx: Influx) -> None:
    now = time_ns() // S * S
    await store(influx, PRESS, Reading("p1", now - 60 * S, {"state": "RUN"}))
    asked = {"sensor": STATE, "equals": "RUN", "from": (now - 90 * S) // MS, "to": (now + 3600 * S) // MS}
    (frame,) = (await query.get("/events", **asked))["items"]
    assert (frame["start"], frame["whole"]) == ((now - 60 * S) // MS, False)
    assert frame["seconds"] == pytest.approx(60, abs=30)


async def test_too_many_samples_meanwhile_are_refused(
    query: QueryForTest, influx: Influx, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_day(influx)
    monkeypatch.setattr(reading, "PAGE", 10)
    monkeypatch.setattr("andon.query.analysis.frames.MAX_SAMPLES", 20)
    asked = {"sensor": STATE, "equals": "RUN", "with": TEMPERATURE, **between(T, T + 100 * S)}
    status, detail = await query.refusal("/events", **asked)
    assert (status, f"'{TEMPERATURE}' has more than 20 samples" in detail) == (422, True)
    assert len((await query.get("/events", **asked, limit=1))["items"]) == 1


async def test_frames_of_whole_minutes_are_told_where_only_minutes_are_left(
    query: QueryForTest, influx: Influx
) -> None:
    minute = MINUTES.width
    border, end = T + 140 * minute, T + 150 * minute + 7 * S
    told = {0: "RUN", 10: "IDLE", 20: "RUN", 80: "IDLE", 130: "RUN"}
    await store(influx, PRESS, *(Reading("p1", T + at * minute, {"state": state}) for at, state in told.items()))
    await store(influx, PRESS, *(Reading("p1", T + i * 10 * S, {"temperature": i % 7.0}) for i in range(1000)))
    for tier in (MINUTES, HOURS):
        await influx.ensure_database(tier.database(influx.settings.database))
    rollup = Rollup(History(influx), influx, lambda _: 0)
    await rollup.minutes([PRESS], Span(T, T + 150 * minute))
    await rollup.hours([PRESS], Span(T, T + 120 * minute))
    query.coverage.progress = Progress(minutes=T + 150 * minute, hours=T + 120 * minute)

    async def frames(**changed: Any) -> list[Any]:
        asked = {"sensor": STATE, "equals": "RUN", "with": TEMPERATURE, **between(T, end), **changed}
        return [frame["numbers"][TEMPERATURE] for frame in (await query.get("/events", **asked))["items"]]

    before = await frames()
    assert [one["count"] for one in before] == [60, 360, 121]
    await influx.query(f'DELETE FROM "press" WHERE time < {border}')
    query.coverage.gone = {"raw": border}
    for was, now in zip(before, await frames(), strict=True):
        assert now == pytest.approx(was)
    off = {"sensor": STATE, "equals": "RUN", "with": TEMPERATURE, **between(T, T + 5 * minute + 5 * S)}
    status, detail = await query.refusal("/events", **off)
    assert (status, f"of '{TEMPERATURE}' there only 0 are still kept" in detail) == (422, True)
    query.coverage.gone = {"raw": border, "1m": T + minute}  # of whole hours alone it could still be told
    assert (await query.refusal("/events", **(off | between(T, T + 5 * minute))))[0] == 422


async def test_what_lies_between_frames_is_not_read(
    query: QueryForTest, influx: Influx, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two minutes of running, an afternoon and then 600 days apart, while the press was measured all the time."""
    minute, start = MINUTES.width, T - 600 * 24 * HOURS.width
    monkeypatch.setattr("andon.query.analysis.frames.MAX_SAMPLES", 20)
    monkeypatch.setattr("andon.query.analysis.frames.MOST_MINUTES", 2)
    ran = (start, start + 300 * minute, T)
    for at in ran:
        await store(influx, PRESS, Reading("p1", at, {"state": "RUN"}), Reading("p1", at + minute, {"state": "IDLE"}))
        await store(influx, PRESS, *(Reading("p1", at + i * 10 * S, {"temperature": i % 7.0}) for i in range(40)))
    asked = {"sensor": STATE, "equals": "RUN", "with": TEMPERATURE, **between(start, ran[-1] + 10 * minute)}

    async def counts(**changed: Any) -> list[int]:
        page = await query.get("/events", **asked, **changed)
        return [frame["numbers"][TEMPERATURE]["count"] for frame in page["items"]]

    assert await counts() == [6, 6, 6]
    for tier in (MINUTES, HOURS):
        await influx.ensure_database(tier.database(influx.settings.database))
    rollup = Rollup(History(influx), influx, lambda _: 0)
    for at in ran:
        await rollup.minutes([PRESS], Span(at, at + 10 * minute))
        await rollup.hours([PRESS], Span(at, at + HOURS.width))
    query.coverage.progress = Progress(minutes=ran[-1] + 10 * minute, hours=ran[-1])
    query.coverage.gone = {"raw": ran[-1] + 10 * minute}
    assert await counts(limit=2) == [6, 6]
    status, detail = await query.refusal("/events", **asked)
    assert (status, "3 minutes of" in detail, "ask for a lower limit" in detail) == (422, True, True)


@given(st.lists(st.tuples(st.integers(1, 10**4), st.integers(1, 10**5)), min_size=1, max_size=60))
def test_groups_hold_all_frames_and_are_cut_at_the_longest_times_between(steps: list[tuple[int, int]]) -> None:
    edges = np.cumsum(np.array(steps, np.int64).ravel()) * S
    starts, ends = edges[::2], edges[1::2]
    groups = grouped(starts, ends)
    assert [n for one in groups for n in range(len(starts))[one]] == list(range(len(starts)))
    assert len(groups) <= GROUPS
    cut = {one.start for one in groups[1:]}
    between = {n: starts[n] - ends[n - 1] for n in range(1, len(starts))}
    assert all(between[n] > HOURS.width for n in cut)
    left = [wide for n, wide in between.items() if n not in cut and wide > HOURS.width]
    assert not left or (len(groups) == GROUPS and max(left) <= min(between[n] for n in cut))


REFUSED: tuple[tuple[dict[str, object], int, str], ...] = (
    ({}, 422, "Ask for one: equals=RUN"),
    ({"equals": "RUN", "above": 1}, 422, "Ask for one: equals=RUN"),
    ({"above": 1}, 422, "is a string; a limit needs numbers"),
    ({"sensor": TEMPERATURE, "equals": "hot"}, 422, "is a number; equals='hot' is none"),
    ({"sensor": f"{PRESS.path}/running", "equals": "on"}, 422, "equals must be true or false"),
    ({"equals": "RUN", "for": "soon"}, 422, "is no duration"),
    ({"equals": "RUN", "for": "9" * 33}, 422, "at most 32"),
    ({"equals": "RUN", "limit": 0}, 422, "limit"),
    ({"equals": "RUN", "limit": 1001}, 422, "limit"),
    ({"equals": "RUN", "with": [STATE]}, 422, "statistics need numbers"),
    ({"equals": "RUN", "with": [TEMPERATURE] * 11}, 422, "at most 10"),
    ({"equals": "RUN", "with": ["p1/nothing"]}, 404, "There is no sensor"),
)


async def test_what_is_no_event_is_said(query: QueryForTest) -> None:
    for asked, status, says in REFUSED:
        found, detail = await query.refusal("/events", **{"sensor": STATE, **asked})
        assert (found, says in detail) == (status, True), (asked, detail)
    others = {"equals": "RUN", "with": f"{OVEN.path}/temperature"}
    assert (await query.refusal("/events", sensor=STATE, scope="berlin", **others))[0] == 404


@given(
    st.dictionaries(st.integers(0, 60), st.booleans(), max_size=20),
    st.dictionaries(st.integers(0, 60), st.floats(-1e6, 1e6), max_size=30),
    st.integers(0, 10),
)
def test_numbers_within_frames_are_those_of_the_samples_within(
    state: dict[int, bool], samples: dict[int, float], least: int
) -> None:
    at, times = sorted(state), sorted(samples)
    held = intervals(np.array(at, np.int64) * S, np.array([state[t] for t in at], np.bool_), 0, 61 * S)
    starts, ends = true_for(held, least * S)
    values = np.array([samples[t] for t in times], np.float64)
    stamps = np.array(times, np.int64) * S
    bounds = np.unique(np.concatenate((starts, ends, [0, 61 * S])))
    found = within(from_samples(stamps, values, np.ones(len(times), np.bool_), bounds), starts, ends, {})
    assert len(found) == len(starts)
    for one, start, end in zip(found, starts.tolist(), ends.tolist(), strict=True):
        assert end - start >= least * S
        inside = [samples[t] for t in times if start <= t * S < end]
        assert one.count == len(inside)
        if inside:
            assert (one.min, one.max, one.first, one.last) == (min(inside), max(inside), inside[0], inside[-1])
        first = min(t for t in range(61) if t * S in starts)
        by_second = [[samples[t] for t in times if first <= t <= now] for now in range(start // S, end // S)]
        held_then = [said[-1] for said in by_second if said]
        assert one.twa == (pytest.approx(np.mean(held_then), abs=1e-6) if held_then else None)
