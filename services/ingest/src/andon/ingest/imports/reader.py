"""Reader: the process that reads one file, and says on its standard output what stands in it.

    order (stdin) -> table -> layout -> samples -> bundles -> frames (stdout)

It has no secrets and no connections, gives way to all other work of the machine, and may not take all its memory.
"""

import os
import resource
import signal
import sys
import threading
from collections.abc import Iterator
from itertools import islice
from time import time_ns
from typing import IO
from zoneinfo import ZoneInfo

from andon.common.errors import AndonError, InvalidError, Reason
from andon.common.reading import Reading
from andon.common.subjects import telemetry
from andon.common.wire import Source
from andon.ingest.bundle import Bundle
from andon.ingest.imports.findings import Cell, Findings, RefusedFile
from andon.ingest.imports.layout import Targets, Wide, find_layout
from andon.ingest.imports.moments import Moments
from andon.ingest.imports.order import Frame, Order, Packed, read_order, write_frame
from andon.ingest.imports.samples import Samples
from andon.ingest.imports.table import Table, format_of, open_table

MOST_MEMORY = 2 * 2**30
"""Bytes of addresses."""
MOST_READINGS = 2000
MOST_SAMPLES = 20_000
"""In one batch: what is live waits for no longer one."""
POLITE = 10


def main() -> None:
    """Read the order, then the file; ends with a frame that has the report, or says why there is none."""
    os.nice(POLITE)
    _, allowed = resource.getrlimit(resource.RLIMIT_AS)
    most = MOST_MEMORY if allowed == resource.RLIM_INFINITY else min(MOST_MEMORY, allowed)
    resource.setrlimit(resource.RLIMIT_AS, (most, allowed))
    order, out = read_order(sys.stdin.buffer), sys.stdout.buffer
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _end_after(order.patience)
    with os.fdopen(order.file, "rb") as file, os.fdopen(order.refused, "wb") as refused:
        try:
            for frame in frames(order, file, refused):
                write_frame(out, frame)
                _end_after(order.patience)
        except AndonError as error:
            write_frame(out, Frame(failure=str(error)))
        except MemoryError:
            room = f"The file takes more than {most // 2**20} MiB of memory to read; split it, or save it as CSV"
            write_frame(out, Frame(failure=room))


def _end_after(seconds: float) -> None:
    """End of SIGPROF after so many more CPU seconds.

    Python itself can loop for ever: where all memory is taken, unwinding a MemoryError needs a few bytes more, cannot
    have them, and begins again; no thread and no handler of signals gets a turn (3.11, `exception_unwind`).
    """
    signal.setitimer(signal.ITIMER_PROF, seconds)


def _end_with_parent() -> None:
    """Nobody waits for what a process reads whose parent was killed; and a hostile file may be read for ever."""
    while os.read(0, 1):  # not through sys.stdin, whose lock Python wants at its end
        pass
    os._exit(1)


def frames(order: Order, file: IO[bytes], refused: IO[bytes]) -> Iterator[Frame]:
    """What stands in a file, a frame for each block of it; the last one has the report.

    Raises:
        InvalidError: it cannot be read.
    """
    head = file.read(8)
    file.seek(0)
    if not head:
        raise InvalidError("The file is empty")
    found, options = format_of(head, order.options.format), order.options
    table = open_table(file, options, found)
    targets = Targets(order.plant, options.asset)
    layout = find_layout(table.names, targets, options)
    zone = ZoneInfo(options.tz or table.zone or "UTC")
    moments = Moments(zone, order.now, order.oldest, options.time_format, table.serials)
    findings = Findings(RefusedFile(refused))
    for name in layout.unknown if isinstance(layout, Wide) else ():
        if targets.is_elsewhere(name.strip()):
            findings.tell(1, "", Reason.UNKNOWN_SENSOR, targets.why_not(name.strip()))
        else:
            findings.name_unknown(name)
    samples = Samples(moments, table.notation, findings, targets)
    for block in table.blocks(layout.wanted):
        readings = samples.readings(block, layout)
        _refuse_malformed(table, findings)
        packed = [] if order.dry_run else list(_packed(readings, order.partitions))
        rows = (block.rows[0], block.rows[-1]) if block.rows else (0, 0)
        yield Frame(packed, rows, findings.counts(min(table.at(), order.size)))
    _refuse_malformed(table, findings)
    findings.refused_file.flush()
    if moments.local and not (options.tz or table.zone):
        table.notes.append("Times without an offset are taken to be UTC; give tz, like Europe/Berlin, if they are not")
    report = findings.report(found, "wide" if isinstance(layout, Wide) else "long", table.notes)
    yield Frame([], (0, 0), findings.counts(order.size), report)


def _packed(readings: list[Reading], partitions: int) -> Iterator[Packed]:
    rest = iter(readings)
    width = max((len(reading.values) for reading in islice(readings, 0, None, 50)), default=1)
    while some := list(islice(rest, max(1, min(MOST_READINGS, MOST_SAMPLES // width)))):
        bundle = Bundle(partitions, source=Source.IMPORT)
        bundle.add(some)
        packed = {subject: Packed(subject, b"") for subject in map(telemetry, bundle.readings)}
        for subject, data in bundle.pack(time_ns()):
            if packed[subject].data:  # too large for one: what is told besides goes with the last
                yield Packed(subject, packed[subject].data)
            packed[subject].data = data
        for partition, its in bundle.readings.items():
            last = packed[telemetry(partition)]
            last.samples = sum(len(reading.values) for reading in its)
            for reading in its:
                last.origins.setdefault(reading.asset, []).append(reading.time)
                last.keys.setdefault(reading.asset, set()).update(reading.values)
            yield last


def _refuse_malformed(table: Table, findings: Findings) -> None:
    for row, why in table.malformed:
        findings.rows += 1
        findings.tell(row, "", Reason.MALFORMED, why)
        findings.refuse(Cell(row, "", "", ""), Reason.MALFORMED, why)
    table.malformed.clear()
