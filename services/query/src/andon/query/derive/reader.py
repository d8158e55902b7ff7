"""Reader: reads the stream of readings to know what is stored where, and marks it."""

import asyncio
from contextlib import aclosing, suppress
from dataclasses import dataclass

from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from andon.common import logs, subjects
from andon.common.bus import Bus
from andon.query.derive import marks
from andon.query.derive.batches import batches
from andon.query.derive.marks import Marks
from andon.query.tiers.coverage import UNREADABLE

log = logs.get("derive.reader")

MOST_MARKS = 500_000
"""Beyond this many marked minutes no more is read until a round has taken them."""


@dataclass
class Place:
    """Where in the stream the reader is: the last batch it read, when that arrived, and how to acknowledge it."""

    sequence: int = 0
    arrived: int = 0
    message: Msg | None = None


class Reader:
    """Run `read` as a task.

    missed: when the batches before and behind a hole in the stream arrived; None: there is none.
    full: nothing more is read until a round has taken what is marked.
    """

    def __init__(self, bus: Bus, marks_: Marks) -> None:
        self.place = Place()
        self.missed: tuple[int, int] | None = None
        self._newest = Place()
        self._bus = bus
        self._marks = marks_

    async def read(self) -> None:
        """Read and mark, for ever."""
        async with aclosing(batches(self._bus, subjects.DERIVE_DURABLE)) as found:
            async for message in found:
                self._take(message)
                while self.full:
                    await asyncio.sleep(0.1)

    @property
    def full(self) -> bool:
        """Whether more is marked than may be."""
        return len(self._marks) > MOST_MARKS

    def _take(self, message: Msg) -> None:
        sequence = message.metadata.sequence.stream
        place = self.place
        try:
            batch = marks.read(message.data)
        except UNREADABLE as error:
            log.debug("batch cannot be read; the store makes a dead letter of it", error=str(error))
            self.place = self._newest = Place(max(sequence, place.sequence), place.arrived, message)
            return
        if place.sequence and sequence > place.sequence + 1:
            self._miss(batch.arrived)
        self._marks.put(batch.readings)
        message.data = b""  # only its reply is still needed
        self._newest = Place(sequence, max(batch.arrived, place.arrived), message)
        if sequence > place.sequence:
            self.place = self._newest

    def _miss(self, until: int) -> None:
        """Something may have come from the last batch on that is not in the stream any more."""
        begin, end = self.missed or (self.place.arrived, self.place.arrived)
        self.missed = (min(begin, until), max(end, until))

    def begin_anew(self, now: int) -> None:
        """The stream is another one, whose numbers begin at 1 again; what was not read of the old one is missed."""
        self._miss(now)
        known, newest = self.place, self._newest
        self.place = Place(0, known.arrived) if newest.message is known.message else newest

    async def acknowledge(self, place: Place) -> None:
        """All up to there is rolled up, or in the backlog. One that is not acknowledged comes again.

        Raises:
            UnavailableError: another process reads by now.
        """
        self._bus.fence()
        if place.message is not None:
            with suppress(NatsError):
                await self._bus.nc.publish(place.message.reply, b"+ACK")
