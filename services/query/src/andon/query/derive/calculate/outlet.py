"""Outlet: calculated readings into the stream, from where all others take them as they take any.

They are no messages of a device: a note to the ledger takes off what the readings would count.
"""

import asyncio
import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from time import time_ns

from nats.aio.msg import Msg

from andon.common import logs, subjects
from andon.common.bus import Bus
from andon.common.reading import Reading
from andon.common.surely import publish_surely
from andon.common.trouble import Trouble
from andon.common.wire import MAX_BATCH_BYTES, Batch, Note, encode_batch
from andon.query.derive.calculate.track import FOR_EVER

log = logs.get("derive.calculate")

MOST_READINGS = 2000
"""In one batch."""
MOST_WAITING = 50_000
"""Readings that wait until no more is taken from the stream."""
HELD_UP = "JetStream does not take calculated readings; trying again until it does"
_LIVE, _AGAIN = "calculated", "recalculated"


def is_known(message: Msg) -> bool:
    """Whether a batch holds what the calculator has said itself, and knows."""
    return (message.headers or {}).get("Nats-Msg-Id", "").startswith(f"{_LIVE}-")


class Outlet:
    """Publishes readings, in their order; run `publish` as a task. What comes while it is at work leaves together.

    Each batch has an id of its own, so that one sent twice is stored once.
    """

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._origin = secrets.token_hex(6)
        self._number = 0
        self._waiting: list[Reading] = []
        self._oldest = self._leaving = FOR_EVER
        self._news, self._gone = asyncio.Event(), asyncio.Event()
        self.trouble = Trouble(log, comes=HELD_UP, over="JetStream takes calculated readings again")

    def put(self, readings: list[Reading], number: int) -> None:
        """Let readings leave. number: the oldest batch of the stream that they follow from."""
        self._waiting += readings
        self._oldest = min(self._oldest, number)
        self._news.set()

    @property
    def oldest(self) -> int:
        """The oldest batch of the stream from which something has not left yet; FOR_EVER: none."""
        return min(self._oldest, self._leaving)

    async def room(self) -> None:
        """Wait while too much waits."""
        while len(self._waiting) > MOST_WAITING:
            self._gone.clear()
            await self._gone.wait()

    async def publish(self) -> None:
        """Publish what is put in, for ever."""
        while True:
            await self._news.wait()
            self._news.clear()
            readings, self._waiting = self._waiting, []
            self._leaving, self._oldest = self._oldest, FOR_EVER
            await self._publish(readings, _LIVE)
            self._leaving = FOR_EVER
            self._gone.set()

    async def publish_again(self, readings: list[Reading], *, past: bool) -> None:
        """Return once JetStream has what was calculated from history; the calculator hears of it as of any readings.

        past: nobody is to be called about it.
        """
        await self._publish(readings, _AGAIN, past=past)

    async def _publish(self, readings: list[Reading], kind: str, *, past: bool = False) -> None:
        for subject, data in pack(readings, self._bus.settings.partitions, time_ns(), past=past):
            self._number += 1
            msg_id = f"{kind}-{self._origin}-{self._number}"
            await publish_surely(self._bus, subject, data, msg_id=msg_id, say=self.trouble.say)


def pack(readings: Iterable[Reading], partitions: int, now: int, *, past: bool = False) -> Iterator[tuple[str, bytes]]:
    """Subject and bytes of each batch; none is larger than `MAX_BATCH_BYTES`.

    A batch arrived when its newest reading was measured: what is calculated of the past says nothing of whether the
    machine still speaks.
    """
    by_partition: dict[int, list[Reading]] = defaultdict(list)
    for reading in readings:
        by_partition[subjects.partition_of(reading.asset, partitions) if partitions > 1 else 0].append(reading)
    for partition, some in by_partition.items():
        for first in range(0, len(some), MOST_READINGS):
            for data in _batches(some[first : first + MOST_READINGS], now, past=past):
                yield subjects.telemetry(partition), data


def _batches(readings: list[Reading], now: int, *, past: bool) -> Iterator[bytes]:
    notes = {asset: Note(extra=-count) for asset, count in Counter(reading.asset for reading in readings).items()}
    arrived = min(now, max(reading.time for reading in readings))
    data = encode_batch(Batch(arrived, readings, notes, past=past, calculated=True))
    if len(data) <= MAX_BATCH_BYTES or len(readings) == 1:
        yield data
        return
    middle = len(readings) // 2
    yield from _batches(readings[:middle], now, past=past)
    yield from _batches(readings[middle:], now, past=past)
