"""The database: one engine, reads beside each other, writes one after the other, tables brought up to date at start."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from andon.common.errors import AndonError, ConflictError, SetupError, UnavailableError

BUSY_MS = 5000
_WRITES = "writes"
MIGRATIONS = Path(__file__).parent / "migrations"


def _gone(error: Exception) -> AndonError:
    why = getattr(error, "orig", None) or error
    return UnavailableError(
        f"The database of alarms does not answer: {why}. Try again in a moment; /readyz tells when it is back"
    )


def _changed(_: Exception) -> AndonError:
    return ConflictError("This was changed by somebody else meanwhile; read it and try again")


FAILURES: dict[type[Exception], Callable[[Exception], AndonError]] = {
    OperationalError: _gone,
    InterfaceError: _gone,
    PoolTimeout: _gone,
    IntegrityError: _changed,
}
"""What of it reaches a route, and the error that people are told of instead."""


class Database:
    """Sessions on one engine. Use `open_database`."""

    def __init__(self, url: str) -> None:
        self.engine = create_async_engine(url)
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)
        self._writing = asyncio.Lock()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session to read in."""
        with _told_by_driver():
            async with self._sessions() as session:
                yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A transaction, committed at the end of the block.

        SQLite has one writer: waiting here keeps what was read in the block true until it is written. Other processes
        are kept out, too: what it reads first would else be theirs to change.
        """
        with _told_by_driver():
            async with self._writing, self._sessions.begin() as session:
                await session.connection(execution_options={_WRITES: True})
                yield session

    async def check(self) -> str:
        """What is wrong, '' when all is well."""
        try:
            async with self.engine.connect() as connection:
                await connection.execute(text("SELECT 1 FROM alarms LIMIT 1"))
        except SQLAlchemyError as error:
            return f"does not answer: {getattr(error, 'orig', None) or error}"
        return ""


@contextmanager
def _told_by_driver() -> Iterator[None]:
    """A server that cannot be connected to fails as a lock does: asyncpg raises what the socket did, and jobs ended."""
    try:
        yield
    except OSError as error:
        raise OperationalError("connect", None, error) from error


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[Database]:
    """The database at `url` with its tables up to date.

    Raises:
        SetupError: it cannot be opened.
    """
    location = make_url(url)
    database = Database(url)
    if location.get_backend_name() == "sqlite":
        event.listen(database.engine.sync_engine, "connect", _set_pragmas)
        event.listen(database.engine.sync_engine, "begin", _begin)
    try:
        if location.get_backend_name() == "sqlite" and location.database:
            Path(location.database).parent.mkdir(parents=True, exist_ok=True)
        async with database.engine.begin() as connection:
            await connection.run_sync(_upgrade)
    except (SQLAlchemyError, OSError) as error:
        await database.engine.dispose()
        raise SetupError(
            f"The database {location.render_as_string()} cannot be opened: {error}.",
            "Check ANDON_ALERTING_DATABASE_URL and the rights on its folder.",
        ) from error
    try:
        yield database
    finally:
        await database.engine.dispose()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _set_pragmas(connection: Any, _: object) -> None:
    connection.isolation_level = None  # Python's driver would begin no transaction before the first change
    cursor = connection.cursor()
    # An acknowledged batch must survive a power cut, so every commit reaches the disk (FULL).
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={BUSY_MS}", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
