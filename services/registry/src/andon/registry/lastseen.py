"""When each device last sent something: known to the second while the registry runs, kept to the minute."""

import asyncio
from contextlib import suppress
from time import time_ns

from andon.common.errors import UnavailableError
from andon.registry.storage import devices
from andon.registry.storage.database import Database
from andon.registry.storage.tables import DeviceRow

SECONDS = 60.0
"""Between two times that it is kept: one short write for all devices that sent something."""


class LastSeen:
    """Run `keep` as a task; `note` whoever sends."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._seen: dict[str, int] = {}
        """Of those not kept yet, by user name."""

    def note(self, username: str) -> None:
        """The device sends."""
        self._seen[username] = time_ns()

    def of(self, row: DeviceRow) -> int | None:
        """When the device last sent something (UTC nanoseconds); None: never."""
        return max(self._seen.get(row.username, 0), row.last_seen or 0) or None

    async def keep(self) -> None:
        """Keep it for ever; while the database is away it is known here alone."""
        while True:
            await asyncio.sleep(SECONDS)
            await self.save()

    async def save(self) -> None:
        """Keep what is new."""
        new = dict(self._seen)
        with suppress(UnavailableError):
            if new:
                async with self._database.write() as session:
                    await devices.saw(session, new)
            for username in [u for u, at in new.items() if self._seen[u] == at]:
                del self._seen[username]
