"""`andon export`: history as a file, as it comes from the service; a file that is not whole gets no name."""

import re
import sys
from pathlib import Path
from typing import IO
from urllib.parse import unquote

import httpx

from andon.cli.client import Client
from andon.cli.progress import say, stderr
from andon.cli.settings import UpSettings
from andon.common.errors import SetupError

URL = "/api/query/v1/export"
FORMATS = {
    ".csv": "csv",
    ".xlsx": "xlsx",
    ".parquet": "parquet",
    ".arrow": "arrow",
    ".arrows": "arrow",
    ".json": "json",
    ".ndjson": "ndjson",
}
"""By the end of a file's name."""


async def export(settings: UpSettings, wanted: dict[str, object], output: str) -> None:
    """Write history to `output`: a file, a folder, '-' for standard output, or '' for the name Andon gives.

    Raises:
        SetupError: Andon does not answer, says no, or broke off; or the file cannot be written.
    """
    wanted = {"format": FORMATS.get(Path(output).suffix.lower(), "csv"), **wanted}
    async with Client(settings) as client, client.stream(URL, wanted) as answer:
        if since := answer.headers.get("andon-kept-since"):
            say("!", f"Samples are kept since {since}; of what was before, ask for --agg and --bucket", on=stderr)
        if output == "-":
            await _copy(answer, sys.stdout.buffer)
            return
        file = _place(output, answer.headers.get("content-disposition", ""))
        part = file.with_name(file.name + ".part")
        try:
            with part.open("wb") as opened:
                size = await _copy(answer, opened)
            part.replace(file)
        except OSError as error:
            raise SetupError(
                f"{part} cannot be written: {error.strerror or error}.", "Give --output another."
            ) from None
        finally:
            part.unlink(missing_ok=True)
    say("✓", f"{file} ({_size_text(size)})", on=stderr)


async def _copy(answer: httpx.Response, file: IO[bytes]) -> int:
    size = 0
    with stderr.status("asking") as status:
        async for piece in answer.aiter_bytes():
            file.write(piece)
            size += len(piece)
            status.update(_size_text(size))
    file.flush()
    return size


def _size_text(size: int) -> str:
    """`186 bytes`, `37.8 kB`, `1,204.5 MB`."""
    if size < 1_000:
        return f"{size} bytes"
    return f"{size / 1_000:,.1f} kB" if size < 1_000_000 else f"{size / 1_000_000:,.1f} MB"


def _place(output: str, disposition: str) -> Path:
    """Where the file is to lie; what the service calls it is taken for a name, never for a path."""
    place = Path(output)
    return place / name_of(disposition) if not output or place.is_dir() else place


def name_of(disposition: str) -> str:
    """The name in a Content-Disposition (RFC 6266)."""
    found = re.search(r"filename\*=UTF-8''([^;]+)", disposition) or re.search(r'filename="([^"]+)"', disposition)
    name = Path(unquote(found[1])).name if found else ""
    return name if name.strip(". ") else "export"
