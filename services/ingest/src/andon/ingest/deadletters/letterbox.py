"""Letterbox: the stream of dead letters, read forwards or backwards piece by piece, and emptied letter by letter.

Letters that were taken out, or have another reason, are gaps in the numbers; the server skips them forwards, and
`_newest` leaps over them backwards.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import msgspec
from nats.errors import Error as NatsError
from nats.js.api import StreamState
from nats.js.errors import APIError, NotFoundError

from andon.common import logs, subjects
from andon.common.bus import Bus
from andon.common.errors import Reason, UnavailableError
from andon.common.wire import DeadLetter, decode_deadletter

log = logs.get("ingest.letterbox")

PIECE = 64
"""Letters asked for at once; one may have a megabyte."""
ANSWER_SECONDS = 5.0
NOT_THERE = (10043, 10057)
"""Error codes of JetStream for who would delete a message that is gone: before the first one, or between others."""
_GET = f"$JS.API.DIRECT.GET.{subjects.DEADLETTER}"
_DELETE = f"$JS.API.STREAM.MSG.DELETE.{subjects.DEADLETTER}"

Numbered = tuple[int, DeadLetter]
"""A letter with its number in the stream."""


class Letterbox:
    """Reads and empties the stream of dead letters. Every method may raise UnavailableError: NATS does not answer."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    async def state(self) -> StreamState:
        """First and last number, and how many there are."""
        async with _answering():
            return (await self._bus.js.stream_info(subjects.DEADLETTER)).state

    async def oldest_first(self, first: int, last: int, reason: Reason | None = None) -> AsyncIterator[Numbered]:
        """Letters from number `first` to `last`."""
        while first <= last:
            piece = await self._piece(first, reason)
            if not piece:
                return
            for number, data in piece:
                if number > last:
                    return
                if (letter := _read(number, data)) is not None:
                    yield number, letter
            first = piece[-1][0] + 1

    async def newest_first(self, last: int, first: int, reason: Reason | None = None) -> AsyncIterator[Numbered]:
        """Letters from number `last` down to `first`."""
        while last >= first:
            begin = max(first, last - PIECE + 1)
            piece = [letter async for letter in self.oldest_first(begin, last, reason)]
            for letter in reversed(piece):
                yield letter
            last = begin - 1 if piece else await self._newest(begin - 1, first, reason)

    async def one(self, number: int) -> DeadLetter | None:
        """A letter by its number; None when there is none, or none any more."""
        async with _answering():
            try:
                raw = await self._bus.js.get_msg(subjects.DEADLETTER, number, direct=True)
            except NotFoundError:
                return None
        return _read(number, raw.data or b"")

    async def take_out(self, number: int) -> bool:
        """Remove a letter for good; False when somebody else was first."""
        wanted = json.dumps({"seq": number, "no_erase": True}).encode()  # to overwrite its bytes takes 15 times as long
        async with _answering():
            answer = await self._bus.nc.request(_DELETE, wanted, timeout=ANSWER_SECONDS)
            error = json.loads(answer.data).get("error")
            if error and error.get("err_code") not in NOT_THERE:
                raise APIError.from_error(error)
            return not error

    async def _newest(self, last: int, first: int, reason: Reason | None) -> int:
        """The newest number up to `last` that is there, `first` - 1 for none: leaps back, and then halves."""
        leap = PIECE
        low = last
        while low >= first and await self._following(low, reason) > last:
            last, low, leap = low - 1, low - leap, leap * 2
        low = max(low, first - 1)
        while low < last:
            middle = (low + last + 1) // 2
            found = await self._following(middle, reason)
            low, last = (found, last) if found <= last else (low, middle - 1)
        return last

    async def _following(self, number: int, reason: Reason | None) -> int:
        """The first number from this one on that is there."""
        piece = await self._piece(number, reason, most=1)
        return piece[0][0] if piece else 2**63

    async def _piece(self, first: int, reason: Reason | None, most: int = PIECE) -> list[tuple[int, bytes]]:
        """Up to `most` letters from a number on, with one request: the server sends them until it says it is done."""
        async with _answering():
            nc, found = self._bus.nc, list[tuple[int, bytes]]()
            subject = subjects.deadletter(reason) if reason else subjects.DEADLETTER_ALL
            inbox = nc.new_inbox()
            sub = await nc.subscribe(inbox)
            try:
                wanted = json.dumps({"seq": max(first, 1), "next_by_subj": subject, "batch": most}).encode()
                await nc.publish(_GET, wanted, reply=inbox)
                while True:
                    message = await sub.next_msg(timeout=ANSWER_SECONDS)
                    headers = message.headers or {}
                    if headers.get("Status") in ("204", "404"):
                        return found
                    if "Status" in headers:
                        raise UnavailableError(f"The dead letters cannot be read now: {headers.get('Description', '')}")
                    found.append((int(headers["Nats-Sequence"]), message.data))
            finally:
                with suppress(NatsError):
                    await sub.unsubscribe()


def _read(number: int, data: bytes) -> DeadLetter | None:
    try:
        return decode_deadletter(data)
    except msgspec.DecodeError:
        log.exception("a dead letter cannot be read", sequence=number)
        return None


@asynccontextmanager
async def _answering() -> AsyncIterator[None]:
    try:
        yield
    except (NatsError, APIError, TimeoutError) as error:
        why = str(error) or type(error).__name__
        raise UnavailableError(f"The dead letters cannot be read now: {why}") from error
