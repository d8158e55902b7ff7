"""What databases and dead letters know of by now, and InfluxDB may not have yet: waited for, before InfluxDB is read.

An alarm is in its database before the store has written what raised it, and a dead letter is gone once its readings
are in the stream. The stream was taken before both.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from andon.common import subjects
from andon.common.floor import floor

LOOK_SECONDS = 0.2
PATIENCE_SECONDS = 20.0


@dataclass(frozen=True)
class _Connection:
    js: JetStreamContext


async def stored(js: JetStreamContext, partitions: int, patience: float = PATIENCE_SECONDS) -> int:
    """Wait until InfluxDB has what is in the telemetry stream by now; how many batches it still lacks (0: none).

    patience: seconds in which the store gets on by nothing.

    Raises:
        nats.errors.Error, TimeoutError: NATS does not answer.
    """
    clock, reached = asyncio.get_running_loop().time, -1
    with suppress(NotFoundError):  # nothing ever came, or no store was ever there
        last = (await js.stream_info(subjects.TELEMETRY)).state.last_seq
        while True:
            floors = [await floor(_Connection(js), name, last) for name in subjects.store_durables(partitions)]
            if sum(floors) > reached:
                reached, end = sum(floors), clock() + patience
            if min(floors) >= last or clock() > end:
                return max(0, last - min(floors))
            await asyncio.sleep(LOOK_SECONDS)
    return 0
