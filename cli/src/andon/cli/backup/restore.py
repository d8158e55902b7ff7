"""`andon restore`: fills an empty Andon with what a backup holds; nothing is overwritten unless it is said.

checked as a whole -> place is empty -> secrets -> streams -> databases -> InfluxDB

The services must not run meanwhile: they would work with half of it. A home folder is filled aside (`staging.py`).
"""

import asyncio
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from nats.aio.client import Client
from nats.errors import Error as NatsError

from andon.cli import lock
from andon.cli.backup import ledger, places, relational, series, staging, streams
from andon.cli.backup.archive import Reader, reading
from andon.cli.backup.backup import HOME_FILES
from andon.cli.backup.places import Places
from andon.cli.command import andon
from andon.cli.home import Home
from andon.cli.progress import Progress, hint, say
from andon.cli.settings import UpSettings
from andon.common import secrets, subjects
from andon.common.errors import SetupError, UnavailableError
from andon.common.influx import Influx
from andon.query.tiers.tiers import TIERS

HEAR_SECONDS = 3.0
"""A service that lives says so once a second."""
KEPT = ("secrets", "admin-password", "nats", "influxdb", "registry.db", "alerting.db")
"""What of a home folder tells that somebody works with it."""


async def restore(settings: UpSettings, file: Path, *, replace: bool) -> None:
    """Restore a backup: into the home folder, or into the servers that the environment names.

    Raises:
        SetupError: the backup is not whole, or the place is not empty, or a service runs; nothing is changed then. Or
            something refuses what it is given; then a home folder is as it was, and what is in servers is not whole.
    """
    home = Home(settings.home.resolve())
    progress = Progress()
    with progress.shown(), reading(file) as backup:
        with progress.step("the backup is whole"):
            await asyncio.to_thread(backup.check)
        found = _secrets(backup)
        if places.is_elsewhere(home):
            where = places.elsewhere()
            await _fill_servers(where, backup, progress, replace=replace)
            _compare_secrets(where, found)
            say("✓", f"All of {file.name} is there. Start the services.")
        else:
            await _fill_home(settings, home, backup, progress, replace=replace)
            say("✓", f"All of {file.name} is in {home.folder}. Start it with '{andon('up')}'.")
        for note in backup.manifest.get("notes", []):
            say("!", note)


async def _fill_servers(where: Places, backup: Reader, progress: Progress, *, replace: bool) -> None:
    with _broken_off("Nothing was changed."):
        await _see(where, backup, replace=replace)
    with _broken_off(
        "What the servers hold now is not whole: restore again with --replace, before you start services."
    ):
        await _fill(where, backup, progress, replace=replace)


async def _fill_home(settings: UpSettings, home: Home, backup: Reader, progress: Progress, *, replace: bool) -> None:
    own = secrets.known(_secrets(backup))
    home.open()
    with lock.held(home.lock, settings.ports), _broken_off(f"{home.folder} is as it was."):
        if there := [name for name in KEPT if (home.folder / name).exists()]:
            _refuse(f"{home.folder} is not empty: it has {', '.join(there)}", replace=replace)
        with staging.staged(home) as stage:
            secrets.write(stage.secrets, own | secrets.missing(own))
            for name in HOME_FILES:
                if f"home/{name}" in backup:
                    secrets.replace(stage.folder / name, backup.read(f"home/{name}").decode(errors="replace"))
            room = stage.room()
            async with places.servers(settings, stage, room):
                where = places.of_home(settings, stage, room)
                await _see(where, backup, replace=replace)
                await _fill(where, backup, progress, replace=replace)


def _secrets(backup: Reader) -> dict[str, str]:
    """Those of the backup; of a home folder they become the environment of processes.

    Raises:
        SetupError: there is something else among them.
    """
    found = secrets.parse(backup.read("secrets").decode(errors="replace"))
    if strange := sorted(found.keys() - set(places.SECRETS)):
        hint = "Andon has written none of it: restore no file that others may have changed."
        raise SetupError(f"The backup's secrets have what is none: {', '.join(strange)}.", hint)
    return found


