"""Handing: the file of an export to whoever fetches it, from here or from the process that has it."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable

from fastapi.responses import FileResponse, StreamingResponse
from starlette.requests import Request
from starlette.responses import Response

from andon.common.board import PIECE
from andon.query.export.export import headers
from andon.query.export.files import MEDIA_TYPES
from andon.query.export.jobs import Jobs
from andon.query.export.record import Record

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")

Read = Callable[[int, int], Awaitable[bytes]]


async def handed(jobs: Jobs, record: Record, request: Request) -> Response:
    """The file, or the range of it that is asked for.

    Raises:
        UnavailableError: the process that has it does not answer.
    """
    told = {**headers(record.name, record.kept_since), "ETag": f'"{record.id}-{record.attempt}"'}
    media_type = MEDIA_TYPES[record.format]
    if job := jobs.mine(record):
        return FileResponse(job.path, media_type=media_type, headers=told)
    told["Accept-Ranges"] = "bytes"
    part = _part(request, told["ETag"], record.bytes)
    if part is None:
        whole = {"Content-Range": f"bytes */{record.bytes}"}
        return Response("The range is not one of this file", 416, whole, media_type="text/plain")
    start, end = part
    told["Content-Length"] = str(end - start)
    if (start, end) != (0, record.bytes):
        told["Content-Range"] = f"bytes {start}-{end - 1}/{record.bytes}"

    async def read(at: int, size: int) -> bytes:
        return await jobs.piece(record, at, size)

    first = await read(start, min(PIECE, end - start)) if end > start else b""  # what is wrong is told before it begins
    status = 206 if "Content-Range" in told else 200
    return StreamingResponse(_pieces(read, start, end, first), status, told, media_type)


async def _pieces(read: Read, at: int, end: int, first: bytes) -> AsyncIterator[bytes]:
    piece = first
    while piece:
        yield piece
        at += len(piece)
        piece = await read(at, min(PIECE, end - at)) if at < end else b""


def _part(request: Request, etag: str, size: int) -> tuple[int, int] | None:
    """From where until before where; all of it, unless a range of this very file is asked for. None: none of it."""
    asked = _RANGE.fullmatch(request.headers.get("range", ""))
    if asked is None or request.headers.get("if-range", etag) != etag or not any(asked.groups()):
        return 0, size
    first, last = asked.groups()
    start, end = (int(first), size) if first else (max(size - int(last), 0), size)
    if first and last:
        end = min(int(last) + 1, size)
    return (start, end) if start < end else None
