"""A PostgreSQL of the tests' own: one server, a fresh database for each story, whose owner may do nothing else."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import LiteralString
from urllib.parse import quote

import psycopg
from psycopg import sql

from andon.common.servers.process import ServerProcess, find_program
from andon.common.testing.ports import free_port

OWNER, PASSWORD = "andon", "p@ss/w%rd:?"
"""Of all databases; what a URL must escape is in it."""
_SETTINGS = {
    "unix_socket_directories": "",
    "shared_buffers": "16MB",
    "max_connections": "200",
    # What is acknowledged survives the end of the server, and need not survive that of the machine.
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "jit": "off",
    # Debian's looks for zones in /usr/share, where a bare system has none.
    "timezone": "GMT",
    "log_timezone": "GMT",
}
# PostgreSQL refuses to run as root, and a home of root's is closed to others: as nobody, it may still open any file.
_AS_NOBODY = ["--reuid=65534", "--regid=65534", "--clear-groups", "--securebits=+no_setuid_fixup"]
_AS_NOBODY += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]


@dataclass
class PostgresForTest:
    """A running PostgreSQL: it can be stopped, and `process` started again on the same port and data."""

    process: ServerProcess
    port: int
    _numbers: Iterator[int] = field(default_factory=count)

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """The URL of an empty database, as its owner has it."""
        name = f"story_{next(self._numbers)}"
        self.execute("CREATE DATABASE {} OWNER {}", name, OWNER)
        try:
            yield f"postgresql://{OWNER}:{quote(PASSWORD, safe='')}@127.0.0.1:{self.port}/{name}"
        finally:
            self.execute("DROP DATABASE {} WITH (FORCE)", name)

    def execute(self, statement: LiteralString, *names: str) -> None:
        """One statement as the server's own superuser, with names put in."""
        with _connect(self.port) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def stop(self) -> None:
        """At once, whoever is connected."""
        if (running := self.process.process) is not None:
            running.send_signal(signal.SIGQUIT)
            running.wait(10)


@contextmanager
def running_postgres(folder: Path) -> Iterator[PostgresForTest]:
    """A PostgreSQL with its data in `folder`, which is empty again at the end: for fixtures of any scope."""
    data, port = folder / "data", free_port()
    _initialise(data)
    (data / "postgresql.auto.conf").write_text("".join(f"{key} = '{value}'\n" for key, value in _SETTINGS.items()))
    command = [*_free(), find_program("postgres", "ANDON_POSTGRES"), "-D", str(data), "-p", str(port)]
    process = ServerProcess("PostgreSQL", command, folder / "postgres.log", lambda: _answers(port))
    process.start()
    server = PostgresForTest(process, port)
    try:
        server.execute("CREATE ROLE {} LOGIN PASSWORD '" + PASSWORD + "'", OWNER)
        yield server
    finally:
        server.stop()
        shutil.rmtree(data)


def _initialise(data: Path) -> None:
    """An empty server. Its texts are in the order of a language, as on most: what needs that of bytes fails here."""
    program = find_program("initdb", "ANDON_INITDB")
    command = [*_free(), program, "-D", str(data), "-U", "postgres", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"]
    if "--icu-locale" in subprocess.run([program, "--help"], check=True, capture_output=True, text=True).stdout:  # noqa: S603
        command += ["--locale-provider=icu", "--icu-locale=en-US"]  # 15 and newer
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command line


def _free() -> list[str]:
    """What is put before a command so that it is nobody's where we are root, and ends when this process is killed."""
    if shutil.which("setpriv") is None:
        return []
    return ["setpriv", "--pdeathsig", "QUIT", *(_AS_NOBODY if os.geteuid() == 0 else ()), "--"]


def _connect(port: int) -> psycopg.Connection:
    return psycopg.connect(host="127.0.0.1", port=port, user="postgres", connect_timeout=2, autocommit=True)


def _answers(port: int) -> bool:
    try:
        _connect(port).close()
    except psycopg.OperationalError:
        return False
    return True
