"""Fill: how full the streams are and who of their readers is behind, as metrics; asked now and then by one ingest.

A reader that stands still tells nothing of itself, so it is not the readers who tell how far they are.
"""

import asyncio

from andon.common import logs, vitals
from andon.common.bus import Bus
from andon.common.errors import UnavailableError
from andon.common.standing import Standing, look

log = logs.get("ingest.fill")

EVERY_SECONDS = 5.0


async def fill_for_ever(bus: Bus) -> None:
    """Look every few seconds; what cannot be seen now is looked at the next time."""
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        try:
            show(await look(bus))
        except UnavailableError as error:
            log.debug("streams not looked at this time", error=str(error))


def show(standing: Standing) -> None:
    """Set the metrics. Readers that are gone, as those of another number of partitions, are told of no longer."""
    for stream in standing.streams:
        vitals.STREAM_BYTES.labels(stream.name).set(stream.bytes)
        vitals.STREAM_LIMIT.labels(stream.name).set(stream.limit or 0)
    vitals.CONSUMER_WAITING.clear()
    vitals.CONSUMER_UNACKNOWLEDGED.clear()
    for reader in standing.readers:
        vitals.CONSUMER_WAITING.labels(reader.durable).set(reader.waiting)
        vitals.CONSUMER_UNACKNOWLEDGED.labels(reader.durable).set(reader.unacknowledged)
