"""Trim: takes out of the stream what store, evaluate and ledger have all acknowledged: its room is for what waits.

The stream's own limits cannot do it: by age it would forget what InfluxDB has not got yet, by interest it would not
keep what comes before a reader was ever there.
"""

import asyncio
from contextlib import suppress

from nats.errors import Error as NatsError
from nats.js.errors import APIError, NotFoundError

from andon.common import logs, subjects
from andon.common.bus import Bus
from andon.common.errors import UnavailableError

log = logs.get("ingest.trim")

EVERY_SECONDS = 10.0
KEPT_BATCHES = 512
"""Acknowledged batches that stay all the same while there is room: alerting looks at the last ones after a restart."""


async def trim_for_ever(bus: Bus) -> None:
    """Trim every few seconds; a failure waits for the next time."""
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        try:
            await trim(bus)
        except NotFoundError:
            continue  # one of the readers has not been there yet: all is kept for it
        except (NatsError, APIError, UnavailableError, TimeoutError) as error:
            log.debug("not trimmed this time", error=str(error))


def readers(partitions: int) -> list[str]:
    """Durables that have to acknowledge a batch before it may go."""
    return [*subjects.store_durables(partitions), subjects.EVALUATE_DURABLE, subjects.LEDGER_DURABLE]


async def floor(bus: Bus, durable: str, last: int) -> int:
    """Number of the batch up to which a durable has acknowledged all that is for it; `last` was the last then.

    Raises:
        NotFoundError: it does not exist yet.
        NatsError, APIError, UnavailableError, TimeoutError: the backbone does not answer.
    """
    info = await bus.js.consumer_info(subjects.TELEMETRY, durable)
    acknowledged = info.ack_floor.stream_seq if info.ack_floor else 0
    only = [subject for subject in info.config.filter_subjects or [] if subject != subjects.TELEMETRY_ALL]
    if info.num_pending or info.num_ack_pending or not only:
        return acknowledged
    for subject in only:  # that of a quiet partition would stand still for ever
        # asked of the stream: a node of a cluster that has not got the newest itself says that nothing waits
        with suppress(NotFoundError):
            following = await bus.js.get_msg(subjects.TELEMETRY, acknowledged + 1, subject=subject, next=True)
            last = min(last, (following.seq or 1) - 1)
    return last


async def trim(bus: Bus, kept: int = KEPT_BATCHES) -> int:
    """Trim once; the number of the first batch that stays.

    Raises:
        NotFoundError: a reader does not exist yet.
        NatsError, APIError, UnavailableError, TimeoutError: the backbone does not answer.
    """
    stream = await bus.js.stream_info(subjects.TELEMETRY)
    floors = [await floor(bus, durable, stream.state.last_seq) for durable in readers(bus.settings.partitions)]
    scarce = stream.state.bytes > (stream.config.max_bytes or 0) // 2
    first = min(floors) + 1 - (0 if scarce else kept)
    if first > 1:
        await bus.js.purge_stream(subjects.TELEMETRY, seq=first)
    return first
