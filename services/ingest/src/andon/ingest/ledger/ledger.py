"""Ledger: what came in is stored, a dead letter, a copy, or still on its way; nothing else. And whether that is so.

Three things prove it together. Each ingest counts the messages it takes since its start, and tells once a second
(`tally.py`). From there on the account counts what is in the stream and what the store has of it (`account.py`), and
what is missing in the stream itself. Before it, the broker is watched (`broker/watch.py`).
"""

import asyncio
from dataclasses import dataclass
from time import time_ns

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
from andon.ingest.ledger.account import Account
from andon.ingest.ledger.bookkeeper import read_account
from andon.ingest.ledger.tally import Tallies, Tally
from andon.ingest.ledger.view import DeviceLine, MachineLine, Seen, device_lines, machine_lines

TOLD_NS = 86_400 * NS_PER_S


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


class Instance(BaseModel):
    """One ingest. `unexplained` is the number of messages that are nowhere: anything but 0 is a fault to report."""

    instance: str
    since: str
    intake: IntakeCount
    store: StoreCount
    unexplained: int


@dataclass(frozen=True)
class Sums:
    """The ledger in four numbers: messages, readings or batches lost in the stream, device numbers, and batches."""

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
    instances: list[Instance]
    items: list[DeviceLine]


def instance_of(tally: Tally) -> Instance:
    """A tally as people see it."""
    return Instance(
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
        unexplained=tally.unexplained,
    )


@dataclass
class Ledger:
    """Puts together what is counted."""

    bus: Bus
    tallies: Tallies
    plant: Plant
    devices: Devices

    async def view(self, caller: Principal) -> LedgerView:
        """Everything, cut to the caller's part of the plant.

        Raises:
            UnavailableError: NATS does not answer.
        """
        account, waiting = await self._read()
        seen = Seen(self.plant, self.devices, caller.may_see)
        lines = await asyncio.to_thread(device_lines, account, seen)  # of ten thousand machines, that takes a while
        missing = sum(line.missing or 0 for line in lines)
        if caller.scope:
            return _of_part(account, lines, missing, waiting)
        tallies = self.tallies.now()
        at_broker = sum(tally.broker_waiting for tally in tallies)
        broker = BrokerCount(waiting=at_broker, lost=account.broker_lost, detail=account.broker_how)
        instances = [instance_of(tally) for tally in tallies]
        problems = find_problems(account, instances, time_ns())
        return LedgerView(
            balanced=not problems,
            problems=problems,
            since=_since(account),
            unexplained=sum(i.unexplained for i in instances),
            lost=account.lost + account.broker_lost,
            missing=missing,
            batches_waiting=waiting,
            broker=broker,
            instances=instances,
            items=lines,
        )

    async def sums(self, account: Account) -> Sums:
        """The whole ledger in four numbers, for whoever keeps the account.

        Raises:
            UnavailableError: NATS does not answer.
        """
        waiting = await self._waiting()
        unexplained = sum(tally.unexplained for tally in self.tallies.now())
        return Sums(unexplained, account.lost, account.missing, waiting)

    async def machines(self, caller: Principal, under: str, device: str, *, after: str, most: int) -> list[MachineLine]:
        """A line for each machine behind a path, `most` of them.

        Raises:
            UnavailableError: NATS does not answer.
        """
        account, _ = await self._read()
        seen = Seen(self.plant, self.devices, caller.may_see)
        return machine_lines(account, seen, under=under, device=device, after=after, most=most)

    async def _read(self) -> tuple[Account, int]:
        try:
            account = await read_account(self.bus) or Account(since=0)
        except (NatsError, APIError, TimeoutError, ValueError) as error:
            raise UnavailableError(f"The ledger cannot be read now: {error}") from error
        return account, await self._waiting()

    async def _waiting(self) -> int:
        """Batches in the stream for the store."""
        durables = subjects.store_durables(self.bus.settings.partitions)
        try:
            found = [await self.bus.js.consumer_info(subjects.TELEMETRY, durable) for durable in durables]
        except (NatsError, APIError, TimeoutError) as error:
            raise UnavailableError(f"The ledger cannot be read now: {error}") from error
        return sum((i.num_pending or 0) + (i.num_ack_pending or 0) for i in found)


def _since(account: Account) -> str | None:
    return ns_to_iso(account.since) if account.since else None


def _of_part(account: Account, lines: list[DeviceLine], missing: int, waiting: int) -> LedgerView:
    """What is of one part of the plant: what all share, broker and ingests, is for who sees all."""
    lost = sum(line.lost for line in lines)
    problems = [f"{lost} readings of this part of the plant were lost in the stream"] if lost else []
    return LedgerView(
        balanced=not problems,
        problems=problems,
        since=_since(account),
        unexplained=0,
        lost=lost,
        missing=missing,
        batches_waiting=waiting,
        broker=BrokerCount(waiting=0, lost=0, detail=""),
        instances=[],
        items=lines,
    )


def find_problems(account: Account, instances: list[Instance], now: int) -> list[str]:
    """What does not add up, in sentences; a loss is told for a day."""
    found = [
        f"Ingest {i.instance} cannot say where {i.unexplained} messages are: report it, with its log"
        for i in instances
        if i.unexplained
    ]
    if not instances:
        found.append("No ingest is counting: see whether it runs")
    if account.lost and now - account.lost_at < TOLD_NS:
        found.append(
            f"Up to {account.lost} readings or batches were lost in the stream, last noticed at "
            f"{ns_to_iso(account.lost_at)}: see whether somebody took data of nats-server away"
        )
    if account.broker_lost and now - account.broker_lost_at < TOLD_NS:
        found.append(
            f"The broker lost {account.broker_lost} messages, last noticed at "
            f"{ns_to_iso(account.broker_lost_at)}: {account.broker_how}"
        )
    return found
