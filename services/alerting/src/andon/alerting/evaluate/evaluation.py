"""Evaluation: one partition of the telemetry stream against the rules, each alarm exactly once. Read this file first.

    stream TELEMETRY ─> judge (memory) ─> journal (one transaction) ─> ack ─> tell

A batch is acknowledged after its turns are in the database; a batch without turns writes nothing. Killed in between,
the stream hands over everything after the last acknowledged batch again, in order (`consume(in_order=True)`), and the
phases in the database say what of it was counted: a sample that is not newer than its sensor's newest changes nothing.
How new the samples were that caused no turn is nowhere written; at start it is read from the last batches before the
acknowledged one, so that a straggler cannot pass for news (`warmup.py`).

Of several instances the one that holds the partition's lease evaluates it. Whatever it writes, it writes in the name of
the lease: one that has lost it without noticing can write nothing.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import aclosing, suppress
from functools import partial
from time import monotonic, time_ns

import msgspec
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from sqlalchemy.ext.asyncio import AsyncSession

from andon.alerting.alarm import journal, severities
from andon.alerting.alarm.journal import News
from andon.alerting.database import Database
from andon.alerting.evaluate import counting, late, phases, warmup
from andon.alerting.evaluate.bury import bury
from andon.alerting.evaluate.change import Look
from andon.alerting.evaluate.index import Places
from andon.alerting.evaluate.judge import Judge
from andon.alerting.evaluate.leases import Lease, LostError
from andon.alerting.evaluate.memory import Unsearched
from andon.alerting.evaluate.past import recall
from andon.alerting.evaluate.renewal import Piece, pieces
from andon.alerting.evaluate.sources.formula import Name
from andon.alerting.evaluate.verdict import Verdict
from andon.alerting.evaluate.watch import PhaseKey, Watch
from andon.alerting.evaluate.writer import Writer
from andon.alerting.rules.rulebook import Rulebook
from andon.common import jobs, logs, subjects
from andon.common.bus import Bus
from andon.common.following import PlantFollower
from andon.common.garbage import unsearched
from andon.common.history.history import History
from andon.common.wire import decode_batch

log = logs.get("alerting.evaluate")

TICK_SECONDS = 0.25
HELD_UP_SECONDS = 1.5
"""A tick this late was held up, and with it the readings: their silence is not the sensors'."""
MOST_JUDGED = 32
MOST_TURNED = 500
FLOOD_SECONDS = 0.05
"""While more waits, turns are written together: of so many batches, so many turns, or so long."""
LATE_SECONDS = 1.0
"""Where samples come out of order, that is written once a second, or after so many batches."""
PULL_SECONDS = 5.0
"""Less than a lease lasts: nothing is sent any more to an instance that stood still when another takes over."""
ASK_AGAIN_SECONDS = 10.0
"""Between two questions for a past that InfluxDB does not tell."""
LEARN_SECONDS = 0.5
RECALL_SECONDS = 10.0
"""A start waits no longer for the past."""


