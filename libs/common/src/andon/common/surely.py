"""Surely: a message that must come into its stream, however long that takes."""

import asyncio
from collections.abc import Callable

from andon.common import metrics
from andon.common.bus import Bus
from andon.common.errors import UnavailableError

LONGEST_BACKOFF = 5.0


async def publish_surely(bus: Bus, subject: str, data: bytes, *, msg_id: str, say: Callable[[str], None]) -> int:
    """Publish again and again until the stream has it; its number there. `say` is told why not yet, '' at the end.

    There is no limit: what is given up here is lost, and whoever waits is held back meanwhile.
    """
    pause = 0.1
    while True:
        try:
            number = await bus.publish(subject, data, msg_id=msg_id)
        except UnavailableError as error:
            say(str(error))
            metrics.PUBLISH_RETRIES.inc()
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_BACKOFF)
            await bus.ready()
        else:
            say("")
            return number
