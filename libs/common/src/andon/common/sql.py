"""SQL databases: SQLite in a file, or PostgreSQL. One law for both: a read sees one moment, and one writes at a time.

What a transaction reads before it writes is therefore true until it is written, whoever else is at the database:
other tasks, other processes, other machines. SQLite has one writer by itself (`BEGIN IMMEDIATE`); on PostgreSQL writers
queue for an advisory lock, which ends with their transaction.
"""

import asyncio
import sqlite3
from time import monotonic
from typing import Any, NamedTuple

from sqlalchemy import Connection, event, inspect
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import await_only

from andon.common.errors import SetupError

BUSY_MS = 5000
"""How long a writer waits for its turn."""
STILL_MS = 30_000
"""A writer that stands still between two statements is thrown out by PostgreSQL after this long: it was stopped. A busy
machine must not be taken for that; one that is gone is noticed by the keepalives."""
MIGRATION_MS = 60_000
"""How long one of several that start at once waits for another to bring the tables up to date."""

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
# A server that is gone without a word is noticed within seconds; an URL may say otherwise (libpq's words).
_PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "fallback_application_name": "andon",
}
_WRITES = "writes"
_TURN_AGAIN_S = 0.02
_LOCK = 0x616E646F6E  # "andon"; locks of different databases have nothing to do with each other
# PostgreSQL reads the list from left to right: when it comes to the lock, the wait for it has its limit.
_ONE_WRITER = """SELECT set_config('lock_timeout', '{patience}', true),
 set_config('idle_in_transaction_session_timeout', '{still}', true), set_config('tcp_keepalives_idle', '5', true),
 set_config('tcp_keepalives_interval', '2', true), set_config('tcp_keepalives_count', '3', true),
 pg_advisory_xact_lock({lock})"""


class Engines(NamedTuple):
    """Doors to one pool of connections.

    reading: each transaction sees one moment, and cannot write. writing: each waits for its turn, and sees all that was
    written before. migrating: the same, with more patience.
    """

    pool: AsyncEngine
    reading: AsyncEngine
    writing: AsyncEngine
    migrating: AsyncEngine


def open_engines(url: str, setting: str) -> Engines:
    """The engines of the database at `url`; nothing is connected yet.

    `postgresql://user:password@host/name` and `sqlite:///file` are enough: the driver is ours to know.

    Raises:
        SetupError: it is no URL of a database that can be used; names `setting`.
    """
    try:
        location = located(url)
        pool = _sqlite(location) if location.get_backend_name() == "sqlite" else _postgresql(location)
    except (ArgumentError, ImportError, ValueError) as error:
        hint = f"Set {setting} to one like postgresql://user:password@host/name or sqlite:////folder/name.db."
        raise SetupError(f"The database has no usable URL: {error}.", hint) from None
    event.listen(pool.sync_engine, "begin", _on_begin)
    one_moment: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    return Engines(
        pool,
        pool if pool.dialect.name == "sqlite" else pool.execution_options(**one_moment),
        pool.execution_options(**{_WRITES: BUSY_MS}),
        pool.execution_options(**{_WRITES: MIGRATION_MS}),
    )


def refuse_foreign(connection: Connection, table: str, setting: str) -> None:
    """Refuse a database that has tables with versions already, and not `table`: each service numbers its own.

    Raises:
        SetupError: it is another's; names `setting`.
    """
    names = inspect(connection).get_table_names()
    if "alembic_version" in names and table not in names:
        raise SetupError(
            f"The database {connection.engine.url.render_as_string()} is another service's.",
            f"Create one of its own, and set {setting} to it.",
        )


def said(error: BaseException) -> str:
    """What a driver said. Its first line: those that follow may quote what others have written."""
    return str(getattr(error, "orig", None) or error).partition("\n")[0]


def _sqlite(location: URL) -> AsyncEngine:
    engine = create_async_engine(location)
    event.listen(engine.sync_engine, "connect", _on_connect)
    return engine


def _postgresql(location: URL) -> AsyncEngine:
    own = {name: value for name, value in _PATIENCE.items() if name not in location.query}
    # Each statement sees the moment it begins at. That of the whole transaction would be the one before the lock.
    engine = create_async_engine(location, pool_pre_ping=True, connect_args=own, isolation_level="READ COMMITTED")
    event.listen(engine.sync_engine, "handle_error", _on_error)
    return engine


def located(url: str) -> URL:
    """A URL with the driver that is used.

    Raises:
        ArgumentError: it is no URL, or that of another kind of database.
    """
    location = make_url(url)
    name = location.drivername.partition("+")[0]
    if name not in _DRIVERS:
        raise ArgumentError(f"'{name}' is neither postgresql nor sqlite")
    return location.set(drivername=_DRIVERS[name])


def _on_connect(connection: Any, _: object) -> None:
    connection.isolation_level = None  # SQLite's driver would begin late, and not at all around table changes
    cursor = connection.cursor()
    try:
        # An acknowledged batch must survive a power cut, so every commit reaches the disk (FULL).
        for pragma in ("synchronous=FULL", f"busy_timeout={BUSY_MS}", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        _turn_to_wal(cursor)
        cursor.close()
    except BaseException:  # also of who is stopped while it waits
        connection.close()  # SQLAlchemy does not know it yet, and its thread would keep the process from ending
        raise


def _turn_to_wal(cursor: Any) -> None:
    """SQLite does not wait for who writes to a file that is yet to be turned, whatever the busy timeout: so we do."""
    last = monotonic() + MIGRATION_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > last:
                raise
            await_only(asyncio.sleep(_TURN_AGAIN_S))
        else:
            return


def _on_begin(connection: Connection) -> None:
    patience = connection.get_execution_options().get(_WRITES)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if patience else "BEGIN")
    elif patience:
        connection.exec_driver_sql(_ONE_WRITER.format(patience=patience, still=STILL_MS, lock=_LOCK))


def _on_error(context: ExceptionContext) -> None:
    """A session that is of no use any more is like one that is gone: another may do.

    PostgreSQL says that of a writer that stood still and was thrown out (25P03), and of a server that is no more the
    one to write to (25006), in the words for a mistake of ours.
    """
    state = getattr(context.original_exception, "sqlstate", None)
    writes = context.connection is not None and _WRITES in context.connection.get_execution_options()
    if state == "25P03" or (state == "25006" and writes):
        context.is_disconnect = True
        raise OperationalError(context.statement, context.parameters, context.original_exception)
