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
from andon.common.errors import UnavailableError
from andon.common.reading import Reading
from andon.common.wire import MAX_BATCH_BYTES, Batch, Note, encode_batch

log = logs.get("derive.calculate")

MOST_READINGS = 2000
"""In one batch."""
LONGEST_BACKOFF = 5.0
_LIVE, _PAST = "calculated", "recalculated"


def is_known(message: Msg) -> bool:
    """Whether a batch holds what the calculator has said itself, and knows."""
    return (message.headers or {}).get("Nats-Msg-Id", "").startswith(f"{_LIVE}-")


class Outlet:
    """Publishes readings; each batch has an id of its own, so that one sent twice is stored once."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._origin = secrets.token_hex(6)
        self._number = 0
        self.trouble = ""

    async def publish(self, readings: list[Reading], *, past: bool = False) -> None:
        """Return once JetStream has all of them; until then try again, for ever.

        past: they are of history, and the calculator is to hear of them as of any others.
        """
        for subject, data in pack(readings, self._bus.settings.partitions, time_ns()):
            self._number += 1
            await self._until_stored(subject, data, f"{_PAST if past else _LIVE}-{self._origin}-{self._number}")

    async def _until_stored(self, subject: str, data: bytes, msg_id: str) -> None:
        pause = 0.1
        while True:
            try:
                await self._bus.publish(subject, data, msg_id=msg_id)
            except UnavailableError as error:
                self._say(str(error))
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_BACKOFF)
                await self._bus.ready()
            else:
                self._say("")
                return

    def _say(self, trouble: str) -> None:
        if bool(trouble) != bool(self.trouble):
            if trouble:
                log.warning("JetStream does not take calculated readings; trying again until it does", error=trouble)
            else:
                log.info("JetStream takes calculated readings again")
        self.trouble = trouble


def pack(readings: Iterable[Reading], partitions: int, now: int) -> Iterator[tuple[str, bytes]]:
    """Subject and bytes of each batch; none is larger than `MAX_BATCH_BYTES`.

    A batch arrived when its newest reading was measured: what is calculated of the past says nothing of whether the
    machine still speaks.
    """
    by_partition: dict[int, list[Reading]] = defaultdict(list)
    for reading in readings:
        by_partition[subjects.partition_of(reading.asset, partitions) if partitions > 1 else 0].append(reading)
    for partition, some in by_partition.items():
        for first in range(0, len(some), MOST_READINGS):
            for data in _batches(some[first : first + MOST_READINGS], now):
                yield subjects.telemetry(partition), data


def _batches(readings: list[Reading], now: int) -> Iterator[bytes]:
    notes = {asset: Note(extra=-count) for asset, count in Counter(reading.asset for reading in readings).items()}
    data = encode_batch(Batch(min(now, max(reading.time for reading in readings)), readings, notes))
    if len(data) <= MAX_BATCH_BYTES or len(readings) == 1:
        yield data
        return
    middle = len(readings) // 2
    yield from _batches(readings[:middle], now)
    yield from _batches(readings[middle:], now)
