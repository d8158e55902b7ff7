"""Bounds of what nats-server keeps for MQTT besides messages and sessions, so that no device fills the broker with it.

nats-server makes these streams, without limits, when the first client comes in. Its sessions are not bounded: intake's
own is among them, and the oldest would go first.
"""

import asyncio

from nats.errors import Error as NatsError
from nats.js.errors import APIError, NotFoundError

from andon.common import logs, subjects
from andon.common.mqtt import Session
from andon.common.visit import visit

log = logs.get("ingest.bounds")

BOUNDS = {
    subjects.MQTT_RETAINED: {"max_bytes": 8 * 2**20},
    subjects.MQTT_QOS2: {"max_bytes": 64 * 2**20, "max_age": 3600},
}
RETRY_SECONDS = 30.0


async def keep_bounded(session: Session, url: str, username: str, password: str) -> None:
    """Set the bounds whenever the session has come to the broker, for ever. What is no nats-server has none."""
    said, epoch = "", 0
    while True:
        epoch = await session.renewed(epoch)
        try:
            await bound(url, username, password)
            said = ""
        except NotFoundError:
            log.debug("the MQTT broker is no nats-server, or another one")
        except (NatsError, APIError, OSError, TimeoutError) as error:
            why = str(error) or type(error).__name__
            if said != why:
                log.warning("retained messages cannot be bounded; compare nats.conf, account DEVICES", error=why)
            said, epoch = why, 0
            await asyncio.sleep(RETRY_SECONDS)


async def bound(url: str, username: str, password: str) -> None:
    """Set the bounds once; what is there beyond them goes, the oldest first.

    Raises:
        NotFoundError: the server has no such streams.
        NatsError, APIError, OSError, TimeoutError: it does not answer, or does not let us.
    """
    async with visit(url, name="ingest bounds", user=username, password=password) as nc:
        js = nc.jetstream()
        for stream, bounds in BOUNDS.items():
            config = (await js.stream_info(stream)).config
            await js.update_stream(config.evolve(**bounds))
