"""Tokens that are no longer good: refused here, by the other registries and by all services once one is revoked.

They are in the database. Whoever leads publishes them with the plant; but a sign-out waits for nobody, so that each
registry puts its own into the bucket at once. A token stays revoked, so it does not matter who does, nor how often.
"""

import asyncio
from contextlib import suppress

from nats.errors import Error as NatsError
from nats.js.errors import APIError

from andon.common import jobs, subjects
from andon.common.auth import Tokens
from andon.common.bus import Bus
from andon.common.errors import UnavailableError
from andon.registry.storage import tokens
from andon.registry.storage.database import Database

SECONDS = 60.0
"""This often they are read anew, whoever says something or not; and more often while nobody can."""
ALONE_SECONDS = 5.0
REVOKED = b"revoked"
"""What lies in the bucket below the id of one."""


class Revoked:
    """Run `keep` as a task; `heard` when others have revoked some, and `tell` after doing so."""

    def __init__(self, bus: Bus, database: Database, bearer: Tokens) -> None:
        self._bus = bus
        self._database = database
        self._bearer = bearer
        self._changed = asyncio.Event()
        self._unpublished = set[str]()

    def heard(self) -> None:
        """Another registry may have revoked some."""
        self._changed.set()

    async def tell(self) -> None:
        """Some were revoked here: let them be refused from now on, here and everywhere.

        Raises:
            UnavailableError: the database does not answer.
        """
        self._unpublished |= await self.read()
        self._changed.set()

    async def read(self) -> set[str]:
        """Read which there are; those that were not known here yet.

        Raises:
            UnavailableError: the database does not answer.
        """
        async with self._database.read() as session:
            new = set(await tokens.revoked(session)) - self._bearer.revoked
        self._bearer.revoked |= new
        return new

    async def keep(self) -> None:
        """Read and publish for ever."""
        while True:
            self._changed.clear()
            with suppress(UnavailableError):
                await self.read()
            await self._publish()
            at_ease = self._bus.connected and not self._unpublished
            with suppress(TimeoutError):
                async with asyncio.timeout(SECONDS if at_ease else ALONE_SECONDS):
                    await self._changed.wait()

    async def _publish(self) -> None:
        some = list(self._unpublished)
        with suppress(NatsError, APIError, UnavailableError, TimeoutError):
            if some:
                bucket = await self._bus.bucket(subjects.PLANT_BUCKET)
                await jobs.together(bucket.put(subjects.revoked_key(jti), REVOKED) for jti in some)
                self._unpublished -= set(some)
