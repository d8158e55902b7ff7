"""Store: batches from the stream into InfluxDB, acknowledged to JetStream once InfluxDB has them.

Lines that InfluxDB refuses are found by halving and become dead letters; when it fails or is away, the same lines
are sent again for ever, for the stream keeps what waits and every write is idempotent.
"""

import asyncio
from contextlib import aclosing, suppress
from dataclasses import dataclass
from time import perf_counter, time_ns

import msgspec
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from andon.common import jobs, logs, metrics, subjects, tracing
from andon.common.bus import Bus
from andon.common.errors import Reason, UnavailableError
from andon.common.influx import Influx, WriteAnswer, join_lines, line, line_prefix
from andon.common.latency import Trip, passed, trip
from andon.common.plant import Plant
from andon.common.reading import Reading
from andon.common.times import datetime_to_ns
from andon.common.trouble import Trouble
from andon.common.wire import Batch, DeadLetter, Stored, decode_batch, encode_stored
from andon.ingest.bundle import Bundle
from andon.ingest.deadletters.letters import STORE
from andon.ingest.doubts import Doubts, recalled
from andon.ingest.ledger.tally import Tally
from andon.ingest.publish import Publisher
from andon.ingest.retyped import Retyped

log = logs.get("ingest.store")

LANES = 2
"""Requests to InfluxDB at once, each with machines of its own: one alone leaves it idle between two of them."""
WRITE_LINES = 5000 * LANES
WRITE_BYTES = 2**20 * LANES
"""Lines, or bytes as they lay in the stream, after which a write is not made larger."""
LINGER = 0.05
"""Seconds a write waits for company when none is there yet.

A write costs InfluxDB an fsync, and nobody waits for history as for live.
"""
WINDOW = 64
"""Batches taken and not yet acknowledged; the stream keeps the rest."""
ACK_WAIT = 8.0
"""Seconds after which the stream gives to another what a killed store had taken."""
STILL_HERE = 2.5
"""Seconds between two signs of life for what is taken and waits for InfluxDB."""
IDLE = 0.2
"""Seconds without a batch after which a pull may be cut off; one that is being handed over would be held back."""
SECOND_LOOK = 1.0
"""Seconds to wait for the plant entry of a machine that is unknown here: it may be on the way."""
LONGEST_BACKOFF = 10.0
HELD_UP = "InfluxDB does not take readings; trying again until it does"


@dataclass
class Write:
    """What is written together: batches, their readings with the line of each, and what becomes a dead letter.

    trips: what there is to be timed of each batch.
    """

    messages: list[Msg]
    known: list[tuple[Reading, bytes]]
    refused: Bundle
    trips: list[Trip | None]


