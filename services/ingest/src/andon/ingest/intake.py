"""Intake: takes messages from the broker and acknowledges them once JetStream has what they say.

    broker -> take -> resolve -> bundle -> publish -> acknowledge

Nothing here is done per message but plain calls: no task, no log, no copy.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from time import perf_counter, time_ns

from andon.common import logs, metrics, tracing
from andon.common.errors import Reason, RefusedError
from andon.common.mqtt import Publish, Session
from andon.common.mqtt.properties import number, traceparent
from andon.common.reading import Reading
from andon.common.service import signal_stop
from andon.common.topics import plain
from andon.common.wire import DeadLetter
from andon.ingest.bundle import MESSAGE_COST, Bundle
from andon.ingest.decode import MAX_PAYLOAD, MOST_BOOT, number_of
from andon.ingest.ledger.tally import Tally
from andon.ingest.publish import Publisher
from andon.ingest.resolve import Resolver, join
from andon.ingest.share import Seat

log = logs.get("ingest.intake")

LINGER = 0.01
"""Seconds a bundle waits for company: what it costs from here to the last browser it costs per bundle."""
BUNDLE_MESSAGES = 2000
BUNDLE_BYTES = 384 * 1024
BUNDLES_IN_FLIGHT = 4
"""Enough to keep JetStream busy; more only waits elsewhere."""
MOST_HELD = 64 * 2**20
"""Bytes taken and not yet acknowledged at which no more is read; the broker keeps the rest."""
SECOND_LOOK = 1.0
"""Seconds after which a message for an unknown machine is looked at again: its plant entry may be on the way."""
MOST_PARKED = 1000
MOST_PARKED_BYTES = 4 * 2**20
KEPT_OF_TOO_LARGE = 64 * 1024
"""Bytes a dead letter keeps of what can never be used; of all else it keeps everything."""


class Intake:
    """Messages of one session in, bundles out. partitions: of the stream; sessions: share the memory."""

    def __init__(
        self,
        seat: Seat,
        resolver: Resolver,
        publisher: Publisher,
        tally: Tally,
        *,
        partitions: int,
        sessions: int = 1,
    ) -> None:
        self.session = Session(seat.broker, seat.filters, self.take)
        self.key = seat.key
        self._sessions = sessions
        self._resolver = resolver
        self._publisher = publisher
        self._tally = tally
        self._bundle = Bundle(partitions)
        self._waiting: deque[Bundle] = deque()
        self._flying: set[asyncio.Task[None]] = set()
        self._in_hand: set[bytes] = set()
        self._parked: list[tuple[int, Publish, int]] = []
        self._parked_bytes = 0
        self._second_look: asyncio.TimerHandle | None = None
        self._epoch = 0
        self._held = self._arrived = 0
        self._ending = False
        self._timer: asyncio.TimerHandle | None = None

    def take(self, epoch: int, messages: list[Publish]) -> None:
        """Take what the broker sent. Called by the session, from the event loop."""
        if epoch != self._epoch:
            self._begin_epoch(epoch)
        arrived, duplicates, begun = max(time_ns(), self._arrived), 0, perf_counter()
        self._bundle.begin(begun)
        for message in messages:
            arrived += 1  # two that name no time are two, even when they arrive together
            if message.packet_id:
                if message.packet_id in self._in_hand:
                    duplicates += 1  # sent again while the first copy is still on its way to disk
                    self._bundle.note(self._resolver.source(message.topic), extra=1, duplicate=1)
                    continue
                self._in_hand.add(message.packet_id)
            self._held += len(message.payload) + MESSAGE_COST
            if message.retain:
                self._bundle.sign(message.packet_id, len(message.payload))  # said before, and perhaps long ago
                self._bundle.note(self._resolver.source(message.topic), extra=1, retained=1)
                self._bundle.retained += 1
            else:
                self._add(message, arrived, self._park)
        self._arrived = arrived
        self._bundle.resolving += perf_counter() - begun
        self._count(len(messages), duplicates)
        self._ship_or_linger()
        if self._held > MOST_HELD // self._sessions:
            self.session.pause()

    @property
    def holds(self) -> bool:
        """Whether it has taken what it has not yet acknowledged."""
        return self._held > 0

    async def drain(self) -> None:
        """Take no more, and wait until everything taken so far is published. For a quiet end."""
        self._ending = True
        self.session.pause()
        self._ship()
        while self._flying:
            await asyncio.wait(self._flying)

    def abandon(self) -> None:
        """Let go of what could not be published: it was not acknowledged, and comes again at the next start."""
        self._waiting.clear()
        for task in self._flying:
            task.cancel()

    def _count(self, received: int, duplicates: int) -> None:
        metrics.RECEIVED.labels("mqtt").inc(received)
        metrics.DUPLICATES.inc(duplicates)
        self._tally.received += received
        self._tally.duplicate += duplicates
        self._tally.in_hand += received - duplicates

    def _begin_epoch(self, epoch: int) -> None:
        """A new connection: packet ids start over, and what was not acknowledged comes again."""
        self._ship()
        self._epoch = epoch
        self._in_hand.clear()
        self._bundle.epoch = epoch

    def _add(self, message: Publish, arrived: int, on_unknown: Callable[[Publish, int], bool]) -> None:
        bundle = self._bundle
        try:
            readings, refusals = self._resolver.resolve(message.topic, _whole(message), arrived)
            if message.properties:
                _number(readings[0], message.properties)
                if tracing.is_on() and (trace := traceparent(message.properties)):
                    bundle.traces.append(trace)
            bundle.add(readings)
            bundle.keep(readings, message.topic, message.payload, arrived)
            if len(readings) != 1:
                bundle.note(readings[0].asset, extra=1 - len(readings))
            if refusals:
                bundle.letters.append(_letter(message, refusals[0].reason, join(refusals), arrived))
        except RefusedError as error:
            unknown = error.reason in (Reason.UNKNOWN_ASSET, Reason.UNKNOWN_SENSOR)
            if unknown and on_unknown(message, arrived):
                return
            self._refuse(message, error.reason, error.detail, arrived)
        except Exception as error:  # a fault of ours that one message brings out must not stop all the others
            log.exception("a message cannot be read", topic=message.topic[:200])
            self._refuse(message, Reason.MALFORMED, f"cannot be read: {error!r}", arrived)
        bundle.sign(message.packet_id, len(message.payload))
        if bundle.messages >= BUNDLE_MESSAGES or bundle.size >= BUNDLE_BYTES:
            self._ship()

    def _refuse(self, message: Publish, reason: Reason, detail: str, arrived: int) -> None:
        letter = _letter(message, reason, detail, arrived)
        note = self._bundle.note(self._resolver.source(message.topic), extra=1, dead_lettered=1)
        if letter.seq is not None:
            note.numbers.append((letter.boot, letter.seq))
        self._bundle.letters.append(letter)
        self._bundle.refused += 1

    def _park(self, message: Publish, arrived: int) -> bool:
        size = len(message.payload)
        if len(self._parked) >= MOST_PARKED or self._parked_bytes + size > MOST_PARKED_BYTES:
            self._look_again()  # sooner than wished, for nothing is to overtake what came before it
        if not self._parked:
            self._second_look = asyncio.get_running_loop().call_later(SECOND_LOOK, self._look_again)
        self._parked.append((self._epoch, message, arrived))
        self._parked_bytes += size
        return True

    def _look_again(self) -> None:
        if self._second_look is not None:
            self._second_look.cancel()
        parked, self._parked, self._parked_bytes = self._parked, [], 0
        self._bundle.begin(perf_counter())
        for epoch, message, arrived in parked:
            if epoch == self._epoch or not message.packet_id:
                self._add(message, arrived, lambda *_: False)
            else:
                self._held -= len(message.payload) + MESSAGE_COST  # it comes again on the new connection
                self._tally.duplicate += 1
                self._tally.in_hand -= 1
        self._ship_or_linger()
        self._make_room()

    def _ship_or_linger(self) -> None:
        if self._timer is None and self._bundle.messages:
            self._timer = asyncio.get_running_loop().call_later(LINGER, self._ship)

    def _ship(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._bundle.messages:
            self._waiting.append(self._bundle)
            self._bundle = Bundle(self._bundle.partitions, self._epoch, begun=perf_counter())
        while self._waiting and len(self._flying) < BUNDLES_IN_FLIGHT:
            bundle = self._waiting.popleft()
            task = asyncio.create_task(self._fly(bundle), name="publish a bundle")
            self._flying.add(task)
            task.add_done_callback(self._landed)
        metrics.IN_FLIGHT.set(len(self._in_hand))

    async def _fly(self, bundle: Bundle) -> None:
        metrics.RECEIVED_BYTES.inc(bundle.size)
        metrics.BUNDLE_MESSAGES.observe(bundle.messages)
        metrics.BATCH_SECONDS.labels("resolve").observe(bundle.resolving)
        waited = perf_counter() - bundle.begun
        metrics.BATCH_SECONDS.labels("bundle").observe(waited)
        with tracing.span("intake", links=bundle.traces, ago=waited, messages=bundle.messages):
            await self._publisher.publish(bundle)
            self.session.acknowledge(bundle.epoch, bundle.receipts)
        if bundle.epoch == self._epoch:
            self._in_hand.difference_update(bundle.receipts)
        self._settle(bundle)
        self._make_room()

    def _make_room(self) -> None:
        if self._held < MOST_HELD // self._sessions // 2 and not self._ending:
            self.session.resume()

    def _settle(self, bundle: Bundle) -> None:
        tally = self._tally
        self._held -= bundle.held
        tally.in_hand -= bundle.messages
        tally.retained += bundle.retained
        tally.dead_lettered += bundle.refused
        tally.published += bundle.messages - bundle.retained - bundle.refused
        tally.published_readings += sum(map(len, bundle.readings.values()))
        metrics.RETAINED.inc(bundle.retained)

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._flying.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.critical("a bundle could not be published; the process starts anew, it comes again", exc_info=error)
            signal_stop()
        if self._waiting:
            self._ship()


def _number(reading: Reading, properties: bytes) -> None:
    """The number a message has as a user property of MQTT 5 is that of its first reading, unless it says its own."""
    seq, boot = number(properties)
    if reading.seq is None and seq is not None:
        reading.seq, reading.boot = seq, boot[:MOST_BOOT]


def _whole(message: Publish) -> bytes:
    if message.size > len(message.payload):
        raise RefusedError(Reason.TOO_LARGE, f"{message.size} bytes; at most {MAX_PAYLOAD} are taken")
    return message.payload


def _letter(message: Publish, reason: Reason, detail: str, arrived: int) -> DeadLetter:
    seq, boot = number(message.properties) if message.properties else number_of(message.payload)
    return DeadLetter(
        reason=reason,
        detail=detail[:2000],
        source=plain(message.topic).decode(errors="replace")[:1000],
        payload=message.payload[: KEPT_OF_TOO_LARGE if reason is Reason.TOO_LARGE else MAX_PAYLOAD],
        size=message.size,
        at=arrived,
        seq=seq,
        boot=boot[:MOST_BOOT],
    )
