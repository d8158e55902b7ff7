"""Rebuild: what somebody asks to roll up anew, as after data was written to InfluxDB past Andon."""

import msgspec
from nats.aio.msg import Msg

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.following import PlantFollower
from andon.query.derive import ranges
from andon.query.derive.backlog import AWAY, Backlog
from andon.query.tiers.tiers import HOURS


class Wanted(msgspec.Struct):
    """A range (UTC nanoseconds) of the machines at or below a path."""

    under: str
    start: int
    end: int


class Answer(msgspec.Struct):
    """How many machines are in the backlog with it now; `trouble` says why none is."""

    machines: int = 0
    trouble: str = ""


_wanted = msgspec.json.Decoder(Wanted)
_answer = msgspec.json.Decoder(Answer)


def decode_answer(data: bytes) -> Answer:
    """What the derive process answered.

    Raises:
        msgspec.DecodeError: the bytes are no answer.
    """
    return _answer.decode(data)


class Rebuild:
    """Run `hear` as a task."""

    def __init__(self, bus: Bus, follower: PlantFollower, backlog: Backlog) -> None:
        self._bus = bus
        self._follower = follower
        self._backlog = backlog

    async def hear(self) -> None:
        """Hear for ever."""
        await self._bus.hear(subjects.REBUILD, on_message=self._on_request)

    async def _on_request(self, message: Msg) -> None:
        try:
            answer = Answer(await self._add(_wanted.decode(message.data)))
        except (*AWAY, msgspec.DecodeError) as error:
            answer = Answer(trouble=str(error) or type(error).__name__)
        await message.respond(msgspec.json.encode(answer))

    async def _add(self, wanted: Wanted) -> int:
        """Whole hours, so that each is made of all its minutes."""
        await self._backlog.opened.wait()
        machines = self._follower.plant.machines(wanted.under)
        span = ranges.widened([(wanted.start, wanted.end)], HOURS.width)
        async with self._backlog.turn:
            await self._backlog.add_all({machine.id: span for machine in machines})
        return len(machines)
