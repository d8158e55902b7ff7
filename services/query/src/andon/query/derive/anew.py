"""Anew: a range that somebody asks to have made again, as a route passes it on to the derive process."""

from collections.abc import Awaitable, Callable

import msgspec
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from andon.common.bus import Bus
from andon.common.errors import UnavailableError
from andon.query.derive.patience import AWAY

ASK_SECONDS = 10.0


class Wanted(msgspec.Struct):
    """A range (UTC nanoseconds) of all at or below a path."""

    under: str
    start: int
    end: int


class Answer(msgspec.Struct):
    """How many machines, or calculated sensors, are pending for it now; `trouble` says why none is."""

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
    """Pass it on; how many are pending now.

    Raises:
        UnavailableError: the derive process does not answer, or cannot keep it.
    """
    try:
        answer = decode_answer((await bus.nc.request(subject, msgspec.json.encode(wanted), timeout=ASK_SECONDS)).data)
    except (NatsError, TimeoutError) as error:
        raise UnavailableError(f"The derive process does not answer ({type(error).__name__}); is it running?") from None
    if answer.trouble:
        raise UnavailableError(f"It cannot be kept what is to be made anew: {answer.trouble}")
    return answer.count


async def hear(bus: Bus, subject: str, add: Callable[[Wanted], Awaitable[int]]) -> None:
    """Hear for ever; `add` returns once what is wanted is kept, and for how many."""

    async def on_request(message: Msg) -> None:
        try:
            answer = Answer(await add(_wanted.decode(message.data)))
        except (*AWAY, msgspec.DecodeError) as error:
            answer = Answer(trouble=str(error) or type(error).__name__)
        await message.respond(msgspec.json.encode(answer))

    await bus.hear(subject, on_message=on_request)
