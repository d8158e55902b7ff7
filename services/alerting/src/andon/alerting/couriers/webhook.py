"""Webhook: POST a message as JSON (`webhook` in the design's shapes), signed, with an Idempotency-Key."""

from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from time import time
from typing import Any

import msgspec

from andon.alerting.channel import Channel
from andon.alerting.couriers import signature
from andon.alerting.couriers.courier import BusyError
from andon.alerting.couriers.guarded import GuardedClient, parse
from andon.common.errors import InvalidError, UnavailableError

SINGLE = ("alarm", "transition", "key")
DIGEST = ("digest", "key")
MORE = ("links", "advice", "step", "repeat", "late", "test")
FOR_GOOD = (400, 410, 413, 422)
"""Answers that say no to this very message. Any other (401, 404 ...) is about the receiver, and may be mended."""


BUSY = (429, 503)
"""Answers whose `Retry-After` says when to come again."""


class Webhook:
    """Posts to webhooks. `clock`: Unix seconds, for the signature."""

    def __init__(self, http: GuardedClient, clock: Callable[[], float] = time) -> None:
        self._http = http
        self._clock = clock

    async def send(self, channel: Channel, payload: Mapping[str, Any]) -> None:
        """Post one message.

        Raises:
            InvalidError: the target's address is private and not allowed, or the receiver refuses the message for good.
            UnavailableError: no answer, or one that is not 2xx; BusyError where it says when to come again.
        """
        body, key = msgspec.json.encode(shape(payload)), payload["key"]
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        if channel.secret:
            headers |= signature.headers(channel.secret, key, int(self._clock()), body)
        answer = await self._http.post(channel.target, body, headers)
        if answer.is_success:
            return
        hint = "; redirects are not followed, set the final URL" if answer.is_redirect else ""
        told = f"{parse(channel.target).host} answered {answer.status_code}{hint}"
        if answer.status_code in FOR_GOOD:
            raise InvalidError(told)
        wait = _seconds(answer.headers.get("retry-after", ""), self._clock()) if answer.status_code in BUSY else 0.0
        raise BusyError(f"{told}, and asks to wait {wait:.0f} s", wait) if wait > 0 else UnavailableError(told)


def _seconds(retry_after: str, now: float) -> float:
    """How long a `Retry-After` asks to wait: seconds, or until a date (RFC 9110); 0 where it says neither."""
    try:
        return (
            float(int(retry_after)) if retry_after.isdigit() else parsedate_to_datetime(retry_after).timestamp() - now
        )
    except (ValueError, OverflowError):
        return 0.0


def shape(payload: Mapping[str, Any]) -> dict[str, Any]:
    """What a receiver gets of a payload. `text` is for people, and may change its words at any time."""
    wanted = DIGEST if "digest" in payload else SINGLE
    return {name: payload[name] for name in wanted} | {name: payload[name] for name in MORE if name in payload}
