"""A file comes in piece by piece, onto the disk and not into memory; and nobody can keep it waiting."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.requests import ClientDisconnect

from andon.common.errors import AndonError, BadRequestError, TooLargeError, UnavailableError
from andon.ingest.imports import upload


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_what_came_in_is_what_is_read() -> None:
    parts = [b"a" * 700_000, b"", b"b" * 700_000, b"c"]
    file, size = await upload.save(pieces(*parts))
    with file:
        file.seek(0)
        assert (file.read(), size) == (b"".join(parts), 1_400_001)


async def silent() -> AsyncIterator[bytes]:
    yield b"time,"
    await asyncio.Event().wait()


async def broken_off() -> AsyncIterator[bytes]:
    yield b"time,"
    raise ClientDisconnect


@pytest.mark.parametrize(
    ("body", "error", "said"),
    [
        (silent, BadRequestError, "Nothing came"),
        (broken_off, BadRequestError, "broke off"),
        (pieces, BadRequestError, "empty"),
    ],
)
async def test_a_body_that_does_not_come(
    body: type[AsyncIterator[bytes]], error: type[AndonError], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload, "PATIENCE", 0.05)
    with pytest.raises(error, match=said):
        await upload.save(body())


async def test_a_file_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "MOST_BYTES", 10)
    with pytest.raises(TooLargeError, match="split it"):
        await upload.save(pieces(b"x" * 6, b"x" * 6))


async def test_a_disk_that_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload.tempfile, "TemporaryFile", lambda: open("/dev/full", "wb", buffering=0))  # noqa: PTH123, SIM115
    with pytest.raises(UnavailableError, match="no room for the file"):
        await upload.save(pieces(b"x" * 2**21))
