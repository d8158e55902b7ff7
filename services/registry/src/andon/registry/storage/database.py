"""The database: SQLite by default, PostgreSQL by its URL. `migrate` brings it up to date at start."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from andon.common import jobs
from andon.common.errors import ConflictError, InvalidError, SetupError, UnavailableError
from andon.common.sql import open_engines, refuse_foreign, said

GONE = (OperationalError, InterfaceError, PoolTimeout, OSError)
"""What is raised when the database is locked or away, or all connections to it are in use."""

SETTING = "ANDON_REGISTRY_DATABASE_URL"
HINT = f"Check {SETTING}, the rights on it, and that nobody keeps it locked."
TRIAL_SECONDS = 1.0
"""A check answers after this long at the latest; a writer waits longer for its turn."""
_NO_CHANGE = "UPDATE alembic_version SET version_num = version_num WHERE 1 = 0"
"""Writes nothing, where one could."""


class Database:
    """One database. `read` and `write` each give a session with one transaction.

    Raises:
        SetupError: the URL is none, or its driver is not installed.
    """

    def __init__(self, url: str) -> None:
        self.engine, reading, writing, self._migrating = open_engines(url, SETTING)
        self._readers = async_sessionmaker(reading, expire_on_commit=False)
        self._writers = async_sessionmaker(writing, expire_on_commit=False)
        self._one_writer = asyncio.Lock()
        self._trial: asyncio.Task[str] | None = None

    async def migrate(self) -> None:
        """Create the tables, or bring them up to date; of several that start at once the first one does.

        Raises:
            SetupError: the database cannot be opened, or a newer Andon has been at it.
        """
        database = self.engine.url.database
        try:
            if self.engine.dialect.name == "sqlite" and database:
                Path(database).parent.mkdir(parents=True, exist_ok=True)
            async with self._migrating.begin() as connection:
                await connection.run_sync(upgrade)
        except (DatabaseError, InterfaceError, OSError) as error:
            raise SetupError(f"The registry's database '{database}' cannot be opened: {said(error)}.", HINT) from error
        except CommandError as error:
            hint = "Use that version, or restore a backup."
            raise SetupError(f"The registry's database is of a newer Andon: {error}.", hint) from error

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session that only reads; all of it as of one moment.

        Raises:
            InvalidError: what was looked for is no text, or no number, to it.
            UnavailableError: the database is locked or gone.
        """
        try:
            async with self._readers() as session:
                yield session
        except DataError as error:
            raise InvalidError(f"The database cannot look for this: {said(error)}") from error
        except GONE as error:
            raise UnavailableError(f"The database does not answer: {said(error)}") from error

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A session whose changes are kept together when the block ends well, and dropped otherwise.

        One writes at a time, of all tasks and processes: what was read in the block stays true until it is written.

        Raises:
            ConflictError: somebody else changed the same thing meanwhile.
            InvalidError: a text or a number that it cannot keep.
            UnavailableError: the database is locked or gone.
        """
        try:
            async with self._one_writer, self._writers.begin() as session:
                await session.connection()  # its turn has come when the block begins
                yield session
        except IntegrityError as error:
            raise ConflictError("This was changed by somebody else meanwhile; read it and try again") from error
        except DataError as error:
            raise InvalidError(f"The database cannot keep this: {said(error)}") from error
        except GONE as error:
            raise UnavailableError(f"The database does not answer: {said(error)}") from error

    async def check(self) -> str:
        """What is wrong with the database, or ''. Unless somebody is writing, it is tried whether one could."""
        if self._trial is None or self._trial.done():
            self._trial = asyncio.create_task(self._try(), name="try the database")
        await asyncio.wait({self._trial}, timeout=TRIAL_SECONDS)
        return self._trial.result() if self._trial.done() else "The database does not answer; does somebody lock it?"

    async def _try(self) -> str:
        try:
            if self._one_writer.locked():
                async with self.read() as session:
                    await session.execute(text("SELECT 1"))
            else:
                async with self.write() as session:
                    await session.execute(text(_NO_CHANGE))
        except UnavailableError as error:
            return str(error)
        return ""

    async def aclose(self) -> None:
        """Close all connections."""
        if self._trial is not None:
            await jobs.end(self._trial)
        await self.engine.dispose()


def upgrade(connection: Connection) -> None:
    """Run the migrations that are still missing."""
    refuse_foreign(connection, "machine_types", SETTING)
    config = Config()
    config.set_main_option("script_location", "andon.registry:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
