"""The database: built by migrations, and clear about what is wrong with it."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, func, make_url, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from andon.common.errors import ConflictError, SetupError, UnavailableError
from andon.common.health import run_checks
from andon.registry.storage import types
from andon.registry.storage.database import Database, upgrade
from andon.registry.storage.tables import AssetRow, Base, TypeRow


@pytest.fixture
async def database(tmp_path: Path):
    opened = Database(f"sqlite+aiosqlite:///{tmp_path}/a/b/registry.db")
    await opened.migrate()
    yield opened
    await opened.aclose()


def test_migrations_from_nothing_lead_to_the_tables(tmp_path: Path) -> None:
    def differences(connection: Connection) -> object:
        options = {"compare_type": True, "compare_server_default": True}
        return compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)

    engine = create_engine(f"sqlite:///{tmp_path}/registry.db")
    with engine.begin() as connection:
        assert differences(connection)
        upgrade(connection)
        assert differences(connection) == []
        upgrade(connection)
        assert differences(connection) == []
    engine.dispose()


def test_every_table_can_be_said_to_postgresql() -> None:
    for table in Base.metadata.sorted_tables:
        assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=postgresql.dialect()))


async def test_opening_again_keeps_what_is_there(tmp_path: Path) -> None:
    for expected in ("created", "unchanged"):
        database = Database(f"sqlite+aiosqlite:///{tmp_path}/registry.db")
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


@pytest.mark.parametrize("url", ["no url", "sqlite+nodriver:///x", "sqlite+aiosqlite:////dev/null/x/registry.db"])
async def test_a_url_that_cannot_be_used_names_its_setting(url: str) -> None:
    with pytest.raises(SetupError) as error:
        await Database(url).migrate()
    assert "ANDON_REGISTRY_DATABASE_URL" in error.value.hint


async def test_a_file_that_is_no_database_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "registry.db").write_text("certainly not what SQLite writes. " * 100)
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/registry.db")
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


async def test_a_database_that_is_gone_is_unavailable_not_a_crash(database: Database) -> None:
    async with database.write() as session:
        await session.execute(text("DROP TABLE machine_types"))

    async def read() -> None:
        async with database.read() as session:
            await types.all_types(session)

    with pytest.raises(UnavailableError, match="does not answer"):
        await read()


async def test_a_database_that_somebody_else_has_locked_is_named(database: Database) -> None:
    file = make_url(str(database._engine.url)).database or ""
    assert await database.check() == ""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert "lock" in (await run_checks({"database": database.check}))["database"]
    assert await database.check() == ""
