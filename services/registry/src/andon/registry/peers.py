"""Peers: the other registries on the same database. What one does that the others must know at once, it tells them.

Nothing that is told here is the only word of it: what matters is in the database or a bucket as well, and a registry
that was cut off reads it there, as do all of them now and then, for a word may get lost. One that falls silent may have
changed something and told nobody: that is heeded too.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from secrets import token_hex
from time import monotonic
from typing import Any

import msgspec
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from andon.common import logs, subjects
from andon.common.bus import Bus
from andon.common.errors import UnavailableError

log = logs.get("registry.peers")

HERE_SECONDS = 1.0
SILENT_SECONDS = 4.0
"""A registry that has said nothing for so long is gone."""

_HERE = "here"

Told = dict[str, Any]


class Peers:
    """Run `keep` as a task. `heed` what others tell before that."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._me = token_hex(8)
        self._heeds: dict[str, Callable[[Told], None]] = {}
        self._gone: list[Callable[[], None]] = []
        self._seen: dict[str, float] = {}

    @property
    def others(self) -> bool:
        """Whether there are other registries."""
        return bool(self._seen)

    def heed(self, verb: str, heeds: Callable[[Told], None]) -> None:
        """Call this when another registry tells it."""
        self._heeds[verb] = heeds

    def heed_gone(self, heeds: Callable[[], None]) -> None:
        """Call this when another registry has fallen silent."""
        self._gone.append(heeds)

    async def tell(self, verb: str, **told: Any) -> None:
        """Tell all others. What cannot be sent is not repeated."""
        data = msgspec.json.encode({"by": self._me, **told})
        with suppress(NatsError, UnavailableError):
            await self._bus.nc.publish(subjects.registries(verb), data)

    async def keep(self) -> None:
        """Hear the others, and let them know that this one is there, for ever."""
        await asyncio.gather(self._bus.hear(subjects.REGISTRIES, on_message=self._on_message), self._be_there())

    async def _be_there(self) -> None:
        while True:
            if self._bus.connected:
                await self.tell(_HERE)
            self._miss(monotonic())
            await asyncio.sleep(HERE_SECONDS)

    def _miss(self, now: float) -> None:
        for peer in [peer for peer, at in self._seen.items() if now - at > SILENT_SECONDS]:
            del self._seen[peer]
            log.info("another registry is gone", left=len(self._seen))
            for heeds in self._gone:
                heeds()

    async def _on_message(self, message: Msg) -> None:
        try:
            told = msgspec.json.decode(message.data, type=Told)
        except msgspec.DecodeError:
            return
        by = str(told.pop("by", ""))
        if by == self._me:
            return
        if by not in self._seen:
            log.info("another registry is there", there=len(self._seen) + 1)
        self._seen[by] = monotonic()
        if (heeds := self._heeds.get(message.subject.rpartition(".")[2])) is not None:
            heeds(told)
