"""Ledger: what came in is stored, a dead letter, a copy, or still on its way; nothing else. And whether that is so.

Three things prove it together. Each ingest counts the messages it takes since its start, and tells once a second
(`Tally`). From there on the account counts what is in the stream and what the store has of it (`account.py`), and
what is missing in the stream itself. Before it, the broker is watched (`broker/watch.py`).
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
from andon.common.auth import Principal
from andon.common.bus import Bus
from andon.common.devices import Devices
from andon.common.errors import UnavailableError
from andon.common.plant import Plant
from andon.common.reading import NS_PER_S
from andon.common.times import ns_to_iso
from andon.ingest.ledger.account import Account as Books
from andon.ingest.ledger.bookkeeper import read_account
from andon.ingest.ledger.view import DeviceLine, MachineLine, Seen, device_lines, machine_lines

TELL_SECONDS = 1.0
SILENT_SECONDS = 5.0
TOLD_NS = 86_400 * NS_PER_S


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


@dataclass(frozen=True)
class Sums:
    """The ledger in four numbers, as `LedgerView` has them; `waiting` in batches."""

    unexplained: int
    lost: int
    missing: int
    waiting: int


class BrokerCount(BaseModel):
    """What waits at the broker for Andon, and what it is known to have lost, as `detail` says."""

    waiting: int
    lost: int
    detail: str


class LedgerView(BaseModel):
    """Whether all is accounted for, and if not why (`problems`); then hop by hop, and device by device (`items`).

    unexplained: messages that ingest took and cannot find. lost: readings, batches and messages that were safe and are
    gone. missing: numbers of devices that never came, whoever lost them. batches_waiting: in the stream for the store.
    """

    balanced: bool
    problems: list[str]
    since: str | None
    unexplained: int
    lost: int
    missing: int
    batches_waiting: int
    broker: BrokerCount
    instances: list[Account]
    items: list[DeviceLine]


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
    plant: Plant
    devices: Devices
    _told: dict[str, tuple[float, Tally]] = field(default_factory=dict)

    async def listen(self) -> None:
        """Listen for ever."""
        await self.bus.hear(subjects.LEDGER_ALL, on_message=self._on_tally)

    async def _on_tally(self, message: Msg) -> None:
        with suppress(msgspec.DecodeError):
            tally = _decoder.decode(message.data)
            self._told[tally.instance] = (monotonic(), tally)

    async def view(self, caller: Principal) -> LedgerView:
        """Everything, cut to the caller's part of the plant.

        Raises:
            UnavailableError: NATS does not answer.
        """
        books, waiting = await self._read()
        tallies = self.tallies()
        lines = device_lines(books, Seen(self.plant, self.devices, caller.may_see))
        broker = BrokerCount(
            waiting=sum(t.broker_waiting for t in tallies),
            lost=sum(t.broker_lost for t in tallies),
            detail="; ".join(sorted({t.broker_detail for t in tallies} - {""})),
        )
        instances = [account(tally) for tally in tallies]
        problems = find_problems(books, broker, instances, time_ns())
        return LedgerView(
            balanced=not problems,
            problems=problems,
            since=ns_to_iso(books.since) if books.since else None,
            unexplained=sum(i.unexplained for i in instances),
            lost=books.lost + broker.lost,
            missing=sum(line.missing or 0 for line in lines),
            batches_waiting=waiting,
            broker=broker,
            instances=instances,
            items=lines,
        )

    async def sums(self, books: Books) -> Sums:
        """The whole ledger in four numbers, for whoever keeps the books.

        Raises:
            UnavailableError: NATS does not answer.
        """
        waiting = await self._waiting()
        tallies = self.tallies()
        unexplained = sum(account(t).unexplained for t in tallies)
        return Sums(unexplained, books.lost + sum(t.broker_lost for t in tallies), books.missing, waiting)

    async def machines(self, caller: Principal, under: str, device: str, *, after: str, most: int) -> list[MachineLine]:
        """A line for each machine behind a path, `most` of them.

        Raises:
            UnavailableError: NATS does not answer.
        """
        books, _ = await self._read()
        seen = Seen(self.plant, self.devices, caller.may_see)
        return machine_lines(books, seen, under=under, device=device, after=after, most=most)

    def tallies(self) -> list[Tally]:
        """What the ingests that run have counted."""
        now = monotonic()
        self._told = {k: v for k, v in self._told.items() if now - v[0] < SILENT_SECONDS}
        return [tally for _, tally in self._told.values()]

    async def _read(self) -> tuple[Books, int]:
        try:
            books = await read_account(self.bus) or Books(since=0)
        except (NatsError, APIError, TimeoutError, ValueError) as error:
            raise UnavailableError(f"The ledger cannot be read now: {error}") from error
        return books, await self._waiting()

    async def _waiting(self) -> int:
        """Batches in the stream for the store."""
        durables = subjects.store_durables(self.bus.settings.partitions)
        try:
            found = [await self.bus.js.consumer_info(subjects.TELEMETRY, durable) for durable in durables]
        except (NatsError, APIError, TimeoutError) as error:
            raise UnavailableError(f"The ledger cannot be read now: {error}") from error
        return sum((i.num_pending or 0) + (i.num_ack_pending or 0) for i in found)


def find_problems(books: Books, broker: BrokerCount, instances: list[Account], now: int) -> list[str]:
    """What does not add up, in sentences; a loss is told for a day."""
    found = [
        f"Ingest {i.instance} cannot say where {i.unexplained} messages are: report it, with its log"
        for i in instances
        if i.unexplained
    ]
    if not instances:
        found.append("No ingest is counting: see whether it runs")
    if books.lost and now - books.lost_at < TOLD_NS:
        found.append(
            f"{books.lost} readings or batches were lost in the stream, last noticed at {ns_to_iso(books.lost_at)}: "
            "see whether somebody took data of nats-server away"
        )
    if broker.lost:
        found.append(f"The broker lost {broker.lost} messages: {broker.detail}")
    return found
