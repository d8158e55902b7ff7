"""Rollups by a process that reads a real stream and a real InfluxDB; rounds are made by hand, to wait for no minute."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from time import time_ns
from typing import Any

import msgspec
import numpy as np
import pytest
from nats.js.errors import NotFoundError

from andon.common import jobs, subjects
from andon.common.bus import Bus
from andon.common.following import PlantFollower
from andon.common.influx import Influx
from andon.common.plant import Asset, Sensor
from andon.common.reading import Reading
from andon.common.streams import ensure_streams
from andon.common.testing.waiting import eventually
from andon.query.derive.backlog import Backlog
from andon.query.derive.marks import Marks
from andon.query.derive.reader import Reader
from andon.query.derive.rebuild import Rebuild, decode_answer
from andon.query.derive.rollup import Rollup
from andon.query.derive.rounds import Rounds
from andon.query.history import samples, windows
from andon.query.history.coverage import Coverage
from andon.query.history.history import History, Span
from andon.query.history.keeping import Keeper, Wish
from andon.query.history.tiers import HOURS, MINUTES, RAW, Tier
from andon.query.history.windows import Windows

from .conftest import PRESS, ROBOT, S, publish, put_assets, store

MINUTE, HOUR = 60 * S, 3600 * S
NOW = time_ns() // HOUR * HOUR
LONG_AGO = NOW - 100 * HOUR
START = time_ns() // MINUTE * MINUTE - 100 * MINUTE
"""Recent, and in an hour that has ended."""
FROM, TO = START // HOUR * HOUR, START // HOUR * HOUR + 2 * HOUR


@dataclass
class DeriveForTest:
    """The process's parts, its stream read, its rounds and steps made when a story says so."""

    bus: Bus
    influx: Influx
    rounds: Rounds

    @property
    def history(self) -> History:
        return self.rounds.rollup.history

    async def say(self, machine: Asset, *readings: Reading) -> None:
        """Readings that go through the stream and are stored."""
        await store(self.influx, machine, *readings)
        await publish(self.bus, *readings)

    async def work(self) -> None:
        """Until nothing is left of the backlog."""
        working = asyncio.create_task(self.rounds.backlog.work())
        await eventually(lambda: not self.rounds.backlog.pending, what="nothing is left of the backlog")
        await jobs.end(working)

    async def windows(self, tier: Tier, machine: Asset, start: int, end: int, key: str = "temperature") -> Windows:
        return await samples.read_windows(self.history, tier, machine, key, Span(start, end))

    async def expect(self, machine: Asset, start: int, end: int) -> None:
        """Both tiers are what plain arithmetic makes of the samples."""
        whole = await samples.read(self.history, machine, "temperature", Span(start, end))
        for tier in (MINUTES, HOURS):
            bounds = windows.edges(start, end, tier.width)
            expected = windows.from_samples(whole.times, whole.numbers, whole.good, bounds)
            found = await self.windows(tier, machine, start, end)
            for name in ("start", "count", "good", "min", "max", "first", "last", "first_at", "last_at"):
                assert getattr(found, name).tolist() == getattr(expected, name).tolist(), (tier.name, name)
            for name in ("sum", "squares", "area"):
                assert getattr(found, name) == pytest.approx(getattr(expected, name), rel=1e-6, abs=1e-4)


async def acknowledge(bus: Bus) -> None:
    """The store, of which only that it has written all is asked here."""
    async for message in bus.consume(
        subjects.TELEMETRY, subjects.STORE_DURABLE, filter_subject=subjects.TELEMETRY_ALL, in_order=True
    ):
        await message.ack()


@asynccontextmanager
async def deriving(bus: Bus, influx: Influx, made: Iterable[str] = (), **kept: int) -> AsyncIterator[DeriveForTest]:
    """The parts, opened."""
    for tier in (RAW, MINUTES, HOURS):
        await influx.ensure_database(tier.database(influx.settings.database))
    follower, marks, turn, enforced = PlantFollower(bus), Marks(), asyncio.Lock(), asyncio.Event()
    enforced.set()
    rollup = Rollup(History(influx), influx, lambda tier: kept.get(tier.name, 0), made=set(made))
    backlog, reader = Backlog(bus, follower, rollup, turn), Reader(bus, marks)
    rounds = Rounds(bus, follower, rollup, backlog, reader, marks, turn, kept=enforced)
    tasks = [asyncio.create_task(job) for job in (follower.follow(), acknowledge(bus))]
    try:
        await rounds._open()
        tasks.append(asyncio.create_task(reader.read()))
        await eventually(lambda: exists(bus), what="the durable is there")
        yield DeriveForTest(bus, influx, rounds)
    finally:
        await jobs.end(*tasks)


