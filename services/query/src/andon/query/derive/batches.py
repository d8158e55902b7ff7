"""Batches of the stream, as the derive process reads them: all in order, and acknowledged up to one of them."""

from collections.abc import AsyncGenerator

from nats.aio.msg import Msg

from andon.common import subjects
from andon.common.bus import Bus

WINDOW = 100_000
"""Batches read and not yet acknowledged: those of a round, and many rounds' while InfluxDB is away."""
ACK_WAIT = 365 * 86_400.0
"""Seconds; longer than any InfluxDB is away. Whoever begins is handed all that is not acknowledged at once. Handed out
by time, between what is new, it would look like holes in the stream."""


def batches(bus: Bus, durable: str) -> AsyncGenerator[Msg, None]:
    """All batches behind the last one acknowledged, for ever."""
    return bus.consume(
        subjects.TELEMETRY,
        durable,
        filter_subject=subjects.TELEMETRY_ALL,
        max_ack_pending=WINDOW,
        ack_wait=ACK_WAIT,
        in_order=True,
        ack_all=True,
    )
