"""Leases: who sees to what when several instances share a database."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from time import time_ns

import pytest
from sqlalchemy import select

from andon.alerting.database import Database, open_database
from andon.alerting.evaluate import leases as room
from andon.alerting.evaluate.leases import Lease, Leases, LostError
from andon.alerting.tables import LeaseRow
from andon.common.service import background
from andon.common.testing.waiting import eventually

PARTS = [f"evaluate.{number}" for number in range(6)]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "LASTS_SECONDS", 1.0)
    monkeypatch.setattr(room, "RENEW_SECONDS", 0.1)


@asynccontextmanager
async def instance(url: str, name: str) -> AsyncIterator[Leases]:
    async with open_database(url) as database:
        found = Leases(database, name, PARTS)
        async with background(("leases", found.keep())):
            yield found
        await found.release()


def held(leases: Leases) -> list[str]:
    return [name for name in PARTS if leases[name].held]


def count(*instances: Leases) -> Callable[[], list[int]]:
    return lambda: [len(held(one)) for one in instances]


async def shares(expected: list[int], *instances: Leases) -> None:
    await eventually(lambda: count(*instances)() == expected, timeout=20)


async def test_one_alone_has_everything_and_a_second_gets_its_share(quick: None, database_url: str) -> None:
    async with instance(database_url, "one") as one:
        await shares([6], one)
        async with instance(database_url, "two") as two:
            await shares([3, 3], one, two)
            assert not set(held(one)) & set(held(two))
            async with instance(database_url, "three") as three:
                await shares([2, 2, 2], one, two, three)
        await shares([6], one)


async def test_what_one_gives_back_in_order_is_free_at_once(database_url: str) -> None:
    """With the real times: nobody waits for the end of a lease that was given back."""
    async with instance(database_url, "one") as one:
        await shares([6], one)
    async with instance(database_url, "two") as two:
        await shares([6], two)


async def test_of_one_that_dies_the_others_take_over_when_its_leases_end(quick: None, database_url: str) -> None:
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_database(database_url))
        dead = Leases(database, "dead", PARTS)
        task = asyncio.create_task(dead.keep())
        await shares([6], dead)
        task.cancel()
        async with instance(database_url, "two") as two:
            await shares([6], two)
            epochs = {row.name: row.epoch for row in await _rows(database)}
            assert all(epochs[name] == 2 for name in PARTS)
            await _refused(database, dead[PARTS[0]])


async def test_a_restart_under_the_same_name_need_not_wait(database_url: str) -> None:
    async with open_database(database_url) as database:
        killed = Leases(database, "andon", PARTS)
        task = asyncio.create_task(killed.keep())
        await shares([6], killed)
        task.cancel()
        async with instance(database_url, "andon") as again:
            await shares([6], again)
            await _refused(database, killed[PARTS[0]])


async def test_two_of_one_name_end_with_shares_of_their_own(quick: None, database_url: str) -> None:
    async with instance(database_url, "andon") as one:
        await shares([6], one)
        async with instance(database_url, "andon") as two:
            await eventually(lambda: sorted(count(one, two)()) == [3, 3], timeout=20)
            assert not set(held(one)) & set(held(two))


async def test_who_stood_still_writes_nothing(database_url: str) -> None:
    """Its own clock says that it holds the lease, for it has not noticed; the database knows better."""
    async with instance(database_url, "one") as one, open_database(database_url) as database:
        await shares([6], one)
        lease = one[PARTS[2]]
        async with database.write() as session:
            await lease.confirm(session)
            row = await session.get_one(LeaseRow, PARTS[2])
            row.epoch, row.owner, row.until = row.epoch + 1, "other", time_ns() + 10**12
        await _refused(database, lease)
        await eventually(lambda: PARTS[2] not in held(one))


@pytest.mark.parametrize("database_url", ["sqlite_url"], indirect=True)
async def test_a_database_that_does_not_answer_is_waited_for(quick: None, database_url: str) -> None:
    async with instance(database_url, "one") as one, open_database(database_url) as database:
        await shares([6], one)
        async with database.engine.begin() as connection:
            await connection.exec_driver_sql("ALTER TABLE leases RENAME TO gone")
        await eventually(lambda: held(one) == [], timeout=20)
        async with database.engine.begin() as connection:
            await connection.exec_driver_sql("ALTER TABLE gone RENAME TO leases")
        await shares([6], one)


async def _rows(database: Database) -> list[LeaseRow]:
    async with database.read() as session:
        return list(await session.scalars(select(LeaseRow)))


async def _refused(database: Database, lease: Lease) -> None:
    async with database.write() as session:
        with pytest.raises(LostError, match="Another instance"):
            await lease.confirm(session)
    assert not lease.held
