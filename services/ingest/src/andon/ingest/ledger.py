"""Ledger: what came in is stored, a dead letter, a copy, or still on its way; nothing else.

Each ingest counts since its start and tells once a second; the routes, in whichever process they run, listen.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from secrets import token_hex
from time import monotonic, time_ns

import msgspec
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.errors import APIError
from pydantic import BaseModel

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.errors import UnavailableError
from andon.common.times import ns_to_iso

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


class IntakeCount(BaseModel):
    """Messages: received = published + dead_lettered + duplicate + retained + in_hand."""

    received: int
    published: int
    dead_lettered: int
    duplicate: int
    retained: int
    in_hand: int
    readings: int


class StoreCount(BaseModel):
    """Readings taken from the stream: received = stored + dead_lettered + in_hand. One sent again counts again."""

    received: int
    stored: int
    dead_lettered: int
    in_hand: int


class Account(BaseModel):
    """One ingest. `unexplained` is the number of messages that are nowhere: anything but 0 is a fault to report."""

    instance: str
    since: str
    intake: IntakeCount
    store: StoreCount
    unexplained: int


class LedgerView(BaseModel):
    """All ingests that run, and how many batches of readings wait in the stream for the store."""

    items: list[Account]
    batches_waiting: int


def account(tally: Tally) -> Account:
    """A tally as people see it."""
    known = tally.published + tally.dead_lettered + tally.duplicate + tally.retained + tally.in_hand
    return Account(
        instance=tally.instance,
        since=ns_to_iso(tally.since),
        intake=IntakeCount(
            received=tally.received,
            published=tally.published,
            dead_lettered=tally.dead_lettered,
            duplicate=tally.duplicate,
            retained=tally.retained,
            in_hand=tally.in_hand,
            readings=tally.published_readings,
        ),
        store=StoreCount(
            received=tally.store_received,
            stored=tally.stored,
            dead_lettered=tally.store_dead_lettered,
            in_hand=tally.store_received - tally.stored - tally.store_dead_lettered,
        ),
        unexplained=tally.received - known,
    )


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
class Ledger:
    """Hears what every ingest counts. Run `listen` as a task."""

    bus: Bus
    _told: dict[str, tuple[float, Tally]] = field(default_factory=dict)

    async def listen(self) -> None:
        """Listen for ever."""
        while True:
            await self.bus.ready()
            nc = self.bus.nc
            with suppress(NatsError):  # closed meanwhile: the next round has a new client
                await nc.subscribe(subjects.LEDGER_ALL, cb=self._on_tally)
            while self.bus.nc is nc and not nc.is_closed:  # the client subscribes again by itself after a reconnect
                await asyncio.sleep(1)

    async def _on_tally(self, message: Msg) -> None:
        with suppress(msgspec.DecodeError):
            tally = _decoder.decode(message.data)
            self._told[tally.instance] = (monotonic(), tally)

    async def view(self) -> LedgerView:
        """The accounts of all ingests that run.

        Raises:
            UnavailableError: NATS does not answer.
        """
        now = monotonic()
        self._told = {k: v for k, v in self._told.items() if now - v[0] < SILENT_SECONDS}
        try:
            info = await self.bus.js.consumer_info(subjects.TELEMETRY, subjects.STORE_DURABLE)
        except (NatsError, APIError, TimeoutError) as error:
            raise UnavailableError(f"The ledger cannot be read now: {error}") from error
        waiting = (info.num_pending or 0) + (info.num_ack_pending or 0)
        return LedgerView(items=[account(tally) for _, tally in self._told.values()], batches_waiting=waiting)