@contextmanager
def _broken_off(left: str) -> Iterator[None]:
    """Say of what fails, and of what is broken off, how it leaves the place."""
    try:
        yield
    except asyncio.CancelledError:
        say("!", left)
        raise
    except SetupError as error:
        raise SetupError(str(error), f"{error.hint}\n{left}".strip()) from None
    except (UnavailableError, OSError, tarfile.TarError) as error:
        raise SetupError(f"It was broken off: {error}.".replace("..", "."), left) from None


def _refuse(what: str, *, replace: bool) -> None:
    if not replace:
        hint = "Restore into another one (ANDON_HOME), or say --replace: of a home folder what is there is put aside."
        raise SetupError(f"{what}.", hint)


async def _fill(where: Places, backup: Reader, progress: Progress, *, replace: bool) -> None:
    with progress.step("streams"):
        await _streams(where, backup)
    with progress.step("databases"):
        for store in where.stores:
            if told := backup.manifest["databases"].get(store.name):
                with backup.open(f"databases/{store.name}.ndjson") as source:
                    await relational.load(store, told["revision"], source, replace=replace)
    with progress.step("time series") as at:
        await _series(where, backup, at)


async def _see(where: Places, backup: Reader, *, replace: bool) -> None:
    """See that nothing is overwritten and nobody works, before anything is changed."""
    async with streams.connected(where.nats) as nc:
        if alive := await _alive(nc):
            hint = "Stop the services: on Kubernetes scale them to 0, with compose stop them."
            raise SetupError(f"Andon runs: {', '.join(alive)}.", hint)
        found = [f"stream {name}" for name in await streams.filled(nc, list(backup.manifest["streams"]))]
    found += [f"database of {store.name}" for store in where.stores if not await relational.is_empty(store)]
    influx = Influx(where.influx)
    try:
        for tier in TIERS:
            database = tier.database(where.influx.database)
            if not await series.is_empty(influx, database):
                found.append(f"InfluxDB's database '{database}'")
    finally:
        await influx.aclose()
    if found:
        _refuse(f"It is not empty: {', '.join(found)}", replace=replace)


async def _alive(nc: Client) -> list[str]:
    """Services that say so."""
    heard, found = await nc.subscribe(subjects.HEALTH_ALL), set[str]()
    end = asyncio.get_running_loop().time() + HEAR_SECONDS
    try:
        while (left := end - asyncio.get_running_loop().time()) > 0:
            found.add((await heard.next_msg(timeout=left)).subject.rpartition(".")[2])
    except (NatsError, TimeoutError):
        pass  # it is quiet
    await heard.unsubscribe()
    return sorted(found)


async def _streams(where: Places, backup: Reader) -> None:
    async with streams.connected(where.nats) as nc:
        for name, told in backup.manifest["streams"].items():
            with backup.open(f"streams/{name}") as source:
                await streams.load(nc, name, told, source, where.nats)
        await ledger.rejoin(nc)


async def _series(where: Places, backup: Reader, at: Callable[[str], None]) -> None:
    influx, refused = Influx(where.influx), Counter[str]()
    try:
        for tier in TIERS:
            if told := backup.manifest["series"].get(tier.name):
                database = tier.database(where.influx.database)
                await influx.ensure_database(database, keep=told["keep"], few=tier.few)
                names = backup.below(f"series/{tier.name}")
                for number, name in enumerate(names):
                    at(f"{database}, {number} of {len(names)} pieces")
                    with backup.open(name) as source:
                        refused += await series.load(influx, database, source)
    finally:
        await influx.aclose()
    for why, count in refused.items():
        say("!", f"{count} rows {why}, and were left out.")


def _compare_secrets(where: Places, before: Mapping[str, str]) -> None:
    """Servers of one's own keep the secrets they run with; say what that means."""
    token = "ANDON_TOKEN_SECRET"  # noqa: S105 - its name
    if before.get(token) != where.secrets.get(token):
        say("!", f"{token} is not the one of the backup: people sign in again, and tokens of programs are no good.")
        hint("To keep them, give the services the secrets of the backup: tar -xOf FILE secrets")
