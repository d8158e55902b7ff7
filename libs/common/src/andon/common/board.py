"""Board: jobs that the processes of one service have under way, told of in one place, so that any of them can answer.

Each job has an entry in a KV bucket, which the process writes that has it. Who wants more of a job than its entry, a
file or its end, is asked of that process over NATS. An entry is changed on the revision that was seen last: so a job
whose process is gone is taken by one of the others, and one that stood still and wakes up finds that it lost it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from secrets import token_hex
from time import monotonic

import msgspec
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.errors import APIError, KeyNotFoundError, KeyWrongLastSequenceError
from nats.js.kv import KeyValue

from andon.common import subjects
from andon.common.buckets import read_entries
from andon.common.bus import Bus
from andon.common.errors import AndonError, ConflictError, UnavailableError

PIECE = 2**19
"""Bytes of a file that are handed over at once; nats-server takes a megabyte."""
ASK_SECONDS = 5.0
LIFE_SECONDS = 1.0
"""How long a process may take to say that it is there."""
GONE_SECONDS = 5.0
"""Without a word of a process for so long it is taken to be gone; one that only connects anew is back by then."""
_FAILURES = (NatsError, APIError, TimeoutError, OSError)
_GOOD, _BAD = b"+", b"-"


class TakenError(ConflictError):
    """Somebody else has changed the entry, or taken it away."""


class Ask(msgspec.Struct):
    """What is asked of the process that has a job: a piece of its file from `at` on, or its end."""

    name: str
    at: int = 0
    size: int = 0
    end: bool = False


Answer = Callable[[Ask], Awaitable[bytes]]
_encode = msgspec.json.encode
_decoder = msgspec.json.Decoder(Ask)


class Board:
    """The jobs of one service. Run `follow` and `answer` as tasks. Every call may raise UnavailableError.

    process: this one, among those of the service. known: the entries, as they were heard of last; for who looks often.
    """

    def __init__(self, bus: Bus, bucket: str) -> None:
        self.process = token_hex(8)
        self.known: dict[str, bytes] = {}
        self._bus = bus
        self._bucket = bucket
        self._heard: dict[str, float] = {}
        """When those that are looked for were last known to be there, or were first looked for."""

    async def follow(self, on_change: Callable[[str], None]) -> None:
        """Keep `known`, for ever; `on_change` is told the name of what changed or is gone."""

        def take(name: str, data: bytes | None) -> None:
            if data is None:
                self.known.pop(name, None)
            else:
                self.known[name] = data
            on_change(name)

        def forget(names: set[str]) -> None:
            for name in self.known.keys() - names:
                take(name, None)

        await self._bus.follow(self._bucket, take, forget)

    async def put(self, name: str, data: bytes, last: int) -> int:
        """Write an entry whose revision was `last`, 0 for a new one; its revision now.

        Raises:
            TakenError: that is not its revision any more.
        """
        try:
            return await (await self._open()).update(name, data, last=last)
        except KeyWrongLastSequenceError:
            raise TakenError("Another server has changed it") from None
        except _FAILURES as error:
            raise _unavailable(error) from error

    async def find(self, name: str) -> tuple[bytes, int] | None:
        """An entry and its revision; None where there is none."""
        try:
            entry = await (await self._open()).get(name, validate_keys=False)
        except KeyNotFoundError:
            return None
        except _FAILURES as error:
            raise _unavailable(error) from error
        return entry.value or b"", entry.revision or 0

    async def all(self) -> dict[str, bytes]:
        """All entries, as they are now."""
        try:
            return {name: data for name, (data, _) in (await read_entries(self._bus.js, self._bucket)).items()}
        except _FAILURES as error:
            raise _unavailable(error) from error

    async def remove(self, name: str) -> None:
        """Take an entry away; whoever has the job hears of it, and ends it."""
        try:
            await (await self._open()).purge(name)
        except _FAILURES as error:
            raise _unavailable(error) from error

    async def _open(self) -> KeyValue:
        return await self._bus.bucket(self._bucket)

    async def answer(self, on_ask: Answer) -> None:
        """Answer, for ever, what others ask of this process."""

        async def take(message: Msg) -> None:
            try:
                told = _GOOD + (await on_ask(_decoder.decode(message.data)) if message.data else b"")
            except (AndonError, OSError, msgspec.DecodeError) as error:
                told = _BAD + str(error).encode()
            with suppress(NatsError):
                await message.respond(told)

        await self._bus.hear(subjects.jobs(self._bucket, self.process), on_message=take)

    async def ask(self, process: str, asked: Ask) -> bytes:
        """What another process answers.

        Raises:
            UnavailableError: it does not, or cannot.
        """
        told = await self._request(process, _encode(asked), ASK_SECONDS)
        if told is None:
            again = "try again in a moment, and if it is gone for good, begin anew"
            raise UnavailableError(f"The server that has it does not answer; {again}")
        if not told.startswith(_GOOD):
            raise UnavailableError(told[1:].decode(errors="replace"))
        return told[1:]

    async def gone(self, processes: set[str]) -> set[str]:
        """Those of them that have not been there for a while; to be asked every second or so, each time of all.

        This one, too: what it has it knows of, so what is said to be its own and is not is nobody's.
        """
        now, others = monotonic(), sorted(processes - {self.process})
        answers = await asyncio.gather(*(self._request(one, b"", LIFE_SECONDS) for one in others))
        self._heard = {
            one: self._heard.get(one, now) if told is None else now for one, told in zip(others, answers, strict=True)
        }
        return {one for one, at in self._heard.items() if now - at > GONE_SECONDS} | processes & {self.process}

    async def _request(self, process: str, data: bytes, seconds: float) -> bytes | None:
        self._bus.require()
        try:
            return (await self._bus.nc.request(subjects.jobs(self._bucket, process), data, timeout=seconds)).data
        except _FAILURES:
            return None


def _unavailable(error: Exception) -> UnavailableError:
    if isinstance(error, APIError):  # it answers, and refuses: the bucket is full, or no longer there
        return UnavailableError(f"What is under way cannot be told now: NATS refuses ({error.description or error})")
    return UnavailableError(f"What is under way cannot be told now: NATS does not answer ({type(error).__name__})")
