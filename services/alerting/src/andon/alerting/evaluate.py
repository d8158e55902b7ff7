"""Evaluate: the telemetry stream against the rules, each alarm exactly once. Read this file first.

    stream TELEMETRY ─> judge (memory) ─> journal (one transaction) ─> ack ─> tell

A batch is acknowledged after its turns are in the database; a batch without turns writes nothing. Killed in between,
the stream hands over everything after the last acknowledged batch again, in order (`consume(in_order=True)`), and the
phases in the database say what of it was counted: a sample that is not newer than its phase's newest changes nothing.
How new the samples were that caused no turn is nowhere written; at start it is read from the last batches before the
acknowledged one, so that a straggler cannot pass for news (`_warm_up`).
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import monotonic, time_ns

import msgspec
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.errors import Error as JetStreamError
from nats.js.errors import NotFoundError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting import journal
from andon.alerting.database import Database
from andon.alerting.journal import News
from andon.alerting.judge import Judge, Verdict
from andon.alerting.rulebook import Rulebook
from andon.alerting.scope import PhaseKey
from andon.common import logs, metrics, subjects
from andon.common.bus import Bus
from andon.common.errors import Reason, UnavailableError
from andon.common.following import PlantFollower
from andon.common.wire import DeadLetter, decode_batch, encode_deadletter

log = logs.get("alerting.evaluate")

TICK_SECONDS = 0.25
HELD_UP_SECONDS = 1.5
"""A tick this late was held up, and with it the readings: their silence is not the sensors'."""
WARM_UP_BATCHES, WARM_UP_BYTES = 256, 16 * 2**20
"""Before the acknowledged batch, of which is read how new each sensor's samples were, whichever is reached first."""
_SHOWN_BYTES = 64 * 1024


