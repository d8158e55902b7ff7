"""The database: built by migrations, and clear about what is wrong with it."""

import asyncio
import sqlite3
from contextlib import AsyncExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, func, select, text

from andon.common.errors import ConflictError, SetupError, UnavailableError
from andon.common.health import run_checks
from andon.registry.storage import types
from andon.registry.storage.database import Database
from andon.registry.storage.tables import AssetRow, Base, TypeRow


@pytest.fixture
async def database(database_url: str):
    opened = Database(database_url)
    await opened.migrate()
    yield opened
    await opened.aclose()


async def test_migrations_from_nothing_lead_to_the_tables(database_url: str) -> None:
    def differences(connection: Connection) -> object:
        # PostgreSQL cannot compare two JSON texts.
        options = {"compare_type": True, "compare_server_default": connection.dialect.name == "sqlite"}
        return compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)

    database = Database(database_url)
    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences)
    for _ in range(2):
        await database.migrate()
        async with database.engine.connect() as connection:
            assert await connection.run_sync(differences) == []
    await database.aclose()


async def test_of_several_that_start_at_once_one_brings_the_tables_up_to_date(database_url: str) -> None:
    several = [Database(database_url) for _ in range(4)]
    await asyncio.gather(*(database.migrate() for database in several))
    for database in several:
        assert await database.check() == ""
        await database.aclose()


async def test_a_new_sqlite_file_is_turned_to_wal_once_who_writes_to_it_is_done(tmp_path: Path) -> None:
    file = tmp_path / "registry.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("CREATE TABLE theirs (id)")
        database = Database(f"sqlite:///{file}")
        migrating = asyncio.create_task(database.migrate())
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(migrating), 0.2)
        other.execute("COMMIT")
        await migrating
    await database.aclose()
    with closing(sqlite3.connect(file)) as later:
        assert later.execute("PRAGMA journal_mode").fetchone() == ("wal",)


async def test_opening_again_keeps_what_is_there(database_url: str) -> None:
    for expected in ("created", "unchanged"):
        database = Database(database_url)
        await database.migrate()
        async with database.write() as session:
            assert await types.put(session, "oven", name="Oven", sensors=[]) == expected
        assert await database.check() == ""
        await database.aclose()


async def test_a_database_of_a_newer_andon_is_left_alone(database: Database) -> None:
    async with database.write() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SetupError, match="of a newer Andon"):
        await database.migrate()


@pytest.mark.parametrize("url", ["no url", "mysql://host/andon", "sqlite:////dev/null/x/registry.db"])
async def test_a_url_that_cannot_be_used_names_its_setting(url: str) -> None:
    with pytest.raises(SetupError) as error:
        await Database(url).migrate()
    assert "ANDON_REGISTRY_DATABASE_URL" in error.value.hint


async def test_a_file_that_is_no_database_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "registry.db").write_text("certainly not what SQLite writes. " * 100)
    database = Database(f"sqlite:///{tmp_path}/registry.db")
    with pytest.raises(SetupError, match=r"registry.db' cannot be opened: file is not a database"):
        await database.migrate()
    await database.aclose()


async def test_a_change_that_fails_in_the_middle_leaves_nothing(database: Database) -> None:
    async def change() -> None:
        async with database.write() as session:
            await types.put(session, "oven", name="Oven", sensors=[])
            await session.flush()
            session.add(AssetRow(id="x", kind="site", slug="x", name="x", path="x", type="no", labels={}, sensors=[]))

    with pytest.raises(ConflictError):
        await change()
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(TypeRow)) == 0


async def test_writers_wait_for_each_other(database: Database) -> None:
    async def add(number: int) -> None:
        async with database.write() as session:
            count = await session.scalar(select(func.count()).select_from(TypeRow))
            await asyncio.sleep(0)
            session.add(TypeRow(slug=f"t{count}", name=str(number), sensors=[]))

    await asyncio.gather(*map(add, range(20)))
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(TypeRow)) == 20


@pytest.mark.parametrize("database_url", ["sqlite_url"], indirect=True)
async def test_a_database_that_is_gone_is_unavailable_not_a_crash(database: Database) -> None:
    async with database.write() as session:
        await session.execute(text("DROP TABLE machine_types"))

    async def read() -> None:
        async with database.read() as session:
            await types.all_types(session)

    with pytest.raises(UnavailableError, match="does not answer"):
        await read()


async def test_a_database_that_somebody_else_has_locked_is_named(database: Database, database_url: str) -> None:
    other = Database(database_url)
    assert await database.check() == ""
    async with other.write():
        assert "lock" in (await run_checks({"database": database.check}))["database"]
    assert await database.check() == ""
    await other.aclose()


async def test_more_readers_than_there_are_connections_are_told_so(database: Database) -> None:
    pool: Any = database.engine.pool
    pool._timeout = 0.05
    async with AsyncExitStack() as stack:
        for _ in range(15):
            session = await stack.enter_async_context(database.read())
            await session.connection()
        with pytest.raises(UnavailableError, match="does not answer: QueuePool limit"):
            async with database.read() as session:
                await session.connection()
