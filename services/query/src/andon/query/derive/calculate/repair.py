"""Repair: what is late or pending is calculated from what is stored, and published like all else.

One round takes what is late, and calculates range by range. What is pending goes after it, step by step, newest first.
Both first wait until the store has written all that has come: of what is on the way history would make too little, and
nobody would make it again.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic, time_ns

from andon.common import logs
from andon.common.bus import Bus
from andon.common.expression import Formula, Name
from andon.common.history.columns import CutShortError
from andon.common.history.history import History
from andon.common.history.span import Span
from andon.common.reading import NS_PER_S, Reading
from andon.query.derive import ranges
from andon.query.derive.calculate import inputs, over_history
from andon.query.derive.calculate.calculator import Calculator
from andon.query.derive.calculate.cell import Cell
from andon.query.derive.calculate.late import Late, Wanted
from andon.query.derive.calculate.outlet import MOST_READINGS, Outlet
from andon.query.derive.calculate.pending import Pending
from andon.query.derive.calculate.track import FOR_EVER
from andon.query.derive.stores import STORED_SECONDS, floors, last_batch, until_stored
from andon.query.tiers.coverage import Ranges

log = logs.get("derive.calculate.repair")

STEP_SAMPLES = 200_000
"""Samples that a step aims at, taking each sensor to speak once a second."""
LONGEST_STEP = 24 * 3600 * NS_PER_S
SHORTEST_STEP = 10 * NS_PER_S
RECENT = 10 * NS_PER_S
"""What ended longer ago than this when a process begins is history."""
AT_ONCE = 8
"""Formulas at once: InfluxDB is waited for most of the time."""
MOST_WAITING = 32
"""Batches that may wait for the store before more of history is published: what comes in live goes first."""


class Repair:
    """`round` and `step` raise NatsError, APIError, UnavailableError or TimeoutError; what they did not do stays.

    number: the oldest batch of the stream that a round is at work for.
    """

    def __init__(self, bus: Bus, history: History, calculator: Calculator, outlet: Outlet, pending: Pending) -> None:
        self.number = FOR_EVER
        self._bus = bus
        self._history = history
        self._calculator = calculator
        self._outlet = outlet
        self._pending = pending
        self._lengths: dict[Name, int] = {}
        """How much to calculate at once of what was too much; it grows again."""

    async def seed(self) -> None:
        """Let new tracks know what was before them, once all that has come is stored."""
        unseeded = self._calculator.unseeded
        if not unseeded:
            return
        await until_stored(self._bus, await last_batch(self._bus))
        names, ever = [track.name for track in unseeded], Span(0, FOR_EVER)
        found = await inputs.newest(self._history, self._calculator.plant, names, ever)
        for track in unseeded:
            track.seed(found.get(track.name))
        self._calculator.seeded(monotonic(), time_ns() - RECENT)

    async def round(self) -> None:
        """Calculate what is late."""
        taken = self._calculator.take_late()
        self.number = min((late.number for late in taken.values()), default=FOR_EVER)
        try:
            await self._followed()
            for past in (False, True):  # what somebody may have to be called about goes first
                await self._mend(taken, [wanted for wanted in taken if wanted[1] is past])
        finally:
            for wanted, late in taken.items():
                self._give_back(wanted, late)
            self.number = FOR_EVER

    async def _mend(self, taken: dict[Wanted, Late], some: list[Wanted]) -> None:
        """Calculate these, several at once, and take them off the list."""
        for first in range(0, len(some), AT_ONCE):
            group = some[first : first + AT_ONCE]
            jobs = [self._one(wanted, taken[wanted]) for wanted in group]
            outcomes = await asyncio.gather(*jobs, return_exceptions=True)
            failures = [outcome for outcome in outcomes if outcome is not None]
            for wanted, outcome in zip(group, outcomes, strict=True):
                if outcome is None:
                    del taken[wanted]
            if failures:
                raise failures[0]

    async def _one(self, wanted: Wanted, late: Late) -> None:
        name, past = wanted
        cell = self._calculator.cells.get(name)
        if cell is None:
            return
        closed = await self._closed(cell, late)
        try:
            await self._calculate(cell, closed, past=past)
        except CutShortError:  # it goes on with what is pending, and holds up nobody there
            await self._pending.add(name, closed)

    def _give_back(self, wanted: Wanted, late: Late) -> None:
        (name, past), cells = wanted, self._calculator.cells
        if name in cells:
            again = self._calculator.late_of(cells[name], late.number, past=past)
            again.put(late.ranges, late.number)
            for sensor, times in late.open.items():
                again.put_open(sensor, times, late.number)

    async def _closed(self, cell: Cell, late: Late) -> Ranges:
        """The ranges of what is late, now that history can tell how long each sensor held what it said."""
        found = list(late.ranges)
        for sensor, times in late.open.items():
            for time in times:
                after = Span(time + 1, max(cell.reach(), time + 2))
                end = await inputs.next_after(self._history, self._calculator.plant, sensor, after)
                found.append((time, after.end if end is None else end))
        return ranges.union(found)

    async def step(self) -> None:
        """Calculate one part of what is pending: first what others follow from, and of that the newest.

        What was too much at once goes last, in parts that begin short; the shortest is left out if it is too much, too.
        """
        await self._followed()
        waiting = [cell for name, cell in self._calculator.cells.items() if self._left(name)]
        if not waiting:  # somebody has changed the plant meanwhile
            return
        cell = min(waiting, key=lambda cell: (cell.formula.name in self._lengths, cell.order))
        name = cell.formula.name
        known = self._pending.entries[name]
        start, end = known.ranges[-1]
        length = self._lengths.get(name, _length(cell))
        begin = max(start, end - length)
        try:
            await self._calculate(cell, [(begin, end)], past=True)
        except CutShortError:
            self._lengths[name] = SHORTEST_STEP
            if end - begin > SHORTEST_STEP:
                return
        else:
            self._lengths.pop(name, None)
            if length < _length(cell):
                self._lengths[name] = 2 * length
        await self._pending.done(name, known, begin, end)

    @property
    def has_more(self) -> bool:
        """Whether anything is pending."""
        return any(self._left(name) for name in self._calculator.cells)

    def _left(self, name: Name) -> Ranges:
        entry = self._pending.entries.get(name)
        return entry.ranges if entry is not None else []

    async def _calculate(self, cell: Cell, wanted: Ranges, *, past: bool) -> None:
        """Calculate ranges as far as memory does not."""
        wanted = ranges.without(wanted, cell.reach(), FOR_EVER)
        async with self._busy(cell, wanted):
            for start, end in wanted:
                await self._range(cell, Span(start, end), past=past)

    @asynccontextmanager
    async def _busy(self, cell: Cell, wanted: Ranges) -> AsyncIterator[None]:
        self._calculator.busy[cell.formula.name] = wanted
        try:
            yield
        finally:
            del self._calculator.busy[cell.formula.name]

    async def _range(self, cell: Cell, span: Span, *, past: bool) -> None:
        length, at = _length(cell), span.start
        while at < span.end:
            part = Span(at, min(at + length, span.end))
            try:
                readings = await self._over(cell.formula, part)
            except CutShortError:
                if length <= SHORTEST_STEP:
                    self._say_wrong(cell)
                    raise
                length = max(length // 4, SHORTEST_STEP)
                continue
            for first in range(0, len(readings), MOST_READINGS):
                await self._room()
                await self._outlet.publish_again(readings[first : first + MOST_READINGS], past=past)
            cell.learn(readings)
            at = part.end

    def _say_wrong(self, cell: Cell) -> None:
        """Once, until the plant is another."""
        path = cell.formula.sensor.path
        if path not in self._calculator.wrong:
            why = (
                f"'{path}' follows from more values than InfluxDB hands out at once, however short the range; "
                "where that is so, its history is left out. Let it follow from fewer sensors, or slower ones"
            )
            self._calculator.wrong[path] = why
            log.warning("history of a sensor cannot be calculated", why=why)

    async def _over(self, formula: Formula, part: Span) -> list[Reading]:
        """What follows in a range, and what does so no longer.

        What was said is read first: what it followed from is stored by then.
        """
        plant = self._calculator.plant
        before = await inputs.said(self._history, plant, [formula.name], part)
        found = await inputs.read(self._history, plant, formula.names, over_history.sources(formula, part))
        said = before.get(formula.name, inputs.NOTHING)
        return await asyncio.to_thread(over_history.calculate, formula, found, part, before=said)

    async def _room(self) -> None:
        """Wait until the store has caught up."""
        while min(await floors(self._bus, last := await last_batch(self._bus))) < last - MOST_WAITING:
            await asyncio.sleep(STORED_SECONDS)

    async def _followed(self) -> None:
        """Wait until the store has written all that has come, and what was said to follow from it."""
        last = await last_batch(self._bus)
        while self._outlet.oldest <= last:
            await asyncio.sleep(STORED_SECONDS)
        await until_stored(self._bus, await last_batch(self._bus))


def _length(cell: Cell) -> int:
    """How much is calculated at once."""
    samples = max(len(cell.formula.names), 1)
    return min(max(STEP_SAMPLES // samples * NS_PER_S, SHORTEST_STEP), LONGEST_STEP)
