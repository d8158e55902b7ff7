"""Replay: a recorded day, played again over MQTT, at its own speed or faster, then or now.

Two forms of CSV are read. Wide: `time`, then one column per `machine path/sensor`. Long: `time,sensor,value`.
Times are ISO 8601 or epoch milliseconds, in rising order; empty cells say nothing.
"""

import asyncio
import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from time import time

from andon.common.errors import InvalidError
from andon.common.reading import NS_PER_MS, Value
from andon.common.times import parse_time
from andon.common.topics import MACHINE_DEPTH, SENSOR_KEY, SLUG
from andon.simulator.faults import Report
from andon.simulator.publish import Publisher

_ROOM = 5000
_LONG = ["time", "sensor", "value"]


def read_recording(file: Path) -> Iterator[Report]:
    """Reports of a CSV file, row by row, without reading it whole.

    Raises:
        InvalidError: the file cannot be read, or a row makes no sense; names the line.
    """
    try:
        with file.open(newline="", encoding="utf-8-sig") as text:
            yield from parse_recording(text)
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidError(f"the recording {file} cannot be read: {error}") from None


def parse_recording(lines: Iterable[str]) -> Iterator[Report]:
    """Reports of CSV lines.

    Raises:
        InvalidError: a row makes no sense; names the line.
    """
    rows = csv.reader(lines)
    try:
        header = _header(next(rows, []))
        for row in rows:
            if row:
                ts = parse_time(row[0]) // NS_PER_MS
                cells = [(row[1], row[2])] if header == _LONG else zip(header[1:], row[1:], strict=True)
                yield from _reports(ts, cells)
    except (InvalidError, ValueError, IndexError, csv.Error) as error:
        raise InvalidError(f"line {rows.line_num}: {error}") from None


async def replay(reports: Iterable[Report], publisher: Publisher, *, speed: float, now: bool) -> int:
    """Say recorded reports in time, `speed` times as fast; with `now` as if they happened now; returns how many."""
    start: int | None = None
    began, count = time(), 0
    for report in reports:
        start = report.ts if start is None else start
        due = (report.ts - start) / 1000 / speed
        while (wait := began + due - time()) > 0 or publisher.waiting > _ROOM:
            await asyncio.sleep(max(wait, 0.01))
        publisher.say(report._replace(ts=round((began + due) * 1000)) if now else report)
        count += 1
    return count


def _header(row: list[str]) -> list[str]:
    header = [cell.strip() for cell in row]
    if header[:1] != ["time"] or len(header) < 2:
        raise InvalidError("the first line must be `time,<machine path>/<sensor>,...` or `time,sensor,value`")
    return header


def _reports(ts: int, cells: Iterable[tuple[str, str]]) -> Iterator[Report]:
    machines: dict[str, dict[str, Value]] = {}
    for sensor, text in cells:
        if text.strip():
            path, _, key = sensor.strip().rpartition("/")
            slugs = path.split("/")
            if len(slugs) != MACHINE_DEPTH or not all(map(SLUG.fullmatch, slugs)) or not SENSOR_KEY.fullmatch(key):
                raise InvalidError(f"'{sensor}' is no sensor; write site/area/line/machine/sensor")
            machines.setdefault(path, {})[key] = _value(text.strip())
    for path, values in machines.items():
        yield Report(path, ts, values)


def _value(text: str) -> Value:
    if text.lower() in {"true", "false"}:
        return text.lower() == "true"
    try:
        return float(text)
    except ValueError:
        return text
