"""Anew: what somebody asks to have made again, from the route to the lists of the derive process.

The order is kept in NATS as it is, and then answered: to enter it for each of ten thousand machines may take minutes.
That is done behind it, and by the next process where this one is killed.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Generic, TypeVar

import msgspec
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.errors import NoRespondersError

from andon.common import logs, subjects
from andon.common.buckets import read_entries
from andon.common.bus import Bus
from andon.common.errors import UnavailableError
from andon.common.service import background
from andon.common.trouble import Trouble
from andon.query.derive.patience import AWAY, until_done
from andon.query.tiers.coverage import UNREADABLE

log = logs.get("derive.anew")

ASK_SECONDS = 10.0
AGAIN_SECONDS = 0.25
MOST_ORDERS = 64
"""Orders that may wait to be entered; who asks for more is told to come back later."""
HELD_UP = "what is to be made anew cannot be entered; trying again until it can"

T = TypeVar("T")


class Wanted(msgspec.Struct):
    """A range (UTC nanoseconds) of all at or below a path."""

    under: str
    start: int
    end: int


class Answer(msgspec.Struct):
    """How many machines, or calculated sensors, an order names that is kept now; `trouble` says why it is not."""

    count: int = 0
    trouble: str = ""


_wanted = msgspec.json.Decoder(Wanted)
_answer = msgspec.json.Decoder(Answer)


def decode_answer(data: bytes) -> Answer:
    """What the derive process answered.

    Raises:
        msgspec.DecodeError: the bytes are no answer.
    """
    return _answer.decode(data)


async def ask(bus: Bus, subject: str, wanted: Wanted) -> int:
    """Pass an order on; how many it names, once it is kept.

    Raises:
        UnavailableError: the derive process does not answer, or cannot keep it.
    """
    try:
        async with asyncio.timeout(ASK_SECONDS):
            answer = decode_answer(await _answered(bus, subject, msgspec.json.encode(wanted)))
    except (NatsError, TimeoutError) as error:
        raise UnavailableError(
            f"The derive process does not answer ({type(error).__name__}); is it running? To ask again does no harm"
        ) from None
    if answer.trouble:
        raise UnavailableError(f"It cannot be kept what is to be made anew: {answer.trouble}")
    return answer.count


async def _answered(bus: Bus, subject: str, data: bytes) -> bytes:
    """The answer; for a moment nobody may be there, while another takes over from one that is gone."""
    while True:
        try:
            return (await bus.nc.request(subject, data, timeout=ASK_SECONDS)).data
        except NoRespondersError:
            await asyncio.sleep(AGAIN_SECONDS)


class Orders(Generic[T]):
    """Run `hear` as a task.

    opened: set once it is known what there is. named: what an order names now. enter: puts that on the list of what is
    to be made, and returns once it is kept there; to enter the same again changes nothing.
    """

    def __init__(
        self,
        bus: Bus,
        subject: str,
        opened: asyncio.Event,
        *,
        named: Callable[[Wanted], list[T]],
        enter: Callable[[list[T], Wanted], Awaitable[None]],
    ) -> None:
        self._bus = bus
        self._subject = subject
        self._opened = opened
        self._named = named
        self._enter = enter
        self._waiting: dict[str, Wanted] = {}
        self._news = asyncio.Event()
        self._trouble = Trouble(log, comes=HELD_UP, over="what is to be made anew is entered again")

    async def hear(self) -> None:
        """Take orders for ever."""
        await until_done(self._bus, self._load, self._trouble.say)
        async with background(("enter what was ordered", self._work())):
            await self._bus.hear(self._subject, on_message=self._on_request)

    async def _load(self) -> None:
        """What the process before had kept and not entered."""
        for key, (value, _) in (await read_entries(self._bus.js, subjects.DERIVE_BUCKET)).items():
            if not subjects.is_order(key, self._subject):
                continue
            try:
                self._waiting[key] = _wanted.decode(value)
            except UNREADABLE as error:
                log.warning("an order cannot be read, and is dropped; ask again", key=key, error=str(error))
                await (await self._bus.bucket(subjects.DERIVE_BUCKET)).delete(key)
        self._news.set()

    async def _on_request(self, message: Msg) -> None:
        try:
            answer = Answer(await self._take(_wanted.decode(message.data)))
        except (*AWAY, *UNREADABLE) as error:
            answer = Answer(trouble=str(error) or type(error).__name__)
        await message.respond(msgspec.json.encode(answer))

    async def _take(self, wanted: Wanted) -> int:
        if not self._opened.is_set():
            raise UnavailableError("the derive process has only just started; ask again in a moment")
        count = len(self._named(wanted))
        if count:
            key = self._free()
            bucket = await self._bus.bucket(subjects.DERIVE_BUCKET)
            await bucket.put(key, msgspec.json.encode(wanted))
            self._waiting[key] = wanted
            self._news.set()
        return count

    def _free(self) -> str:
        """The same keys again and again: of one that is deleted the bucket keeps for ever that it was."""
        for key in (subjects.order_key(self._subject, number) for number in range(MOST_ORDERS)):
            if key not in self._waiting:
                return key
        raise UnavailableError(f"{MOST_ORDERS} orders wait already; ask again in a moment")

    async def _work(self) -> None:
        """Enter what waits, one order after the other, for ever."""
        await self._opened.wait()
        while True:
            await self._news.wait()
            self._news.clear()
            for key in list(self._waiting):
                await until_done(self._bus, partial(self._settle, key), self._trouble.say)

    async def _settle(self, key: str) -> None:
        wanted = self._waiting[key]
        await self._enter(self._named(wanted), wanted)
        await (await self._bus.bucket(subjects.DERIVE_BUCKET)).delete(key)
        del self._waiting[key]
