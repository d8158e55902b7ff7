"""Writer: writes in the name of a lease, and again until it succeeds: the phases in memory have turned already."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.database import GONE, Database
from andon.alerting.evaluate.leases import Lease, LostError
from andon.common import logs
from andon.common.sql import said

log = logs.get("alerting.evaluate")

T = TypeVar("T")

LONG_WRITE_SECONDS = 2.0
"""Whoever holds the database for longer holds alarms up, and people are told."""


class Writer:
    """Whoever has lost the lease without noticing can write nothing, also where it has it again by now.

    epoch: that of the lease since memory was filled; what others wrote in a later one is not known here.
    """

    def __init__(self, database: Database, lease: Lease, epoch: int) -> None:
        self._database = database
        self._lease = lease
        self._epoch = epoch
        self._wrong = ""
        self._since: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the lease is ours just now, and was all the time."""
        return self._lease.held and self._lease.epoch == self._epoch

    def check(self) -> str:
        """What holds writing up just now, '' when nothing does."""
        waited = monotonic() - self._since if self._since is not None else 0.0
        return self._wrong or ("alarms wait for the database" if waited >= LONG_WRITE_SECONDS else "")

    async def write(self, what: Callable[[AsyncSession], Awaitable[T]]) -> T:
        """Do it in one transaction, which must succeed in the end.

        Raises:
            LostError: another instance has the lease, and does all this anew.
        """
        wait = 0.1
        while True:
            self._since = monotonic()
            try:
                async with self._database.write() as session:
                    if self._lease.epoch != self._epoch:
                        raise LostError(f"'{self._lease.name}' was lost, and is taken anew")
                    await self._lease.confirm(session)
                    written = await what(session)
                break
            except GONE as error:
                if not self._wrong:
                    log.warning("alarms cannot be written; trying again until they are", error=said(error))
                self._wrong = f"alarms cannot be written: {said(error)}"
                await asyncio.sleep(wait)
                wait = min(2 * wait, 5.0)
            finally:
                self._since = None
        if self._wrong:
            self._wrong = ""
            log.info("alarms are written again")
        return written
