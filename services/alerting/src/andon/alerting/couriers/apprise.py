"""Apprise: Slack, Teams, Telegram, ntfy, SMS and a hundred more, by apprise URL (https://appriseit.com).

Its plugins wait for their answers, so each message has a thread, a guard and a time limit. URLs hold secrets: what a
plugin says about a failure is told without any part of the URL.
"""

import asyncio
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import get_ident
from typing import Any
from urllib.parse import quote, unquote

from apprise import NotifyBase, NotifyFormat, NotifyType
from typing_extensions import override

from andon.alerting.channel import Channel
from andon.alerting.couriers.guard import Guard
from andon.alerting.couriers.message import Digest, Single, one_line, tell
from andon.alerting.couriers.services import open_service
from andon.alerting.settings import Network
from andon.common.errors import UnavailableError

TIMEOUT_SECONDS = 30.0
THREADS = 8
SHORTEST_SECRET = 4
_TYPES = {
    "critical": NotifyType.FAILURE,
    "high": NotifyType.FAILURE,
    "medium": NotifyType.WARNING,
    "low": NotifyType.WARNING,
    "good": NotifyType.SUCCESS,
    "ended": NotifyType.INFO,
    "test": NotifyType.INFO,
}
_logger = logging.getLogger("apprise")
# Requests, headers and URLs hold secrets: their details are not logged, and warnings are heard by `_heard` alone.
_logger.propagate = False
for _name in ("apprise", "urllib3", "requests_oauthlib", "oauthlib"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class Apprise:
    """Sends through apprise, never to a private address that is not `allowed`."""

    def __init__(self, allowed: Sequence[Network], public_url: str) -> None:
        self._allowed = allowed
        self._public_url = public_url
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="apprise")

    async def aclose(self) -> None:
        """Begin nothing more. What is on its way is over within its time limit."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def send(self, channel: Channel, payload: Mapping[str, Any]) -> None:
        """Send one message.

        Raises:
            InvalidError: the URL names no service that may be used, or leads to a private address.
            UnavailableError: the service did not take it, or not in time.
        """
        told = tell(payload, self._public_url)
        guard = Guard(self._allowed)
        call = partial(guard.run, partial(_notify, channel.target, told))
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                wrong = await asyncio.get_running_loop().run_in_executor(self._threads, call)
        except TimeoutError:
            raise UnavailableError(f"The service did not answer within {TIMEOUT_SECONDS:g} s") from None
        finally:
            guard.cut()
        if guard.refused is not None:
            raise guard.refused
        if wrong:
            raise UnavailableError(wrong)


def _notify(target: str, told: Single | Digest) -> str:
    """Send in this thread; what went wrong, without secrets, or ''."""
    service = open_service(target)
    with _heard() as said:
        try:
            done = service.notify(
                title=told.subject, body=text(told), notify_type=_TYPES[told.tone], body_format=NotifyFormat.TEXT
            )
        except Exception as error:  # noqa: BLE001 - a hundred plugins by a hundred people: whatever fails is a failure
            done = False
            said.append(f"{type(error).__name__}: {error}")
    return "" if done else _failure(service, target, said)


def _failure(service: NotifyBase, target: str, said: Sequence[str]) -> str:
    reason = f": {hide(said[-1], target)}" if said else ""
    return one_line(f"{service.service_name} did not take the message{reason}")


def text(told: Single | Digest) -> str:
    """A message as plain text, for a chat."""
    if isinstance(told, Single):
        facts = [(label, fact) for label, fact in told.facts if label not in ("Machine", "Where")]
        first = [told.sentence, *([told.note] if told.note else []), f"{told.machine}, {told.place}"]
        links = [f"Acknowledge: {told.acknowledge}"] if told.acknowledge else []
        lines = [*first, *(f"{label}: {fact}" for label, fact in (*facts, *told.advice)), *links, told.link]
        return "\n".join(lines)
    places = [f"{number:,} in {place}" for place, number, _ in told.places]
    alarms = [f"[{alarm.mark}] {alarm.title} ({alarm.where})" for alarm in told.alarms]
    more = [f"and {told.more}"] if told.more else []
    return "\n".join([told.sentence, told.span, "", *places, "", *alarms, *more, told.link])


def hide(said: str, target: str) -> str:
    """What somebody said, without any part of a URL that may be secret."""
    forms = [form.partition("://")[2] for form in (target, unquote(target))]
    parts = {part for form in forms for signs in (r"[/?&=,\s]+", r"[/:@?&=,\s]+") for part in re.split(signs, form)}
    parts |= {quote(part, safe="") for part in parts}
    for part in sorted(parts, key=len, reverse=True):
        if len(part) >= SHORTEST_SECRET:
            said = re.sub(re.escape(part), "…", said, flags=re.IGNORECASE)  # a name of a host is told in small letters
    return said


class _Ear(logging.Handler):
    """Hears what one thread logs."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []
        self._thread = get_ident()

    @override
    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread:
            self.said.append(record.getMessage())


@contextmanager
def _heard() -> Iterator[list[str]]:
    """What apprise logs meanwhile in this thread, warnings and errors."""
    ear = _Ear()
    _logger.addHandler(ear)
    try:
        yield ear.said
    finally:
        _logger.removeHandler(ear)
