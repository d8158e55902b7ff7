"""Keeps the KV bucket `plant` equal to the database, for all the services that follow it.

State decides: every pass compares what should be there with what is, and writes only the difference. A pass runs
after each change; the bucket is read anew at start, after each reconnect, and when somebody else has changed it.

Of several registries the one that leads publishes; a change made at another is told to it. What is written is written
on the revision that was read before the database was, so that one which stood still in between puts back nothing old.
"""

import asyncio
from contextlib import suppress

from nats.errors import Error as NatsError
from nats.js.errors import APIError, KeyWrongLastSequenceError, NotFoundError
from nats.js.kv import KeyValue
from sqlalchemy import select

from andon.common import jobs, logs, subjects
from andon.common.buckets import last_revision, read_entries
from andon.common.bus import Bus
from andon.common.devices import encode_device
from andon.common.errors import UnavailableError
from andon.common.lease import Lease, LostError
from andon.common.plant import encode_asset
from andon.common.streams import ensure_streams
from andon.registry.peers import Peers
from andon.registry.revoked import REVOKED
from andon.registry.storage import assets, devices, tokens, types
from andon.registry.storage.database import Database
from andon.registry.storage.tables import AssetRow

log = logs.get("registry.publisher")

RECONCILE_SECONDS = 60.0
"""This often is asked whether somebody else has changed the bucket."""
AT_ONCE = 64

CHANGED = "changed"
"""What a registry tells the others after each change of the database that concerns them."""

Entries = dict[str, tuple[bytes, int]]
"""Values with their revisions, by key."""


class Publisher:
    """Run `keep` as a task; `wake` after each change, and `heard` when one was made elsewhere, or may have been."""

    def __init__(self, bus: Bus, database: Database, *, lease: Lease, peers: Peers) -> None:
        self._bus = bus
        self._database = database
        self._lease = lease
        self._peers = peers
        self._changed = asyncio.Event()
        self._untold = True
        self._there: Entries | None = None
        self._revision = 0

    def wake(self) -> None:
        """The database was changed here."""
        self._untold = True
        self._changed.set()

    def heard(self) -> None:
        """The database may have changed."""
        self._changed.set()

    def begin(self) -> None:
        """This registry leads from now on, and knows nothing of what others have published."""
        self._there = None
        self._changed.set()

    async def keep(self) -> None:
        """Publish for ever, whenever it is for us to do so."""
        said = False
        while True:
            await self._bus.ready()
            self._changed.clear()
            epoch = self._bus.epoch
            try:
                await self._tell()
                if levels := self._lease.held:
                    await self._level()
            except (KeyWrongLastSequenceError, LostError) as error:  # another has published meanwhile, and may lead now
                log.info("the plant is read anew", why=str(error))
                self._there = None
                await asyncio.sleep(0.1)
                continue
            except (NatsError, APIError, UnavailableError, OSError) as error:
                if not said:
                    log.warning("plant not published; trying again until it is", error=str(error))
                said, self._there = True, None
                await asyncio.sleep(1)
                continue
            said = False
            await self._wait(epoch, due=not levels)

    async def _tell(self) -> None:
        """Tell the others what was done here, that which nobody could hear while NATS was away as well."""
        if self._untold:
            self._untold = False
            await self._peers.tell(CHANGED)

    async def _wait(self, epoch: int, *, due: bool) -> None:
        """Until something changed; the bucket must be read anew unless that was the database.

        due: there may be something to publish already, as soon as that is for us to do.
        """
        clock = asyncio.get_running_loop().time
        deadline = clock() + RECONCILE_SECONDS
        while self._bus.epoch == epoch:
            if due and self._lease.held:
                return
            if clock() > deadline and self._lease.held:
                if await self._touched():
                    break
                deadline = clock() + RECONCILE_SECONDS
            with suppress(TimeoutError):
                async with asyncio.timeout(1.0):  # wait_for would lose a cancellation that comes with the change
                    await self._changed.wait()
                return
        self._there, self._untold = None, True

    async def _touched(self) -> bool:
        """Whether somebody else has changed the bucket, or nobody can tell."""
        try:
            return await last_revision(await self._bus.bucket(subjects.PLANT_BUCKET)) != self._revision
        except (NatsError, APIError, TimeoutError):
            return True

    async def _level(self) -> None:
        """Make the bucket equal to the database."""
        bucket = await self._bucket()
        if self._there is None:
            self._revision = await last_revision(bucket)  # first, so that what comes in between is noticed
            self._there = await read_entries(self._bus.js, subjects.PLANT_BUCKET)
        there = self._there
        wanted = await self._wanted()
        changed = [key for key, value in wanted.items() if key not in there or there[key][0] != value]
        removed = [key for key in there if key not in wanted]
        for some in _chunks(changed):
            self._lease.require()
            written = await jobs.together(_write(bucket, key, wanted[key], there.get(key)) for key in some)
            there.update({key: (wanted[key], revision) for key, revision in zip(some, written, strict=True)})
        for some in _chunks(removed):
            self._lease.require()
            await jobs.together(bucket.delete(key, last=there[key][1]) for key in some)
            for key in some:
                del there[key]
        self._revision += len(changed) + len(removed)
        if changed or removed:
            log.info("plant published", changed=len(changed), removed=len(removed))
            await self._bus.announce("plant", "changed", {"changed": len(changed), "removed": len(removed)})

    async def _bucket(self) -> KeyValue:
        """The bucket; somebody may have deleted it while we were connected."""
        try:
            return await self._bus.bucket(subjects.PLANT_BUCKET)
        except NotFoundError:
            self._there = None
            await ensure_streams(self._bus.js, self._bus.settings)
            return await self._bus.bucket(subjects.PLANT_BUCKET)

    async def _wanted(self) -> dict[str, bytes]:
        async with self._database.read() as session:
            rows = (await session.scalars(select(AssetRow))).all()
            known = await types.all_types(session)
            revoked = await tokens.revoked(session)
            speakers = [devices.to_device(row) for row in await devices.admitted(session)]

        def encode() -> dict[str, bytes]:
            found = (assets.to_asset(row, known[row.type].sensors if row.type else []) for row in rows)
            return {subjects.asset_key(asset.id): encode_asset(asset) for asset in found}

        entries = await asyncio.to_thread(encode)
        entries |= {subjects.device_key(device.id): encode_device(device) for device in speakers}
        return entries | {subjects.revoked_key(jti): REVOKED for jti in revoked}


async def _write(bucket: KeyValue, key: str, value: bytes, there: tuple[bytes, int] | None) -> int:
    """Write one entry, if it is still what it was; its revision."""
    if value == REVOKED:  # which registry says so, and how often, is all one
        return await bucket.put(key, value)
    return await bucket.create(key, value) if there is None else await bucket.update(key, value, last=there[1])


def _chunks(keys: list[str]) -> list[list[str]]:
    return [keys[i : i + AT_ONCE] for i in range(0, len(keys), AT_ONCE)]
