"""Bury: a batch that nobody can read becomes a dead letter; delivering it again would change nothing."""

from contextlib import suppress
from time import time_ns

from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from andon.common import logs, metrics, subjects
from andon.common.bus import Bus
from andon.common.errors import Reason, UnavailableError
from andon.common.wire import DeadLetter, encode_deadletter

log = logs.get("alerting.bury")

_SHOWN_BYTES = 64 * 1024


async def bury(bus: Bus, message: Msg, error: Exception) -> None:
    """Make a dead letter of a batch; where that cannot be done just now, it is delivered again later."""
    number = message.metadata.sequence.stream
    letter = DeadLetter(
        Reason.UNREADABLE_BATCH,
        f"evaluate: {error}",
        f"{subjects.TELEMETRY}/{number}",
        message.data[:_SHOWN_BYTES],
        len(message.data),
        time_ns(),
    )
    log.warning("a batch cannot be read", sequence=number, error=str(error))
    try:
        await bus.publish(subjects.deadletter(letter.reason), encode_deadletter(letter), msg_id=f"evaluate-{number}")
    except UnavailableError:
        with suppress(NatsError):
            await message.nak(delay=5)
        return
    metrics.DEADLETTERS.labels(letter.reason).inc()
    with suppress(NatsError):
        await message.term()
