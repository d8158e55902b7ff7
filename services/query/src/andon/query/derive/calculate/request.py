"""Request: what somebody asks to have calculated anew, as the route passes it on."""

import asyncio

import msgspec
from nats.aio.msg import Msg

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.plant import is_below
from andon.query.derive.calculate.calculation import AWAY, Calculation
from andon.query.derive.calculate.pending import AT_ONCE


class Wanted(msgspec.Struct):
    """A range (UTC nanoseconds) of one calculated sensor, or of all at or below a path."""

    under: str
    start: int
    end: int


class Answer(msgspec.Struct):
    """How many calculated sensors are pending for it now; `trouble` says why none is."""

    sensors: int = 0
    trouble: str = ""


_wanted = msgspec.json.Decoder(Wanted)
_answer = msgspec.json.Decoder(Answer)


def decode_answer(data: bytes) -> Answer:
    """What the derive process answered.

    Raises:
        msgspec.DecodeError: the bytes are no answer.
    """
    return _answer.decode(data)


class Requests:
    """Run `hear` as a task."""

    def __init__(self, bus: Bus, calculation: Calculation) -> None:
        self._bus = bus
        self._calculation = calculation

    async def hear(self) -> None:
        """Hear for ever."""
        await self._bus.hear(subjects.RECALCULATE, on_message=self._on_request)

    async def _on_request(self, message: Msg) -> None:
        try:
            answer = Answer(await self._add(_wanted.decode(message.data)))
        except (*AWAY, msgspec.DecodeError) as error:
            answer = Answer(trouble=str(error) or type(error).__name__)
        await message.respond(msgspec.json.encode(answer))

    async def _add(self, wanted: Wanted) -> int:
        await self._calculation.opened.wait()
        cells = self._calculation.calculator.cells.values()
        names = [cell.formula.name for cell in cells if is_below(cell.formula.sensor.path, wanted.under)]
        pending, span = self._calculation.pending, [(wanted.start, wanted.end)]
        for first in range(0, len(names), AT_ONCE):
            await asyncio.gather(*(pending.add(name, span) for name in names[first : first + AT_ONCE]))
        return len(names)
