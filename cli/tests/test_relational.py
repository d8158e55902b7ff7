"""What registry and alerting keep goes from either database into either, to the last value."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import JSON, null, select
from sqlalchemy.ext.asyncio import AsyncConnection

from andon.alerting.database import Database as AlertingDatabase
from andon.alerting.tables import IntentRow, NotificationRow
from andon.cli.backup import relational
from andon.cli.backup.archive import Hashed
from andon.cli.backup.relational import Store, parents_first
from andon.common.errors import SetupError
from andon.common.sql import open_engines
from andon.registry.storage.database import Database as RegistryDatabase
from andon.registry.storage.tables import AssetRow, PersonRow, TypeRow, ViewRow


def registry(url: str) -> Store:
    return Store("registry", url, "ANDON_REGISTRY_DATABASE_URL", "andon.registry:migrations")


def alerting(url: str) -> Store:
    return Store("alerting", url, "ANDON_ALERTING_DATABASE_URL", "andon.alerting:migrations")


@asynccontextmanager
async def opened(made: Any) -> AsyncIterator[Any]:
    await made.migrate()
    try:
        yield made
    finally:
        await (made.aclose() if hasattr(made, "aclose") else made.engine.dispose())


@pytest.fixture(params=["sqlite", "postgres"])
def pair(request: pytest.FixtureRequest, tmp_path) -> tuple[str, str]:
    """A database to take from, and one of the other kind to put into."""
    sqlite = f"sqlite:///{tmp_path}/one.db"
    postgres: str = request.getfixturevalue("postgres_url")
    return (sqlite, postgres) if request.param == "sqlite" else (postgres, sqlite)


async def rows(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, as their driver reads them."""
    engines = open_engines(url, "X")
    try:
        async with engines.reading.connect() as connection:
            return await _rows(connection)
    finally:
        await engines.pool.dispose()


async def _rows(connection: AsyncConnection) -> dict[str, list[tuple[Any, ...]]]:
    tables = await connection.run_sync(relational._tables)
    found = {}
    for table in tables.sorted_tables:
        what = [c.is_(null()) if isinstance(c.type, JSON) else c for c in table.columns]
        what += [c for c in table.columns if isinstance(c.type, JSON)]
        found[str(table.name)] = sorted((tuple(r) for r in await connection.execute(select(*what))), key=repr)
    return found


async def plant(url: str) -> None:
    async with opened(RegistryDatabase(url)) as database, database.write() as session:
        session.add(TypeRow(slug="press", name="Presse größer", sensors=[{"key": "t", "limits": {"h": None}}]))
        session.add(PersonRow(id="p1", username="ann", password="h", role="admin", scope="", created=2**62))
        await session.flush()
        session.add(ViewRow(id="v1", owner="p1", name="'; DROP", address='/?a="b"', shared=True, scope=""))
        made: list[tuple[str, str | None]] = [("zz", None), ("b", "zz"), ("aa", "b"), ("c", "aa")]
        for id_, parent in made:
            session.add(AssetRow(id=id_, parent=parent, kind="k", slug=id_, name="N", path=id_, labels={}, sensors=[]))
            await session.flush()


async def messages(url: str, count: int) -> None:
    async with opened(AlertingDatabase(url)) as database, database.write() as session:
        for number in range(count):
            session.add(_intent(number))
        session.add(
            NotificationRow(
                alarm_id="a", number=1, channel="c", asset="x", payload={"n": None}, created_at=1, next_at=1
            )
        )


def _intent(number: int) -> IntentRow:
    return IntentRow(alarm_id="a", number=number, event="e", at=1, channels=["x"], payload={"v": 1.5}, created_at=1)


async def moved(make: Any, pair: tuple[str, str], *, replace: bool = False) -> dict[str, Any]:
    source, target = (make(url) for url in pair)
    out = io.BytesIO()
    told = await relational.dump(source, Hashed(out))
    await relational.load(target, told["revision"], io.BytesIO(out.getvalue()), replace=replace)
    return told


async def test_a_plant_moves_to_the_other_database_and_goes_on(pair: tuple[str, str]) -> None:
    await plant(pair[0])
    told = await moved(registry, pair)
    assert told["rows"]["assets"] == 4
    assert await rows(pair[1]) == await rows(pair[0])
    async with opened(RegistryDatabase(pair[1])) as database, database.write() as session:
        session.add(AssetRow(id="new", parent="c", kind="k", slug="n", name="N", path="n", labels={}, sensors=[]))


async def test_alarms_move_and_new_messages_get_new_numbers(pair: tuple[str, str]) -> None:
    await messages(pair[0], 2500)
    told = await moved(alerting, pair)
    assert told["rows"]["intents"] == 2500
    assert await rows(pair[1]) == await rows(pair[0])
    async with opened(AlertingDatabase(pair[1])) as database, database.write() as session:
        session.add(made := _intent(9999))
        await session.flush()
        assert made.id == 2501


async def test_what_is_there_is_seen_and_replaced_where_it_is_said(pair: tuple[str, str]) -> None:
    await plant(pair[0])
    target = registry(pair[1])
    assert await relational.is_empty(target)
    async with opened(RegistryDatabase(pair[1])) as database:
        assert await relational.is_empty(target)
        async with database.write() as session:
            session.add(TypeRow(slug="mill", name="Mill", sensors=[]))
    assert not await relational.is_empty(target)
    await moved(registry, pair, replace=True)
    assert await rows(pair[1]) == await rows(pair[0])


async def test_one_that_breaks_off_leaves_what_was_there(pair: tuple[str, str]) -> None:
    await plant(pair[1])
    before = await rows(pair[1])
    broken = io.BytesIO(b'{"table":"people","columns":["id","username"]}\n["p9","x"]\n')
    with pytest.raises(SetupError, match="database of registry does not do it"):
        await relational.load(registry(pair[1]), "0001", broken, replace=True)
    assert await rows(pair[1]) == before


async def test_tables_of_a_newer_andon_are_refused(sqlite_url: str) -> None:
    with pytest.raises(SetupError, match="newer Andon"):
        await relational.load(registry(sqlite_url), "9999", io.BytesIO(b""), replace=False)


async def test_a_database_without_tables_is_none(sqlite_url: str) -> None:
    assert registry(sqlite_url).is_missing
    with pytest.raises(SetupError, match="holds no tables"):
        await relational.dump(registry(sqlite_url), Hashed(io.BytesIO()))


def test_rows_that_refer_to_none_are_refused() -> None:
    assert list(parents_first([["b", "a"], ["a", None]], 0, 1)) == [["a", None], ["b", "a"]]
    with pytest.raises(SetupError, match="refer to none"):
        list(parents_first([["b", "a"]], 0, 1))
