"""Job: one import, from its file to its report."""

import asyncio
import os
import secrets
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from time import time_ns
from typing import IO

import msgspec

from andon.common import jobs, logs, metrics, subjects
from andon.common.auth import Principal
from andon.common.errors import InvalidError
from andon.common.plant import Asset
from andon.common.wire import Raw, Source
from andon.ingest.imports.order import (
    Counts,
    Frame,
    Imported,
    Options,
    Order,
    Packed,
    Report,
    encode_order,
    read_frame,
)
from andon.ingest.imports.pace import Pace
from andon.ingest.publish import Publisher

log = logs.get("ingest.imports")

MOST_FRAME = 2**22
"""Bytes of frames that wait here; the reader waits with the rest."""
PATIENCE = 600.0
"""Seconds without a word of the reader; a block of a very wide workbook may take a minute on a busy machine."""
_HANDED_ON = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "PYTHONTZPATH", "TMPDIR")
"""Of the environment; the others hold secrets, and who reads a stranger's file is to have none."""


class State(StrEnum):
    """Where an import is: it waits for its turn, runs, and ends in one of three ways."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self in (State.DONE, State.FAILED, State.CANCELLED)


@dataclass(kw_only=True)
class Job:
    """One import. name: of the file; by: who asked for it, and for which part of the plant.

    oldest: before, the database keeps nothing. made, begun, ended: UTC nanoseconds, 0 before. failure: why it failed.
    """

    name: str
    by: Principal
    options: Options
    dry_run: bool
    file: IO[bytes]
    size: int
    plant: list[Asset]
    oldest: int
    id: str = field(default_factory=lambda: secrets.token_hex(6))
    refused: IO[bytes] = field(default_factory=tempfile.TemporaryFile)
    state: State = State.WAITING
    counts: Counts = field(default_factory=Counts)
    report: Report | None = None
    failure: str = ""
    made: int = field(default_factory=time_ns)
    begun: int = 0
    ended: int = 0
    pace: Pace | None = None
    task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Its turn has come."""
        self.state, self.begun = State.RUNNING, time_ns()

    def end(self, state: State, failure: str = "") -> None:
        """Nothing more comes of it; the file is given back."""
        self.state, self.failure, self.ended = state, failure, time_ns()
        metrics.IMPORTS.labels(state).inc()
        self.file.close()
        self.plant = []

    def forget(self) -> None:
        """Give back what is kept of it."""
        self.file.close()
        self.refused.close()


async def run(job: Job, publisher: Publisher, partitions: int) -> None:
    """Read the file, and publish what stands in it unless it is a dry run. Ends the job, however it goes."""
    job.begin()
    try:
        await _read(job, publisher, partitions)
    except asyncio.CancelledError:
        job.end(State.CANCELLED)
        raise
    except InvalidError as error:
        job.end(State.FAILED, str(error))
    except Exception:
        log.exception("an import failed", import_id=job.id)
        job.end(State.FAILED, "Something went wrong here; the log has the details. To import it again is harmless")


async def _read(job: Job, publisher: Publisher, partitions: int) -> None:
    order = _order(job, partitions)
    reader = await _start(order)
    try:
        await _hand_over(order, reader)
        await _take(job, reader, publisher)
    except BaseException:
        with suppress(ProcessLookupError):
            reader.kill()
        raise
    finally:
        await asyncio.shield(_end(reader))
    if job.failure:
        job.end(State.FAILED, job.failure)
    elif job.report is None:
        log.warning("the reader of an import died", import_id=job.id, status=reader.returncode)
        job.end(State.FAILED, "The file cannot be read: who read it died of it. Save it as CSV, and try again")
    else:
        if job.pace is not None:
            await job.pace.finish()
        job.end(State.DONE)


async def _end(reader: asyncio.subprocess.Process) -> None:
    """Wait until it has ended, and is let go of: what a killed one had still said would keep its pipe open."""
    while reader.stdout is not None and await reader.stdout.read(MOST_FRAME):
        pass
    await reader.wait()


async def _take(job: Job, reader: asyncio.subprocess.Process, publisher: Publisher) -> None:
    """Take what the reader tells, to its end."""
    assert reader.stdout is not None  # noqa: S101 - asked for
    while (frame := await _next(reader.stdout)) is not None:
        for packed in frame.packed:
            await _publish(job, frame, packed, publisher)
        job.failure = frame.failure
        job.counts, job.report = frame.counts or job.counts, frame.report


async def _next(stream: asyncio.StreamReader) -> Frame | None:
    try:
        async with asyncio.timeout(PATIENCE):
            return await read_frame(stream)
    except TimeoutError:
        raise InvalidError(f"Nothing could be read for {PATIENCE:.0f} s; split the file, or save it as CSV") from None


def _order(job: Job, partitions: int) -> Order:
    return Order(
        options=job.options,
        file=job.file.fileno(),
        size=job.size,
        refused=job.refused.fileno(),
        plant=job.plant,
        partitions=partitions,
        now=time_ns(),
        oldest=job.oldest,
        dry_run=job.dry_run,
    )


async def _start(order: Order) -> asyncio.subprocess.Process:
    os.lseek(order.file, 0, os.SEEK_SET)
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "andon.ingest.imports"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        pass_fds=(order.file, order.refused),
        env={name: os.environ[name] for name in _HANDED_ON if name in os.environ}
        | {"ARROW_DEFAULT_MEMORY_POOL": "system"},
        limit=MOST_FRAME,
        start_new_session=True,  # Ctrl-C is for who started it
    )


async def _hand_over(order: Order, reader: asyncio.subprocess.Process) -> None:
    assert reader.stdin is not None  # noqa: S101 - asked for
    with suppress(OSError):  # who died at once is told of by the end of its words
        reader.stdin.write(encode_order(order))
        await reader.stdin.drain()


async def _publish(job: Job, frame: Frame, packed: Packed, publisher: Publisher) -> None:
    assert job.pace is not None  # noqa: S101 - a dry run has nothing to publish
    number = await job.pace.publish(packed.subject, packed.data)
    metrics.SAMPLES.inc(packed.samples)
    metrics.RECEIVED.labels("import").inc(sum(map(len, packed.origins.values())))
    arrived, origins = time_ns(), list[Raw]()
    for asset, times in packed.origins.items():
        payload = msgspec.json.encode(Imported(job.id, frame.rows, sorted(packed.keys[asset])))
        origins.append((job.name.encode(), payload, arrived, asset, times, job.by.name, 0))
    publisher.keeper.put(Source.IMPORT, subjects.partition_named(packed.subject), number, origins)


async def cancel(job: Job) -> None:
    """End it where it is; what is published stays."""
    if job.state is State.WAITING:  # first, or its turn comes again as soon as its task has ended
        job.end(State.CANCELLED)
    if job.task is not None:
        await jobs.end(job.task)
