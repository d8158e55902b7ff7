"""Rounds: once a minute, what came since the last one is rolled up from what is stored. Read this first.

stream ─> reader ─> marks ─┐ once a minute, and what is late within seconds, when the store has written it
                           ├─> minutes of the last two hours, and the hour that has ended ─> andon_1m, andon_1h
                           └─> backlog: what is older, range by range ─> the same

A round tells how far all is rolled up (`coverage.Progress`) and then acknowledges what it read; before that, nothing is
lost by a kill: the stream brings it again, and to make a window twice changes nothing.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from time import perf_counter, time_ns

import msgspec
from nats.js.errors import KeyNotFoundError

from andon.common import logs, metrics, subjects
from andon.common.bus import Bus
from andon.common.following import PlantFollower
from andon.common.history.span import Span
from andon.common.reading import NS_PER_S
from andon.common.service import background
from andon.common.trouble import Trouble
from andon.query.derive import begin, ranges
from andon.query.derive.backlog import Backlog
from andon.query.derive.marks import Marks
from andon.query.derive.patience import AWAY, until_done
from andon.query.derive.reader import Place, Reader
from andon.query.derive.rollup import Rollup
from andon.query.derive.stores import STORED_SECONDS, last_batch, until_stored
from andon.query.derive.work import sort
from andon.query.tiers.coverage import UNREADABLE, Progress, Ranges, decode_progress
from andon.query.tiers.tiers import HOURS, MINUTES

log = logs.get("derive.rounds")

GRACE = 10 * NS_PER_S
"""A reading may arrive so long after its event time and still be in the round of its minute; else in the next one."""
LATE_SECONDS = 5.0
"""How soon what is late is made."""
AFTER = NS_PER_S
"""A round begins so long after its minute and the grace, for what was read a moment ago to have come after both."""
RECENT = 2 * HOURS.width
"""What is older than this is left to the backlog, so that a round is short."""
HELD_UP = "nothing is rolled up; trying again until it can be"


@dataclass
class Rounds:
    """Run `go` as a task. `trouble` says why rounds cannot be made just now.

    kept: set once it is known how long values are kept; before, no window may be made of them.
    """

    bus: Bus
    follower: PlantFollower
    rollup: Rollup
    backlog: Backlog
    reader: Reader
    marks: Marks
    turn: asyncio.Lock
    kept: asyncio.Event
    progress: Progress = field(default_factory=Progress)
    trouble: Trouble = field(default_factory=lambda: Trouble(log, comes=HELD_UP, over="rolling up again"))
    opened: bool = False

    async def go(self) -> None:
        """Make a round a minute, for ever."""
        await until_done(self.bus, self._open, self.trouble.say)
        async with background(("read the stream", self.reader.read())):
            while True:
                pause = (MINUTES.width - (time_ns() - GRACE - AFTER) % MINUTES.width) / NS_PER_S
                await asyncio.sleep(min(pause, LATE_SECONDS))
                await until_done(self.bus, self.once if pause <= LATE_SECONDS else self.late, self.trouble.say)

    async def _open(self) -> None:
        """Go on where the last process was; the very first finds what was stored before it."""
        await self.follower.complete.wait()
        await self.kept.wait()
        await self.backlog.load()
        found, now = await self._told(), time_ns()
        if found is None or self.rollup.made or await self._owes_all():
            await self._begin(now)
        if self.backlog.unread:
            await self._begin_unread(now)
        self.progress = found or Progress(now // MINUTES.width * MINUTES.width, now // HOURS.width * HOURS.width)
        await self._tell(self.progress)
        self.reader.place = Place(self.progress.sequence, self.progress.minutes)
        self.opened = True

    def owes(self, before: int) -> bool:
        """Whether of what is older than this something is still to be rolled up, or it is not known yet."""
        return not self.opened or any(found[0][0] < before for found in self.backlog.pending.values())

    async def owe_all(self) -> None:
        """All that is stored is to be rolled up: kept until it is on the list, whatever happens before.

        Raises:
            NatsError, APIError, UnavailableError, TimeoutError: the backbone does not answer.
        """
        await (await self.bus.bucket(subjects.DERIVE_BUCKET)).put(subjects.BEGIN_KEY, b"")

    async def _told(self) -> Progress | None:
        """What was told last; None: nothing was, or it cannot be read, and goes."""
        try:
            return None if (value := await self._kept(subjects.PROGRESS_KEY)) is None else decode_progress(value)
        except UNREADABLE as error:
            log.warning("progress cannot be read; all is rolled up anew", key=subjects.PROGRESS_KEY, error=str(error))
            await self.owe_all()
            await (await self.bus.bucket(subjects.DERIVE_BUCKET)).delete(subjects.PROGRESS_KEY)
            return None

    async def _owes_all(self) -> bool:
        return await self._kept(subjects.BEGIN_KEY) is not None

    async def _kept(self, key: str) -> bytes | None:
        bucket = await self.bus.bucket(subjects.DERIVE_BUCKET)
        with suppress(KeyNotFoundError):
            return (await bucket.get(key)).value or b""
        return None

    async def _begin_unread(self, now: int) -> None:
        """All that is stored of machines of which it cannot be read what is left."""
        found = await begin.stored(self.rollup.history, self.follower.plant, now)
        async with self.turn:
            await self.backlog.add_all({asset: found.get(asset, []) for asset in self.backlog.unread})
        self.backlog.unread.clear()

    async def _begin(self, now: int) -> None:
        """All that is stored: there never were any tiers, or somebody has taken one away."""
        made = set(self.rollup.made)
        found = await begin.stored(self.rollup.history, self.follower.plant, now)
        async with self.turn:
            await self.backlog.add_all(found)
        self.rollup.made -= made
        if not self.rollup.made and await self._owes_all():
            await (await self.bus.bucket(subjects.DERIVE_BUCKET)).delete(subjects.BEGIN_KEY)

    async def _look_at_nats(self) -> None:
        """It may have lost all it had, and begun anew; what is known here is told again then."""
        if (
            await last_batch(self.bus) >= self.reader.place.sequence
            and await self._kept(subjects.PROGRESS_KEY) is not None
        ):
            return
        log.warning("NATS has lost its data; what was measured meanwhile is rolled up anew")
        self.reader.begin_anew(time_ns())
        async with self.turn:
            await self.backlog.keep_again()

    async def once(self) -> None:
        """One round.

        Raises:
            NatsError, APIError, UnavailableError, TimeoutError: a neighbour does not answer; what was marked stays so.
        """
        await self._look_at_nats()
        if self.rollup.made:
            await self._begin(time_ns())
        until, begun = await self._read_up(), perf_counter()
        place, missed = self.reader.place, self.reader.missed
        await self._make(self.marks.take(), place.sequence, until)
        if missed:
            await self._miss(missed)
            self.reader.missed = None if self.reader.missed == missed else self.reader.missed
        await self._tell(Progress(*self._reach(until), place.sequence))
        await self.reader.acknowledge(place)
        metrics.DERIVE_SECONDS.labels("round").observe(perf_counter() - begun)

    async def late(self) -> None:
        """What came for minutes that are made already: charts take these from the rollups, so it is made at once.

        Raises:
            NatsError, APIError, UnavailableError, TimeoutError: a neighbour does not answer; what was marked stays so.
        """
        if len(self.marks):
            await self._look_at_nats()
        if marked := self.marks.take(before=self.progress.minutes):
            await self._make(marked, self.reader.place.sequence, self.progress.minutes)

    async def _make(self, marked: dict[str, Ranges], sequence: int, until: int) -> None:
        """Make what was marked up to a batch, once the store has that."""
        try:
            await until_stored(self.bus, sequence)
            async with self.turn:
                await self._roll_up(marked, until)
        except AWAY:
            self.marks.give_back(marked)
            raise

    async def _read_up(self) -> int:
        """Wait until all that was published is read; up to when all that was measured in time is marked then."""
        now = time_ns()
        info = await self.bus.js.consumer_info(subjects.TELEMETRY, subjects.DERIVE_DURABLE)
        if info.num_pending:  # there is more than can be read at once: no further than what was read
            return self.reader.place.arrived
        delivered = info.delivered.stream_seq if info.delivered and info.num_ack_pending else 0
        epoch = self.bus.epoch
        while self.reader.place.sequence < delivered:
            if self.reader.full or self.bus.epoch != epoch:  # what was delivered is not read before this round is over
                return self.reader.place.arrived
            await asyncio.sleep(STORED_SECONDS)
        return now

    async def _roll_up(self, marked: dict[str, Ranges], until: int) -> None:
        recent = (time_ns() - RECENT) // MINUTES.width * MINUTES.width
        work = sort(marked, self.follower.plant, recent=recent, hours=self.progress.hours)
        await self.backlog.add_all(work.left)
        for span, machines in work.minutes.items():
            metrics.DERIVE_SAMPLES.inc((await self.rollup.minutes(machines, span)).samples)
        for span, machines in work.hours.items():
            await self.rollup.hours(machines, span)
        for hour in range(self.progress.hours, self._reach(until)[1], HOURS.width):
            await self.rollup.hours(self.follower.plant.machines(), Span(hour, hour + HOURS.width))

    async def _miss(self, missed: tuple[int, int]) -> None:
        """The stream lost batches before they were read: their time is made anew for all machines."""
        log.warning("batches went from the stream unread; all that was measured meanwhile is rolled up anew")
        (span,) = ranges.widened([(missed[0] - GRACE, missed[1])], MINUTES.width)
        async with self.turn:
            await self.backlog.add_all({machine.id: [span] for machine in self.follower.plant.machines()})

    def _reach(self, until: int) -> tuple[int, int]:
        """Up to when all minutes, and all hours, are made with what was marked by `until`; never less than before."""
        minutes = max((until - GRACE) // MINUTES.width * MINUTES.width, self.progress.minutes)
        return minutes, max(minutes // HOURS.width * HOURS.width, self.progress.hours)

    async def _tell(self, progress: Progress) -> None:
        bucket = await self.bus.bucket(subjects.DERIVE_BUCKET)
        await bucket.put(subjects.PROGRESS_KEY, msgspec.json.encode(progress))
        self.progress = progress
        metrics.DERIVE_UNTIL.set(progress.minutes / NS_PER_S)
