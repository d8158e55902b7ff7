"""Trim: takes out of the stream what its readers have all acknowledged: its room is for what waits.

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
from andon.common.floor import floor

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
    return [*subjects.store_durables(partitions), *subjects.evaluate_durables(partitions), subjects.LEDGER_DURABLE]


async def trim(bus: Bus, kept: int = KEPT_BATCHES) -> int:
    """Trim once; the number of the first batch that stays.

    Raises:
        NotFoundError: a reader does not exist yet.
        NatsError, APIError, UnavailableError, TimeoutError: the backbone does not answer.
    """
    stream = await bus.js.stream_info(subjects.TELEMETRY)
    floors = [await floor(bus, durable, stream.state.last_seq) for durable in readers(bus.settings.partitions)]
    scarce = stream.state.bytes > (stream.config.max_bytes or 0) // 2
    if not scarce:  # what is derived can be derived again: it is waited for only while there is room
        for durable in (subjects.DERIVE_DURABLE, subjects.CALCULATE_DURABLE):
            with suppress(NotFoundError):
                floors.append(await floor(bus, durable, stream.state.last_seq))
    first = min(floors) + 1 - (0 if scarce else kept)
    if first > 1:
        await bus.js.purge_stream(subjects.TELEMETRY, seq=first)
    return first