class Evaluation:
    """Runs the rules. `run` and `keep_time` are tasks; `tell` is called with what was committed."""

    def __init__(
        self,
        bus: Bus,
        database: Database,
        follower: PlantFollower,
        rulebook: Rulebook,
        tell: Callable[[list[News]], Awaitable[None]],
    ) -> None:
        self._bus = bus
        self._database = database
        self._follower = follower
        self._rulebook = rulebook
        self._tell = tell
        self._judge = Judge()
        self._plant_version = -1
        self._behind = 1
        self._wrong = ""
        self._started = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()

    def check(self) -> str:
        """What is wrong, '' when all is well; a missing backbone or database says so itself."""
        if not self._started.is_set():
            return "waiting for the plant" if self._bus.connected else ""
        return self._wrong

    @property
    def knows_plant(self) -> bool:
        """Whether the plant was ever complete."""
        return self._started.is_set()

    def count(self, counts: Callable[[str], bool]) -> Counter[str] | None:
        """How many sensors each rule watches, of the machines whose path `counts`; None before the plant is known."""
        return self._judge.count(counts) if self.knows_plant else None

    async def run(self) -> None:
        """Evaluate for ever."""
        await self._start()
        stream = self._bus.consume(
            subjects.TELEMETRY, subjects.EVALUATE_DURABLE, filter_subject=subjects.TELEMETRY_ALL, in_order=True
        )
        async for message in stream:
            with metrics.BATCH_SECONDS.labels("evaluate").time():
                await self._take(message)

    async def keep_time(self) -> None:
        """Several times a second: see to a changed plant, and to delays of sensors that fell silent. For ever."""
        await self._started.wait()
        before = monotonic()
        while True:
            await asyncio.sleep(TICK_SECONDS)
            if self._follower.plant.version != self._plant_version:
                await self.refresh()
            async with self._one_at_a_time:
                now = monotonic()
                held_up = now - before > HELD_UP_SECONDS  # by the database: what came meanwhile is not judged yet
                hearing = self._bus.connected and self._behind == 0 and not held_up
                await self._commit(self._judge.tick(now, hearing=hearing))
                before = now

    async def refresh(self) -> None:
        """Take the rules and the plant as they are now; ends alarms whose rule or sensor is gone."""
        if not self._started.is_set():
            return
        async with self._one_at_a_time:
            await self._rebuild()

    async def _start(self) -> None:
        await self._bus.ready()
        await self._follower.complete.wait()  # without the plant every machine would pass for one without rules
        async with self._database.read() as session:
            self._judge = Judge(await journal.read_phases(session))
        await self._rebuild()
        await self._warm_up()
        self._started.set()
        log.info("evaluating", rules=len(self._rulebook.rules), watches=len(self._judge))

    async def _rebuild(self) -> None:
        self._plant_version = self._follower.plant.version
        gone = self._judge.rebuild(self._follower.plant, self._rulebook.rules)
        if gone:
            await self._commit([], gone)

    async def _warm_up(self) -> None:
        try:
            info = await self._bus.js.consumer_info(subjects.TELEMETRY, subjects.EVALUATE_DURABLE)
            self._behind = (info.num_pending or 0) + (info.num_ack_pending or 0)
            last = info.ack_floor.stream_seq if info.ack_floor else 0
            room = WARM_UP_BYTES
            for number in range(last, max(0, last - WARM_UP_BATCHES), -1):
                with suppress(NotFoundError, msgspec.DecodeError):
                    found = await self._bus.js.get_msg(subjects.TELEMETRY, number, direct=True)
                    data = found.data or b""
                    room -= len(data)
                    self._judge.remember(decode_batch(data))
                if room < 0:
                    break
        except (NatsError, JetStreamError, TimeoutError) as error:
            log.info("no batches before this start to look at", reason=str(error))

    async def _take(self, message: Msg) -> None:
        try:
            batch = decode_batch(message.data)
        except msgspec.DecodeError as error:
            await self._bury(message, error)
            return
        async with self._one_at_a_time:
            if batch.past:
                self._judge.remember(batch)
            else:
                await self._commit(self._judge.judge(batch))
            self._behind = message.metadata.num_pending or 0
        await self._acknowledge(message)
        metrics.EVALUATED.inc(len(batch.readings))

    async def _acknowledge(self, message: Msg) -> None:
        with suppress(NatsError):  # a lost acknowledgement brings the batch again, and it will change nothing
            await message.ack()

    async def _commit(self, verdicts: list[Verdict], gone: list[PhaseKey] | None = None) -> None:
        """Write turns, then tell of them. The phases in memory have turned already, so this must succeed in the end."""
        if not verdicts and not gone:
            return
        wait = 0.1
        while True:
            try:
                async with self._database.write() as session:
                    news = await self._record(session, verdicts, gone or [])
                break
            except (OperationalError, InterfaceError) as error:
                if not self._wrong:
                    log.warning("alarms cannot be written; trying again until they are", error=str(error.orig))
                self._wrong = f"alarms cannot be written: {error.orig}"
                await asyncio.sleep(wait)
                wait = min(2 * wait, 5.0)
        if self._wrong:
            self._wrong = ""
            log.info("alarms are written again")
        await self._tell(news)

    async def _record(self, session: AsyncSession, verdicts: list[Verdict], gone: list[PhaseKey]) -> list[News]:
        now = time_ns()
        return await journal.record(session, verdicts, now) + await journal.close(session, gone, now)

    async def _bury(self, message: Msg, error: Exception) -> None:
        """A batch nobody can read becomes a dead letter; delivering it again would change nothing."""
        number = message.metadata.sequence.stream
        letter = DeadLetter(
            Reason.UNREADABLE_BATCH,
            f"evaluate: {error}",
            f"{subjects.TELEMETRY}/{number}",
            message.data[:_SHOWN_BYTES],
            len(message.data),
            time_ns(),
        )
        log.warning("a batch cannot be read", sequence=number, error=str(error))
        try:
            await self._bus.publish(
                subjects.deadletter(letter.reason), encode_deadletter(letter), msg_id=f"evaluate-{number}"
            )
        except UnavailableError:
            with suppress(NatsError):
                await message.nak(delay=5)
            return
        metrics.DEADLETTERS.labels(letter.reason).inc()
        with suppress(NatsError):
            await message.term()
