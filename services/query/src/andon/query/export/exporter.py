"""Exporter: makes files of orders, piece by piece: reads slices from InfluxDB and has threads write them.

It asks InfluxDB by a `History` of its own of few turns, and has few threads: charts and the live feed go first.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, TypeVar

from andon.common.history.history import History
from andon.query.export.files import File, open_file
from andon.query.export.folder import Folder
from andon.query.export.order import Order
from andon.query.export.slices import Slice, ahead, slices
from andon.query.tiers.coverage import Coverage

TURNS = 2
"""Queries at once, of all exports together."""
THREADS = 2

_T = TypeVar("_T")


@dataclass(eq=False)
class Progress:
    """How far an export is: samples and bytes written, and up to when (UTC nanoseconds) of its range."""

    samples: int = 0
    bytes: int = 0
    reached: int = 0


class Exporter:
    """Close it with `close`, when no export runs any more."""

    def __init__(self, history: History, coverage: Coverage, folder: Folder) -> None:
        self._history, self._coverage, self._folder = history, coverage, folder
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="export")

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown()

    async def make(self, order: Order, progress: Progress) -> AsyncGenerator[bytes]:
        """The file an order asks for. Whoever no longer wants it closes the iterator, or is cancelled.

        Raises:
            UnavailableError: InfluxDB does not answer, not in time, or refuses.
            InvalidError: it cannot be written in this format, or not rolled up so.
        """
        files: list[File] = []  # a file that is opened while nobody wants it any more is still closed
        try:
            await self._in_thread(lambda: files.append(open_file(order, self._folder.path)))
            async with aclosing(self._pieces(files[0], order, progress)) as pieces:
                async for piece in pieces:
                    progress.bytes += len(piece)
                    yield piece
        finally:
            for file in files:
                await self._in_thread(file.close)

    async def _pieces(self, file: File, order: Order, progress: Progress) -> AsyncGenerator[bytes]:
        """Nothing before the first slice is there: until then an answer can still say what is wrong."""
        began = False
        async with aclosing(ahead(slices(self._history, self._coverage, order))) as found:
            async for one in found:
                if not began:
                    yield file.begin()
                    began = True
                async for piece in self._each(file.write(one)):
                    yield piece
                _take_note(progress, one)
        async for piece in self._each(file.end()):
            yield piece

    async def _each(self, pieces: Iterator[bytes]) -> AsyncGenerator[bytes]:
        while (piece := await self._in_thread(next, pieces, None)) is not None:
            if piece:
                yield piece

    async def _in_thread(self, work: Callable[..., _T], *arguments: Any) -> _T:
        """Run in a thread. It cannot be stopped there: who is cancelled waits until it is done."""
        running = asyncio.wrap_future(self._pool.submit(work, *arguments))
        cancelled = False
        while not running.done():
            try:
                await asyncio.wait((running,))
            except asyncio.CancelledError:
                cancelled = True
        if cancelled:
            running.exception()
            raise asyncio.CancelledError
        return running.result()


def _take_note(progress: Progress, one: Slice) -> None:
    progress.samples += len(one)
    progress.reached = one.end
