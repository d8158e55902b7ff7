"""A log file that another program writes, read as it grows; rotation and truncation begin it anew."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

POLL_SECONDS = 0.25
MOST_BYTES = 256 * 1024
"""Read at once; a line longer than this is cut."""


async def follow(path: Path) -> AsyncIterator[list[str]]:
    """The lines written from now on, for ever: a list every quarter of a second, often empty."""
    inode, position = _end_of(path)
    rest = b""
    while True:
        try:
            with path.open("rb") as file:
                now = os.fstat(file.fileno())
                if now.st_ino != inode or now.st_size < position:
                    inode, position, rest = now.st_ino, 0, b""
                file.seek(position)
                data = file.read(MOST_BYTES)
        except OSError:
            data = b""
        position += len(data)
        *lines, rest = (rest + data).split(b"\n")
        rest = rest[-MOST_BYTES:]
        yield [line.decode(errors="replace") for line in lines]
        if len(data) < MOST_BYTES:
            await asyncio.sleep(POLL_SECONDS)


def _end_of(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_ino, found.st_size