async def exists(bus: Bus) -> bool:
    with suppress(NotFoundError):
        for durable in (subjects.DERIVE_DURABLE, subjects.STORE_DURABLE):
            await bus.js.consumer_info(subjects.TELEMETRY, durable)
        return True
    return False


@pytest.fixture
async def clean(bus: Bus, plant: None) -> None:
    """A stream and a bucket in which nothing is left of the story before."""
    for durable in (subjects.DERIVE_DURABLE, subjects.STORE_DURABLE):
        with suppress(NotFoundError):
            await bus.js.delete_consumer(subjects.TELEMETRY, durable)
    await bus.js.purge_stream(subjects.TELEMETRY)
    await bus.js.purge_stream(f"KV_{subjects.DERIVE_BUCKET}")


@pytest.fixture
async def derive(bus: Bus, influx: Influx, clean: None) -> AsyncIterator[DeriveForTest]:
    async with deriving(bus, influx) as found:
        yield found


def some(asset: str, start: int, seconds: int, *, seed: int = 1) -> list[Reading]:
    """About a reading a second, of bad quality now and then."""
    random = np.random.default_rng(seed)
    times = start + np.arange(seconds) * S + random.integers(0, S // 2, seconds)
    return [
        Reading(asset, int(t), {"temperature": round(float(50 + 10 * v), 2)}, {"temperature": "bad"} if v > 2 else None)
        for t, v in zip(times, random.normal(size=seconds), strict=True)
    ]


async def test_a_round_rolls_up_what_came(derive: DeriveForTest) -> None:
    await derive.say(PRESS, *some("p1", START, 900))
    await derive.say(ROBOT, *some("r3", START, 300, seed=2))
    await derive.rounds.once()
    minutes = await derive.windows(MINUTES, PRESS, START, NOW)
    assert minutes.count.tolist() == [60.0] * 15
    await derive.work()
    await derive.expect(PRESS, FROM, TO)
    await derive.expect(ROBOT, FROM, TO)


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
    assert (answer.machines, answer.trouble) == (1, "")
    assert derive.rounds.backlog.pending == {"p1": [(LONG_AGO, LONG_AGO + 2 * HOUR)]}
    assert "Expected" in (await ask(under=5)).trouble
    await derive.work()
    await derive.expect(PRESS, LONG_AGO, LONG_AGO + 2 * HOUR)
    await jobs.end(hearing)


async def test_more_rows_than_influxdb_hands_out_are_read_in_parts(
    derive: DeriveForTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    from andon.query.derive import rollup  # noqa: PLC0415 - to be changed
    from andon.query.history.columns import CutShortError  # noqa: PLC0415

    asked = []
    real = samples.read_fields

    async def at_most(history: Any, name: str, keys: Any, span: Span, *, assets: Any) -> Any:
        asked.append((span.end - span.start, len(assets)))
        if (span.end - span.start) * len(assets) > 4 * MINUTE:
            raise CutShortError("too many")
        return await real(history, name, keys, span, assets=assets)

    monkeypatch.setattr(rollup.samples, "read_fields", at_most)
    await derive.say(PRESS, *some("p1", START, 900))
    await derive.rounds.once()
    assert (await derive.windows(MINUTES, PRESS, FROM, TO)).count.tolist() == [60.0] * 15
    assert max(span for span, _ in asked) == 15 * MINUTE


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


async def test_a_machine_that_moves_is_not_counted_twice(derive: DeriveForTest, bus: Bus) -> None:
    moved = msgspec.structs.replace(PRESS, path="berlin/body/line-2/press-9", slug="press-9")
    await derive.say(PRESS, *some("p1", START, 300))
    await derive.rounds.once()
    await derive.expect(PRESS, FROM, TO)
    await put_assets(bus, moved)
    plant = derive.rounds.follower.plant
    await eventually(lambda: plant.find("p1").path == moved.path, what="it has moved")  # type: ignore[union-attr]
    await derive.say(moved, Reading("p1", START + 3 * MINUTE + 1, {"temperature": 999.0, "state": "RUN"}))
    await derive.say(moved, *some("p1", START + 5 * MINUTE, 90))
    await derive.rounds.once()
    await derive.expect(moved, FROM, TO)
    await derive.rounds.backlog.add("p1", [(FROM, TO)])  # all of it anew, as somebody may ask
    await derive.work()
    await derive.expect(moved, FROM, TO)


async def take_away(influx: Influx) -> None:
    """The tiers, as who restores a backup of the samples alone, or names another database."""
    for tier in (MINUTES, HOURS):
        await influx._http.post("/query", data={"q": f'DROP DATABASE "{tier.database(influx.settings.database)}"'})


async def test_a_tier_that_somebody_took_away_is_made_again(derive: DeriveForTest, influx: Influx) -> None:
    await derive.say(PRESS, *some("p1", START, 300), *some("p1", LONG_AGO, 3600))
    await derive.rounds.once()
    await derive.work()
    await take_away(influx)
    await derive.say(PRESS, *some("p1", START + 10 * MINUTE, 30))
    await derive.rounds.once()  # finds it missing,
    await derive.rounds.once()  # and begins anew
    await derive.work()
    await derive.expect(PRESS, FROM, TO)
    await derive.expect(PRESS, LONG_AGO, LONG_AGO + 2 * HOUR)


async def test_a_tier_of_another_database_is_made_of_what_lies_there(bus: Bus, influx: Influx, clean: None) -> None:
    async with deriving(bus, influx) as derive:
        await derive.rounds.once()
    await store(influx, PRESS, *some("p1", LONG_AGO, 3600))
    await take_away(influx)
    keeper = Keeper(influx, [Wish(tier, None) for tier in (RAW, MINUTES, HOURS)])
    await keeper.enforce()
    async with deriving(bus, influx, made=keeper.made) as derive:
        assert derive.rounds.backlog.pending["p1"][0][0] == LONG_AGO
        await derive.work()
        await derive.expect(PRESS, LONG_AGO, LONG_AGO + 2 * HOUR)
        assert derive.rounds.rollup.made == set()


async def test_nats_that_lost_all_is_told_anew_what_is_known(derive: DeriveForTest, bus: Bus) -> None:
    for second in range(3):
        await derive.say(PRESS, *some("p1", START + second * MINUTE, 60))
    await derive.say(PRESS, *some("p1", LONG_AGO, 60))
    await derive.rounds.once()
    assert set(derive.rounds.backlog.pending) == {"p1"}
    for name in (subjects.TELEMETRY, f"KV_{subjects.DERIVE_BUCKET}"):
        await bus.js.delete_stream(name)
    await ensure_streams(bus.js, bus.settings)
    await derive.say(PRESS, *some("p1", START + 3 * MINUTE, 60))
    await eventually(lambda: exists(bus), what="the readers begin anew", timeout=20)
    await asyncio.wait_for(derive.rounds.once(), 20)
    coverage = Coverage()
    following = asyncio.create_task(coverage.follow(bus))
    await eventually(lambda: coverage.progress == derive.rounds.progress, what="query knows it")
    assert (coverage.pending, derive.rounds.progress.sequence) == (derive.rounds.backlog.pending, 1)
    assert set(coverage.pending) == {"p1", "r3", "o1"}
    await derive.work()
    await derive.expect(PRESS, FROM, TO)
    await derive.expect(PRESS, LONG_AGO, LONG_AGO + 2 * HOUR)
    await jobs.end(following)


async def test_a_reader_that_has_read_enough_is_not_waited_for(
    derive: DeriveForTest, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    from andon.query.derive import reader  # noqa: PLC0415 - to be changed

    monkeypatch.setattr(reader, "MOST_MARKS", 5)
    for minute in range(0, 20, 4):
        await derive.say(PRESS, *some("p1", START + minute * MINUTE, 240))
    await eventually(lambda: derive.rounds.reader.full, what="it reads no more")
    for _ in range(5):
        await asyncio.wait_for(derive.rounds.once(), 10)
        await eventually(lambda: derive.rounds.reader.full or derive.rounds.reader.place.sequence >= 5, what="it reads")
    await asyncio.wait_for(derive.rounds.once(), 10)
    await derive.expect(PRESS, FROM, TO)
