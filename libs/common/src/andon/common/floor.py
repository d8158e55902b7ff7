"""How far a reader of the telemetry stream has come."""

from contextlib import suppress
from typing import Protocol

from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from andon.common import subjects


class Streams(Protocol):
    """Who has JetStream: a bus, or a connection of another kind."""

    @property
    def js(self) -> JetStreamContext:
        """The JetStream client."""


async def floor(bus: Streams, durable: str, last: int) -> int:
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
