"""What registry and alerting keep, as rows that SQLite and PostgreSQL take alike.

A backup of the one can be restored into the other. All of a database is read as of one moment, and written in one
transaction: either all of it is there, or nothing.
"""

import base64
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import orjson
from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import JSON, Column, Connection, LargeBinary, MetaData, Table, Text, cast, func, insert, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from andon.cli.backup.archive import Hashed
from andon.common.errors import SetupError
from andon.common.sql import Engines, located, open_engines, said

VERSIONS = "alembic_version"
AT_ONCE = 1000
"""Rows that are read, or written, together."""


@dataclass(frozen=True)
class Store:
    """A service's database. setting: names the one; migrations: where Alembic finds how its tables are made."""

    name: str
    url: str
    setting: str
    migrations: str

    @asynccontextmanager
    async def engines(self) -> AsyncIterator[Engines]:
        """Doors to it, closed at the end.

        Raises:
            SetupError: it does not answer, or refuses.
        """
        engines = open_engines(self.url, self.setting)
        try:
            yield engines
        except (SQLAlchemyError, OSError) as error:
            hint = f"Check {self.setting}, and that its owner is asked for."
            raise SetupError(f"The database of {self.name} does not do it: {said(error)}.", hint) from error
        finally:
            await engines.pool.dispose()

    @property
    def is_missing(self) -> bool:
        """Whether it is a file that is not there yet."""
        file = located(self.url)
        return file.get_backend_name() == "sqlite" and not Path(file.database or "").exists()


async def dump(store: Store, out: Hashed) -> dict[str, Any]:
    """Write all rows as lines of JSON; what the manifest tells: revision of the tables, and rows of each.

    Raises:
        SetupError: the database does not answer, or holds no tables.
    """
    async with store.engines() as engines, engines.reading.connect() as connection:
        tables = await connection.run_sync(_tables)
        if VERSIONS not in tables.tables:
            raise SetupError(f"The database of {store.name} holds no tables.", f"Is {store.setting} the right one?")
        revision = await connection.scalar(select(tables.tables[VERSIONS].c.version_num))
        rows = {str(table.name): await _dump(connection, table, out) for table in _ordered(tables)}
        return {"database": connection.dialect.name, "revision": revision, "rows": rows}


async def _dump(connection: AsyncConnection, table: Table, out: Hashed) -> int:
    out.write(orjson.dumps({"table": str(table.name), "columns": [str(c.name) for c in table.columns]}) + b"\n")
    count = 0
    found = await connection.stream(select(*(cast(c, Text) if _is_json(c) else c for c in table.columns)))
    async for rows in found.partitions(AT_ONCE):
        out.write(b"".join(orjson.dumps(list(row), default=_bytes) + b"\n" for row in rows))
        count += len(rows)
    return count


def _bytes(value: object) -> dict[str, str]:
    if isinstance(value, bytes | memoryview):
        return {"base64": base64.b64encode(value).decode()}
    raise TypeError(f"{type(value).__name__} has no form in a backup")


async def load(store: Store, revision: str, source: IO[bytes], *, replace: bool) -> None:
    """Write all rows that `dump` wrote, into tables as they were then; the service brings them up to date.

    Raises:
        SetupError: the database does not answer or is not empty, or the tables are of a newer Andon.
    """
    async with store.engines() as engines:
        _make_folder(engines)
        async with engines.migrating.begin() as connection:
            await connection.run_sync(_make_tables, store, revision, replace)
            tables = await connection.run_sync(_tables)
            for table in reversed(_ordered(tables)):
                await connection.execute(table.delete())  # what making the tables has put into them
            for name, columns, rows in _sections(source):
                await _load(connection, tables.tables[name], columns, rows)
            if connection.dialect.name == "postgresql":
                for table in _ordered(tables):
                    await _count_on(connection, table)


