"""`andon restore`: fills an empty Andon with what a backup holds; nothing is overwritten unless it is said.

checked as a whole -> place is empty -> secrets -> streams -> databases -> InfluxDB

The services must not run meanwhile: they would work with half of it.
"""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from nats.aio.client import Client
from nats.errors import Error as NatsError

from andon.cli import lock
from andon.cli.backup import ledger, places, relational, series, streams
from andon.cli.backup.archive import Reader, reading
from andon.cli.backup.backup import HOME_FILES
from andon.cli.backup.places import Places
from andon.cli.command import andon
from andon.cli.home import Home
from andon.cli.progress import Progress, hint, say
from andon.cli.settings import UpSettings
from andon.common import secrets, subjects
from andon.common.errors import SetupError
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
            something refuses what it is given; then what is there is not whole.
        UnavailableError: InfluxDB does not answer.
    """
    home = Home(settings.home.resolve())
    progress = Progress()
    with progress.shown(), reading(file) as backup:
        with progress.step("the backup is whole"):
            await asyncio.to_thread(backup.check)
        if places.is_elsewhere(home):
            where = places.elsewhere()
            await _fill(where, backup, progress, replace=replace)
            _compare_secrets(where, backup)
            say("✓", f"All of {file.name} is there. Start the services.")
        else:
            await _fill_home(settings, home, backup, progress, replace=replace)
            say("✓", f"All of {file.name} is in {home.folder}. Start it with '{andon('up')}'.")
        for note in backup.manifest.get("notes", []):
            say("!", note)


async def _fill_home(settings: UpSettings, home: Home, backup: Reader, progress: Progress, *, replace: bool) -> None:
    home.open()
    with lock.held(home.lock, settings.ports):
        if there := [name for name in KEPT if (home.folder / name).exists()]:
            _refuse(f"{home.folder} is not empty: it has {', '.join(there)}", replace=replace)
            _put_aside(home)
        secrets.replace(home.secrets, backup.read("secrets").decode())
        for name in HOME_FILES:
            if f"home/{name}" in backup:
                secrets.replace(home.folder / name, backup.read(f"home/{name}").decode())
        async with places.servers(settings, home):
            await _fill(places.of_home(settings, home), backup, progress, replace=replace)


def _refuse(what: str, *, replace: bool) -> None:
    if not replace:
        hint = "Restore into another one (ANDON_HOME), or say --replace: of a home folder what is there is put aside."
        raise SetupError(f"{what}.", hint)


def _put_aside(home: Home) -> None:
    """Move all that belongs to the Andon that was there into a folder beside it; nothing is deleted."""
    aside = home.folder / f"before-restore-{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}"
    aside.mkdir(mode=0o700)
    for one in home.folder.iterdir():
        if one not in (home.lock, home.logs) and not one.name.startswith("before-restore-"):
            one.rename(aside / one.name)
    say("!", f"What was there lies in {aside}. Remove it once all is well.")


async def _fill(where: Places, backup: Reader, progress: Progress, *, replace: bool) -> None:
    await _see(where, backup, replace=replace)
    with progress.step("streams"):
        await _streams(where, backup)
    with progress.step("databases"):
        for store in where.stores:
            if told := backup.manifest["databases"].get(store.name):
                with backup.open(f"databases/{store.name}.ndjson") as source:
                    await relational.load(store, told["revision"], source, replace=replace)
    with progress.step("time series"):
        await _series(where, backup)


async def _see(where: Places, backup: Reader, *, replace: bool) -> None:
    """See that nothing is overwritten and nobody works, before anything is changed."""
    nc = await streams.connect(where.nats)
    try:
        if alive := await _alive(nc):
            hint = "Stop the services: on Kubernetes scale them to 0, with compose stop them."
            raise SetupError(f"Andon runs: {', '.join(alive)}.", hint)
        found = [f"stream {name}" for name in await streams.filled(nc, list(backup.manifest["streams"]))]
    finally:
        await nc.close()
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
    nc = await streams.connect(where.nats)
    try:
        for name, told in backup.manifest["streams"].items():
            with backup.open(f"streams/{name}") as source:
                await streams.load(nc, name, told, source, where.nats)
        await ledger.rejoin(nc)
    finally:
        await nc.close()


async def _series(where: Places, backup: Reader) -> None:
    influx, too_old = Influx(where.influx), 0
    try:
        for tier in TIERS:
            if told := backup.manifest["series"].get(tier.name):
                database = tier.database(where.influx.database)
                await influx.ensure_database(database, keep=told["keep"], few=tier.few)
                for name in backup.below(f"series/{tier.name}"):
                    with backup.open(name) as source:
                        too_old += await series.load(influx, database, source)
    finally:
        await influx.aclose()
    if too_old:
        say("!", f"{too_old} rows are older than InfluxDB keeps values by now, and were left out.")


def _compare_secrets(where: Places, backup: Reader) -> None:
    """Servers of one's own keep the secrets they run with; say what that means."""
    lines = backup.read("secrets").decode().splitlines()
    before = dict(line.split("=", 1) for line in lines)
    token = "ANDON_TOKEN_SECRET"  # noqa: S105 - its name
    if before.get(token) != where.secrets.get(token):
        say("!", f"{token} is not the one of the backup: people sign in again, and tokens of programs are no good.")
        hint("To keep them, give the services the secrets of the backup: tar -xOf FILE secrets")
