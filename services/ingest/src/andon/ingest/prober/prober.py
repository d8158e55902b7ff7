"""Prober: sends a canary every few seconds by the way of the devices, and measures how long it takes to each place.

    canary ──MQTT QoS 1──> broker ─> intake ─> ... ─> InfluxDB (stored)
              (broker) <── PUBACK          └─> query ──WebSocket──> (live)

What it measured are the values of the next canary, so that they are history, live values and alarms like any other.
"""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic, time_ns

from andon.common import logs, metrics
from andon.common.auth import Tokens
from andon.common.bus import Bus
from andon.common.errors import UnavailableError
from andon.common.influx import PLATFORM, Influx, quote_identifier, quote_string, quote_tag
from andon.common.mqtt import Broker
from andon.common.mqtt.packets import ProtocolError
from andon.common.plant import Asset, Plant
from andon.common.platform import BROKER, LIVE, NUMBER, PROBER, STORED
from andon.common.reading import NS_PER_MS, NS_PER_S
from andon.common.topics import machine_topic
from andon.ingest.prober.canary import CanaryLink
from andon.ingest.prober.ear import Ear
from andon.ingest.prober.probe import HOPS, Probe, Times, tell

log = logs.get("ingest.prober")

PERIOD = 5.0
PATIENCE = 15.0
"""Seconds after which a canary that was not seen is counted as lost, and as having taken so long."""
LATE = 7.0
"""Seconds without an answer after which a hop is called sick: by then the next canary is waiting, too."""
TICK = 1.0
LOOK_SECONDS = 2.0
"""An InfluxDB that does not answer for so long is asked again."""
SOONEST_LOOK, SELDOMEST_LOOK = 0.05, 1.0

SENTENCES = {
    BROKER: "the broker has not acknowledged the canary of {age:.0f} s ago",
    STORED: "the canary of {age:.0f} s ago is not yet in InfluxDB",
    LIVE: "the canary of {age:.0f} s ago has not come by the live feed",
}


@dataclass(eq=False)
class Canary:
    """One on its way. at: its event time, UTC nanoseconds; begun: monotonic seconds; waits: where it is expected."""

    at: int
    begun: float
    waits: set[str] = field(default_factory=set)


