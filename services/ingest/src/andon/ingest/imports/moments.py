"""Moments: times as files write them, as UTC nanoseconds. Pure.

`_of_cell` says what a time means; for whole columns of one kind Arrow does the same, many times faster.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias
from zoneinfo import ZoneInfo

from andon.common.reading import NS_PER_MS, NS_PER_S
from andon.common.times import datetime_to_ns, ns_to_iso
from andon.ingest.event_time import NEWEST

if TYPE_CHECKING:
    import pyarrow as pa

Column: TypeAlias = "pa.Array | list[object]"
"""Cells of one column: Arrow's, where a file has types or only text, or Python's."""

SHOWN = 40
"""Characters of a cell in a sentence about it."""

_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?)?\s?([Zz]|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)
_NUMBER = re.compile(r"\d+(\.\d+)?", re.ASCII)
_UNITS = ((10**11, NS_PER_S), (10**14, NS_PER_MS), (10**17, 1000), (10**20, 1))
"""Up to this number a time is in seconds, milliseconds, microseconds, nanoseconds since 1970."""
_FEWEST_SECONDS = 10**8
"""Below, a number is rather 20250301 than a day of 1970."""
_SERIALS = 2_958_466
"""Excel's days end with the year 9999."""
_EXCEL_BEGAN = datetime(1899, 12, 30, tzinfo=UTC)
_QUARTER = 900
"""Seconds; clocks are set at full quarters of an hour."""


class NoTimeError(ValueError):
    """A cell is no time; says why."""


