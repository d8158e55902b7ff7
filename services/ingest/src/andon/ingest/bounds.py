"""Bounds of what nats-server keeps for MQTT besides messages, so that no device can fill the broker with it.

nats-server makes these streams in the account of the devices when the first client comes in, and without limits.
"""

from contextlib import suppress

from nats.aio.client import Client
from nats.js.api import StreamConfig

from andon.common import subjects

BOUNDS = {
    subjects.MQTT_RETAINED: StreamConfig(max_bytes=8 * 2**20),
    subjects.MQTT_SESSIONS: StreamConfig(max_bytes=64 * 2**20),
    subjects.MQTT_QOS2: StreamConfig(max_bytes=64 * 2**20, max_age=3600),
}


async def bound(url: str, username: str, password: str) -> None:
    """Set the bounds; what is there beyond them goes, the oldest first.

    Raises:
        NatsError, APIError, OSError, TimeoutError: the server does not answer, or the streams are not there.
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
