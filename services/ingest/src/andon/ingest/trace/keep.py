"""Keep: messages as they came go to the stream RAW once their readings are published, beside the path and never in it.

Nobody waits for it, and it holds up nothing: what finds no room here, or is not taken twice, is counted and let go.
Many go together, for a message of NATS costs as much as packing hundreds of these.
"""

import asyncio
import secrets
from collections.abc import Iterator, Sequence
from contextlib import suppress
from operator import itemgetter
from time import time_ns

from andon.common import logs, metrics, subjects
from andon.common.bus import Bus
from andon.common.errors import UnavailableError
from andon.common.trouble import Trouble
from andon.common.wire import MAX_BATCH_BYTES, Raw, RawLot, Source, encode_raw

log = logs.get("ingest.keep")

LINGER = 0.2
"""Seconds messages wait for company; those of a killed ingest that waited are not kept."""
ENOUGH = 2**20
"""Bytes waiting at which they go at once."""
MOST_WAITING = 16 * 2**20
"""Bytes of messages that may wait to be kept."""
MESSAGE_COST = 256
TIME_COST = 40
"""Bytes a message takes while it waits besides its payload, and each time of one that has several readings."""
LARGEST = 1_000_000
"""Bytes of one message of NATS, below what nats-server takes."""
SECOND_TRY = 1.0
"""Seconds after which what the stream did not take is tried again, once."""
DROPPED = "messages are not kept as they came; readings go on"

_payload, _times = itemgetter(1), itemgetter(4)


class Keeper:
    """Takes what was published, and keeps it. Run `keep` as a task."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._origin = secrets.token_hex(6)
        self._number = 0
        self._waiting: dict[int, list[RawLot]] = {}
        self._bytes = 0
        self._came, self._hurry, self._idle = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._idle.set()
        self._trouble = Trouble(log, comes=DROPPED, over="messages are kept as they came again")

    def put(self, source: Source, partition: int, sequence: int, messages: Sequence[Raw]) -> None:
        """Have messages kept whose readings are number `sequence` of TELEMETRY. Returns at once."""
        size = sum(map(len, map(_payload, messages))) + MESSAGE_COST * len(messages)
        size += TIME_COST * sum([len(times) for times in map(_times, messages) if type(times) is list])
        if self._bytes + size > MOST_WAITING:
            metrics.RAW.labels("dropped").inc(len(messages))
            return
        self._bytes += size
        self._waiting.setdefault(partition, []).append((source, time_ns(), sequence, messages))
        self._came.set()
        self._idle.clear()
        if self._bytes > ENOUGH:
            self._hurry.set()

    async def keep(self) -> None:
        """Keep for ever."""
        while True:
            await self._came.wait()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._hurry.wait(), LINGER)
            self._hurry.clear()
            self._came.clear()
            waiting, size = self._waiting, self._bytes
            self._waiting = {}
            for partition, lots in waiting.items():
                await self._keep(partition, lots)
            self._bytes -= size
            if not self._waiting:
                self._idle.set()

    async def finish(self) -> None:
        """Wait until nothing waits. For a quiet end."""
        self._hurry.set()
        await self._idle.wait()

    async def _keep(self, partition: int, lots: list[RawLot]) -> None:
        try:
            for data, count in pack(lots):
                taken = await self._twice(subjects.raw_received(partition), data)
                metrics.RAW.labels("kept" if taken else "dropped").inc(count)
        except Exception:  # what one message brings out must not end ingest
            log.exception("messages cannot be kept as they came")
            metrics.RAW.labels("dropped").inc(sum(len(messages) for *_, messages in lots))

    async def _twice(self, subject: str, data: bytes) -> bool:
        self._number += 1
        msg_id = f"{self._origin}-{self._number}"
        for pause in (SECOND_TRY, 0.0):
            try:
                await self._bus.publish(subject, data, msg_id=msg_id)
            except UnavailableError as error:
                self._trouble.say(str(error))
                await asyncio.sleep(pause)
            else:
                self._trouble.say("")
                return True
        return False


def pack(lots: Sequence[RawLot]) -> Iterator[tuple[bytes, int]]:
    """Packed into pieces of at most `MAX_BATCH_BYTES`, and how many messages each holds; one alone may be larger."""
    data, count = encode_raw(lots), sum(len(messages) for *_, messages in lots)
    if len(data) <= MAX_BATCH_BYTES or (count == 1 and len(data) <= LARGEST):
        yield data, count
    elif len(lots) > 1:
        middle = len(lots) // 2
        yield from pack(lots[:middle])
        yield from pack(lots[middle:])
    else:
        ((source, published, sequence, messages),) = lots
        middle = count // 2
        halves = (messages[:middle], messages[middle:]) if middle else ([_cut(messages[0])],)
        for half in halves:
            yield from pack([(source, published, sequence, half)])


def _cut(message: Raw) -> Raw:
    """The beginning of one that is too large, and how large it was."""
    topic, payload, arrived, asset, times = message[:5]
    by = message[5] if len(message) > 5 else ""
    return topic, payload[: MAX_BATCH_BYTES // 2], arrived, asset, times, by, len(payload)
