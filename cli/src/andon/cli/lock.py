"""One `andon up` per home folder: a locked file that names its process. The kernel unlocks it when that one ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from andon.common.errors import SetupError


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock.

    Raises:
        SetupError: another `andon up` holds it; names its pid.
    """
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = file.read().strip() or "unknown"
            raise SetupError(
                f"Andon runs already in {path.parent} (pid {pid}).",
                "Open its pages, stop it with 'andon down', or set ANDON_HOME to another folder.",
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
        file.truncate(0)


def holder(path: Path) -> int:
    """Process id of the `andon up` that holds the lock; 0 when none does."""
    try:
        with path.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                text = file.read().strip()
                return int(text) if text.isdigit() else 0
    except FileNotFoundError:
        return 0
    return 0
