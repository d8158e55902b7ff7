"""Tell: what was committed goes to those who listen here, to the other instances, and wakes the notifications."""

import json
from collections.abc import Callable
from contextlib import suppress
from secrets import token_hex

from nats.aio.msg import Msg

from andon.alerting.alarm.journal import News
from andon.alerting.alarm.stream import Stream
from andon.common import subjects
from andon.common.bus import Bus

ALARMS = subjects.event("alarm", "*")


class Teller:
    """One instance's voice and ear. wake: called when there may be something to notify of."""

    def __init__(self, bus: Bus, stream: Stream, wake: Callable[[], None]) -> None:
        self._bus = bus
        self._stream = stream
        self._wake = wake
        self._instance = token_hex(4)

    async def tell(self, news: list[News]) -> None:
        """Tell of what is in the database now."""
        self._wake()
        for item in news:  # before anything is awaited, so that listeners hear transitions in the order of commits
            self._stream.publish(item.alarm)
        for item in news:
            await self._bus.announce("alarm", item.verb, item.alarm | {"told_by": self._instance})

    async def hear(self) -> None:
        """Pass on, for ever, what other instances tell."""
        await self._bus.hear(ALARMS, on_message=self._on_message)

    async def _on_message(self, message: Msg) -> None:
        with suppress(ValueError):
            alarm = json.loads(message.data)
            if isinstance(alarm, dict) and alarm.pop("told_by", "") not in ("", self._instance):
                self._stream.publish(alarm)
                self._wake()
