"""Samples: blocks of a table as readings of the plant; what cannot be used is counted and kept. Pure but for that."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from andon.common.errors import Reason
from andon.common.formulas import unguard
from andon.common.reading import Quality, Reading, Value
from andon.ingest.imports.findings import Cell, Findings
from andon.ingest.imports.layout import Long, Target, Targets, Wide
from andon.ingest.imports.moments import Column, Moments, Stamp, cells
from andon.ingest.imports.table import Block
from andon.ingest.imports.values import Notation, read_values

_WORDS = {quality.value: quality for quality in Quality}


@dataclass
class Samples:
    """Reads blocks. notation: how they write values."""

    moments: Moments
    notation: Notation
    findings: Findings
    targets: Targets

    def readings(self, block: Block, layout: Wide | Long) -> list[Reading]:
        """Readings of a block, those of one machine in the order of its rows."""
        self.findings.rows += len(block.rows)
        times, wrong = self.moments.read(block.columns[layout.time])
        for index, why in wrong.items():
            self.findings.tell(block.rows[index], layout.time, Reason.BAD_TIME, why)
        dated = _Dated(block, block.columns[layout.time], times, wrong, guarded=self.notation.guarded)
        return self._wide(dated, layout) if isinstance(layout, Wide) else self._long(dated, layout)

    def _wide(self, dated: "_Dated", layout: Wide) -> list[Reading]:
        machines: dict[str, dict[str, list[Value | None]]] = {}
        for name, target in layout.targets.items():
            column = dated.block.columns[name]
            values, wrong = read_values(column, target.datatype, self.notation)
            for index, why in wrong.items():
                self.findings.tell(dated.block.rows[index], name, Reason.BAD_VALUE, why)
                self.findings.refuse(dated.cell(index, target.path, column), Reason.BAD_VALUE, why)
            self._undated(dated, values, column, target)
            filled = (
                dated.times
                if None not in values
                else [t for t, v in zip(dated.times, values, strict=True) if v is not None]
            )
            seen = [time for time in filled if time is not None] if dated.gaps else filled
            self.findings.see(target.path, seen)  # type: ignore[arg-type]
            self.findings.empty += len(values) - len(seen) - len(wrong) - dated.refused
            machines.setdefault(target.asset, {})[target.key] = values
        return [one for asset, columns in machines.items() for one in _rows(asset, dated.times, columns)]

    def _undated(self, dated: "_Dated", values: list[Value | None], column: Column, target: Target) -> None:
        """Refuse what has a value and no time."""
        dated.refused = 0
        for index in dated.gaps:
            if values[index] is not None:
                why = dated.wrong.get(index, "there is no time")
                self.findings.refuse(dated.cell(index, target.path, column), Reason.BAD_TIME, why)
                if index not in dated.wrong:
                    self.findings.tell(dated.block.rows[index], "", Reason.BAD_TIME, why)
                dated.refused += 1

    def _long(self, dated: "_Dated", layout: Long) -> list[Reading]:
        names, qualities = _names(dated.block, layout), _texts(dated.block, layout.quality)
        kinds: dict[str, list[int]] = {}
        found: list[Target | None] = [self.targets.find(name) for name in names]
        for index, target in enumerate(found):
            kinds.setdefault(target.datatype if target is not None else "", []).append(index)
        column = dated.block.columns[layout.value]
        line = _Line(self.findings, self.targets, dated, column, names, qualities, layout)
        for index in kinds.pop("", ()):
            line.unknown(index)
        values: list[Value | None] = [None] * len(names)
        for kind, indexes in kinds.items():
            some, wrong = read_values(_take(column, indexes), kind, self.notation)  # type: ignore[arg-type]
            for place, index in enumerate(indexes):
                values[index] = some[place]
                if place in wrong:
                    line.refuse(index, Reason.BAD_VALUE, layout.value, wrong[place])
                elif some[place] is None:
                    self.findings.empty += 1
        return self._merged(dated, found, values, line)

    def _merged(
        self, dated: "_Dated", found: list[Target | None], values: list[Value | None], line: "_Line"
    ) -> list[Reading]:
        """Samples of one machine and one instant together."""
        readings: dict[tuple[str, int], Reading] = {}
        times: dict[str, list[int]] = {}
        for index, (target, value, time) in enumerate(zip(found, values, dated.times, strict=True)):
            if target is None or value is None:
                continue
            quality = line.quality(index)
            if time is None:
                line.refuse(index, Reason.BAD_TIME, "", dated.wrong.get(index, "there is no time"))
            elif quality is None:
                why = f"'{line.qualities[index][:40]}' is no quality; write good, uncertain, bad or stale"
                line.refuse(index, Reason.BAD_VALUE, line.layout.quality, why)
            else:
                times.setdefault(target.path, []).append(time)
                reading = readings.get((target.asset, time))
                if reading is None:
                    reading = readings[target.asset, time] = Reading(target.asset, time, {})
                reading.values[target.key] = value
                _qualify(reading, target.key, quality)
        for path, seen in times.items():
            self.findings.see(path, seen)
        return list(readings.values())


@dataclass
class _Dated:
    """A block with its times. gaps: rows without one; refused: cells of the last column that have none for that."""

    block: Block
    column: Column
    times: list[int | None]
    wrong: dict[int, str]
    guarded: bool
    gaps: list[int] = field(default_factory=list)
    refused: int = 0

    def __post_init__(self) -> None:
        if None in self.times:
            self.gaps = [index for index, time in enumerate(self.times) if time is None]

    def cell(self, index: int, sensor: str, column: Column, quality: str = "") -> Cell:
        """A sample as it is written."""
        time, value = text_of(self.column, index), text_of(column, index)
        return Cell(self.block.rows[index], time, sensor, unguard(value) if self.guarded else value, quality)


@dataclass
class _Line:
    """Rows of the long layout that cannot be used."""

    findings: Findings
    targets: Targets
    dated: _Dated
    column: Column
    names: list[str]
    qualities: list[str]
    layout: Long

    def unknown(self, index: int) -> None:
        """No such sensor; an empty row is none at all."""
        name = self.names[index]
        if not name.strip("/") and not text_of(self.column, index):
            self.findings.empty += 1
            return
        why = self.targets.why_not(name)
        if self.targets.is_elsewhere(name) or name[:200] not in self.findings.unknown:
            self.refuse(index, Reason.UNKNOWN_SENSOR, self.layout.sensor or self.layout.key, why)
        else:
            self.findings.refuse(self._cell(index), Reason.UNKNOWN_SENSOR, why)
        if not self.targets.is_elsewhere(name):
            self.findings.name_unknown(name)

    def refuse(self, index: int, reason: Reason, column: str, why: str) -> None:
        """Count it, keep it, and tell if it is one of the first; a wrong time is told already."""
        if not (reason is Reason.BAD_TIME and index in self.dated.wrong):
            self.findings.tell(self.dated.block.rows[index], column, reason, why)
        self.findings.refuse(self._cell(index), reason, why)

    def quality(self, index: int) -> Quality | None:
        """Quality of a row, good if it has none; None for a word that is no quality."""
        return _WORDS.get(self.qualities[index].strip().lower() or "good") if self.qualities else Quality.GOOD

    def _cell(self, index: int) -> Cell:
        return self.dated.cell(index, self.names[index], self.column, self.qualities[index] if self.qualities else "")


def _qualify(reading: Reading, key: str, quality: Quality) -> None:
    """The last row about one instant counts, also for its quality."""
    if quality is not Quality.GOOD:
        reading.quality = {**(reading.quality or {}), key: quality.value}
    elif reading.quality and key in reading.quality:
        del reading.quality[key]
        reading.quality = reading.quality or None


def _rows(asset: str, times: list[int | None], columns: dict[str, list[Value | None]]) -> Iterable[Reading]:
    keys = list(columns)
    full = None not in times and not any(None in column for column in columns.values())
    for time, row in zip(times, zip(*columns.values(), strict=True), strict=True):
        if full:
            yield Reading(asset, time, dict(zip(keys, row, strict=True)))  # type: ignore[arg-type]
        elif time is not None:
            values = {key: value for key, value in zip(keys, row, strict=True) if value is not None}
            if values:
                yield Reading(asset, time, values)


def _names(block: Block, layout: Long) -> list[str]:
    if layout.sensor:
        return _texts(block, layout.sensor)
    keys = _texts(block, layout.key)
    return [f"{asset}/{key}" for asset, key in zip(_texts(block, layout.asset), keys, strict=True)]


def _texts(block: Block, name: str) -> list[str]:
    if not name:
        return []
    return ["" if cell is None else str(cell).strip() for cell in cells(block.columns[name])]


def _take(column: Column, indexes: list[int]) -> Column:
    if len(indexes) == len(column):
        return column
    return [column[index] for index in indexes] if isinstance(column, list) else column.take(indexes)


def text_of(column: Column, index: int) -> str:
    """One cell as text."""
    [cell] = cells(column[index : index + 1])
    if isinstance(cell, Stamp):
        return str(cell.ns)
    return "" if cell is None else str(cell)
