"""Revoking a device ends its connections at once."""

import asyncio

from nats.errors import Error as NatsError

from andon.common import logs
from andon.registry.connections import Connections

log = logs.get("registry.kick")

THOROUGH_SECONDS = 6.0
"""As long as nats-server's auth callout may take: who was just on the way in is found by then."""
RETRY_SECONDS = 1.0


class Kicker:
    """Run `keep` as a task; `kick` asks for one device's connections to be ended."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._until: dict[str, float] = {}
        self._asked = asyncio.Event()

    def kick(self, username: str, *, thorough: bool = True) -> None:
        """End what `username` has open; `thorough` goes on doing so until nobody can be on the way in."""
        until = asyncio.get_running_loop().time() + (THOROUGH_SECONDS if thorough else 0)
        self._until[username] = max(until, self._until.get(username, 0.0))
        self._asked.set()

    async def keep(self) -> None:
        """Kick for ever; while no server answers, those to be kicked are kept."""
        said_lost = False
        while True:
            await self._asked.wait()
            self._asked.clear()
            try:
                await self._pass()
                said_lost = False
            except (NatsError, OSError, TimeoutError) as error:
                if not said_lost:
                    log.warning("connections cannot be ended now; trying again", error=str(error))
                said_lost = True
            if self._until:
                asyncio.get_running_loop().call_later(RETRY_SECONDS, self._asked.set)

    async def _pass(self) -> None:
        for username, until in list(self._until.items()):
            late = asyncio.get_running_loop().time() >= until
            ended = await self._connections.end(username)
            if ended:
                log.info("device disconnected", username=username, connections=ended)
            if late and self._until.get(username) == until:
                del self._until[username]
