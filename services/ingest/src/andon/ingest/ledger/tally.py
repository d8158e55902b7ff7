"""Tally: what one ingest counts since its start, told once a second; and what was told by all of them."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from secrets import token_hex
from time import monotonic, time_ns

import msgspec
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.errors import UnavailableError

TELL_SECONDS = 1.0
SILENT_SECONDS = 5.0


class Tally(msgspec.Struct):
    """Counts of one ingest since its start: messages up to `in_hand`, readings from `published_readings` on.

    A message is one of: a copy (`duplicate`), `retained`, `dead_lettered` as a whole, `published`, or `in_hand`.
    """

    instance: str = msgspec.field(default_factory=lambda: token_hex(4))
    since: int = msgspec.field(default_factory=time_ns)
    received: int = 0
    duplicate: int = 0
    retained: int = 0
    dead_lettered: int = 0
    published: int = 0
    in_hand: int = 0
    published_readings: int = 0
    store_received: int = 0
    stored: int = 0
    store_dead_lettered: int = 0
    broker_lost: int = 0
    broker_waiting: int = 0
    broker_detail: str = ""

    @property
    def unexplained(self) -> int:
        """Messages that are nowhere: anything but 0 is a fault."""
        return self.received - self.published - self.dead_lettered - self.duplicate - self.retained - self.in_hand


_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(Tally)


async def tell(bus: Bus, tally: Tally) -> None:
    """Publish the counts every second, for ever."""
    while True:
        if bus.connected:
            with suppress(NatsError, UnavailableError):
                await bus.nc.publish(subjects.ledger(tally.instance), _encode(tally))
        await asyncio.sleep(TELL_SECONDS)


@dataclass
class Tallies:
    """Hears what every ingest counts. Run `listen` as a task."""

    bus: Bus
    _told: dict[str, tuple[float, Tally]] = field(default_factory=dict)

    async def listen(self) -> None:
        """Listen for ever."""
        await self.bus.hear(subjects.LEDGER_ALL, on_message=self._on_tally)

    async def _on_tally(self, message: Msg) -> None:
        with suppress(msgspec.DecodeError):
            tally = _decoder.decode(message.data)
            self._told[tally.instance] = (monotonic(), tally)

    def now(self) -> list[Tally]:
        """Of the ingests that run."""
        now = monotonic()
        self._told = {k: v for k, v in self._told.items() if now - v[0] < SILENT_SECONDS}
        return [tally for _, tally in self._told.values()]
