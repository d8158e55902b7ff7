"""Backlog: what of which machine's history is still to be rolled up, newest first; kept on disk in NATS.

Late data, data that was there before Andon rolled up, and what somebody asks to have made anew. Each step makes a part
of one range and then takes it off the list, so a process that is killed goes on where it was.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from time import monotonic, perf_counter

from andon.common import logs, metrics, subjects
from andon.common.buckets import read_entries
from andon.common.bus import Bus
from andon.common.following import PlantFollower
from andon.common.history.span import Span
from andon.common.plant import Asset
from andon.query.derive import ranges
from andon.query.derive.patience import AWAY, REST_SECONDS
from andon.query.derive.rollup import Made, Rollup
from andon.query.tiers.coverage import UNREADABLE, Ranges, decode_ranges, encode_ranges
from andon.query.tiers.tiers import HOURS, MINUTES

log = logs.get("derive.backlog")

STEP_SAMPLES = 250_000
"""Samples that a step aims at: a third of a second. Its halves are made at once: one is read, the other worked on."""
LONGEST_STEP = 30 * 24 * HOURS.width
LOOK_SECONDS = 1.0
"""Between two looks whether a machine has come into the plant whose values came before."""
STRANGER_SECONDS = 3600.0
"""How long a machine is waited for that is not in the plant; then it was removed."""
AT_ONCE = 64
"""Machines whose ranges are put down at the same time."""
UNREAD = "what is left to roll up of a machine cannot be read; all of it is made anew"


class Backlog:
    """Run `work` as a task. `opened` is set once what was left is read.

    unread: machines of which it cannot be read what was left.
    turn: held while a step is made; a round waits for no more than that.
    """

    def __init__(self, bus: Bus, follower: PlantFollower, rollup: Rollup, turn: asyncio.Lock) -> None:
        self.pending: dict[str, Ranges] = {}
        self.unread: set[str] = set()
        self.opened = asyncio.Event()
        self._bus = bus
        self._plant = follower.plant
        self._rollup = rollup
        self.turn = turn
        self._news = asyncio.Event()
        self._steps: dict[str, int] = {}
        self._strangers: dict[str, float] = {}
        """Machines that are not in the plant, and since when (monotonic) they are waited for."""
        self._said_lost = False

    async def load(self) -> None:
        """Read what was left.

        Raises:
            NatsError, APIError, UnavailableError, TimeoutError: the backbone does not answer.
        """
        for key, (value, _) in (await read_entries(self._bus.js, subjects.DERIVE_BUCKET)).items():
            if asset := subjects.pending_asset(key):
                self._take(asset, value)
        metrics.DERIVE_BACKLOG.set(len(self.pending))
        self.opened.set()
        self._news.set()

    def _take(self, asset: str, value: bytes) -> None:
        """What was left of a machine; to read it again says nothing new."""
        try:
            found, why = ranges.widened(decode_ranges(value), MINUTES.width), "there is no range in it"
        except UNREADABLE as error:
            found, why = [], str(error)
        if found:
            self.pending[asset] = found
        elif asset not in self.unread:
            log.warning(UNREAD, key=subjects.pending_key(asset), error=why)
            self.unread.add(asset)

    async def add(self, asset: str, more: Ranges) -> None:
        """Make these ranges of a machine (whole minutes) too, or anew; returns once that is kept.

        Whoever adds has the turn, or a step that has read before would take off its list what it has not seen.

        Raises:
            NatsError, APIError, UnavailableError, TimeoutError: the backbone does not answer.
        """
        merged = ranges.few(ranges.union(self.pending.get(asset, []), more))
        if merged != self.pending.get(asset):
            await self._keep(asset, merged)
        self._news.set()

    async def keep_again(self) -> None:
        """All that is pending, in a bucket that may have lost it. It takes the turn, as to add does.

        Raises:
            NatsError, APIError, UnavailableError, TimeoutError: the backbone does not answer.
        """
        for asset, left in list(self.pending.items()):
            await self._keep(asset, left)

    async def add_all(self, more: Mapping[str, Ranges]) -> None:
        """The same for many machines, some at a time: one after the other, ten thousand would take minutes.

        Raises:
            NatsError, APIError, UnavailableError, TimeoutError: the backbone does not answer.
        """
        wanted = list(more.items())
        for first in range(0, len(wanted), AT_ONCE):
            await asyncio.gather(*(self.add(*one) for one in wanted[first : first + AT_ONCE]))

    async def _keep(self, asset: str, left: Ranges) -> None:
        """On disk first, then here: the other way round a failure would leave undone what nobody knows of."""
        bucket = await self._bus.bucket(subjects.DERIVE_BUCKET)
        if left:
            await bucket.put(subjects.pending_key(asset), encode_ranges(left))
            self.pending[asset] = left
        else:
            await bucket.delete(subjects.pending_key(asset))
            self.pending.pop(asset, None)
            self._steps.pop(asset, None)
        metrics.DERIVE_BACKLOG.set(len(self.pending))

    async def work(self) -> None:
        """Make what is pending, for ever."""
        while True:
            if not any(map(self._plant.find, self.pending)):
                self._news.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_SECONDS if self.pending else None):
                        await self._news.wait()
            try:
                async with self.turn:
                    await self._step()
                self._said_lost = False
            except AWAY as error:
                if not self._said_lost:
                    log.warning("the backlog of rollups waits; trying again until it can go on", error=str(error))
                self._said_lost = True
                await asyncio.sleep(REST_SECONDS)

    def _known(self) -> list[Asset]:
        """Machines of the plant of which something is pending."""
        return [machine for asset in self.pending if (machine := self._plant.find(asset)) is not None]

    async def _forget(self) -> None:
        """What is pending of machines that are not in the plant, and were not for long."""
        self._strangers = {
            asset: self._strangers.get(asset, monotonic()) for asset in self.pending if self._plant.find(asset) is None
        }
        for asset in [asset for asset, since in self._strangers.items() if monotonic() >= since + STRANGER_SECONDS]:
            await self._keep(asset, [])

    async def _step(self) -> None:
        """One part of the range that ends last: who asks mostly asks for what is new."""
        if not (known := self._known()):
            await self._forget()
            return
        machine = max(known, key=lambda one: self.pending[one.id][-1][1])
        asset, left = machine.id, self.pending[machine.id]
        start, end = left[-1]
        step = self._steps.get(asset, 6 * HOURS.width)
        begin = max(start, (end - 1) // HOURS.width * HOURS.width + HOURS.width - step)
        begun = perf_counter()
        middle = max(begin, (begin + end) // 2 // HOURS.width * HOURS.width)
        halves = [Span(low, high) for low, high in ((begin, middle), (middle, end)) if low < high]
        done = await asyncio.gather(*(self._make(machine, half) for half in halves))
        made = sum(one.samples for one in done)
        metrics.DERIVE_SAMPLES.inc(made)
        metrics.DERIVE_SECONDS.labels("backlog").observe(perf_counter() - begun)
        self._steps[asset] = next_step(step, made)
        await self._keep(asset, ranges.without(self.pending.get(asset, []), begin, end))

    async def _make(self, machine: Asset, span: Span) -> Made:
        made = await self._rollup.minutes([machine], span)
        await self._rollup.hours([machine], self._rollup.hours_left(span))
        return made


def next_step(step: int, made: int) -> int:
    """How much to make at once, whole hours: about STEP_SAMPLES, given what the last step found."""
    factor = min(max(STEP_SAMPLES / max(made, 1), 0.25), 4.0)
    return min(max(int(step * factor) // HOURS.width, 1) * HOURS.width, LONGEST_STEP)
