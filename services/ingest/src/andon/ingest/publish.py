"""Publish: hands bundles to JetStream, and is done when JetStream has them on disk."""

import asyncio
import secrets
from time import perf_counter, time_ns

from andon.common import logs, metrics, subjects, tracing
from andon.common.bus import Bus
from andon.common.surely import publish_surely
from andon.common.trouble import Trouble
from andon.ingest.bundle import Bundle
from andon.ingest.trace.keep import Keeper

log = logs.get("ingest.publish")

HELD_UP = "JetStream does not take readings; trying again until it does"


class Publisher:
    """Publishes bundles; each message has an id of its own, so that one sent twice is stored once."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._origin = secrets.token_hex(6)
        self._number = 0
        self.keeper = Keeper(bus)
        self.trouble = Trouble(log, comes=HELD_UP, over="JetStream takes readings again")

    async def publish(self, bundle: Bundle) -> None:
        """Return once JetStream has all of it; until then try again, for ever: the broker keeps what waits."""
        begun = perf_counter()
        packed = bundle.pack(time_ns())
        with tracing.span("publish", batches=len(packed), letters=len(bundle.letters)):
            numbers = await asyncio.gather(*(self.until_stored(subject, data) for subject, data in packed))
        self._keep(bundle, [subject for subject, _ in packed], numbers)
        metrics.SAMPLES.inc(bundle.samples)
        for letter in bundle.letters:
            metrics.DEADLETTERS.labels(letter.reason).inc()
        metrics.BATCH_SECONDS.labels("publish").observe(perf_counter() - begun)

    async def publish_once(self, bundle: Bundle) -> None:
        """The same for a caller who can try again themselves.

        Raises:
            UnavailableError: JetStream did not say that it has it.
        """
        packed, numbers = bundle.pack(time_ns()), list[int]()
        with tracing.span("publish", batches=len(packed), letters=len(bundle.letters)):
            for subject, data in packed:
                numbers.append(await self._bus.publish(subject, data, msg_id=self._next_id()))
        self._keep(bundle, [subject for subject, _ in packed], numbers)
        metrics.SAMPLES.inc(bundle.samples)

    def _keep(self, bundle: Bundle, packed: list[str], numbers: list[int]) -> None:
        """Hand on the messages with the last number that their readings have in TELEMETRY."""
        last = dict(sorted(zip(packed, numbers, strict=True)))
        for partition, messages in bundle.raws.items():
            self.keeper.put(bundle.source, partition, last[subjects.telemetry(partition)], messages)

    async def until_stored(self, subject: str, data: bytes) -> int:
        """One message that is packed already; returns its number in the stream, once that has it."""
        return await publish_surely(self._bus, subject, data, msg_id=self._next_id(), say=self.trouble.say)

    def _next_id(self) -> str:
        self._number += 1
        return f"{self._origin}-{self._number}"
