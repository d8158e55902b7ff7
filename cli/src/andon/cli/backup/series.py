"""What InfluxDB keeps, as line protocol, read by the queries that 1.x, 2.x and 3 all answer.

Read from the newest back, in windows of time that hold half a million values or so each, so that neither side
needs much memory, and gaps of years cost a few questions.
"""

import asyncio
import gzip
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from typing import IO

from andon.cli.backup.archive import Writer
from andon.cli.backup.lines import lines
from andon.cli.backup.measurement import MANY_VALUES, SHORTEST_WINDOW, Measurement, measurements
from andon.common import jobs
from andon.common.errors import SetupError, UnavailableError
from andon.common.history.columns import Columns, CutShortError, decode
from andon.common.influx import Influx
from andon.common.influx.retention import DAY
from andon.common.reading import NS_PER_MS
from andon.common.times import ns_to_iso

FIRST_WINDOW = 10_000 * NS_PER_MS
LONGEST_WINDOW = 28 * DAY
END = 2**63 - 2
"""Of time, as InfluxDB knows it."""
BEGIN = -(2**63) + 2
LOOK_BACK = (DAY, 32 * DAY, 1024 * DAY)
"""How far is looked back for the next row behind a gap, before all the rest is."""
MEMBER_BYTES = 8 * 2**20
"""Of packed lines in one member of the backup."""
WRITE_BYTES = 2 * 2**20
MOST_LINE_BYTES = 16 * 2**20
TOO_OLD = "are older than InfluxDB keeps values by now"
OTHER_TYPE = "are of another type than InfluxDB has in the same stretch of time"
_CONFLICT = re.compile(r"partial write: field type conflict\b.* dropped=(\d+)", re.DOTALL)
WRITES = 2
"""Requests at once."""


async def windows(influx: Influx, database: str, of: Measurement) -> AsyncIterator[list[Columns]]:
    """All rows of a measurement, window by window, the newest first; each window series by series.

    Raises:
        UnavailableError: InfluxDB does not answer.
    """
    end, width = END, FIRST_WINDOW
    while (newest := await _newest(influx, database, of, end)) is not None:
        end = newest + 1
        while True:
            most = of.most(width)
            found = await _window(influx, database, of.select(max(end - width, BEGIN), end, most=most), width)
            if found is None or (most and any(len(one) >= most for one in found)):
                width = narrower(width)
                continue
            if not found:
                break
            yield found
            end -= width
            width = next_width(width, sum(len(one) * len(one.fields) for one in found))


async def _window(influx: Influx, database: str, statement: str, width: int) -> list[Columns] | None:
    """The rows of a window, series by series; None where they are too many for InfluxDB, which has several limits."""
    try:
        return [one for one in await _read(influx, database, statement) if len(one)]
    except CutShortError:
        return None
    except UnavailableError:
        if width <= FIRST_WINDOW:
            raise
        return None


