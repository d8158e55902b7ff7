"""Leases: which instance sees to which part of the work, kept in the database.

A lease is renewed every 1.5 seconds and ends after eight. An instance takes what is free, up to its fair share of what
there is; one that has more than that gives some back. Each change of hands adds one to the lease's epoch: who writes in
the name of a lease says its epoch (`Lease.confirm`), so that an instance which stood still and woke up too late can
write nothing.
"""

import asyncio
from collections.abc import Sequence
from time import monotonic, time_ns

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.database import GONE, Database
from andon.alerting.tables import LeaseRow
from andon.common import logs
from andon.common.errors import AndonError
from andon.common.lease import another_name
from andon.common.reading import NS_PER_S
from andon.common.sql import said

log = logs.get("alerting.leases")

LASTS_SECONDS = 8.0
RENEW_SECONDS = 1.5
PRESENCE = "instance."
"""Begins the names of leases that only say that an instance is there."""


class LostError(AndonError):
    """Another instance has the lease now."""


class Lease:
    """One part of the work, held or not. `ends`: until when it is held at least, by the monotonic clock."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.epoch = 0
        self.ends = 0.0
        self.changed = asyncio.Event()

    @property
    def held(self) -> bool:
        """Whether it is ours just now."""
        return monotonic() < self.ends

    async def taken(self) -> None:
        """Wait until it is ours."""
        while not self.held:
            self.changed.clear()
            await self.changed.wait()

    async def confirm(self, session: AsyncSession) -> None:
        """Make sure, within a transaction, that it is ours until the transaction ends.

        Raises:
            LostError: it is not.
        """
        same = (LeaseRow.name == self.name, LeaseRow.epoch == self.epoch)
        done = await session.execute(update(LeaseRow).where(*same).values(epoch=self.epoch))
        if not done.rowcount:  # type: ignore[attr-defined]
            self.lose()
            raise LostError(f"Another instance sees to '{self.name}' now")

    def lose(self) -> None:
        """It is not ours any more."""
        self.ends = 0.0
        self.changed.set()


class Leases:
    """All parts of the work, and this instance's share. Run `keep` as a task; `release` at the end."""

    def __init__(self, database: Database, instance: str, names: Sequence[str]) -> None:
        self._database = database
        self._owner = instance
        self._leases = {name: Lease(name) for name in names}
        self._ready = asyncio.Event()

    def __getitem__(self, name: str) -> Lease:
        return self._leases[name]

    async def keep(self) -> None:
        """Renew, take and give back for ever."""
        blind = False
        while True:
            try:
                await self._round()
                blind = False
            except (*GONE, IntegrityError) as error:
                if not blind:
                    log.warning("leases cannot be renewed; trying again until they can", error=said(error))
                blind = True
            await asyncio.sleep(RENEW_SECONDS)

    async def release(self) -> None:
        """Give everything back, so that others need not wait for its end."""
        async with self._database.write() as session:
            for lease in self._leases.values():
                if lease.held:
                    same = (LeaseRow.name == lease.name, LeaseRow.epoch == lease.epoch)
                    await session.execute(update(LeaseRow).where(*same).values(until=0))
                lease.lose()
            await session.execute(delete(LeaseRow).where(LeaseRow.name == PRESENCE + self._owner))

    async def _round(self) -> None:
        asked, now = monotonic(), time_ns()
        until = now + round(LASTS_SECONDS * NS_PER_S)
        mine: list[Lease] = []
        async with self._database.write() as session:
            rows = {row.name: row for row in await session.scalars(select(LeaseRow).with_for_update())}
            there = sum(row.until > now for name, row in rows.items() if self._is_other(name))
            fair = -(-len(self._leases) // (there + 1))
            await self._put(session, rows.get(PRESENCE + self._owner), PRESENCE + self._owner, until, 0)
            lost = [lease for lease in self._leases.values() if self._is_lost(lease, rows.get(lease.name))]
            for lease in lost:
                self._rename()
                lease.lose()
            ours = [lease for lease in self._leases.values() if lease.held]
            for lease in ours[fair:]:
                rows[lease.name].until = 0
            mine = ours[:fair] + self._free(rows, now)[: max(fair - len(ours), 0)]
            for lease in mine:
                row = rows.get(lease.name)
                epoch = lease.epoch if lease in ours else (row.epoch + 1 if row else 1)
                await self._put(session, row, lease.name, until, epoch)
                lease.epoch = epoch
        for lease in self._leases.values():
            self._set(lease, asked + LASTS_SECONDS if lease in mine else 0.0)

    def _set(self, lease: Lease, ends: float) -> None:
        changed = lease.held != (ends > 0)
        lease.ends = ends
        if changed:
            log.info("lease", part=lease.name, ours=ends > 0, epoch=lease.epoch)
            lease.changed.set()

    def _free(self, rows: dict[str, LeaseRow], now: int) -> list[Lease]:
        """Those that nobody holds; or this instance's own name does, from before a restart."""
        return [
            lease
            for name, lease in self._leases.items()
            if not lease.held and (name not in rows or rows[name].until <= now or rows[name].owner == self._owner)
        ]

    def _is_other(self, name: str) -> bool:
        return name.startswith(PRESENCE) and name != PRESENCE + self._owner

    @staticmethod
    def _is_lost(lease: Lease, row: LeaseRow | None) -> bool:
        return lease.held and (row is None or row.epoch != lease.epoch)

    def _rename(self) -> None:
        """Somebody else goes by the same name: from now on this instance has one of its own."""
        self._owner = another_name(self._owner)

    async def _put(self, session: AsyncSession, row: LeaseRow | None, name: str, until: int, epoch: int) -> None:
        if row is None:
            session.add(LeaseRow(name=name, owner=self._owner, until=until, epoch=epoch))
            return
        row.owner, row.until, row.epoch = self._owner, until, epoch