class Prober:
    """Run `keep` as a task. `check` says which hop does not answer."""

    def __init__(self, *, bus: Bus, influx: Influx, broker: Broker, plant: Plant, url: str, tokens: Tokens) -> None:
        self._bus = bus
        self._influx = influx
        self._broker = broker
        self._plant = plant
        self._ear = Ear(url, tokens, self._on_live)
        self._link: CanaryLink | None = None
        self._flying: list[Canary] = []
        self._times = {hop: Times() for hop in HOPS}
        self._measured: dict[str, float] = {}
        self._silent_since: dict[str, float] = {}
        self._number = self._last_at = 0

    async def keep(self) -> None:
        """Probe for ever, as soon as the plant has a machine for it."""
        while self._machine() is None:
            await asyncio.sleep(TICK)
        try:
            async with asyncio.TaskGroup() as tasks:
                for job in (self._ear.listen(), self._release(), self._look(), self._tell()):
                    tasks.create_task(job, name="probe")
        finally:
            self._hang_up()

    def check(self) -> str:
        """Which hop has not answered for too long, '' when all have; without the broker no other can."""
        now = monotonic()
        late = {hop: now - since for hop, since in self._silent_since.items() if now - since >= LATE}
        if BROKER in late:
            late = {BROKER: late[BROKER]}
        return "; ".join(SENTENCES[hop].format(age=late[hop]) for hop in HOPS if hop in late)

    def _machine(self) -> Asset | None:
        return self._plant.find(PROBER)

    async def _release(self) -> None:
        while True:
            begun = monotonic()
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._publish()
            except (OSError, TimeoutError, ProtocolError) as error:
                log.debug("a canary was not published", reason=str(error) or type(error).__name__)
                self._silent_since.setdefault(BROKER, begun)
                self._hang_up()
            await asyncio.sleep(max(TICK, PERIOD - (monotonic() - begun)))

    async def _publish(self) -> None:
        if self._link is not None and self._link.ended:
            self._hang_up()  # a device would come in again, too
        if self._link is None:
            self._link = await CanaryLink.open(self._broker)
        self._number += 1
        measured, self._measured = self._measured, {}
        canary = self._fly()
        message = {"ts": canary.at // NS_PER_MS, "values": {NUMBER: self._number, **measured}}
        try:
            await self._link.publish(machine_topic(PROBER), json.dumps(message).encode())
        except BaseException:
            self._give_up(canary, BROKER)
            self._forget(canary)
            raise
        self._seen(canary, BROKER)

    def _fly(self) -> Canary:
        canary = Canary(time_ns() // NS_PER_MS * NS_PER_MS, monotonic(), {BROKER, STORED})
        if self._ear.hearing:
            canary.waits.add(LIVE)
        for hop in canary.waits:
            self._silent_since.setdefault(hop, canary.begun)
        self._flying.append(canary)
        return canary

    def _seen(self, canary: Canary, hop: str) -> None:
        """A canary is there."""
        if hop in canary.waits:
            canary.waits.discard(hop)
            self._silent_since.pop(hop, None)
            self._note(hop, monotonic() - canary.begun)
            if not canary.waits:
                self._last_at = max(self._last_at, canary.at)

    def _give_up(self, canary: Canary, hop: str) -> None:
        """A canary is not there, and no longer waited for."""
        canary.waits.discard(hop)
        self._times[hop].lost += 1
        metrics.PROBE_LOST.labels(hop).inc()
        self._note(hop, max(PATIENCE, monotonic() - canary.begun))

    def _forget(self, canary: Canary) -> None:
        """A canary the broker did not take says nothing about what lies behind."""
        self._flying.remove(canary)
        for hop in canary.waits:
            if not any(hop in other.waits for other in self._flying):
                self._silent_since.pop(hop, None)

    def _note(self, hop: str, seconds: float) -> None:
        self._measured[hop] = round(seconds, 6)
        self._times[hop].put(seconds, monotonic())
        metrics.PROBE_SECONDS.labels(hop).observe(seconds)

    def _on_live(self, at: int) -> None:
        for canary in self._flying:
            if canary.at == at:
                self._seen(canary, LIVE)

    async def _look(self) -> None:
        """Look for canaries in InfluxDB, the more seldom the longer they are on the way; give up those of long ago."""
        while True:
            self._expire()
            waiting = [canary for canary in self._flying if STORED in canary.waits]
            if waiting:
                found = await self._stored(waiting[0].at)
                for canary in waiting:
                    if canary.at in found:
                        self._seen(canary, STORED)
            age = monotonic() - waiting[-1].begun if waiting else 0.0
            await asyncio.sleep(min(SELDOMEST_LOOK, max(SOONEST_LOOK, age / 4)))

    def _expire(self) -> None:
        now = monotonic()
        if not self._ear.hearing:  # the live feed ended: nobody knows what it would have brought
            self._silent_since.pop(LIVE, None)
            for canary in self._flying:
                canary.waits.discard(LIVE)
        for canary in self._flying:
            if now - canary.begun > PATIENCE:
                for hop in canary.waits & {STORED, LIVE}:
                    self._give_up(canary, hop)
        self._flying = [canary for canary in self._flying if canary.waits]

    async def _stored(self, since: int) -> set[int]:
        """Event times of the canaries in InfluxDB from `since` on."""
        machine = self._machine()
        if machine is None:
            return set()
        question = (
            f"SELECT {quote_identifier(NUMBER)} FROM {quote_identifier(PLATFORM)}"  # noqa: S608 - quoted
            f" WHERE {quote_tag('asset')} = {quote_string(machine.id)} AND time >= {since}"
        )
        with suppress(UnavailableError, TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                answer = await self._influx.query(question)
            return {row[0] for series in answer[0] for row in series.rows}
        return set()

    async def _tell(self) -> None:
        while True:
            if self._last_at:
                metrics.PROBE_AGE.set((time_ns() - self._last_at) / NS_PER_S)
            now = monotonic()
            hops = {hop: times.summary(now) for hop, times in self._times.items()}
            await tell(self._bus, Probe(self._last_at, self.check(), hops))
            await asyncio.sleep(TICK)

    def _hang_up(self) -> None:
        if self._link is not None:
            self._link.close()
            self._link = None
