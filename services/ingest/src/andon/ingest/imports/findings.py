"""Findings: what stands in a file, counted while it is read; and the cells that cannot be used, kept to be mended."""

import csv
import io
from collections import Counter
from dataclasses import dataclass, field
from typing import IO

from andon.common.errors import Reason
from andon.common.formulas import guard
from andon.ingest.imports.order import Counts, Problem, Report, SensorCount

MOST_PROBLEMS = 20
MOST_ALIKE = 3
"""Problems of one column for one reason: there are others to be told."""
MOST_UNKNOWN = 100
MOST_REFUSED_BYTES = 16 * 2**20
HEADER = ("row", "time", "sensor", "value", "quality", "reason", "detail")


@dataclass(frozen=True)
class Cell:
    """One sample as it is written in a file. `row` as a spreadsheet counts."""

    row: int
    time: str
    sensor: str
    value: str
    quality: str = ""


class RefusedFile:
    """Cells that cannot be used, in the long layout: mended, the file can be imported as it is."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._text = io.StringIO(newline="")
        self._writer = csv.writer(self._text)
        self._size = 0
        self.cut = False
        self._writer.writerow(HEADER)

    def put(self, cell: Cell, reason: Reason, detail: str) -> None:
        """Write one down, while there is room."""
        if self.cut:
            return
        written = map(guard, (cell.time, cell.sensor, cell.value, cell.quality))
        self._writer.writerow((cell.row, *written, reason.value, detail))
        if self._text.tell() > 2**16:
            self.flush()

    def flush(self) -> None:
        """Hand on what is written."""
        data = self._text.getvalue().encode(errors="replace")
        self._text.seek(0)
        self._text.truncate()
        self._size += len(data)
        self._file.write(data)
        self._file.flush()
        self.cut = self._size > MOST_REFUSED_BYTES


@dataclass
class Findings:
    """Counts cells: each is a sample, empty, or refused."""

    refused_file: RefusedFile
    rows: int = 0
    samples: int = 0
    empty: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    unknown: dict[str, None] = field(default_factory=dict)
    sensors: dict[str, SensorCount] = field(default_factory=dict)
    in_order: bool = True
    _alike: Counter[tuple[str, str]] = field(default_factory=Counter)

    def tell(self, row: int, column: str, reason: Reason, detail: str) -> None:
        """Note a problem, if it is one of the first."""
        if len(self.problems) < MOST_PROBLEMS and self._alike[column, reason] < MOST_ALIKE:
            self._alike[column, reason] += 1
            self.problems.append(Problem(row, column[:200], reason.value, detail[:500]))

    def refuse(self, cell: Cell, reason: Reason, detail: str) -> None:
        """Count a cell that cannot be used, and keep it."""
        self.refused[reason.value] += 1
        self.refused_file.put(cell, reason, detail)

    def name_unknown(self, name: str) -> None:
        """A column, or a sensor, that is none of the plant."""
        if len(self.unknown) < MOST_UNKNOWN:
            self.unknown[name[:200]] = None

    def see(self, sensor: str, times: list[int]) -> None:
        """Count samples of one sensor, in the order of the file."""
        if not times:
            return
        first, last, different = min(times), max(times), len(set(times))
        self.samples += len(times)
        count = self.sensors.get(sensor)
        if count is None:
            count = self.sensors[sensor] = SensorCount(sensor, 0, first, last)
        elif first <= count.last:
            count.duplicates += count.last in times
            self.in_order = self.in_order and first == count.last
        if self.in_order and len(times) > 1:
            self.in_order = all(map(int.__le__, times, times[1:]))
        count.samples += len(times)
        count.duplicates += len(times) - different
        count.first, count.last = min(count.first, first), max(count.last, last)

    def counts(self, at: int) -> Counts:
        """How far it is."""
        return Counts(self.rows, self.samples, self.empty, dict(self.refused), at)

    def report(self, found: str, layout: str, notes: list[str]) -> Report:
        """All of it, once the file is at its end."""
        sensors = sorted(self.sensors.values(), key=lambda one: one.sensor)
        return Report(
            format=found,
            layout=layout,
            sensors=sensors,
            problems=sorted(self.problems, key=lambda one: one.row),
            unknown=list(self.unknown),
            in_order=self.in_order,
            notes=notes,
            refused_cut=self.refused_file.cut,
        )
