"""Upload: a request's body to a file that nobody else can see, and that goes with this process."""

import asyncio
import errno
import tempfile
from collections.abc import AsyncIterator
from typing import IO

from starlette.requests import ClientDisconnect

from andon.common.errors import BadRequestError, TooLargeError, UnavailableError

MOST_BYTES = 2**30
PIECE = 2**20
"""Bytes written at once, in a thread: a disk may take its time."""
PATIENCE = 30.0
"""Seconds without a byte after which nobody is taken to be there any more."""


async def save(body: AsyncIterator[bytes]) -> tuple[IO[bytes], int]:
    """The body in a temporary file without a name, and its size; the file is the caller's to close.

    Raises:
        TooLargeError: more than MOST_BYTES. BadRequestError: nothing came, or no more. UnavailableError: no room.
    """
    file: IO[bytes] = await asyncio.to_thread(tempfile.TemporaryFile)
    try:
        return file, await _write(body, file)
    except BaseException:
        file.close()
        raise


async def _write(body: AsyncIterator[bytes], file: IO[bytes]) -> int:
    clock, size, piece = asyncio.get_running_loop().time, 0, bytearray()
    try:
        async with asyncio.timeout(PATIENCE) as waiting:
            async for part in body:
                waiting.reschedule(clock() + PATIENCE)
                piece += part
                size += len(part)
                if size > MOST_BYTES:
                    raise TooLargeError(f"The file has more than {MOST_BYTES // 2**20} MiB; split it")
                if len(piece) >= PIECE:
                    await asyncio.to_thread(file.write, bytes(piece))
                    piece.clear()
            await asyncio.to_thread(file.write, bytes(piece))
            await asyncio.to_thread(file.flush)
    except TimeoutError:
        raise BadRequestError(f"Nothing came for {PATIENCE:.0f} s; send the file again") from None
    except ClientDisconnect:  # nobody hears it; but nothing is wrong here
        raise BadRequestError("The file broke off; send it again") from None
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        room = "The server has no room for the file; make some where TMPDIR points, or split the file"
        raise UnavailableError(room) from None
    if not size:
        raise BadRequestError("The body is empty; send the file's bytes")
    return size