@dataclass
class Moments:
    """Reads times. zone: of those without an offset. pattern: of strptime, or ''. serials: numbers may be Excel's days.

    now: UTC nanoseconds; later than a few minutes from then nothing was measured. oldest: before, nothing is kept, and
    before 1970 nothing was measured. local: whether a time had no offset.
    """

    zone: ZoneInfo
    now: int
    oldest: int = 0
    pattern: str = ""
    serials: bool = False
    local: bool = False
    _offsets: dict[int, int] = field(default_factory=dict)

    def read(self, column: Column) -> tuple[list[int | None], dict[int, str]]:
        """Times of a column, None where there is none; and why not, by index, where the cell is not empty."""
        found = None if isinstance(column, list) or self.pattern else self._fast(column)
        if found is not None and all(self.oldest <= time <= self.now + NEWEST for time in found):
            return list(found), {}
        times: list[int | None] = []
        wrong: dict[int, str] = {}
        for index, cell in enumerate(cells(column)):
            try:
                times.append(self._checked(cell))
            except (NoTimeError, ValueError, OverflowError) as error:
                times.append(None)
                wrong[index] = str(error)
        return times, wrong

    @property
    def _kept(self) -> str:
        return ns_to_iso(self.oldest)[:10]

    def _fast(self, column: "pa.Array") -> list[int] | None:
        """The same for a column that is of one kind from end to end; None where it is not."""
        import pyarrow as pa  # noqa: PLC0415 - large, and only who imports needs it
        import pyarrow.compute as pc  # noqa: PLC0415

        if column.null_count or not (pa.types.is_string(column.type) or pa.types.is_timestamp(column.type)):
            return None
        zoned = pa.types.is_timestamp(column.type) and column.type.tz
        for kind in (pa.timestamp("ns", "UTC"), pa.timestamp("ns")):
            if pa.types.is_timestamp(column.type) and bool(zoned) != bool(kind.tz):
                continue
            try:
                times: list[int] = pc.cast(column, kind).cast(pa.int64()).to_pylist()
                return times if kind.tz else [self._utc(time) for time in times]
            except (pa.ArrowInvalid, NoTimeError):
                continue
        return None

    def _checked(self, cell: object) -> int | None:
        if isinstance(cell, str):
            cell = cell.strip()
        if cell is None or cell == "":
            return None
        time = self._of_cell(cell)
        if time > self.now + NEWEST:
            raise NoTimeError(f"{_shown(cell)} lies in the future; only what was measured can be imported")
        if time < 0:
            raise NoTimeError(f"{_shown(cell)} lies before 1970")
        if time < self.oldest:
            raise NoTimeError(f"{_shown(cell)} is older than the database keeps values, which is since {self._kept}")
        return time

    def _of_cell(self, cell: object) -> int:
        if isinstance(cell, Stamp):
            return cell.ns if cell.zoned else self._utc(cell.ns)
        if isinstance(cell, datetime):
            ns = datetime_to_ns(cell)
            return ns if cell.tzinfo else self._utc((ns + NS_PER_MS // 2) // NS_PER_MS * NS_PER_MS)  # Excel's fractions
        if isinstance(cell, date):
            return self._utc(datetime_to_ns(datetime(cell.year, cell.month, cell.day, tzinfo=UTC)))
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return self._of_number(cell)
        if not isinstance(cell, str):
            raise NoTimeError(f"{_shown(cell)} is no time")
        return self._of_text(cell)

    def _of_text(self, text: str) -> int:
        if self.pattern:
            try:
                moment = datetime.strptime(text, self.pattern)  # noqa: DTZ007 - its zone is looked at next
            except ValueError:
                raise NoTimeError(f"{_shown(text)} is not written like time_format '{self.pattern}'") from None
            return datetime_to_ns(moment) if moment.tzinfo else self._utc(datetime_to_ns(moment))
        if _NUMBER.fullmatch(text) and len(text) <= SHOWN:
            return self._of_number(int(text) if text.isdecimal() else float(text))
        found = _ISO.fullmatch(text)
        if found is None:
            raise NoTimeError(
                f"{_shown(text)} is no time; write ISO 8601 or epoch ms, or give time_format, like %d.%m.%Y %H:%M:%S"
            )
        return self._of_iso(*found.groups(), text=text)

    def _of_iso(self, *parts: str | None, text: str) -> int:
        year, month, day, hour, minute, second, fraction, offset = parts
        y, m, d, h, minutes, s = (int(part or 0) for part in (year, month, day, hour, minute, second))
        try:
            whole = datetime(y, m, d, h, minutes, s, tzinfo=UTC)
        except ValueError as error:
            raise NoTimeError(f"{_shown(text)} is no time: {error}") from None
        ns = datetime_to_ns(whole) + int((fraction or "").ljust(9, "0"))
        if offset is None:
            return self._utc(ns)
        if offset in "Zz":
            return ns
        digits = offset[1:].replace(":", "").ljust(4, "0")
        seconds = int(digits[:2]) * 3600 + int(digits[2:]) * 60
        return ns - (seconds if offset[0] == "+" else -seconds) * NS_PER_S

    def _of_number(self, number: float) -> int:
        if self.serials and 0 < number < _SERIALS:
            moment = _EXCEL_BEGAN + timedelta(days=number)
            return self._utc((datetime_to_ns(moment) + NS_PER_MS // 2) // NS_PER_MS * NS_PER_MS)
        if number < _FEWEST_SECONDS:
            raise NoTimeError(f"{number} is no time since 1970; give time_format, like %Y%m%d")
        for below, unit in _UNITS:
            if number < below:
                return int(number) * unit if isinstance(number, int) else round(number * unit)
        raise NoTimeError(f"{_shown(number)} is no time since 1970")

    def _utc(self, local: int) -> int:
        """UTC of what a clock on the wall of the zone showed."""
        self.local = True
        quarter = local // (_QUARTER * NS_PER_S)
        offset = self._offsets.get(quarter)
        if offset is None:
            offset = self._offsets[quarter] = self._offset(quarter * _QUARTER)
        return local - offset

    def _offset(self, seconds: int) -> int:
        try:
            wall = datetime(1970, 1, 1, tzinfo=self.zone) + timedelta(seconds=seconds)
        except OverflowError:
            raise NoTimeError("the time lies outside of the calendar") from None
        first, second = wall.utcoffset(), wall.replace(fold=1).utcoffset()
        if first is None or second is None or first == second:
            return int((first or timedelta()).total_seconds()) * NS_PER_S
        shown = ns_to_iso(seconds * NS_PER_S)[:16].replace("T", " ")
        if first > second:
            raise NoTimeError(
                f"{shown} came twice in {self.zone.key}, as clocks were set back; write it with its offset"
            )
        raise NoTimeError(f"{shown} never was in {self.zone.key}, as clocks were set forward")


@dataclass(frozen=True)
class Stamp:
    """A timestamp of a Parquet file: nanoseconds, of UTC if it is `zoned`, else of a clock on the wall."""

    ns: int
    zoned: bool


def cells(column: Column) -> list[object]:
    """Cells as Python has them. Timestamps of nanoseconds are none of Python's, and become a `Stamp`."""
    if isinstance(column, list):
        return column
    import pyarrow as pa  # noqa: PLC0415 - large, and only who imports needs it

    if pa.types.is_timestamp(column.type):
        zoned = column.type.tz is not None
        try:
            stamps = column.cast(pa.timestamp("ns", column.type.tz)).cast(pa.int64()).to_pylist()
        except pa.ArrowInvalid:  # beyond what nanoseconds can tell
            return [None if one is None else str(one) for one in column.cast(pa.string()).to_pylist()]
        return [None if ns is None else Stamp(ns, zoned) for ns in stamps]
    found: list[object] = column.to_pylist()
    return found


def mistake_in(pattern: str) -> str:
    """Why a pattern is none that times can be read by, or ''."""
    try:
        datetime.strptime("", pattern)  # noqa: DTZ007 - nothing is read by it
    except re.error:
        return "names a part of the time twice; %c and %x hold a whole date: write like %d.%m.%Y %H:%M:%S"
    except ValueError as error:
        return "" if "does not match" in str(error) else f"cannot be used: {error}"
    return ""


def _shown(cell: object) -> str:
    text = ns_to_iso(cell.ns) if isinstance(cell, Stamp) else str(cell)
    return f"'{text[:SHOWN]}'"