def next_width(width: int, values: int) -> int:
    """How wide the window is to be behind one that held so many values."""
    if values > MANY_VALUES:
        return max(width * MANY_VALUES // values, SHORTEST_WINDOW)
    return min(width * 2, LONGEST_WINDOW) if values < MANY_VALUES // 4 else width


def narrower(width: int) -> int:
    """An eighth of it: there may be a thousand times as much in it as in the one before.

    Raises:
        SetupError: there are too many rows at one instant.
    """
    if width <= SHORTEST_WINDOW:
        raise SetupError("InfluxDB hands out too few rows at once.", "Raise 'max-row-limit' in its configuration.")
    return max(width // 8, SHORTEST_WINDOW)


async def _newest(influx: Influx, database: str, of: Measurement, end: int) -> int | None:
    """Time of the newest row before `end`."""
    last = end
    for back in (*LOOK_BACK, END - BEGIN):
        begin = max(end - back, BEGIN) if end != END else BEGIN
        found = await _read(influx, database, of.select(begin, last, one=True))
        for series in found:
            if len(series):
                return int(series.times[0])
        if begin == BEGIN:
            break
        last = begin
    return None


async def _read(influx: Influx, database: str, statement: str) -> list[Columns]:
    answer = await influx.fetch(statement, database=database)
    return await asyncio.to_thread(decode, answer)


async def dump(
    influx: Influx, database: str, writer: Writer, folder: str, tell: Callable[[str], None] = lambda _: None
) -> dict[str, int]:
    """Write a database into members of the backup in `folder`, and tell how far it is; rows of each measurement.

    Raises:
        UnavailableError: InfluxDB does not answer.
    """
    rows, out = dict[str, int](), Members(writer, folder)
    for of in await measurements(influx, database):
        rows.setdefault(of.name, 0)
        async for window in windows(influx, database, of):
            rows[of.name] += await asyncio.to_thread(out.take, of, window)
            tell(f"{of.name} in {database}, back to {ns_to_iso(min(int(one.times[0]) for one in window))[:16]}")
    await asyncio.to_thread(out.close)
    return rows


class Members:
    """Members of the backup with lines, each of a bounded size."""

    def __init__(self, writer: Writer, folder: str) -> None:
        self._writer = writer
        self._folder = folder
        self._number = 0
        self._lines = list[bytes]()
        self._size = 0

    def take(self, of: Measurement, window: list[Columns]) -> int:
        """Add the lines of a window; how many there were."""
        found = [line for series in window for line in lines(of.name, of.types, series)]
        piece = gzip.compress(b"".join(found), 1)
        self._lines.append(piece)  # what gzip has packed one after the other is unpacked as one
        self._size += len(piece)
        if self._size >= MEMBER_BYTES:
            self.close()
        return len(found)

    def close(self) -> None:
        """Write what has come since."""
        if self._lines:
            self._writer.add(f"{self._folder}/{self._number:05}.lp.gz", b"".join(self._lines))
            self._number, self._lines, self._size = self._number + 1, [], 0


async def is_empty(influx: Influx, database: str) -> bool:
    """Whether nothing is stored there.

    Raises:
        UnavailableError: InfluxDB does not answer.
    """
    return await influx.retention(database) is None or not await measurements(influx, database)


async def load(influx: Influx, database: str, source: IO[bytes]) -> Counter[str]:
    """Write the lines of a member; how many were refused, by TOO_OLD and OTHER_TYPE.

    Raises:
        SetupError: InfluxDB refuses them for another reason.
        UnavailableError: InfluxDB does not answer.
    """
    refused, running = Counter[str](), set[asyncio.Task[Counter[str]]]()
    try:
        with gzip.open(source) as plain:
            for block in _blocks(plain):
                running.add(asyncio.create_task(_write(influx, database, block)))
                if len(running) >= WRITES:
                    done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                    for one in done:
                        refused += one.result()
                    running -= done
        return sum(await asyncio.gather(*running), refused)
    finally:
        await jobs.end(*running)


def _blocks(source: gzip.GzipFile) -> Iterator[bytes]:
    """Whole lines, some megabytes at once.

    Raises:
        SetupError: a line has no end, so that it would fill the memory.
    """
    while block := source.read(WRITE_BYTES):
        block += source.readline(MOST_LINE_BYTES)
        if not block.endswith(b"\n"):
            raise SetupError("The backup has a line of time series without an end.", "Take another backup.")
        yield block


async def _write(influx: Influx, database: str, block: bytes) -> Counter[str]:
    answer = await influx.write(block, database=database)
    if answer.stored:
        return Counter()
    if answer.too_old:
        return Counter({TOO_OLD: answer.too_old})
    if answer.status == 413:
        middle = block.rindex(b"\n", 0, len(block) // 2) + 1
        return await _write(influx, database, block[:middle]) + await _write(influx, database, block[middle:])
    if answer.refused and (found := _CONFLICT.search(answer.detail)):
        return Counter({OTHER_TYPE: int(found[1])})
    if answer.refused:
        raise SetupError(f"InfluxDB refuses lines of the backup for '{database}': {answer.detail}.")
    raise UnavailableError(f"InfluxDB does not take lines for '{database}' ({answer.status}): {answer.detail}")
