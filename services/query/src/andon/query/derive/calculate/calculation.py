"""Calculation: from the stream to calculated readings in the stream. Read this first.

    stream ─> calculator (memory) ─────────────────> outlet ─> stream ─> store, live, alarms, rollups
                  └─ late ─> repair <─ InfluxDB ───────^
                                └─ pending: new expressions, and what somebody asked for

A batch is acknowledged once all that follows from it is published; a process that is killed is handed the others again,
and what it publishes twice is the same.
"""

import asyncio
from collections import deque
from contextlib import aclosing, suppress
from functools import partial
from time import monotonic, time_ns

import msgspec
from nats.aio.msg import Msg
from nats.js.errors import KeyNotFoundError, NotFoundError

from andon.common import logs, metrics, subjects
from andon.common.bus import Bus
from andon.common.expression import formulas
from andon.common.following import PlantFollower
from andon.common.history.history import History
from andon.common.reading import NS_PER_S, Reading
from andon.common.service import background
from andon.common.trouble import Trouble
from andon.query.derive.batches import batches
from andon.query.derive.calculate import slips
from andon.query.derive.calculate.calculator import Calculator
from andon.query.derive.calculate.outlet import Outlet, is_known
from andon.query.derive.calculate.pending import BY_ITSELF, Pending
from andon.query.derive.calculate.repair import Repair
from andon.query.derive.calculate.slips import Mark
from andon.query.derive.calculate.track import FOR_EVER
from andon.query.derive.patience import AWAY, REST_SECONDS, until_done
from andon.query.tiers.coverage import UNREADABLE

log = logs.get("derive.calculate")

TICK_SECONDS = 0.25
MARK_SECONDS = 10.0
REST_SHARE, LONGEST_REST = 4, 60.0
"""So many times what a round of repair took is the pause behind it: a device that hands in a whole day is gone over a
few times, and not with each of its messages."""
BEFORE_A_HOLE = 60 * NS_PER_S
HELD_UP = "history cannot be calculated; trying again until it can"


