"""Courier: one kind of way out to people. What all of them promise, and the time they may take."""

import asyncio
from collections.abc import Mapping
from typing import Any, Protocol

from andon.alerting.channel import Channel
from andon.common.errors import InvalidError, UnavailableError

SEND_SECONDS = 60.0


class BusyError(UnavailableError):
    """It did not arrive, and the receiver says how long not to come again."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class Courier(Protocol):
    """Carries messages to the channels of one kind.

    A payload is one alarm (`alarm`, `transition`, `text`) or a digest of many (`digest`); `key` names it for ever, so
    that a receiver can drop a copy.
    """

    async def send(self, channel: Channel, payload: Mapping[str, Any]) -> None:
        """Carry one message.

        Raises:
            InvalidError: it is refused for good; trying again is in vain.
            UnavailableError: it did not arrive; try again, after BusyError's seconds where it is one.
        """


async def send(couriers: Mapping[str, Courier], channel: Channel, payload: Mapping[str, Any]) -> None:
    """Send on a channel of any kind.

    Raises:
        InvalidError: the kind is unknown here, or the message is refused for good.
        UnavailableError: it did not arrive; try again.
    """
    courier = couriers.get(channel.kind)
    if courier is None:
        raise InvalidError(f"'{channel.kind}' is no kind of channel here; use {' or '.join(couriers)}")
    try:
        async with asyncio.timeout(SEND_SECONDS):
            await courier.send(channel, payload)
    except TimeoutError:
        raise UnavailableError(f"Sending took longer than {SEND_SECONDS:.0f} s and was given up") from None
