"""Whole: how Andon itself stands: who runs in which version, who is behind, how full the streams are."""

from pydantic import BaseModel

from andon.common.answer import Answer
from andon.common.bus import Bus
from andon.common.errors import UnavailableError
from andon.common.health import Pulse
from andon.common.influx import Influx
from andon.common.standing import look


class ProcessView(Answer):
    """One process that beats.

    instance: tells several of one service apart. age_seconds: since it began. sick: neighbour -> what is wrong with it.
    """

    service: str
    instance: str
    version: str
    age_seconds: float
    sick: dict[str, str]


class StreamView(Answer):
    """One stream. limit: bytes it may have; None without one."""

    name: str
    messages: int
    bytes: int
    limit: int | None


class ReaderView(Answer):
    """One reader of the stream of readings. waiting: batches not sent to it yet; unacknowledged: not done with."""

    durable: str
    waiting: int
    unacknowledged: int


class WholeView(BaseModel):
    """How Andon itself stands.

    influxdb: which it is, or why it does not answer. used, limit: bytes on the disk of NATS, of all streams together.
    """

    processes: list[ProcessView]
    streams: list[StreamView]
    readers: list[ReaderView]
    used: int
    limit: int | None
    influxdb: str


class Whole:
    """Run `pulse.listen` as a task."""

    def __init__(self, bus: Bus, influx: Influx, pulse: Pulse) -> None:
        self._bus = bus
        self._influx = influx
        self.pulse = pulse

    async def view(self) -> WholeView:
        """As it stands now.

        Raises:
            UnavailableError: NATS does not answer.
        """
        standing = await look(self._bus)
        return WholeView(
            processes=[
                ProcessView(
                    service=beat.service,
                    instance=beat.instance,
                    version=beat.version,
                    age_seconds=beat.age,
                    sick=beat.wrong,
                )
                for beat in self.pulse.living()
            ],
            streams=[
                StreamView(name=s.name, messages=s.messages, bytes=s.bytes, limit=s.limit) for s in standing.streams
            ],
            readers=[
                ReaderView(durable=r.durable, waiting=r.waiting, unacknowledged=r.unacknowledged)
                for r in standing.readers
            ],
            used=standing.used,
            limit=standing.limit,
            influxdb=await self._which(),
        )

    async def _which(self) -> str:
        try:
            return str(await self._influx.version())
        except UnavailableError as error:
            return str(error)
