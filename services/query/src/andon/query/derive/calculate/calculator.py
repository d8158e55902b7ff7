"""Calculator: readings in, calculated readings out, in memory. Pure.

What follows from its own machine alone is calculated at each time at which one of its sensors was measured; what
follows from others at the end of each second in which one was, for else the sum of a hundred machines had a hundred
times their samples. Where the memory of what was measured does not reach, it is `late`, and left to history.

What follows no longer, for something was corrected, is said again with bad quality.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable

from andon.common.expression import Formula, Name
from andon.common.plant import Plant
from andon.common.reading import NS_PER_S, Quality, Reading, Value
from andon.query.derive import ranges
from andon.query.derive.calculate.cell import Cell
from andon.query.derive.calculate.inputs import is_text_sensor
from andon.query.derive.calculate.late import Late, Wanted
from andon.query.derive.calculate.track import FOR_EVER, Track
from andon.query.tiers.coverage import Ranges

SETTLED = NS_PER_S
"""A second is calculated once something was measured so long after it: by then all machines have mostly come."""
PATIENCE = 2.0
"""Seconds after which it is calculated all the same."""


class Calculator:
    """Holds the newest samples of what others follow from; nothing of machines that have no part in it.

    wrong: by path, why a sensor cannot be calculated, or some of its history cannot. busy: what history is at work on;
    what changes there meanwhile is calculated once more.
    """

    def __init__(self, plant: Plant) -> None:
        self.plant = plant
        self.cells: dict[Name, Cell] = {}
        self.tracks: dict[str, dict[str, Track]] = {}
        self.late: dict[Wanted, Late] = {}
        self.busy: dict[Name, Ranges] = {}
        self.wrong: dict[str, str] = {}
        self.calculated = self.without = 0
        """How often something was calculated, and how often nothing came of it."""
        self.source = FOR_EVER
        """The oldest batch that what was returned follows from; whoever takes it over sets it back."""
        self._followers: dict[Track, list[Cell]] = {}
        self._clocked: list[Cell] = []
        self._version = -1

    @property
    def changed(self) -> bool:
        """Whether the plant is another than the one that is taken up."""
        return self._version != self.plant.version

    def take_up(self, found: tuple[list[Formula], dict[str, str]], version: int) -> None:
        """Take what `formulas` found in a version of the plant; it may be another again by now."""
        self._version = version
        ordered, self.wrong = found
        cells, tracks = self.cells, self.tracks
        self.cells, self.tracks, self._followers = {}, {}, defaultdict(list)
        for order, formula in enumerate(ordered):
            self.cells[formula.name] = self._cell(formula, order, cells.get(formula.name), tracks)
        self._clocked = [cell for cell in self.cells.values() if not cell.formula.local]
        self.late = {wanted: late for wanted, late in self.late.items() if wanted[0] in self.cells}

    def _cell(self, formula: Formula, order: int, old: Cell | None, tracks: dict[str, dict[str, Track]]) -> Cell:
        meant = {node: [self._track(name, tracks) for name in names] for node, names in formula.uses.items()}
        if old is not None and old.is_as(formula, meant):  # as nearly all are when somebody edits the plant
            cell = old
            cell.formula, cell.order = formula, order
        else:
            cell = Cell(formula, order, meant)
            if old is not None:
                cell.newest, cell.waiting, cell.said = old.newest, old.waiting, old.said
        for track in cell.tracks:
            self._followers[track].append(cell)
        return cell

    def _track(self, name: Name, before: dict[str, dict[str, Track]]) -> Track:
        asset, key = name
        found = self.tracks.setdefault(asset, {}).get(key)
        if found is None:
            is_text = is_text_sensor(self.plant, name)
            found = before.get(asset, {}).get(key)
            if found is None or found.is_text != is_text:
                found = Track(name, is_text=is_text)
            self.tracks[asset][key] = found
        return found

    @property
    def unseeded(self) -> list[Track]:
        """Those of which nobody has said yet what they held before this process began."""
        return [track for tracks in self.tracks.values() for track in tracks.values() if track.since is None]

    def followers(self, track: Track) -> list[Cell]:
        """What follows from a sensor."""
        return self._followers.get(track, [])

    def take(self, readings: Iterable[Reading], number: int, now: float, *, past: bool = False) -> list[Reading]:
        """What follows from readings. number: of their batch in the stream. now: monotonic seconds.

        past: they are history that people brought along, and so is all that follows: it is left to history.
        """
        work = _Work(self, now, past=past)
        for reading in readings:
            tracks = self.tracks.get(reading.asset)
            if tracks is not None:
                quality = reading.quality or {}
                for key, value in reading.values.items():
                    if key in tracks:
                        end = tracks[key].put(reading.time, value, quality.get(key, ""))
                        work.change(tracks[key], reading.time, end, number)
        return work.done()

    def flush(self, now: float) -> list[Reading]:
        """The seconds that have waited long enough, however still it is."""
        return _Work(self, now).done(self._clocked)

    def seeded(self, now: float, recent: int) -> None:
        """All tracks know what was before them: the second that has just begun is no longer history's.

        One that ended before `recent`, UTC nanoseconds, stays so: said now, somebody would be called about the past.
        """
        for cell in self._clocked:
            latest = cell.latest()
            second = -(-latest // NS_PER_S) * NS_PER_S
            if second > max(latest, recent):
                cell.waiting.setdefault(second, (now, 0))

    def oldest(self) -> int:
        """The oldest batch of the stream from which something is still to be calculated; FOR_EVER: none."""
        late = min((late.number for late in self.late.values()), default=FOR_EVER)
        return min(late, *(number for cell in self._clocked for _, number in cell.waiting.values()), FOR_EVER)

    def take_late(self) -> dict[Wanted, Late]:
        """What is late; it is the caller's now."""
        found, self.late = self.late, {}
        return found

    def late_of(self, cell: Cell, number: int, *, past: bool = False) -> Late:
        """Where to write down what is late of a formula."""
        return self.late.setdefault((cell.formula.name, past), Late(number))


