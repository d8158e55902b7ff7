"""One `andon up` per home folder: a locked file that names its process and ports. The kernel unlocks it at its end."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from andon.cli.command import andon
from andon.common.errors import SetupError


@contextmanager
def held(path: Path, ports: Mapping[str, int]) -> Iterator[None]:
    """Hold the lock, and leave the ports there for the commands that look for them.

    Raises:
        SetupError: another `andon up` holds it; names its pid.
    """
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = file.readline().strip() or "unknown"
            raise SetupError(
                f"Andon runs already in {path.parent} (pid {pid}).",
                f"Open its pages, stop it with '{andon('down')}', or set ANDON_HOME to another folder.",
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n{json.dumps(ports)}\n")
        file.flush()
        yield
        file.truncate(0)


def holder(path: Path) -> int:
    """Process id of the `andon up` that holds the lock; 0 when none does."""
    pid = next(iter(_read(path)), "")
    return int(pid) if pid.isdigit() else 0


def ports(path: Path) -> dict[str, int]:
    """The ports of the `andon up` that holds the lock; none when none does."""
    told = _read(path)[1:]
    return dict(json.loads(told[0])) if told else {}


def _read(path: Path) -> list[str]:
    """What the holder of the lock wrote; nothing when nobody holds it."""
    try:
        with path.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return file.read().splitlines()
    except FileNotFoundError:
        return []
    return []
