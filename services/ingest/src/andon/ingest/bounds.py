"""Bounds of what nats-server keeps for MQTT besides messages and sessions, so that no device fills the broker with it.

nats-server makes these streams, without limits, when the first client comes in. Its sessions are not bounded: intake's
own is among them, and the oldest would go first.
"""

import asyncio
from contextlib import suppress

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.api import StreamConfig
from nats.js.errors import APIError, NotFoundError

from andon.common import logs, subjects
from andon.common.mqtt import Session

log = logs.get("ingest.bounds")

BOUNDS = {
    subjects.MQTT_RETAINED: StreamConfig(max_bytes=8 * 2**20),
    subjects.MQTT_QOS2: StreamConfig(max_bytes=64 * 2**20, max_age=3600),
}
RETRY_SECONDS = 30.0


async def keep_bounded(session: Session, url: str, username: str, password: str) -> None:
    """Set the bounds whenever the session has come to the broker, for ever. What is no nats-server has none."""
    said = ""
    while True:
        await session.subscribed.wait()
        epoch, pause = session.epoch, 1.0
        try:
            await bound(url, username, password)
            said = ""
        except NotFoundError:
            log.debug("the MQTT broker is no nats-server, or another one")
        except (NatsError, APIError, OSError, TimeoutError) as error:
            why, pause, epoch = str(error) or type(error).__name__, RETRY_SECONDS, 0
            if said != why:
                log.warning("retained messages cannot be bounded; compare nats.conf, account DEVICES", error=why)
            said = why
        await asyncio.sleep(pause)
        while session.epoch == epoch:
            await asyncio.sleep(1)


async def bound(url: str, username: str, password: str) -> None:
    """Set the bounds once; what is there beyond them goes, the oldest first.

    Raises:
        NotFoundError: the server has no such streams.
        NatsError, APIError, OSError, TimeoutError: it does not answer, or does not let us.
    """
    nc = Client()
    try:
        await nc.connect(
            url,
            name="ingest bounds",
            user=username,
            password=password,
            allow_reconnect=False,
            connect_timeout=2,
            error_cb=_on_error,
        )
        js = nc.jetstream()
        for stream, bounds in BOUNDS.items():
            config = (await js.stream_info(stream)).config
            await js.update_stream(config.evolve(max_bytes=bounds.max_bytes, max_age=bounds.max_age or config.max_age))
    finally:
        with suppress(OSError):
            await nc.close()


async def _on_error(_: Exception) -> None:
    """Errors reach whoever asks; nats-py's own handler would print them."""
