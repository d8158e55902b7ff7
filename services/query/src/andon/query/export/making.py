"""Making: an export that is this process's, from its turn to its file."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from io import RawIOBase
from pathlib import Path
from time import time

from andon.common import jobs, logs, metrics
from andon.common.errors import AndonError, TooLargeError
from andon.query.export.exporter import Exporter, Progress
from andon.query.export.order import Order
from andon.query.export.record import Record, State
from andon.query.export.room import require_room

log = logs.get("export")

AT_ONCE = 2
MOST_BYTES = 20 * 2**30


@dataclass(eq=False, kw_only=True)
class Job:
    """An export that this process makes, or has made. revision: of its entry on the board; told: that is as it is."""

    record: Record
    order: Order
    path: Path
    revision: int = 0
    told: bool = True
    progress: Progress = field(default_factory=Progress)
    work: asyncio.Future[None] | None = None

    def note(self) -> Record:
        """The record, with how far it is by now."""
        record, progress = self.record, self.progress
        if (record.samples, record.bytes, record.reached) != (progress.samples, progress.bytes, progress.reached):
            record.samples, record.bytes, record.reached = progress.samples, progress.bytes, progress.reached
            self.told = False
        return record


class Maker:
    """Makes a few at a time. changed: called when one begins or ends."""

    def __init__(self, exporter: Exporter, changed: Callable[[], None]) -> None:
        self._exporter = exporter
        self._changed = changed
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._own: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        """One of a person is made at a time: their five hours of exports leave room for somebody else's minute."""

    def begin(self, job: Job) -> None:
        """Make it when its turn comes."""
        job.progress.reached = job.order.span.start
        job.work = asyncio.ensure_future(self._run(job))

    async def end(self, job: Job) -> None:
        """Stop it, if it still runs, and remove its file."""
        if job.work is not None:
            await jobs.end(job.work)
        job.path.unlink(missing_ok=True)

    async def _run(self, job: Job) -> None:
        async with self._own[job.record.owner.id], self._gate:
            job.record.began = time()
            self._set(job, "running")
            try:
                await self._write(job)
            except AndonError as error:
                self._ended(job, "failed", str(error))
            except OSError as error:
                self._ended(job, "failed", f"The file cannot be written: {error.strerror or error}")
            except Exception:
                log.exception("an export failed")
                self._ended(job, "failed", "Something went wrong here; the log has the details")
            else:
                self._ended(job, "done", "")

    async def _write(self, job: Job) -> None:
        with job.path.open("xb", buffering=0) as file:
            async with aclosing(self._exporter.make(job.order, job.progress)) as pieces:
                async for piece in pieces:
                    if job.progress.bytes > MOST_BYTES:
                        much = f"The file grows beyond {MOST_BYTES / 2**30:g} GiB; ask for a shorter range"
                        raise TooLargeError(much)
                    await asyncio.to_thread(require_room, job.path.parent)
                    await asyncio.to_thread(_write_all, file, piece)

    def _ended(self, job: Job, state: State, detail: str) -> None:
        metrics.EXPORTS.labels(state).inc()
        job.record.detail, job.record.ended = detail, time()
        if state == "failed":
            job.path.unlink(missing_ok=True)
        self._set(job, state)

    def _set(self, job: Job, state: State) -> None:
        job.record.state, job.told = state, False
        job.note()
        self._changed()


def _write_all(file: RawIOBase, piece: bytes) -> None:
    """A disk that gets full takes a part, and says no only to the rest."""
    rest = memoryview(piece)
    while rest:
        rest = rest[file.write(rest) or 0 :]