class Store:
    """Takes batches of one partition of the stream and writes them, in their order. Run `run` as a task.

    One write is prepared while the one before it waits for InfluxDB, and of no machine are two on their way: of two
    values of one sensor and one instant the later one stays.
    """

    def __init__(
        self, bus: Bus, influx: Influx, plant: Plant, publisher: Publisher, tally: Tally, *, partition: int = 0
    ) -> None:
        self._bus = bus
        self._partition = partition
        self._influx = influx
        self._plant = plant
        self._publisher = publisher
        self._tally = tally
        self._ahead: asyncio.Queue[Msg] = asyncio.Queue(WINDOW)
        self._prepared: asyncio.Queue[Write] = asyncio.Queue(1)
        self._taken: dict[str, Msg] = {}
        self._prefixes: dict[str, bytes] = {}
        self._retyped = Retyped()
        """Machines whose type has changed: of what is calculated of them, too, must be told which came last."""
        self._doubts: Doubts | None = None
        self._version = -1
        self._ending = False
        self._pulling: asyncio.Task[None] | None = None
        self.trouble = Trouble(log, comes=HELD_UP, over="InfluxDB takes readings again")

    async def run(self) -> None:
        """Write for ever."""
        self._pulling = asyncio.create_task(self._pull(), name="store: pull")
        tasks = [self._pulling, asyncio.create_task(self._keep_taken(), name="store: keep")]
        tasks.append(asyncio.create_task(self._prepare_for_ever(), name="store: prepare"))
        tasks.append(asyncio.create_task(self._write_for_ever(), name="store: write"))
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
            for task in done:
                if not task.cancelled():
                    task.result()
        finally:  # no TaskGroup, for that asks only once
            await jobs.end(*tasks, ask_again=1.0)

    async def finish(self) -> None:
        """Take no more, give back what is not begun, and wait for the writes that are. For a quiet end."""
        self._ending = True
        if self._pulling is not None:  # first, or what is given back comes straight to us again
            await asyncio.wait((self._pulling,), timeout=IDLE)
            await jobs.end(self._pulling, ask_again=1.0)
        while not self._ahead.empty():
            message = self._ahead.get_nowait()
            self._taken.pop(message.reply, None)
            with suppress(NatsError):
                await message.nak()
        while self._taken:
            await asyncio.sleep(0.01)

    async def _pull(self) -> None:
        partitions = self._bus.settings.partitions
        batches = self._bus.consume(
            subjects.TELEMETRY,
            subjects.store_durable(self._partition, partitions),
            filter_subject=subjects.store_filter(self._partition, partitions),
            max_ack_pending=WINDOW,
            ack_wait=ACK_WAIT,
            in_order=True,
        )
        async with aclosing(batches):
            async for message in batches:
                if self._ending:
                    break
                self._taken[message.reply] = message
                await self._ahead.put(message)
        with suppress(NatsError):
            await message.nak()

    async def _keep_taken(self) -> None:
        """Tell the stream that what is taken is still being worked on, however long InfluxDB is away."""
        while True:
            await asyncio.sleep(STILL_HERE)
            with suppress(NatsError):
                for message in list(self._taken.values()):
                    await message.in_progress()

    async def _prepare_for_ever(self) -> None:
        while True:
            messages = [await self._ahead.get()]
            if self._doubts is None:
                self._doubts = await self._recalled(datetime_to_ns(messages[0].metadata.timestamp))
            elif self._ahead.empty():
                await asyncio.sleep(LINGER)
            trips: list[Trip | None] = []
            batches = [await self._decoded(messages[0], trips)]
            lines, size = len(batches[0].readings), len(messages[0].data)
            while lines < WRITE_LINES and size < WRITE_BYTES and not self._ahead.empty():
                messages.append(self._ahead.get_nowait())
                batches.append(await self._decoded(messages[-1], trips))
                lines += len(batches[-1].readings)
                size += len(messages[-1].data)
            await self._prepared.put(await self._prepare(messages, batches, trips))

    async def _write_for_ever(self) -> None:
        while True:
            write = await self._prepared.get()
            begun = perf_counter()
            with tracing.handling("store", write.messages, readings=len(write.known), batches=len(write.messages)):
                await self._store(write)
            stored = time_ns()
            metrics.BATCH_SECONDS.labels("store").observe(perf_counter() - begun)
            for one in write.trips:
                passed("stored", one, stored)
            for message in write.messages:
                self._taken.pop(message.reply, None)
                with suppress(NatsError):  # not acknowledged is sent again, and written again to the same effect
                    await message.ack()
            await self._tell(write.messages, stored)

    async def _tell(self, messages: list[Msg], at: int) -> None:
        """Leave a word of when these were stored, for who traces a value; nobody waits for it."""
        numbers: dict[int, list[int]] = {}
        for message in messages:
            partition = subjects.partition_named(message.subject)
            numbers.setdefault(partition, []).append(message.metadata.sequence.stream)
        with suppress(NatsError, UnavailableError):
            for partition, found in numbers.items():
                told = encode_stored(Stored(at, found[0], found[-1]))
                await self._bus.nc.publish(subjects.raw_stored(partition), told)

    async def _decoded(self, message: Msg, trips: list[Trip | None]) -> Batch:
        try:
            batch = decode_batch(message.data)
        except msgspec.DecodeError as error:
            await self._publisher.publish(Bundle(letters=[_letter(message.data, Reason.UNREADABLE_BATCH, str(error))]))
            return Batch(0, [])
        trips.append(trip(batch))
        # an import waits before it is published, and a dead letter came long before: their messages are kept now
        batch.arrived = max(batch.arrived, datetime_to_ns(message.metadata.timestamp))
        return batch

    async def _prepare(self, messages: list[Msg], batches: list[Batch], trips: list[Trip | None]) -> Write:
        readings = [reading for batch in batches for reading in batch.readings]
        self._tally.store_received += len(readings)
        known, refused = self._known(batches)
        if len(known) + _refused(refused) < len(readings) and self._strangers(readings):
            await asyncio.sleep(SECOND_LOOK)
            known, refused = self._known(batches)
            for reading in self._strangers(readings):
                gone = f"asset {reading.asset} is no longer in the plant"
                _refuse(refused, reading, Reason.UNKNOWN_ASSET, gone)
        # what is calculated, and follows no longer, is nothing to store: nothing of it is missing
        self._tally.stored += len(readings) - len(known) - _refused(refused)
        return Write(messages, known, refused, trips)

    async def _store(self, write: Write) -> None:
        """Returns when each reading is stored or a dead letter."""
        lanes: list[list[tuple[Reading, bytes]]] = [[] for _ in range(LANES)]
        for one in write.known:
            lanes[hash(one[0].asset) % LANES].append(one)
        await asyncio.gather(*(self._write(lane, write.refused) for lane in lanes if lane))
        if write.refused.letters:
            await self._publisher.publish(write.refused)
            self._tally.store_dead_lettered += _refused(write.refused)

    def _known(self, batches: list[Batch]) -> tuple[list[tuple[Reading, bytes]], Bundle]:
        """Readings whose machine is known, each with its line; and what the type it has now does not take."""
        assert self._doubts is not None  # noqa: S101 - known before the first is prepared
        self._heed_plant()
        told, newest, refused = self._doubts.told, self._doubts.newest, Bundle(self._bus.settings.partitions)
        known = [
            (
                reading,
                line(
                    prefix,
                    told(reading) if reading.quality or reading.time <= newest.get(reading.asset, 0) else reading,
                    None if batch.calculated and reading.asset not in self._retyped else batch.arrived,
                ),
            )
            for batch in batches
            for reading in (self._fitting(batch, refused) if self._retyped.may_hold(batch) else batch.readings)
            if (prefix := self._prefix(reading.asset)) is not None
        ]
        return known, refused

    def _strangers(self, readings: list[Reading]) -> list[Reading]:
        """Those of machines that are not in the plant."""
        return [reading for reading in readings if self._prefix(reading.asset) is None]

    def _fitting(self, batch: Batch, refused: Bundle) -> list[Reading]:
        """What can be stored of a batch that may have been meant for an earlier type; the rest goes to `refused`.

        A reading of which a part is stored counts as stored, as a message of which a part is used counts as used. Of
        what is calculated the rest is left out: nobody sent it, and where it follows again it is calculated again.
        """
        found = []
        for reading in batch.readings:
            fits, rest, why = self._retyped.fitting(reading, batch.arrived)
            if fits is not None:
                found.append(fits)
            if rest is not None and why is not None and not batch.calculated:
                refused.letters.append(_letter(msgspec.json.encode(rest), why.reason, why.detail))
                if fits is None:
                    refused.note(reading.asset, refused=1)
        return found

    async def _write(self, known: list[tuple[Reading, bytes]], refused: Bundle) -> None:
        """Write readings; those that are refused go to `refused`."""
        answer = await self._until_answered(join_lines([written for _, written in known]))
        if answer.stored:
            metrics.STORED.inc(len(known))
            self._tally.stored += len(known)
        elif len(known) == 1 or answer.too_old == len(known):
            why = f"older than InfluxDB keeps values: {answer.detail}" if answer.too_old else answer.detail
            for reading, _ in known:
                _refuse(refused, reading, Reason.STORE_REFUSED, why)
        else:
            if answer.too_old:  # in order of time those lie together: a long past is refused at once, not line by line
                known = sorted(known, key=lambda one: one[0].time)
            middle = len(known) // 2
            await self._write(known[:middle], refused)
            await self._write(known[middle:], refused)

    async def _recalled(self, arrived: int) -> Doubts:
        """What is to be known before the first write; asked for until InfluxDB answers."""
        pause = 0.1
        while True:
            try:
                return await recalled(self._influx, arrived)
            except UnavailableError as error:
                self.trouble.say(str(error))
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_BACKOFF)

    async def _until_answered(self, body: bytes) -> WriteAnswer:
        """Stored or refused; all else is tried again."""
        pause, made = 0.1, False
        while True:
            try:
                answer = await self._influx.write(body)
                if answer.stored or answer.refused:
                    self.trouble.say("")
                    return answer
                if answer.status == 404:
                    await self._influx.ensure_database()
                    if not made:  # the very first write of an installation: nothing is wrong
                        made = True
                        continue
                self.trouble.say(f"InfluxDB answered {answer.status}: {answer.detail[:200]}")
            except UnavailableError as error:
                self.trouble.say(str(error))
            metrics.STORE_RETRIES.inc()
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_BACKOFF)

    def _heed_plant(self) -> None:
        if self._version != self._plant.version:
            self._version = self._plant.version
            self._prefixes.clear()
            self._retyped = Retyped(self._plant)

    def _prefix(self, asset_id: str) -> bytes | None:
        prefix = self._prefixes.get(asset_id)
        if prefix is None:
            asset = self._plant.find(asset_id)
            if asset is None:
                return None
            prefix = self._prefixes[asset_id] = line_prefix(asset)
            if self._doubts is not None:
                self._doubts.meet(asset)
        return prefix


def _refused(bundle: Bundle) -> int:
    """Readings of which nothing is stored."""
    return sum(note.refused for note in bundle.notes.values())


def _refuse(bundle: Bundle, reading: Reading, reason: Reason, detail: str) -> None:
    bundle.letters.append(_letter(msgspec.json.encode(reading), reason, detail))
    bundle.note(reading.asset, refused=1)


def _letter(data: bytes, reason: Reason, detail: str) -> DeadLetter:
    return DeadLetter(reason, detail[:2000], STORE, data, len(data), time_ns())
