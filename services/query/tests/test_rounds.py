"""Rollups by a process that reads a real stream and a real InfluxDB; rounds are made by hand, to wait for no minute."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from time import time_ns
from typing import Any

import msgspec
import pytest

from andon.common import jobs, subjects
from andon.common.bus import Bus
from andon.common.history import samples
from andon.common.history.span import Span
from andon.common.history.tier import RAW, Tier
from andon.common.influx import Influx
from andon.common.plant import Sensor
from andon.common.reading import Reading
from andon.common.testing.machines import store
from andon.common.testing.waiting import all_acknowledged, eventually
from andon.query.derive.anew import decode_answer
from andon.query.derive.rebuild import Rebuild
from andon.query.tiers.coverage import Coverage, Progress
from andon.query.tiers.tiers import HOURS, MINUTES

from .conftest import PRESS, ROBOT, S, publish, put_assets
from .deriving import FROM, HOUR, LONG_AGO, MINUTE, NOW, START, TO, DeriveForTest, clean_up, deriving, some


@pytest.fixture
async def clean(bus: Bus, plant: None) -> None:
    """Nothing is left of the story before."""
    await clean_up(bus)


@pytest.fixture
async def derive(bus: Bus, influx: Influx, clean: None) -> AsyncIterator[DeriveForTest]:
    async with deriving(bus, influx) as found:
        yield found


async def test_a_round_rolls_up_what_came(derive: DeriveForTest) -> None:
    await derive.say(PRESS, *some("p1", START, 900))
    await derive.say(ROBOT, *some("r3", START, 300, seed=2))
    await derive.rounds.once()
    minutes = await derive.windows(MINUTES, PRESS, START, NOW)
    assert minutes.count.tolist() == [60.0] * 15
    await eventually(lambda: all_acknowledged(derive.bus, subjects.DERIVE_DURABLE), what="it may go from the stream")
    await derive.work()
    await derive.expect(PRESS, FROM, TO)
    await derive.expect(ROBOT, FROM, TO)


async def test_an_hour_is_made_once_it_has_ended(derive: DeriveForTest) -> None:
    now = derive.rounds.progress
    derive.rounds.progress = Progress(now.minutes, FROM, now.sequence)  # as it was within that hour
    await derive.say(PRESS, *some("p1", START, 900))
    await derive.rounds.once()
    await derive.expect(PRESS, FROM, TO)
    assert derive.rounds.progress.hours >= now.hours


async def test_late_and_corrected_data_are_rolled_up_again(derive: DeriveForTest) -> None:
    await derive.say(PRESS, *some("p1", START, 600))
    await derive.rounds.once()
    late = Reading("p1", START + 5 * MINUTE + 1, {"temperature": 999.0})
    correction = some("p1", START, 1)[0]
    correction.values["temperature"] = -5.0
    await derive.say(PRESS, late, correction)
    await eventually(lambda: len(derive.rounds.marks) == 2, what="both are marked")
    await derive.rounds.late()
    await derive.expect(PRESS, FROM, TO)
    found = await derive.windows(HOURS, PRESS, FROM, TO)
    assert (found.max.max(), found.min.min() <= -5.0) == (999.0, True)


async def test_no_window_is_made_of_samples_that_are_gone_in_part(bus: Bus, influx: Influx, clean: None) -> None:
    async with deriving(bus, influx, raw=START + 5 * MINUTE + 1) as derive:
        await derive.say(PRESS, *some("p1", START, 600))
        await derive.rounds.once()
        await derive.work()
        assert (await derive.windows(MINUTES, PRESS, FROM, TO)).start.tolist()[0] == START + 6 * MINUTE


async def test_hours_are_made_from_the_first_whose_samples_are_all_there(bus: Bus, influx: Influx, clean: None) -> None:
    async with deriving(bus, influx, raw=LONG_AGO + HOUR // 2) as derive:
        await derive.say(PRESS, *some("p1", LONG_AGO, 4 * 3600))
        await derive.rounds.once()
        await derive.work()
        await derive.expect(PRESS, LONG_AGO + HOUR, LONG_AGO + 4 * HOUR)


async def test_a_round_made_twice_changes_nothing(derive: DeriveForTest) -> None:
    readings = some("p1", START, 120)
    for _ in range(2):
        await derive.say(PRESS, *readings)
        await derive.rounds.once()
        await derive.expect(PRESS, FROM, TO)


async def test_what_is_old_goes_through_the_backlog_and_is_pending_meanwhile(derive: DeriveForTest, bus: Bus) -> None:
    coverage = Coverage()
    following = asyncio.create_task(coverage.follow(bus))
    await derive.say(PRESS, *some("p1", LONG_AGO + 7 * MINUTE, 200), *some("p1", LONG_AGO + 3 * HOUR, 60))
    await derive.rounds.once()
    ranges = [(LONG_AGO + 7 * MINUTE, LONG_AGO + 11 * MINUTE), (LONG_AGO + 3 * HOUR, LONG_AGO + 3 * HOUR + MINUTE)]
    await eventually(lambda: coverage.pending == {"p1": ranges}, what="query knows what is pending")
    await derive.work()
    await derive.expect(PRESS, LONG_AGO, LONG_AGO + 4 * HOUR)
    await eventually(lambda: not coverage.pending, what="nothing is pending")
    assert coverage.until(MINUTES) >= NOW - MINUTE
    assert coverage.until(HOURS) >= NOW - HOUR
    await jobs.end(following)


async def test_what_was_stored_before_is_found_at_the_first_start(bus: Bus, influx: Influx, clean: None) -> None:
    await store(influx, PRESS, *some("p1", LONG_AGO + 10 * MINUTE, 4000))
    await store(influx, ROBOT, *some("r3", LONG_AGO + 50 * HOUR, 100))
    async with deriving(bus, influx) as derive:
        assert derive.rounds.backlog.pending["p1"][0][0] == LONG_AGO
        await derive.work()
        await derive.expect(PRESS, LONG_AGO, NOW)
        await derive.expect(ROBOT, LONG_AGO, NOW)
    async with deriving(bus, influx) as derive:
        assert derive.rounds.backlog.pending == {}


async def test_a_process_that_is_killed_goes_on_where_it_was(bus: Bus, influx: Influx, clean: None) -> None:
    async with deriving(bus, influx) as derive:
        await derive.rounds.once()
        await derive.say(PRESS, *some("p1", START, 300), *some("p1", LONG_AGO, 3 * 3600))
        await eventually(lambda: len(derive.rounds.marks) > 180, what="it is marked, and nothing is made of it")
    async with deriving(bus, influx) as derive:
        await eventually(lambda: len(derive.rounds.marks) > 180, what="the stream brought it again")
        await derive.rounds.once()
        derive.rounds.backlog._steps["p1"] = HOUR
        await derive.rounds.backlog._step()
        assert derive.rounds.backlog.pending == {"p1": [(LONG_AGO, LONG_AGO + 2 * HOUR)]}
    async with deriving(bus, influx) as derive:
        assert derive.rounds.backlog.pending == {"p1": [(LONG_AGO, LONG_AGO + 2 * HOUR)]}
        await derive.rounds.once()
        await derive.work()
        await derive.expect(PRESS, LONG_AGO, LONG_AGO + 4 * HOUR)
        await derive.expect(PRESS, FROM, TO)


async def test_a_process_that_is_killed_within_a_round_makes_it_again(bus: Bus, influx: Influx, clean: None) -> None:
    at_work = asyncio.Event()

    async def for_ever(*_: Any) -> Any:
        at_work.set()
        await asyncio.Event().wait()

    async with deriving(bus, influx) as derive:
        await derive.rounds.once()
        await derive.say(PRESS, *some("p1", START, 300))
        derive.rounds.rollup.minutes = for_ever  # type: ignore[method-assign]
        a_round = asyncio.create_task(derive.rounds.once())
        await at_work.wait()
        await jobs.end(a_round)
    async with deriving(bus, influx) as derive:
        await eventually(lambda: len(derive.rounds.marks) == 5, what="the stream brought it again")
        await derive.rounds.once()
        await derive.expect(PRESS, FROM, TO)


async def test_batches_that_left_the_stream_unread_are_made_up_for(bus: Bus, influx: Influx, clean: None) -> None:
    async with deriving(bus, influx) as derive:
        await derive.say(PRESS, *some("p1", time_ns() // MINUTE * MINUTE - 30 * MINUTE, 10))
        await derive.rounds.once()
    for _ in range(3):
        await store(influx, PRESS, *some("p1", time_ns() // MINUTE * MINUTE - 3 * MINUTE, 100))
        await publish(bus, Reading("p1", time_ns(), {"temperature": 1.0}))
    await bus.js.purge_stream(subjects.TELEMETRY)
    async with deriving(bus, influx) as derive:
        await derive.say(PRESS, Reading("p1", time_ns(), {"temperature": 2.0}))
        await eventually(lambda: derive.rounds.reader.missed is not None, what="the hole is seen")
        await derive.rounds.once()
        assert set(derive.rounds.backlog.pending) == {"p1", "r3", "o1"}


async def test_somebody_asks_to_make_a_range_anew(derive: DeriveForTest, bus: Bus, influx: Influx) -> None:
    await store(influx, PRESS, *some("p1", LONG_AGO, 5000))
    hearing = asyncio.create_task(Rebuild(bus, derive.rounds.follower, derive.rounds.backlog).hear())

    async def ask(**wanted: Any) -> Any:
        with suppress(Exception):
            return decode_answer((await bus.nc.request(subjects.REBUILD, msgspec.json.encode(wanted), timeout=1)).data)

    answer = await eventually(
        lambda: ask(under="berlin/body", start=LONG_AGO + 5, end=LONG_AGO + HOUR + 1), what="it answers"
    )
    assert (answer.count, answer.trouble) == (1, "")
    expected = {"p1": [(LONG_AGO, LONG_AGO + 2 * HOUR)]}
    await eventually(lambda: derive.rounds.backlog.pending == expected, what="it is entered")
    assert "Expected" in (await ask(under=5)).trouble
    await derive.work()
    await derive.expect(PRESS, LONG_AGO, LONG_AGO + 2 * HOUR)
    await jobs.end(hearing)


async def test_more_rows_than_influxdb_hands_out_are_read_in_parts(
    derive: DeriveForTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    from andon.common.history.columns import CutShortError  # noqa: PLC0415
    from andon.query.derive import rollup  # noqa: PLC0415 - to be changed

    asked = []
    real = samples.read_fields

    async def at_most(history: Any, machines: Any, keys: Any, span: Span, *, most: int) -> Any:
        asked.append((span.end - span.start, len(machines)))
        if (span.end - span.start) * len(machines) > 4 * MINUTE:
            raise CutShortError("too many")
        return await real(history, machines, keys, span, most=most)

    monkeypatch.setattr(rollup.samples, "read_fields", at_most)
    await derive.say(PRESS, *some("p1", START, 900))
    await derive.rounds.once()
    assert (await derive.windows(MINUTES, PRESS, FROM, TO)).count.tolist() == [60.0] * 15
    assert max(span for span, _ in asked) == 15 * MINUTE


async def test_what_comes_after_long_silence_is_read_in_parts(
    derive: DeriveForTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    from andon.query.derive import rollup  # noqa: PLC0415 - to be changed

    monkeypatch.setattr(rollup, "ROWS", 100)
    read, real = [], derive.history.columns

    async def counted(statement: str, tier: Tier = RAW) -> Any:
        found = await real(statement, tier)
        read.extend(map(len, found if tier is RAW else []))
        return found

    monkeypatch.setattr(derive.history, "columns", counted)
    states = (Reading("p1", START + n * S, {"state": "RUN" if n % 90 else "STOP"}) for n in range(900))
    await derive.say(PRESS, *some("p1", START, 900), *states)
    await derive.rounds.once()
    assert max(read) <= 101
    monkeypatch.undo()
    assert (await derive.windows(MINUTES, PRESS, FROM, TO)).count.tolist() == [60.0] * 15
    (words,) = await derive.history.columns('SELECT "state__count" FROM "press"', MINUTES)
    assert words.numbers("state__count").tolist() == [60.0] * 15


async def test_sensors_that_come_one_by_one_are_asked_one_by_one(bus: Bus, influx: Influx, clean: None) -> None:
    wide = msgspec.structs.replace(PRESS, id="w1", path="berlin/body/line-1/wide", type="wide", sensors=TWO)
    await put_assets(bus, wide)
    async with deriving(bus, influx) as derive:
        await derive.say(wide, *(Reading("w1", START + i * S, {"ab"[i % 2]: float(i)}) for i in range(100)))
        await derive.rounds.once()
        assert derive.rounds.rollup.together == {"wide": False}  # half of each row is a hole
        await derive.say(wide, *(Reading("w1", START + i * S, {"ab"[i % 2]: float(i)}) for i in range(200)))
        await derive.rounds.once()
        for key, first in (("a", 0), ("b", 1)):
            found = await derive.windows(MINUTES, wide, FROM, TO, key)
            assert (found.count.tolist(), found.first[0]) == ([30, 30, 30, 10], first)


TWO = tuple(Sensor(key, f"berlin/body/line-1/wide/{key}") for key in "ab")
