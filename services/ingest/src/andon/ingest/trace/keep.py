"""Keep: messages as they came go to the stream RAW once their readings are published, beside the path and never in it.

Nobody waits for it, and it holds up nothing: what finds no room here, or is not taken twice, is counted and let go.
"""

import asyncio
import secrets
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from time import time_ns

from andon.common import logs, metrics, subjects
from andon.common.bus import Bus
from andon.common.errors import UnavailableError
from andon.common.wire import MAX_BATCH_BYTES, Raw, Source, encode_raw

log = logs.get("ingest.keep")

MOST_WAITING = 16 * 2**20
"""Bytes of messages that may wait to be kept."""
MESSAGE_COST = 256
"""Bytes a message takes while it waits, besides its topic and payload."""
LARGEST = 1_000_000
"""Bytes of one message of NATS, below what nats-server takes."""
SECOND_TRY = 1.0
"""Seconds after which what the stream did not take is tried again, once."""

Lot = tuple[Source, int, int, int, Sequence[Raw]]
"""Source, partition, its number in TELEMETRY, when it was published, and the messages."""


class Keeper:
    """Takes what was published, and keeps it. Run `keep` as a task."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._origin = secrets.token_hex(6)
        self._number = 0
        self._waiting: deque[tuple[Lot, int]] = deque()
        self._bytes = 0
        self._came = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._trouble = ""

    def put(self, source: Source, partition: int, sequence: int, messages: Sequence[Raw]) -> None:
        """Have messages kept whose readings are number `sequence` of TELEMETRY. Returns at once."""
        size = sum(len(message[0]) + len(message[1]) for message in messages) + MESSAGE_COST * len(messages)
        if self._bytes + size > MOST_WAITING:
            metrics.RAW.labels("dropped").inc(len(messages))
            return
        self._bytes += size
        self._waiting.append(((source, partition, sequence, time_ns(), messages), size))
        self._came.set()
        self._idle.clear()

    async def keep(self) -> None:
        """Keep for ever."""
        while True:
            await self._came.wait()
            while self._waiting:
                lot, size = self._waiting[0]
                try:
                    await self._keep(lot)
                except Exception:  # what one message brings out must not stop all others
                    log.exception("messages cannot be kept as they came")
                    metrics.RAW.labels("dropped").inc(len(lot[-1]))
                self._waiting.popleft()
                self._bytes -= size
            self._came.clear()
            self._idle.set()

    async def finish(self) -> None:
        """Wait until nothing waits. For a quiet end."""
        await self._idle.wait()

    async def _keep(self, lot: Lot) -> None:
        source, partition, sequence, published, messages = lot
        for data, count in pack(source, published, sequence, messages):
            taken = await self._twice(subjects.raw_received(partition), data)
            metrics.RAW.labels("kept" if taken else "dropped").inc(count)

    async def _twice(self, subject: str, data: bytes) -> bool:
        self._number += 1
        msg_id = f"{self._origin}-{self._number}"
        for pause in (SECOND_TRY, 0.0):
            try:
                await self._bus.publish(subject, data, msg_id=msg_id)
            except UnavailableError as error:
                self._say(str(error))
                await asyncio.sleep(pause)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._bus.ready(), SECOND_TRY)
            else:
                self._say("")
                return True
        return False

    def _say(self, trouble: str) -> None:
        if bool(trouble) != bool(self._trouble):
            if trouble:
                log.warning("messages are not kept as they came; readings go on", error=trouble)
            else:
                log.info("messages are kept as they came again")
        self._trouble = trouble


def pack(source: Source, published: int, sequence: int, messages: Sequence[Raw]) -> Iterator[tuple[bytes, int]]:
    """Messages packed into pieces of at most `MAX_BATCH_BYTES`, and how many each holds; one alone may be larger."""
    data = encode_raw(source, published, sequence, messages)
    if len(messages) > 1 and len(data) > MAX_BATCH_BYTES:
        middle = len(messages) // 2
        yield from pack(source, published, sequence, messages[:middle])
        yield from pack(source, published, sequence, messages[middle:])
    elif len(data) > LARGEST:
        yield encode_raw(source, published, sequence, [_cut(messages[0])]), 1
    else:
        yield data, len(messages)


def _cut(message: Raw) -> Raw:
    """The beginning of one that is too large, and how large it was."""
    topic, payload, arrived, asset, times = message[:5]
    by = message[5] if len(message) > 5 else ""
    return topic, payload[: MAX_BATCH_BYTES // 2], arrived, asset, times, by, len(payload)