class Calculation:
    """Run `run` as a task; `opened` is set when it is known what is calculated."""

    def __init__(self, bus: Bus, follower: PlantFollower, history: History) -> None:
        self.calculator = Calculator(follower.plant)
        self.pending = Pending(bus)
        self.opened = asyncio.Event()
        self._bus = bus
        self._follower = follower
        self._outlet = Outlet(bus)
        self._repair = Repair(bus, history, self.calculator, self._outlet, self.pending)
        self._place = self._marked = Mark()
        self._unacknowledged: deque[tuple[int, str]] = deque()
        self._version = -1
        self._met = False
        self._trouble = Trouble(log, comes=HELD_UP, over="history is calculated again")

    def check(self) -> str:
        """What is wrong, '' when all is well."""
        return self._outlet.trouble.why or self._trouble.why

    async def run(self) -> None:
        """Calculate for ever."""
        await self._follower.complete.wait()
        await until_done(self._bus, self._open, self._trouble.say)
        self.opened.set()
        jobs = (("publish", self._outlet.publish()), ("keep time", self._keep_time()), ("repair", self._mend()))
        async with background(*jobs):
            await self._read()

    async def _open(self) -> None:
        await self.pending.load()
        await self._renew()
        with suppress(NotFoundError, KeyNotFoundError):
            bucket = await self._bus.bucket(subjects.DERIVE_BUCKET)
            self._marked = await self._read_mark((await bucket.get(subjects.CALCULATED_KEY)).value or b"")
            self._place = await self._where()

    async def _read_mark(self, value: bytes) -> Mark:
        """Where the last process was; the last day is calculated anew if that cannot be read."""
        try:
            return slips.decode_mark(value)
        except UNREADABLE as error:
            why, now = "how far is calculated cannot be read; the last day is calculated anew", time_ns()
            log.warning(why, key=subjects.CALCULATED_KEY, error=str(error))
            await self._anew(now - BY_ITSELF, now)
            return Mark(arrived=now - BY_ITSELF)

    async def _where(self) -> Mark:
        """Where the last process was: what it had acknowledged, or where a hole in the stream begins.

        Of batches that went from the stream the server says that they were acknowledged; the mark knows better.
        """
        first = (await self._bus.js.stream_info(subjects.TELEMETRY)).state.first_seq
        if self._marked.sequence and first > self._marked.sequence + 1:
            return self._marked
        info = await self._bus.js.consumer_info(subjects.TELEMETRY, subjects.CALCULATE_DURABLE)
        return Mark(info.ack_floor.stream_seq if info.ack_floor else 0, self._marked.arrived)

    async def _renew(self) -> None:
        """Take the plant as it is now; what is calculated in it is found out in a thread, for that takes a while."""
        plant = self._follower.plant
        if self.calculator.changed:
            version = plant.version
            self.calculator.take_up(await asyncio.to_thread(formulas, plant.machines()), version)
            self._met = False
            for sentence in self.calculator.wrong.values():
                log.warning("a sensor cannot be calculated", why=sentence)
        if not self._met:
            await self.pending.meet((cell.formula for cell in self.calculator.cells.values()), time_ns())
            self._met = True

    async def _read(self) -> None:
        async with aclosing(batches(self._bus, subjects.CALCULATE_DURABLE)) as found:
            async for message in found:
                await self._take(message)

    async def _take(self, message: Msg) -> None:
        sequence, before = message.metadata.sequence.stream, self._place
        place = Mark(sequence, int(message.metadata.timestamp.timestamp() * NS_PER_S))
        if before.sequence and sequence > before.sequence + 1:  # first: what is not taken yet is not to be acknowledged
            missed = partial(self._miss, before.arrived - BEFORE_A_HOLE, place.arrived)
            await until_done(self._bus, missed, self._trouble.say)
        while self._unacknowledged and self._unacknowledged[-1][0] >= sequence:  # handed out anew
            self._unacknowledged.pop()
        self._unacknowledged.append((sequence, message.reply))
        self._place = place
        readings, past = list[Reading](), False
        if self.calculator.tracks and not is_known(message):
            try:
                batch = slips.read(message.data)
                readings, past = slips.readings(batch, self.calculator.tracks), batch.past
            except UNREADABLE as error:
                log.debug("batch cannot be read; the store makes a dead letter of it", error=str(error))
        if readings:
            self._publish(self.calculator.take(readings, sequence, monotonic(), past=past))
            await self._outlet.room()

    async def _miss(self, start: int, end: int) -> None:
        """Batches went from the stream before they were read, while this process was away: history knows them."""
        log.warning("batches went from the stream unread; what follows from them is calculated from history")
        await self._anew(start, end)

    async def _anew(self, start: int, end: int) -> None:
        for name in list(self.pending.entries):
            await self.pending.add(name, [(start, end)])

    def _publish(self, readings: list[Reading]) -> None:
        """Let calculated readings leave; what they follow from is not acknowledged before they have."""
        if readings:
            self._outlet.put(readings, self.calculator.source)
            self.calculator.source = FOR_EVER
        calculated, without = self.calculator.calculated, self.calculator.without
        self.calculator.calculated = self.calculator.without = 0
        metrics.CALCULATED.labels("value").inc(calculated - without)
        metrics.CALCULATED.labels("none").inc(without)

    async def _keep_time(self) -> None:
        """Several times a second: see to a changed plant, to seconds that wait, and to what can be acknowledged."""
        marked = monotonic()
        while True:
            await asyncio.sleep(TICK_SECONDS)
            changing = self._version != self._follower.plant.version  # not while a large plant is being written
            self._version = self._follower.plant.version
            try:
                if not changing:
                    await self._renew()
                self._publish(self.calculator.flush(monotonic()))
                await self._acknowledge()
                if monotonic() > marked + MARK_SECONDS:
                    marked = monotonic()
                    await self._mark()
            except AWAY as error:
                log.debug("not kept this time", error=str(error))

    async def _acknowledge(self) -> None:
        """All from which nothing is left to be calculated. What is not acknowledged comes again after a restart."""
        self._bus.fence()
        waits = (self.calculator.oldest(), self._repair.number, self._outlet.oldest)
        first, reply = min(*waits, self._place.sequence + 1), ""
        while self._unacknowledged and self._unacknowledged[0][0] < first:
            _, reply = self._unacknowledged.popleft()
        if reply:
            await self._bus.nc.publish(reply, b"+ACK")

    async def _mark(self) -> None:
        """Keep when what was read arrived, for should the stream have a hole one day."""
        if self._marked != self._place:
            bucket = await self._bus.bucket(subjects.DERIVE_BUCKET)
            await bucket.put(subjects.CALCULATED_KEY, msgspec.json.encode(self._place))
            self._marked = self._place

    async def _mend(self) -> None:
        """Calculate from history what is late, and what is pending."""
        again = 0.0
        while True:
            try:
                if self.calculator.unseeded:
                    await self._repair.seed()
                begun = monotonic()
                if self.calculator.late and begun >= again:
                    await self._repair.round()
                    again = monotonic() + min(REST_SHARE * (monotonic() - begun), LONGEST_REST)
                elif self._repair.has_more:
                    await self._repair.step()
                else:
                    await asyncio.sleep(TICK_SECONDS)
                self._trouble.say("")
            except AWAY as error:
                self._trouble.say(str(error) or type(error).__name__)
                await asyncio.sleep(REST_SECONDS)
