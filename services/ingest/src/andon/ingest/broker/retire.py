"""Retire: empties and ends the broker sessions of another number of partitions.

The broker would fill them for ever, until the devices have no room left. What such a session still holds is taken
first; what devices say meanwhile comes twice, so that they should be kept out then (docs/how-to/run-several.md).
"""

import asyncio
from collections.abc import Callable
from time import monotonic

from nats.errors import Error as NatsError
from nats.js.errors import APIError, NotFoundError

from andon.common import jobs, logs, subjects
from andon.common.bus import Bus
from andon.common.errors import UnavailableError
from andon.common.mqtt import Broker, Publish, packets
from andon.ingest.intake import Intake
from andon.ingest.share import Seat, seat

log = logs.get("ingest.retire")

QUIET_SECONDS = 11.0
"""A session that sends nothing for this long is empty: twice as long as nats-server waits for an acknowledgement."""
RETRY_SECONDS = 5.0
CONNACK = 0x20
AWAY = (NatsError, APIError, NotFoundError, UnavailableError, TimeoutError, OSError, EOFError)


async def retire(bus: Bus, broker: Broker, open_intake: Callable[[Seat], Intake]) -> None:
    """End what is left of other numbers of partitions, once the sessions of this one exist; then be done."""
    while True:
        await bus.ready()
        try:
            bucket = await bus.bucket(subjects.INTAKE_BUCKET)
            keys = {key for key in await bucket.keys() if key.startswith(subjects.INTAKE_SESSION_KEY)}
            wanted = subjects.session_keys(bus.settings.partitions)
            if keys >= wanted:
                for key in sorted(keys - wanted):
                    old = seat(broker, *subjects.partition_in(key))
                    log.info("emptying a session of another number of partitions", client_id=old.broker.client_id)
                    await empty(open_intake(old))
                    await end(old.broker)
                    await bucket.delete(key)
                    log.info("session ended", client_id=old.broker.client_id)
                return
        except AWAY as error:
            log.debug("old sessions cannot be ended now; trying again", error=str(error))
        await asyncio.sleep(RETRY_SECONDS)


async def empty(intake: Intake) -> None:
    """Take all that the session of `intake` holds; returns when all of it is safe and nothing more comes.

    While JetStream takes nothing the broker sends nothing either, and that is no sign of the end.
    """
    last, take = monotonic(), intake.session.on_messages

    def note(epoch: int, messages: list[Publish]) -> None:
        nonlocal last
        last = monotonic()
        take(epoch, messages)

    intake.session.on_messages = note
    keeping = asyncio.create_task(intake.session.keep(), name="empty a session")
    try:
        while monotonic() - last < QUIET_SECONDS:
            await asyncio.sleep(0.1)
            if intake.holds or not intake.session.subscribed.is_set():
                last = monotonic()
        await intake.drain()
    finally:
        await jobs.end(keeping)


async def end(broker: Broker) -> None:
    """Have the broker forget a session: whoever comes with a clean start ends the one that was kept.

    Raises:
        OSError, EOFError, TimeoutError: the broker does not answer, or refuses.
    """
    async with asyncio.timeout(RETRY_SECONDS):
        reader, writer = await asyncio.open_connection(*broker.addresses[0], ssl=broker.tls_context())
        try:
            writer.write(broker.greeting(0, clean=True))
            answer = await reader.readexactly(4)
            if answer[0] != CONNACK or answer[3]:
                raise ConnectionRefusedError("the broker does not end the session")
            writer.write(packets.DISCONNECT)
            await writer.drain()
        finally:
            writer.close()
