"""The live feed: every reading, as it is published, into the table and to those who listen.

A core NATS subscription, not a consumer: what is missed while the connection is away comes back from InfluxDB.
"""

import asyncio
from time import perf_counter, time_ns

import msgspec
from nats.aio.msg import Msg

from andon.common import logs, metrics, subjects, tracing
from andon.common.bus import Bus
from andon.common.latency import passed, trip
from andon.common.wire import Batch, decode_batch
from andon.query.live.audience import Audience
from andon.query.live.table import Table

log = logs.get("feed")

PENDING_BYTES = 64 * 2**20
"""Waiting batches; beyond this the client drops and counts them, and recall finds their values in InfluxDB."""


class Feed:
    """Run `listen` as a task. `listening` is set once nothing can be missed unnoticed."""

    def __init__(self, bus: Bus, table: Table, audience: Audience) -> None:
        self.listening = asyncio.Event()
        self._bus = bus
        self._table = table
        self._audience = audience

    async def listen(self) -> None:
        """Listen for ever."""
        await self._bus.hear(
            subjects.TELEMETRY_ALL,
            on_message=self._on_message,
            pending_bytes=PENDING_BYTES,
            hearing=self.listening,
        )

    async def _on_message(self, message: Msg) -> None:
        try:
            batch = decode_batch(message.data)
        except msgspec.DecodeError as error:
            log.warning("batch cannot be read", subject=message.subject, error=str(error))
            return
        begun = perf_counter()
        with tracing.handling("live", (message,), readings=len(batch.readings)):
            self.take(batch)
        metrics.LIVE_READINGS.inc(len(batch.readings))
        metrics.BATCH_SECONDS.labels("live").observe(perf_counter() - begun)
        passed("live", trip(batch), time_ns())

    def take(self, batch: Batch) -> None:
        """One batch into the table and to the listeners of its machines."""
        put, by_machine = self._table.put, self._audience.by_machine
        for reading in batch.readings:
            newest = put(reading)
            listeners = by_machine.get(reading.asset)
            if listeners is not None:
                for listener, keys in listeners.items():
                    listener.outbox.offer(reading, keys, newest=newest)
