"""Command: `andon`, as somebody types it."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from collections.abc import Mapping
from pathlib import Path


async def andon(given: Mapping[str, str], *words: str | Path, status: int = 0, folder: Path | None = None) -> str:
    """Run a command to its end, in a folder, with this environment; what it says.

    Raises:
        AssertionError: it ends with another status.
    """
    command = [sys.executable, "-m", "andon.cli", *map(str, words)]
    process = await asyncio.create_subprocess_exec(
        *command, env=given, cwd=folder, stdin=DEVNULL, stdout=PIPE, stderr=STDOUT
    )
    said = (await process.communicate())[0].decode()
    assert process.returncode == status, said
    return said
