"""What derive must not lose, nor count twice: a tier taken away, a NATS that lost its data."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from andon.common import jobs, subjects
from andon.common.bus import Bus
from andon.common.errors import UnavailableError
from andon.common.history.tier import RAW
from andon.common.influx import Influx
from andon.common.streams import ensure_streams
from andon.common.testing.fixtures import InfluxForTest
from andon.common.testing.machines import a_machine, store
from andon.common.testing.waiting import STATE_SECONDS, eventually
from andon.query.derive.rollup import light
from andon.query.tiers.coverage import Coverage, Ranges
from andon.query.tiers.keeping import Keeper, Wish
from andon.query.tiers.tiers import HOURS, MINUTES

from .conftest import PRESS, publish, put_assets
from .deriving import FROM, HOUR, LONG_AGO, MINUTE, START, TO, DeriveForTest, clean_up, deriving, exists, some


@pytest.fixture
async def clean(bus: Bus, plant: None) -> None:
    """Nothing is left of the story before."""
    await clean_up(bus)


@pytest.fixture
async def derive(bus: Bus, influx: Influx, clean: None) -> AsyncIterator[DeriveForTest]:
    async with deriving(bus, influx) as found:
        yield found


async def test_a_round_waits_until_what_it_read_is_stored(bus: Bus, influx: Influx, clean: None) -> None:
    stored, readings, was_stored = asyncio.Event(), some("p1", START, 300), list[bool]()
    async with deriving(bus, influx, stored=stored) as derive:
        minutes = derive.rounds.rollup.minutes

        async def noting(*of: Any) -> Any:
            was_stored.append(stored.is_set())
            return await minutes(*of)

        derive.rounds.rollup.minutes = noting  # type: ignore[method-assign]
        await publish(bus, *readings)
        await eventually(lambda: len(derive.rounds.marks) == 5, what="it is marked")
        a_round = asyncio.create_task(derive.rounds.once())
        await eventually(lambda: not len(derive.rounds.marks), what="the round has begun")
        await store(influx, PRESS, *readings)
        stored.set()
        await a_round
        assert was_stored
        assert all(was_stored)
        await derive.expect(PRESS, FROM, TO)


async def test_what_a_round_could_not_make_is_made_once_influxdb_is_back(
    bus: Bus, influx: Influx, influxdb: InfluxForTest, clean: None
) -> None:
    async with deriving(bus, influx) as derive:
        await derive.say(PRESS, *some("p1", START, 300))
        await eventually(lambda: len(derive.rounds.marks) == 5, what="it is marked")
        influxdb.process.kill()
        with pytest.raises(UnavailableError):
            await derive.rounds.once()
        influxdb.process.start()
        await derive.rounds.once()
        await derive.expect(PRESS, FROM, TO)


async def take_away(influx: Influx) -> None:
    """The tiers, as who restores a backup of the samples alone, or names another database."""
    for tier in (MINUTES, HOURS):
        await influx._http.post("/query", data={"q": f'DROP DATABASE "{tier.database(influx.settings.database)}"'})


async def test_a_machine_whose_values_come_before_the_word_of_it_is_rolled_up_after_a_kill_too(
    bus: Bus, influx: Influx, clean: None
) -> None:
    new = a_machine("berlin/body/line-1/press-2", id="p2")
    async with deriving(bus, influx) as derive:
        await derive.say(new, *some("p2", START, 120), *some("p2", LONG_AGO, 120))
        await derive.rounds.once()
    async with deriving(bus, influx) as derive:
        working = asyncio.create_task(derive.rounds.backlog.work())
        await put_assets(bus, new)
        await eventually(lambda: not derive.rounds.backlog.pending, what="all of it is made")
        await jobs.end(working)
        await derive.expect(new, FROM, TO)
        await derive.expect(new, LONG_AGO, LONG_AGO + HOUR)


async def test_of_a_machine_that_is_gone_nothing_is_pending_for_ever(
    derive: DeriveForTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    from andon.query.derive import backlog  # noqa: PLC0415 - to be changed

    gone = a_machine("berlin/body/line-1/press-2", id="p2")
    await derive.say(PRESS, *some("p1", LONG_AGO, 60))
    await derive.say(gone, *some("p2", START, 60))
    await derive.rounds.once()
    await eventually(lambda: set(derive.rounds.backlog.pending) == {"p1", "p2"}, what="both are pending")
    working = asyncio.create_task(derive.rounds.backlog.work())
    await eventually(lambda: set(derive.rounds.backlog.pending) == {"p2"}, what="what is known is made")
    monkeypatch.setattr(backlog, "STRANGER_SECONDS", 0.0)
    await eventually(lambda: not derive.rounds.backlog.pending, what="what is not known is forgotten")
    await jobs.end(working)
    await derive.expect(PRESS, LONG_AGO, LONG_AGO + HOUR)


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


@pytest.mark.parametrize("by", ["keeper", "round"])
async def test_who_is_killed_behind_making_a_tier_anew_leaves_a_word_of_it(
    bus: Bus, influx: Influx, clean: None, by: str
) -> None:
    await store(influx, PRESS, *some("p1", LONG_AGO, 3600))
    async with deriving(bus, influx) as derive:
        await derive.work()
        await derive.rounds.once()
        await take_away(influx)
        if by == "keeper":
            wishes = [Wish(tier, None) for tier in (RAW, MINUTES, HOURS)]
            await Keeper(influx, wishes, making=derive.rounds.owe_all).enforce()
        else:
            await derive.say(PRESS, *some("p1", START, 30))
            await derive.rounds.once()
    async with deriving(bus, influx) as derive:
        assert derive.rounds.backlog.pending["p1"][0][0] == LONG_AGO
        await derive.work()
        await derive.expect(PRESS, LONG_AGO, LONG_AGO + 2 * HOUR)
    async with deriving(bus, influx) as derive:
        assert derive.rounds.backlog.pending == {}


async def test_samples_are_kept_until_they_are_rolled_up(bus: Bus, influx: Influx, clean: None) -> None:
    """A database that was there before Andon is to keep a day; its four days are rolled up first."""
    await store(influx, PRESS, *some("p1", LONG_AGO, 3600))
    async with deriving(bus, influx) as derive:
        keeper = Keeper(influx, [Wish(RAW, 24 * HOUR)], owed=derive.rounds.owes)
        await keeper.enforce()
        assert (keeper.has, keeper.waiting, keeper.gone) == ({"raw": 0}, {"raw"}, {"raw": 0})
        await derive.work()
        await derive.expect(PRESS, LONG_AGO, LONG_AGO + 2 * HOUR)
        await keeper.enforce()
        assert (keeper.has, keeper.waiting) == ({"raw": 24 * HOUR}, set())
    unopened = Keeper(influx, [Wish(RAW, HOUR)], owed=lambda _before: True)
    await unopened.enforce()
    assert unopened.has == {"raw": 24 * HOUR}


async def test_hours_are_made_of_minutes_where_samples_are_gone(bus: Bus, influx: Influx, clean: None) -> None:
    async with deriving(bus, influx) as derive:
        await derive.say(PRESS, *some("p1", LONG_AGO, 7200))
        await derive.rounds.once()
        await derive.work()
    await influx._http.post("/query", data={"q": f'DROP DATABASE "{HOURS.database(influx.settings.database)}"'})
    async with deriving(bus, influx, raw=LONG_AGO + 10 * HOUR) as derive:
        await derive.rounds.backlog.add("p1", [(LONG_AGO, LONG_AGO + 2 * HOUR)])
        await derive.work()
        await derive.expect(PRESS, LONG_AGO, LONG_AGO + 2 * HOUR)


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
    await asyncio.wait_for(derive.rounds.once(), STATE_SECONDS)
    coverage = Coverage()
    following = asyncio.create_task(coverage.follow(bus))
    await eventually(lambda: coverage.progress == derive.rounds.progress, what="query knows it")
    assert (coverage.pending, derive.rounds.progress.sequence) == (derive.rounds.backlog.pending, 1)
    assert set(coverage.pending) == {"p1", "r3", "o1"}
    await derive.work()
    await derive.expect(PRESS, FROM, TO)
    await derive.expect(PRESS, LONG_AGO, LONG_AGO + 2 * HOUR)
    await jobs.end(following)


async def test_whoever_puts_down_what_is_to_be_made_has_the_turn(
    derive: DeriveForTest, bus: Bus, influx: Influx, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step that is at work takes off the list what it began with, whatever came to it meanwhile."""
    backlog, has_turn = derive.rounds.backlog, list[bool]()
    keep = backlog._keep

    async def seen(asset: str, left: Ranges) -> None:
        has_turn.append(backlog.turn.locked())
        await keep(asset, left)

    monkeypatch.setattr(backlog, "_keep", seen)
    await derive.say(PRESS, *some("p1", LONG_AGO, 60))
    await derive.rounds.once()
    await take_away(influx)
    derive.rounds.rollup.made.add(MINUTES.name)
    await derive.rounds.once()  # begins anew
    await bus.js.purge_stream(f"KV_{subjects.DERIVE_BUCKET}")
    await derive.rounds.once()  # tells all anew
    assert len(has_turn) >= 3
    assert all(has_turn)


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


def test_lines_are_written_in_bodies_that_influxdb_takes() -> None:
    lines = [b"x" * 20_000] * 1000 + [b"y"] * 12_000
    bodies = list(light(lines))
    assert [line for body in bodies for line in body] == lines
    assert max(sum(map(len, body)) for body in bodies) < 5_000_000
    assert max(map(len, bodies)) == 5_000
