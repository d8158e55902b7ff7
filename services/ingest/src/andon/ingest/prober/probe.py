"""What the prober found: how long a reading takes to each place, now and over the last minutes; told over NATS.

The one that probes tells once a second; the route, in whichever process it runs, listens.
"""

from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic, time_ns

import msgspec
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from pydantic import BaseModel

from andon.common import subjects
from andon.common.answer import Answer
from andon.common.bus import Bus
from andon.common.platform import BROKER, LIVE, STORED
from andon.common.reading import NS_PER_S
from andon.common.times import ns_to_iso

HOPS = (BROKER, STORED, LIVE)
WINDOW_SECONDS = 300.0
SILENT_SECONDS = 5.0


class HopTimes(msgspec.Struct):
    """Seconds from publishing a canary until it is at one place: of the last one, and of those of the last minutes."""

    last: float | None = None
    p50: float | None = None
    p99: float | None = None
    lost: int = 0


class Probe(msgspec.Struct):
    """What the prober tells. `at`: event time of the last canary that came everywhere, UTC nanoseconds; 0: none yet."""

    at: int = 0
    trouble: str = ""
    hops: dict[str, HopTimes] = {}


class HopView(Answer):
    """Seconds from publishing a canary until it is there: of the last one, and median and 99th percentile of 5 minutes.

    lost: canaries that were not seen there within 15 s, since the prober's start.
    """

    last: float | None = None
    p50: float | None = None
    p99: float | None = None
    lost: int = 0


class ProbeView(BaseModel):
    """How long a reading takes.

    hops: `broker` until the broker has it, `stored` until it can be read from InfluxDB, `live` until it comes by the
    live feed. at, age_seconds: of the last canary that came everywhere. trouble: where none comes.
    """

    at: str | None
    age_seconds: float | None
    trouble: str
    hops: dict[str, HopView]


@dataclass
class Times:
    """The seconds one hop took, of the last minutes. `now` is monotonic seconds."""

    last: float | None = None
    lost: int = 0
    _seen: deque[tuple[float, float]] = field(default_factory=deque)

    def put(self, seconds: float, now: float) -> None:
        """Take one in."""
        self.last = seconds
        self._seen.append((now, seconds))

    def summary(self, now: float) -> HopTimes:
        """As it stands."""
        while self._seen and now - self._seen[0][0] > WINDOW_SECONDS:
            self._seen.popleft()
        ordered = sorted(seconds for _, seconds in self._seen)
        return HopTimes(self.last, quantile(ordered, 0.5), quantile(ordered, 0.99), self.lost)


def quantile(ordered: list[float], share: float) -> float | None:
    """The smallest value that `share` of them do not exceed; None of nothing."""
    if not ordered:
        return None
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(Probe)


async def tell(bus: Bus, probe: Probe) -> None:
    """Publish what was found; who is away hears the next."""
    if bus.connected:
        with suppress(NatsError):
            await bus.nc.publish(subjects.PROBE, _encode(probe))


class Probes:
    """Hears what the prober tells. Run `listen` as a task."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._heard: tuple[float, Probe] | None = None

    async def listen(self) -> None:
        """Listen for ever."""
        await self._bus.hear(subjects.PROBE, on_message=self._on_probe)

    async def _on_probe(self, message: Msg) -> None:
        with suppress(msgspec.DecodeError):
            self._heard = monotonic(), _decoder.decode(message.data)

    def view(self) -> ProbeView:
        """What was told last."""
        if self._heard is None or monotonic() - self._heard[0] > SILENT_SECONDS:
            nobody = "nobody probes: see whether the first ingest runs"
            return ProbeView(at=None, age_seconds=None, trouble=nobody, hops={hop: HopView() for hop in HOPS})
        probe = self._heard[1]
        hops = {hop: HopView.model_validate(msgspec.structs.asdict(times)) for hop, times in probe.hops.items()}
        age = max(0.0, (time_ns() - probe.at) / NS_PER_S) if probe.at else None
        return ProbeView(
            at=ns_to_iso(probe.at) if probe.at else None, age_seconds=age, trouble=probe.trouble, hops=hops
        )
