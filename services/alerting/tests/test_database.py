"""The database: opened as often as one likes, brought up to date, and refused in a sentence."""

import asyncio
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import dialect as postgresql
from sqlalchemy.exc import OperationalError
from sqlalchemy.schema import CreateTable

from andon.alerting.database import Database, open_database
from andon.alerting.tables import ChannelRow, KeptRow, Table
from andon.common.errors import SetupError


async def test_a_database_that_cannot_be_opened_names_its_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder, not a database, and long enough to be looked at as one" * 10)
    for path in (tmp_path / "file" / "alerting.db", tmp_path / "file"):
        with pytest.raises(SetupError, match="cannot be opened") as caught:
            async with open_database(f"sqlite+aiosqlite:///{path}"):
                pass
        assert "ANDON_ALERTING_DATABASE_URL" in caught.value.hint


async def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    for _ in range(2):
        async with open_database(f"sqlite+aiosqlite:///{tmp_path}/a/b/alerting.db") as database:
            assert await database.check() == ""


async def test_migrations_lead_to_the_tables_of_the_code(database: Database) -> None:
    def differences(connection: Connection) -> object:
        return compare_metadata(MigrationContext.configure(connection), Table.metadata)

    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


def test_every_table_can_be_said_to_postgresql() -> None:
    dialect = postgresql()  # type: ignore[no-untyped-call]
    for table in Table.metadata.sorted_tables:
        assert str(CreateTable(table).compile(dialect=dialect)).strip().startswith(f"CREATE TABLE {table.name}")


async def test_processes_wait_for_each_other_too(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/shared.db"

    async def count(database: Database) -> None:
        for _ in range(20):
            async with database.write() as session:
                row = await session.get_one(KeptRow, "count")
                await asyncio.sleep(0)
                row.value = str(int(row.value) + 1)

    async with open_database(url) as one, open_database(url) as other:
        async with one.write() as session:
            session.add(KeptRow(name="count", value="0"))
        await asyncio.gather(count(one), count(other))
        async with one.read() as session:
            assert (await session.get_one(KeptRow, "count")).value == "40"


async def test_writers_wait_for_each_other_so_that_what_was_read_is_still_true(database: Database) -> None:
    async def add(number: int) -> None:
        async with database.write() as session:
            count = await session.scalar(select(func.count()).select_from(ChannelRow))
            await asyncio.sleep(0)
            session.add(ChannelRow(id=str(count), name=str(number), kind="email", target="a@b.org"))

    await asyncio.gather(*map(add, range(20)))
    async with database.read() as session:
        assert sorted(int(i) for i in await session.scalars(select(ChannelRow.id))) == list(range(20))


async def test_a_server_that_refuses_connections_fails_as_a_held_database_does(database: Database) -> None:
    for session in (database.read, database.write):
        with pytest.raises(OperationalError, match="refused"):
            async with session():
                raise ConnectionRefusedError("refused")  # what asyncpg raises at the first statement
