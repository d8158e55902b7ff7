"""Together: several registries on one database as one.

What each heeds of the others, and what the one that leads makes good when it begins to, or when another is gone: who
was killed may have changed the database and told nobody.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from time import time_ns

from andon.common.errors import UnavailableError
from andon.common.lease import lead
from andon.common.reading import NS_PER_S
from andon.registry.peers import Told
from andon.registry.publisher import CHANGED
from andon.registry.routes.auth import SUCCEEDED, TAKEN_BACK, TRIED
from andon.registry.routes.devices import KICK
from andon.registry.routes.state import State
from andon.registry.storage import devices

KICKED_AGAIN_SECONDS = 24 * 3600
"""Devices revoked this recently are kicked again."""
RETRY_SECONDS = 1.0
LOOK_SECONDS = 60.0
"""This often is looked at what others may have changed, for a word of theirs may have been lost on its way."""


class Together:
    """Run `lead` and `keep` as tasks."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._due = asyncio.Event()
        peers = state.peers
        peers.heed(CHANGED, lambda _: self._on_changed())
        peers.heed(KICK, lambda told: state.kicker.kick(str(told["username"]), thorough=bool(told["thorough"])))
        peers.heed(TRIED, lambda told: state.throttle.count(*_who(told)))
        peers.heed(TAKEN_BACK, lambda told: state.throttle.take_back(*_who(told)))
        peers.heed(SUCCEEDED, lambda told: state.throttle.succeeded(*_who(told)))
        peers.heed_gone(self._on_gone)

    def _on_changed(self) -> None:
        self._state.publisher.heard()
        self._state.quarantine.wake()
        self._state.revoked.heard()

    def _on_gone(self) -> None:
        self._on_changed()
        self._due.set()

    async def lead(self) -> None:
        """Lead whenever the lease is ours, for ever."""
        await lead(self._state.lease, self._leading)

    @asynccontextmanager
    async def _leading(self) -> AsyncIterator[None]:
        self._state.publisher.begin()
        self._due.set()
        yield

    async def keep(self) -> None:
        """End what devices have open that were revoked where nobody could do so any more, for ever."""
        while True:
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._due.wait()
            except TimeoutError:
                if self._state.peers.others:
                    self._on_changed()
                continue
            if not await self._made_good():
                await asyncio.sleep(RETRY_SECONDS)

    async def _made_good(self) -> bool:
        """Whether nothing is left to do, or it is for another to do; not while the lease could not be renewed."""
        self._due.clear()  # first: another may be gone meanwhile
        done = not self._state.lease.ours
        if self._state.lease.held:
            with suppress(UnavailableError):
                await self._kick_revoked()
                done = True
        if not done:
            self._due.set()
        return done

    async def _kick_revoked(self) -> None:
        async with self._state.database.read() as session:
            since = time_ns() - KICKED_AGAIN_SECONDS * NS_PER_S
            usernames = await devices.revoked_since(session, since)
        for username in usernames:
            self._state.kicker.kick(username, thorough=False)


def _who(told: Told) -> tuple[str, str]:
    return str(told["name"]), str(told["address"])
