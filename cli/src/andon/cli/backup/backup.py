"""`andon backup`: everything an Andon keeps, in one file, while it goes on working. Read this first.

broker settled -> ledger, TELEMETRY -> other streams -> databases -> stored -> InfluxDB -> secrets -> manifest

The order is that of a reading's path. What a stream's readers had acknowledged when it was taken is in the stores taken
after it; what they had not comes to them again from the stream, and is stored to the same effect. So nothing that was
acknowledged before the backup began is missing from it (decision 0036).
"""

import asyncio
import io
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from time import monotonic
from typing import Any

from andon.cli import lock
from andon.cli.backup import broker, ledger, older, places, relational, series, streams
from andon.cli.backup.archive import Hashed, Writer, writing
from andon.cli.backup.places import Places
from andon.cli.backup.stored import stored
from andon.cli.home import Home
from andon.cli.progress import Progress, say
from andon.cli.settings import UpSettings
from andon.common import subjects
from andon.common.errors import SetupError, UnavailableError
from andon.common.influx import Influx
from andon.query.tiers.tiers import TIERS

HOME_FILES = ("admin-password", "simulator-password", "demo-loaded")


class _Gap(Exception):  # noqa: N818 - no error: it is tried again
    """Between account and stream batches are missing that were taken out meanwhile."""


async def backup(settings: UpSettings, place: Path, *, keep: int = 0) -> None:
    """Write a backup to `place`: a file, or a folder in which it gets a name by its time.

    keep: how many of the folder stay, the newest ones; 0: all.

    Raises:
        SetupError: something does not answer or the file cannot be written; there is none then.
    """
    home = Home(settings.home.resolve())
    folder = place if place.is_dir() else None
    if keep and folder is None:
        raise SetupError(f"{place} is no folder.", "Say --keep with a folder, in which each backup gets a name.")
    if folder:
        place /= f"andon-{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}.tar"
        older.remove_left(folder)
    begun = monotonic()
    try:
        await _of_any(settings, home, place)
    except UnavailableError as error:
        raise SetupError(f"{error}.".replace("..", "."), "Check ANDON_INFLUX_URL, and try again.") from None
    except asyncio.CancelledError:
        say("!", "Broken off: no backup was written.")
        raise
    say("✓", f"{place} ({place.stat().st_size / 10**6:,.1f} MB, {monotonic() - begun:.0f} s)")
    say("!", "It holds passwords and keys: keep it where only those read it who may be admin.")
    if folder and keep:
        for gone in older.remove(folder, keep):
            say("·", f"{gone.name} was removed: {keep} are kept.")


async def _of_any(settings: UpSettings, home: Home, place: Path) -> None:
    if places.is_elsewhere(home):
        await _write(places.elsewhere(), place, None)
    elif not home.secrets.exists():
        raise SetupError(f"There is no Andon in {home.folder}.", "Set ANDON_HOME, or name its servers: see configure.")
    elif places.runs(home):
        await _write(places.of_home(settings, home, places.any_room(home)), place, home)
    else:
        with lock.held(home.lock, settings.ports):
            room = places.any_room(home)
            async with places.servers(settings, home, room):
                await _write(places.of_home(settings, home, room), place, home, at_work=False)


async def _write(where: Places, place: Path, home: Home | None, *, at_work: bool = True) -> None:
    """at_work: whether there may be an ingest, so that what waits for it is waited for."""
    progress = Progress()
    with progress.shown(), writing(place) as writer:
        writer.manifest |= {"andon": version("andon"), "began": datetime.now(UTC).isoformat(), "notes": []}
        with progress.step("streams"):
            await _settled(where, writer, broker.PATIENCE_SECONDS if at_work else 0)
            await _streams(where, writer)
        with progress.step("databases"):
            await _databases(where, writer)
        with progress.step("time series") as at:
            if at_work:
                await _stored(where, writer)
            await _series(where, writer, at)
        _files(where, writer, home)
        writer.manifest["ended"] = datetime.now(UTC).isoformat()


def _note(writer: Writer, text: str) -> None:
    """Tell now, and who restores it."""
    writer.manifest["notes"].append(text)
    say("!", text)


async def _settled(where: Places, writer: Writer, patience: float) -> None:
    system = await streams.connect_as(where.nats, "sys", where.system.password.get_secret_value())
    try:
        left = await broker.settled(system, patience)
    finally:
        await system.close()
    if left:
        _note(
            writer, f"{left} messages waited at the broker, for ingest did not take them; they are not in the backup."
        )


async def _stored(where: Places, writer: Writer) -> None:
    async with streams.connected(where.nats) as nc:
        behind = await stored(nc.jetstream(), where.nats.partitions)
    if behind:
        _note(writer, f"InfluxDB was {behind} batches behind; what came in while the backup was made may be missing.")


async def _streams(where: Places, writer: Writer) -> None:
    told = writer.manifest["streams"] = {}
    async with streams.connected(where.nats) as nc:
        writer.manifest["nats"] = str(nc.connected_server_version)
        names = await streams.names(nc)
        if subjects.TELEMETRY in names:
            told |= await _telemetry(nc, writer, names)
        for name in names:
            if name not in told:
                with writer.member(f"streams/{name}") as out:
                    told[name] = await streams.dump(nc, name, out)


async def _telemetry(nc: Any, writer: Writer, names: list[str]) -> dict[str, Any]:
    """The ledger's account and the telemetry stream, without a gap between the two."""
    for _ in range(ledger.TRIES):
        at, account, told = await ledger.counted(nc), io.BytesIO(), dict[str, Any]()
        if streams.LEDGER in names:
            told[streams.LEDGER] = await streams.dump(nc, streams.LEDGER, Hashed(account))

        def accept(state: dict[str, Any], at: int = at) -> None:
            if at and not ledger.is_gapless(at, state["first_seq"]):
                raise _Gap

        try:
            with writer.member(f"streams/{subjects.TELEMETRY}") as out:
                told[subjects.TELEMETRY] = await streams.dump(nc, subjects.TELEMETRY, out, accept)
        except _Gap:
            continue
        if streams.LEDGER in told:
            writer.add(f"streams/{streams.LEDGER}", account.getvalue())
        return told
    raise SetupError(
        "The ledger's account does not follow the telemetry stream.", "Is ingest well? See 'andon status'."
    )


async def _databases(where: Places, writer: Writer) -> None:
    told = writer.manifest["databases"] = {}
    for store in where.stores:
        if store.is_missing:
            _note(writer, f"There is no database of {store.name}; it is not in the backup.")
        else:
            with writer.member(f"databases/{store.name}.ndjson") as out:
                told[store.name] = await relational.dump(store, out)


async def _series(where: Places, writer: Writer, at: Callable[[str], None]) -> None:
    told = writer.manifest["series"] = {}
    influx = Influx(where.influx)
    try:
        writer.manifest["influxdb"] = str(await influx.version())
        for tier in TIERS:
            database = tier.database(where.influx.database)
            keep = await influx.retention(database)
            if keep is not None:
                rows = await series.dump(influx, database, writer, f"series/{tier.name}", at)
                told[tier.name] = {"keep": keep, "rows": rows}
    finally:
        await influx.aclose()


def _files(where: Places, writer: Writer, home: Home | None) -> None:
    writer.add("secrets", "".join(f"{name}={value}\n" for name, value in where.secrets.items()).encode())
    for name in HOME_FILES:
        if home and (home.folder / name).exists():
            writer.add(f"home/{name}", (home.folder / name).read_bytes())
