"""Store: batches from the stream into InfluxDB, acknowledged to JetStream once InfluxDB has them.

Lines that InfluxDB refuses are found by halving and become dead letters; when it fails or is away, the same lines
are sent again for ever, for the stream keeps what waits and every write is idempotent.
"""

import asyncio
from contextlib import suppress
from time import perf_counter, time_ns

import msgspec
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from andon.common import logs, metrics, subjects
from andon.common.bus import Bus
from andon.common.errors import Reason, UnavailableError
from andon.common.influx import Influx, WriteAnswer, join_lines, line, line_prefix
from andon.common.plant import Plant
from andon.common.reading import Reading
from andon.common.wire import DeadLetter, decode_batch
from andon.ingest.bundle import Bundle
from andon.ingest.publish import Publisher

log = logs.get("ingest.store")

WRITE_LINES = 5000
WRITE_BYTES = 2**20
"""Lines, or bytes as they lay in the stream, after which a write is not made larger."""
WRITERS = 2
"""While one waits for InfluxDB, the other prepares the next write."""
BATCHES_AHEAD = 32
LONGEST_BACKOFF = 10.0


class Store:
    """Takes batches of the stream and writes them. Run `run` as a task."""

    def __init__(self, bus: Bus, influx: Influx, plant: Plant, publisher: Publisher) -> None:
        self._bus = bus
        self._influx = influx
        self._plant = plant
        self._publisher = publisher
        self._ahead: asyncio.Queue[Msg] = asyncio.Queue(BATCHES_AHEAD)
        self._prefixes: dict[str, bytes] = {}
        self._version = -1
        self.trouble = ""

    async def run(self) -> None:
        """Write for ever."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._pull(), name="store: pull")
            for number in range(WRITERS):
                group.create_task(self._write_for_ever(), name=f"store: write {number}")

    async def _pull(self) -> None:
        batches = self._bus.consume(
            subjects.TELEMETRY, subjects.STORE_DURABLE, filter_subject=subjects.TELEMETRY_ALL, max_ack_pending=128
        )
        async for message in batches:
            await self._ahead.put(message)

    async def _write_for_ever(self) -> None:
        while True:
            messages = [await self._ahead.get()]
            readings = await self._decoded(messages[0])
            size = len(messages[0].data)
            while len(readings) < WRITE_LINES and size < WRITE_BYTES and not self._ahead.empty():
                messages.append(self._ahead.get_nowait())
                readings += await self._decoded(messages[-1])
                size += len(messages[-1].data)
            begun = perf_counter()
            await self._store(readings, messages)
            metrics.BATCH_SECONDS.labels("store").observe(perf_counter() - begun)
            metrics.STORED.inc(len(readings))
            with suppress(NatsError):  # not acknowledged is sent again, and written again to the same effect
                for message in messages:
                    await message.ack()

    async def _decoded(self, message: Msg) -> list[Reading]:
        try:
            return decode_batch(message.data).readings
        except msgspec.DecodeError as error:
            await self._refuse(message.data, Reason.UNREADABLE_BATCH, str(error))
            return []

    async def _store(self, readings: list[Reading], messages: list[Msg]) -> None:
        """Write readings; returns when each is stored or a dead letter."""
        lines = [line(prefix, reading) for reading in readings if (prefix := self._prefix(reading.asset)) is not None]
        if len(lines) < len(readings):
            await self._refuse_unknown(readings)
        if lines:
            await self._write(lines, messages)

    async def _write(self, lines: list[bytes], messages: list[Msg]) -> None:
        body = join_lines(lines)
        answer = await self._until_answered(body, messages)
        if answer.stored:
            return
        if len(lines) == 1:
            await self._refuse(body, Reason.STORE_REFUSED, answer.detail)
            return
        middle = len(lines) // 2
        await self._write(lines[:middle], messages)
        await self._write(lines[middle:], messages)

    async def _until_answered(self, body: bytes, messages: list[Msg]) -> WriteAnswer:
        """Stored or refused; all else is tried again."""
        pause = 0.1
        while True:
            try:
                answer = await self._influx.write(body)
                if answer.stored or answer.refused:
                    self._say("")
                    return answer
                if answer.status == 404:
                    await self._influx.ensure_database()
                self._say(f"InfluxDB answered {answer.status}: {answer.detail[:200]}")
            except UnavailableError as error:
                self._say(str(error))
            metrics.STORE_RETRIES.inc()
            with suppress(NatsError):
                for message in messages:
                    await message.in_progress()
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_BACKOFF)

    def _prefix(self, asset_id: str) -> bytes | None:
        if self._version != self._plant.version:
            self._version = self._plant.version
            self._prefixes.clear()
        prefix = self._prefixes.get(asset_id)
        if prefix is None:
            asset = self._plant.find(asset_id)
            if asset is None:
                return None
            prefix = self._prefixes[asset_id] = line_prefix(asset)
        return prefix

    async def _refuse_unknown(self, readings: list[Reading]) -> None:
        for reading in readings:
            if self._prefix(reading.asset) is None:
                data = msgspec.json.encode(reading)
                await self._refuse(data, Reason.UNKNOWN_ASSET, f"asset {reading.asset} is no longer in the plant")

    async def _refuse(self, data: bytes, reason: Reason, detail: str) -> None:
        letter = DeadLetter(reason, detail[:2000], "store", data[: 64 * 1024], len(data), time_ns())
        await self._publisher.publish(Bundle(letters=[letter]))

    def _say(self, trouble: str) -> None:
        if bool(trouble) != bool(self.trouble):
            if trouble:
                log.warning("InfluxDB does not take readings; trying again until it does", error=trouble)
            else:
                log.info("InfluxDB takes readings again")
        self.trouble = trouble
