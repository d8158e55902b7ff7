"""The database: one pool, reads beside each other, writes one after the other, tables brought up to date at start."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from andon.common.errors import AndonError, ConflictError, InvalidError, SetupError, UnavailableError
from andon.common.sql import open_engines, refuse_foreign, said

PATIENCE_SECONDS = 10.0
SETTING = "ANDON_ALERTING_DATABASE_URL"
MIGRATIONS = Path(__file__).parent / "migrations"


def _gone(error: Exception) -> AndonError:
    return UnavailableError(
        f"The database of alarms does not answer: {said(error)}. Try again in a moment; /readyz tells when it is back"
    )


def _changed(_: Exception) -> AndonError:
    return ConflictError("This was changed by somebody else meanwhile; read it and try again")


def _unfit(error: Exception) -> AndonError:
    return InvalidError(f"The database cannot keep this, or look for it: {said(error)}")


GONE = (OperationalError, InterfaceError, PoolTimeout)
"""The database is away, or has no connection left: to be tried again."""
FAILURES: dict[type[Exception], Callable[[Exception], AndonError]] = {
    OperationalError: _gone,
    InterfaceError: _gone,
    PoolTimeout: _gone,
    IntegrityError: _changed,
    DataError: _unfit,
}
"""What of it reaches a route, and the error that people are told of instead."""


class Database:
    """Sessions on one pool. Use `open_database`."""

    def __init__(self, url: str) -> None:
        self.engine, reading, writing, self._migrating = open_engines(url, SETTING)
        self._readers = async_sessionmaker(reading, expire_on_commit=False)
        self._writers = async_sessionmaker(writing, expire_on_commit=False)
        self._writing = asyncio.Lock()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session to read in; all of it as of one moment."""
        async with self._readers() as session:
            yield session

    @asynccontextmanager
    async def write(self, patience: float | None = None) -> AsyncIterator[AsyncSession]:
        """A transaction, committed at the end of the block.

        One writes at a time, of all tasks and processes: what was read in the block stays true until it is written.
        patience: seconds to wait for those before it in this process; None for as long as it takes.

        Raises:
            UnavailableError: they took longer.
        """
        try:
            async with asyncio.timeout(patience):
                await self._writing.acquire()
        except TimeoutError:
            raise UnavailableError("Others are writing alarms and rules just now; try again in a moment") from None
        try:
            async with self._writers.begin() as session:
                await session.connection()  # its turn has come when the block begins
                yield session
        finally:
            self._writing.release()

    async def migrate(self) -> None:
        """Bring the tables up to date; of several that start at once the first one does.

        Raises:
            SetupError: the database cannot be opened, is another service's, or a newer Andon has been at it.
        """
        url = self.engine.url
        try:
            if self.engine.dialect.name == "sqlite" and url.database:
                Path(url.database).parent.mkdir(parents=True, exist_ok=True)
            async with self._migrating.begin() as connection:
                await connection.run_sync(_upgrade)
        except (SQLAlchemyError, OSError) as error:
            why = f"The database {url.render_as_string()} cannot be opened: {said(error)}."
            raise SetupError(why, f"Check {SETTING}, the rights on it, and that nobody keeps it locked.") from error
        except CommandError as error:
            hint = "Use that version, or restore a backup."
            raise SetupError(f"The database of alarms is of a newer Andon: {error}.", hint) from error

    async def check(self) -> str:
        """What is wrong, '' when all is well."""
        try:
            async with self.engine.connect() as connection:
                await connection.execute(text("SELECT 1 FROM alarms LIMIT 1"))
        except SQLAlchemyError as error:
            return f"does not answer: {said(error)}"
        return ""


class Impatient:
    """The database as routes have it: who queues to write while somebody holds it does not wait for all before."""

    def __init__(self, database: Database) -> None:
        self.read = database.read
        self.write = partial(database.write, PATIENCE_SECONDS)


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[Database]:
    """The database at `url` with its tables up to date.

    Raises:
        SetupError: it cannot be used.
    """
    database = Database(url)
    try:
        await database.migrate()
        yield database
    finally:
        await database.engine.dispose()


def _upgrade(connection: Connection) -> None:
    refuse_foreign(connection, "alarms", SETTING)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