async def is_empty(store: Store) -> bool:
    """Whether nothing would be lost if it were replaced.

    Raises:
        SetupError: it does not answer.
    """
    if store.is_missing:
        return True
    async with store.engines() as engines, engines.reading.connect() as connection:
        for table in _ordered(await connection.run_sync(_tables)):
            if (await connection.execute(select(1).select_from(table).limit(1))).first():
                return False
    return True


def _make_folder(engines: Engines) -> None:
    location = engines.pool.url
    if location.get_backend_name() == "sqlite" and location.database:
        Path(location.database).parent.mkdir(parents=True, exist_ok=True)


def _make_tables(connection: Connection, store: Store, revision: str, replace: bool) -> None:  # noqa: FBT001 - run_sync
    if replace:
        _tables(connection).drop_all(connection)
    config = Config()
    config.set_main_option("script_location", store.migrations)
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except CommandError as error:
        hint = "Restore it with that one, or with a newer one."
        raise SetupError(f"The backup of {store.name} is of a newer Andon: {error}.", hint) from None


def _tables(connection: Connection) -> MetaData:
    found = MetaData()
    found.reflect(connection)
    return found


def _ordered(tables: MetaData) -> list[Table]:
    """Those that others refer to come first."""
    return [table for table in tables.sorted_tables if table.name != VERSIONS]


def _is_json(column: Column[Any]) -> bool:
    return isinstance(column.type, JSON)


def _sections(source: IO[bytes]) -> Iterator[tuple[str, list[str], Iterator[list[Any]]]]:
    """Each table with its columns and its rows, which must be taken before the next table is."""
    lines = _Lines(source)
    while head := lines.head():
        yield head["table"], head["columns"], lines.rows()


class _Lines:
    """Lines of a dump, of which the next one can be looked at."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._next: Any = self._read()

    def _read(self) -> Any:
        line = self._source.readline()
        return orjson.loads(line) if line else None

    def head(self) -> dict[str, Any] | None:
        found, self._next = self._next, self._read()
        return dict(found) if found else None

    def rows(self) -> Iterator[list[Any]]:
        while isinstance(self._next, list):
            yield self._next
            self._next = self._read()


async def _load(connection: AsyncConnection, table: Table, columns: list[str], rows: Iterable[list[Any]]) -> None:
    for name in columns:
        if _is_json(table.c[name]):
            table.c[name].type = JSON(none_as_null=True)
    own = next((c for c in table.columns if any(k.column.table is table for k in c.foreign_keys)), None)
    if own is not None:
        (key,) = (k.column.name for k in own.foreign_keys)
        rows = parents_first(list(rows), columns.index(key), columns.index(own.name))
    some = list[dict[str, Any]]()
    for row in rows:
        some.append({name: _value(table.c[name], value) for name, value in zip(columns, row, strict=True)})
        if len(some) == AT_ONCE:
            await connection.execute(insert(table), some)
            some = []
    if some:
        await connection.execute(insert(table), some)


def parents_first(rows: list[list[Any]], key: int, parent: int) -> Iterator[list[Any]]:
    """The rows of a tree, none before the one it refers to; `key` and `parent` are the places of both in a row."""
    placed, left = {None}, rows
    while left:
        now = [row for row in left if row[parent] in placed]
        if not now:
            raise SetupError("The backup has rows that refer to none.", "Take another backup.")
        yield from now
        placed.update(row[key] for row in now)
        left = [row for row in left if row[key] not in placed]


def _value(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if _is_json(column):
        found = orjson.loads(value)
        return JSON.NULL if found is None else found
    if isinstance(column.type, LargeBinary):
        return base64.b64decode(value["base64"])
    return value


async def _count_on(connection: AsyncConnection, table: Table) -> None:
    """Let PostgreSQL number new rows behind those that have come."""
    for column in table.primary_key:
        sequence = await connection.scalar(select(func.pg_get_serial_sequence(f'"{table.name}"', column.name)))
        if sequence:
            most = await connection.scalar(select(func.max(column)))
            await connection.execute(
                text("SELECT setval(:sequence, :number, :used)"),
                {"sequence": sequence, "number": most or 1, "used": most is not None},
            )
