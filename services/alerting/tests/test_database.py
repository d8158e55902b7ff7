"""The database: opened as often as one likes, brought up to date, and refused in a sentence."""

import asyncio
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import InternalError, OperationalError

from andon.alerting.database import Database, open_database
from andon.alerting.rules.builtin import ensure_rules
from andon.alerting.tables import ChannelRow, KeptRow, Table
from andon.common import sql
from andon.common.errors import SetupError
from andon.common.testing.ports import free_port


async def test_a_database_that_cannot_be_opened_names_its_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder, not a database, and long enough to be looked at as one" * 10)
    for path in (tmp_path / "file" / "alerting.db", tmp_path / "file"):
        with pytest.raises(SetupError, match="cannot be opened") as caught:
            async with open_database(f"sqlite+aiosqlite:///{path}"):
                pass
        assert "ANDON_ALERTING_DATABASE_URL" in caught.value.hint


async def test_opening_again_changes_nothing(database_url: str) -> None:
    for _ in range(2):
        async with open_database(database_url) as database:
            assert await database.check() == ""


async def test_the_folder_of_a_file_is_made(tmp_path: Path) -> None:
    async with open_database(f"sqlite:///{tmp_path}/a/b/alerting.db") as database:
        assert await database.check() == ""


async def test_a_database_of_another_service_or_of_a_newer_andon_is_left_alone(database: Database) -> None:
    async with database.write() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SetupError, match="of a newer Andon"):
        await database.migrate()
    async with database.write() as session:
        await session.execute(text("DROP TABLE transitions"))
        await session.execute(text("DROP TABLE alarms"))
    with pytest.raises(SetupError, match="is another service's") as caught:
        await database.migrate()
    assert "ANDON_ALERTING_DATABASE_URL" in caught.value.hint


async def test_of_several_that_start_at_once_one_brings_the_tables_up_to_date(database_url: str) -> None:
    async def start() -> None:
        async with open_database(database_url) as database:
            assert await database.check() == ""

    await asyncio.gather(*(start() for _ in range(4)))


async def test_migrations_lead_to_the_tables_of_the_code(database: Database) -> None:
    def differences(connection: Connection) -> object:
        return compare_metadata(MigrationContext.configure(connection), Table.metadata)

    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_processes_wait_for_each_other_too(database_url: str) -> None:
    async def count(database: Database) -> None:
        for _ in range(20):
            async with database.write() as session:
                row = await session.get_one(KeptRow, "count")
                await asyncio.sleep(0)
                row.value = str(int(row.value) + 1)

    async with open_database(database_url) as one, open_database(database_url) as other:
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


async def test_what_is_read_is_of_one_moment_and_who_reads_cannot_write(postgres_url: str) -> None:
    async with open_database(postgres_url) as database:
        async with database.read() as session:
            assert await session.get(KeptRow, "a") is None
            async with database.write() as other:
                other.add(KeptRow(name="a", value="1"))
            assert (await session.scalars(select(KeptRow))).all() == []
        async with database.read() as session:
            session.add(KeptRow(name="b", value="1"))
            with pytest.raises(InternalError, match="read-only"):
                await session.flush()


async def test_a_writer_that_stands_still_is_thrown_out(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was stopped, and may never go on: the others wait a moment for it, not for ever."""
    async with open_database(postgres_url) as one, open_database(postgres_url) as other:
        monkeypatch.setattr(sql, "STILL_MS", 300)

        async def stand_still() -> None:
            async with one.write() as session:
                session.add(KeptRow(name="a", value="of one that stood still"))
                await session.flush()
                async with other.write() as waiting:
                    waiting.add(KeptRow(name="a", value="1"))
                await session.execute(text("SELECT 1"))

        with pytest.raises(OperationalError, match="idle-in-transaction"):
            await stand_still()
        async with one.write() as session:
            assert (await session.get_one(KeptRow, "a")).value == "1"


async def test_the_server_asks_for_the_machine_of_who_writes(postgres_url: str) -> None:
    """One that is gone without a word is missed long before it would count as one that stands still."""
    async with open_database(postgres_url) as database, database.write() as session:
        for name, value in (("idle", "5"), ("interval", "2"), ("count", "3")):
            assert await session.scalar(text(f"SHOW tcp_keepalives_{name}")) == value


async def test_a_start_with_nothing_to_write_waits_for_no_writer(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_database(database_url) as one, open_database(database_url) as other:
        await ensure_rules(one)
        monkeypatch.setattr(sql, "BUSY_MS", 100)
        async with one.write():
            await ensure_rules(other)


async def test_who_waits_too_long_for_its_turn_fails_as_with_a_held_file(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql, "BUSY_MS", 100)
    async with open_database(database_url) as one, open_database(database_url) as other, one.write():
        with pytest.raises(OperationalError, match="lock"):
            async with other.write():
                pass


async def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(SetupError, match=r"andon:\*\*\*@127.0.0.1.*cannot be opened.*refused") as caught:
        async with open_database(f"postgresql://andon:secret@127.0.0.1:{free_port()}/andon"):
            pass
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("url", ["no url", "mysql://host/andon", "postgresql://host:port/andon"])
async def test_a_url_that_cannot_be_used_is_told_how_to_be_written(url: str) -> None:
    with pytest.raises(SetupError, match="no usable URL") as caught:
        async with open_database(url):
            pass
    assert "ANDON_ALERTING_DATABASE_URL to one like postgresql://" in caught.value.hint