class Evaluation:
    """Runs the rules of one partition. `run`, `keep_time`, `keep_up` and `learn` are tasks.

    tell: called with what was committed.
    """

    def __init__(  # noqa: PLR0917 - what it works with
        self,
        bus: Bus,
        database: Database,
        follower: PlantFollower,
        rulebook: Rulebook,
        history: History,
        lease: Lease,
        partition: int,
        tell: Callable[[list[News]], Awaitable[None]],
    ) -> None:
        self._bus = bus
        self._database = database
        self._follower = follower
        self._rulebook = rulebook
        self._history = history
        self._lease = lease
        self._partition = partition
        self._partitions = bus.settings.partitions
        self._tell = tell
        self._judge = Judge()
        self._looked, self._seen = Look(), (-1, -1)
        self._wake, self._renewed = asyncio.Event(), asyncio.Condition()
        self._behind = 1
        self._writer = Writer(database, lease, 0)
        self._started = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()
        self._unknown: list[Watch] = []
        self._asked = 0.0
        self._judged: list[Msg] = []
        self._turned: list[Verdict] = []
        self._settled = 0.0
        self._abroad: bool | None = None
        self._unsearched = Unsearched()

    def check(self) -> str:
        """What is wrong, '' when all is well; a missing backbone or database says so itself."""
        if self._started.is_set() or not self._lease.held:
            return self._writer.check()
        return "waiting for the plant" if self._bus.connected else ""

    @property
    def evaluates(self) -> bool:
        """Whether this instance evaluates this partition."""
        return self._started.is_set()

    @property
    def listens(self) -> bool:
        """Whether rules here look at machines of other partitions, too."""
        if not self._started.is_set():
            return False
        if self._abroad is None:
            self._abroad = any(not self._is_ours(asset) for asset in self._judge.heard_of)
        return self._abroad

    async def count(self, counts: Callable[[str], bool]) -> Counter[str]:
        """How many sensors each rule watches here, of the machines whose path `counts`; there may be millions."""
        return await asyncio.to_thread(self._judge.count, counts)

    async def run(self) -> None:
        """Evaluate for ever, whenever the lease is ours."""
        while True:
            await self._lease.taken()
            work = asyncio.create_task(self._evaluate(), name=f"evaluate {self._partition}")
            try:
                await self._until_lost(work)
            finally:
                self._started.clear()
                await jobs.end(work)
            if work.done() and not work.cancelled() and (error := work.exception()):
                if not isinstance(error, LostError):
                    raise error
                log.warning("another instance evaluates this partition now", partition=self._partition)

    async def _until_lost(self, work: asyncio.Task[None]) -> None:
        """Wait until the work has ended, or the lease; one that was lost and taken again meanwhile is another one."""
        epoch = self._lease.epoch
        while self._lease.held and self._lease.epoch == epoch and not work.done():
            await asyncio.wait([work], timeout=min(max(self._lease.ends - monotonic(), 0.01), 1.0))

    async def _evaluate(self) -> None:
        await self._start()
        durable = subjects.evaluate_durable(self._partition, self._partitions)
        wanted = subjects.store_filter(self._partition, self._partitions)
        while True:
            expected = await warmup.acknowledged(self._bus, durable) + 1
            pull = self._bus.consume(
                subjects.TELEMETRY, durable, filter_subject=wanted, in_order=True, expires=PULL_SECONDS
            )
            async with aclosing(pull) as stream:  # one that is left open would be sent what is for the next
                async for message in stream:
                    number = message.metadata.sequence.consumer
                    if number > expected:  # some went to an instance that had the lease before
                        log.info("batches went elsewhere; beginning again", partition=self._partition)
                        break
                    expected = number + 1
                    with counting.timed(message):
                        await self._take(message)

    async def keep_time(self) -> None:
        """Several times a second: see to what ends by itself. For ever."""
        before = monotonic()
        while True:
            await asyncio.sleep(TICK_SECONDS)
            if not self._started.is_set():
                before = monotonic()
                continue
            try:
                async with self._one_at_a_time:
                    before = await self._tick(before)
            except LostError:
                self._started.clear()

    async def _tick(self, before: float) -> float:
        now = monotonic()
        # Held up by the database, what came meanwhile is not judged yet.
        if not self._bus.connected or now - before > HELD_UP_SECONDS:
            self._judge.deafen(now)
        elif self._behind == 0:
            self._turned += self._judge.tick(now)
        if self._turned or (self._judged and now - self._settled >= LATE_SECONDS):
            await self._settle()
        return now

    async def keep_up(self) -> None:
        """Several times a second, and when asked to: see to changed rules and plant. For ever."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), TICK_SECONDS)
            self._wake.clear()
            try:
                if self._started.is_set() and self._version != self._seen:
                    await self._renew()
            except LostError:
                self._started.clear()
            async with self._renewed:
                self._renewed.notify_all()

    async def refresh(self) -> None:
        """Wait until the rules and the plant that are known now are in force; alarms of what is gone have ended."""
        plant, rules = self._version
        self._wake.set()
        async with self._renewed:
            await self._renewed.wait_for(
                lambda: not self._started.is_set() or (self._seen[0] >= plant and self._seen[1] >= rules)
            )

    async def overhear(self, message: Msg) -> None:
        """A batch of another partition: of interest for rules that look at its machines too."""
        # Lost: whoever has the lease now hears it, too; and other partitions here are still to hear it.
        with suppress(msgspec.DecodeError, UnicodeDecodeError, LostError):
            batch = decode_batch(message.data)
            if self._started.is_set() and not batch.past:
                async with self._one_at_a_time:
                    self._turned += self._judge.judge(batch, now=time_ns(), clock=monotonic())
                    await self._settle()

    async def _start(self) -> None:
        await self._bus.ready()
        await self._follower.complete.wait()  # without the plant every machine would pass for one without rules
        async with self._one_at_a_time:
            self._writer = Writer(self._database, self._lease, self._lease.epoch)
            self._judge, self._judged, self._turned, self._abroad = Judge(), [], [], None
            self._seen, self._looked = self._version, await self._look()
            fresh = await asyncio.to_thread(_fill, self._judge, self._looked, self._is_ours)
            self._unsearched.add(len(self._judge))
            async with self._database.read() as session:
                known = await phases.take_up(session, self._judge.watches, monotonic())
            gone = [key for key in known if self._is_ours(key[1])]
            state = await warmup.read(self._bus, self._partition, self._judge)
            self._behind = state.behind
            self._unknown = await self._recalled([watch for watch in fresh if watch.looks_back], state.until)
            self._judge.begin(time_ns(), monotonic())
            await self._close(gone)
            await self._follow_severities()
        self._started.set()
        log.info("evaluating", rules=len(self._rulebook.rules), watches=len(self._judge), partition=self._partition)

    def _is_ours(self, asset: str) -> bool:
        return subjects.partition_of(asset, self._partitions) == self._partition

    @property
    def _version(self) -> tuple[int, int]:
        """Of the plant and of the rules, as they are known now."""
        return self._follower.plant.version, self._rulebook.version

    async def _look(self) -> Look:
        """The plant and the rules as they are known now; all that takes long is done in a thread."""
        plant, book = list(self._follower.plant), self._rulebook
        return await asyncio.to_thread(Look, plant, book.rules, book.calendars, self._looked)

    async def _renew(self) -> None:
        """Exchange what has changed, piece by piece; between two of them judging goes on.

        Where the lease is lost meanwhile, whoever has it begins anew, and with the new rules.
        """
        judge, version, look = self._judge, self._version, await self._look()
        todo = pieces(self._looked, look, self._is_ours)
        while (piece := await asyncio.to_thread(next, todo, None)) is not None:
            async with self._one_at_a_time:
                if self._judge is not judge or not self._started.is_set():
                    return
                await self._exchange(piece)
        if self._judge is judge:
            self._looked, self._seen = look, version
            async with self._one_at_a_time:
                await self._follow_severities()

    async def _exchange(self, piece: Piece) -> None:
        await self._settle()  # what turned refers to the watches as they are
        gone, self._abroad = self._judge.exchange(piece.made, piece.before), None
        self._unsearched.add(len(piece.made))
        self._judge.begin(time_ns(), monotonic(), piece.made)
        fresh = [watch for watch in piece.made if watch.fresh and watch.looks_back]
        if fresh:
            self._unknown += fresh
            self._asked = 0.0
        await self._close(gone)

    async def _recalled(self, watches: list[Watch], until: int) -> list[Watch]:
        """Let watches know the past before they begin, if that does not take long; those that do not know it yet."""
        try:
            async with asyncio.timeout(RECALL_SECONDS):
                return await recall(self._history, self._follower.plant, watches, until)
        except TimeoutError:
            return watches

    async def learn(self) -> None:
        """Let watches know the past they do not know yet; what they hear meanwhile is put behind it. For ever."""
        while True:
            await asyncio.sleep(LEARN_SECONDS)
            if self._unknown and self._started.is_set() and monotonic() - self._asked >= ASK_AGAIN_SECONDS:
                await self._learn()

    async def _learn(self) -> None:
        judge, asked = self._judge, self._there(self._unknown)
        self._unknown, self._asked = [], monotonic()
        left = await recall(self._history, self._follower.plant, asked, time_ns())
        if self._judge is judge:  # else all was begun anew meanwhile: other watches judge, and have their own to learn
            there = self._there(asked)
            judge.begin(time_ns(), monotonic(), there)  # what was learnt may end by itself
            self._unknown += [*left, *self._anew(asked, there)]

    def _there(self, watches: Iterable[Watch]) -> list[Watch]:
        """Those of them that judge now, each once."""
        known = self._judge.watches
        return list({watch.key: watch for watch in watches if known.get(watch.key) is watch}.values())

    def _anew(self, asked: Iterable[Watch], there: Collection[Watch]) -> list[Watch]:
        """Those that took the places of others which learnt meanwhile, and may have been told but half of it."""
        keys = {watch.key for watch in asked} - {watch.key for watch in there}
        found = [self._judge.watches.get(key) for key in keys]
        return [watch for watch in found if watch is not None and watch.looks_back]

    async def _take(self, message: Msg) -> None:
        try:
            batch = decode_batch(message.data)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            await bury(self._bus, message, error)
            return
        async with self._one_at_a_time:
            if batch.past:
                self._judge.note_past(batch)
            else:
                self._turned += self._judge.judge(batch, now=time_ns(), clock=monotonic())
            self._behind = message.metadata.num_pending or 0
            self._judged.append(message)
            if self._is_time():
                await self._settle()
        counting.judged(batch)

    def _is_time(self) -> bool:
        """Whether what was judged is to be written now: in a flood, what waits is written together."""
        if len(self._judged) >= MOST_JUDGED or len(self._turned) >= MOST_TURNED:
            return True
        waited = monotonic() - self._settled
        if self._turned:
            return self._behind == 0 or waited >= FLOOD_SECONDS
        return not self._judge.late or waited >= LATE_SECONDS

    async def _settle(self) -> None:
        """Write what has turned and what came late, acknowledge what was judged, and tell."""
        turned, self._turned = self._turned, []
        marks, self._judge.late = self._judge.late, {}
        news = await self._writer.write(partial(_record, verdicts=turned, marks=marks)) if turned or marks else []
        judged, self._judged, self._settled = self._judged, [], monotonic()
        for message in judged if self._writer.holds else ():
            with suppress(NatsError):  # a lost acknowledgement brings the batch again, and it will change nothing
                await self._acknowledge(message)
        if news:
            await self._tell(counting.written(turned, news))

    async def _acknowledge(self, message: Msg) -> None:
        await message.ack()

    async def _follow_severities(self) -> None:
        """Let open alarms have the severities that their rules have now."""
        watches = self._judge.watches
        await self._tell(await self._writer.write(partial(severities.follow, watches=watches, now=time_ns())))

    async def _close(self, gone: Sequence[PhaseKey]) -> None:
        """End the alarms of watches that are gone."""
        if gone:
            await self._tell(await self._writer.write(partial(_end, gone=gone)))


def _fill(judge: Judge, look: Look, ours: Callable[[str], bool]) -> list[Watch]:
    """Make all watches; those that must yet learn of the past."""
    places = Places(look.assets.values(), look.calendars.values())
    with unsearched():
        _, fresh = judge.rebuild(places, (rule for rule, _ in look.rules.values()), ours)
    return fresh


async def _record(
    session: AsyncSession, *, verdicts: Sequence[Verdict], marks: Mapping[Name, tuple[int, int]]
) -> list[News]:
    if marks:
        await late.note(session, marks)
    return await journal.record(session, verdicts, time_ns())


async def _end(session: AsyncSession, *, gone: Sequence[PhaseKey]) -> list[News]:
    return await journal.close(session, gone, time_ns())