class _Work:
    """What some readings change, and what follows from it, formula by formula in their order."""

    def __init__(self, calculator: Calculator, now: float, *, past: bool = False) -> None:
        self._calculator = calculator
        self._now = now
        self._past = past
        self._changes: dict[int, list[tuple[int, int]]] = {}
        self._numbers: dict[int, int] = {}
        """By formula the oldest batch of the stream from which its changes follow."""
        self._open: dict[tuple[int, Name], set[int]] = {}
        self._cells: dict[int, Cell] = {}
        self._next: list[int] = []
        self._readings: dict[tuple[str, int], Reading] = {}

    def change(self, track: Track, start: int, end: int | None, number: int) -> None:
        """A sensor held something else from `start` until `end`; None: it did not. number: the batch that says so."""
        if end is None:
            return
        too_old = self._past or (track.since is not None and start < track.since)
        for cell in self._calculator.followers(track):
            self._look_at(cell)
            self._numbers[cell.order] = min(self._numbers[cell.order], number)
            if too_old:
                self._open.setdefault((cell.order, track.name), set()).add(start)
            else:
                self._changes[cell.order].append((start, end))
                cell.newest = max(cell.newest, start)

    def _look_at(self, cell: Cell) -> None:
        if cell.order not in self._changes:
            self._changes[cell.order] = []
            self._numbers.setdefault(cell.order, FOR_EVER)
            self._cells[cell.order] = cell
            heapq.heappush(self._next, cell.order)

    def done(self, clocked: Iterable[Cell] = ()) -> list[Reading]:
        """The readings that follow; of these formulas also what only waits."""
        for cell in clocked:
            if cell.waiting:
                self._look_at(cell)
        while self._next:
            cell = self._cells[heapq.heappop(self._next)]
            changes, number = self._changes.pop(cell.order), self._numbers[cell.order]
            if self._in_order(cell, changes):
                self._calculate(cell, changes[0][0], number)
                continue
            known = self._known(cell, ranges.union(changes))
            if cell.formula.local:
                for time in sorted(cell.measured(known)):
                    self._calculate(cell, time, number)
            else:
                for time, asked_by in self._seconds(cell, known):
                    self._calculate(cell, time, asked_by)
        for (order, sensor), times in self._open.items():
            number = self._numbers[order]
            late = self._calculator.late_of(self._cells[order], number, past=self._past)
            late.put_open(sensor, times, number)
        return list(self._readings.values())

    def _in_order(self, cell: Cell, changes: list[tuple[int, int]]) -> bool:
        """Whether this is one new time, as nearly always, and nothing else changes."""
        return (
            cell.formula.local
            and bool(changes)
            and changes.count(changes[0]) == len(changes)
            and changes[0][1] == FOR_EVER
            and cell.is_newest(changes[0][0])
            and cell.formula.name not in self._calculator.busy
        )

    def _known(self, cell: Cell, changes: Ranges) -> Ranges:
        """The part of the changes that memory reaches; the part before is late, and what history is at work on, too."""
        floor = cell.floor()
        late = ranges.without(changes, floor, FOR_EVER)
        busy = self._calculator.busy.get(cell.formula.name, [])
        late += [part for start, end in busy for part in _within(changes, start, end)]
        if late:
            number = self._numbers[cell.order]
            self._calculator.late_of(cell, number).put(late, number)
        return ranges.without(changes, 0, floor)

    def _seconds(self, cell: Cell, known: Ranges) -> list[tuple[int, int]]:
        """Those that are to be calculated now, each with the oldest batch that asked for it.

        What is said of a second already waits for whatever else changes it: where the clock of one machine runs ahead,
        each reading of all others changes each second of it.
        """
        for time in cell.measured(known, before=NS_PER_S):
            second = -(-time // NS_PER_S) * NS_PER_S
            if any(start <= second < end for start, end in known):
                cell.waiting.setdefault(second, (self._now, self._numbers[cell.order]))
        settled, patient = cell.newest - SETTLED, self._now - PATIENCE
        due = [
            second
            for second, (since, _) in cell.waiting.items()
            if since <= patient or (second <= settled and second not in cell.said)
        ]
        found, floor = [(second, cell.waiting.pop(second)[1]) for second in sorted(due)], cell.floor()
        for second, number in found:
            if second < floor:  # a sensor has come in since
                self._calculator.late_of(cell, number).put([(second, second + 1)], number)
        return [(second, number) for second, number in found if second >= floor]

    def _calculate(self, cell: Cell, time: int, number: int) -> None:
        value, uncertain = cell.value(time)
        quality = Quality.UNCERTAIN.value if uncertain else ""
        self._calculator.calculated += 1
        if value is not None:
            cell.remember(time, value)
        else:
            self._calculator.without += 1
            if time not in cell.said:
                if cell.is_edge(time):  # a process before this one may have said something
                    self._calculator.late_of(cell, number).put([(time, time + 1)], number)
                return
            value, quality = cell.said.pop(time), Quality.BAD.value
        self._say(cell, time, value, quality, number)

    def _say(self, cell: Cell, time: int, value: Value, quality: str, number: int) -> None:
        asset, key = cell.formula.name
        reading = self._readings.get((asset, time))
        if reading is None:
            reading = self._readings[asset, time] = Reading(asset, time, {})
        reading.values[key] = value
        self._calculator.source = min(self._calculator.source, number)
        if quality:
            reading.quality = {**(reading.quality or {}), key: quality}
        elif reading.quality:
            reading.quality.pop(key, None)
            reading.quality = reading.quality or None
        track = self._calculator.tracks.get(asset, {}).get(key)
        if track is not None:
            self.change(track, time, track.put(time, value, quality), number)


def _within(changes: Ranges, start: int, end: int) -> Ranges:
    """What of the changes lies in [start, end)."""
    return [(max(low, start), min(high, end)) for low, high in changes if max(low, start) < min(high, end)]
