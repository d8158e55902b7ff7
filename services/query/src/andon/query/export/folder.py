"""Folder: where exports lie until they are fetched: one in the system's place for temporary files for each process.

A process that was killed leaves its folder behind, and with it the lock on it open: the next one to start removes it.
"""

import fcntl
import os
import shutil
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

from andon.common.errors import UnavailableError

PREFIX = "andon-export-"
LOCK = "lock"


class Folder:
    """Made when it is first needed. Close it with `remove`."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._lock = -1
        self._one_at_a_time = threading.Lock()

    @property
    def path(self) -> Path:
        """The folder; only this process's user may look into it.

        Raises:
            UnavailableError: there is no place where one can be made.
        """
        with self._one_at_a_time:  # the threads of two exports may ask at once
            if self._path is None:
                try:
                    self._path = self._make()
                except OSError as error:
                    raise UnavailableError(f"No folder for exports can be made: {error}; set TMPDIR to one") from error
            return self._path

    def _make(self) -> Path:
        """It gets its name only when it is locked, so that nobody takes it for one left behind."""
        made = Path(tempfile.mkdtemp(prefix=f".{PREFIX}"))
        self._lock = os.open(made / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        return made.rename(made.with_name(made.name.removeprefix(".")))

    def remove(self) -> None:
        """Remove it, with all that is in it."""
        if self._path is not None:
            shutil.rmtree(self._path, ignore_errors=True)
            os.close(self._lock)
            self._path = None


def sweep() -> None:
    """Remove what processes left behind that were killed."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):  # another's, or another sweeps
            if not left.is_symlink() and left.stat().st_uid == os.getuid():
                _remove_unlocked(left)


def _remove_unlocked(left: Path) -> None:
    lock = os.open(left / LOCK, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(left)
    finally:
        os.close(lock)
