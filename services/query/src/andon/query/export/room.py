"""Room: what exports take of the disk. InfluxDB and nats-server may have the same one, and stop where it is full."""

import shutil
from contextlib import suppress
from pathlib import Path

from andon.common.errors import TooLargeError

FREE_SHARE = 0.2
"""Of the disk as it would be without exports, that they leave free."""


def size(folder: Path) -> int:
    """Bytes of all files in a folder, and below."""
    found = 0
    for file in folder.rglob("*"):
        with suppress(FileNotFoundError):  # removed a moment ago
            found += file.lstat().st_size
    return found


def require_room(folder: Path, more: int = 0) -> None:
    """Go on only while the disk has room for it. `folder` is that of all exports, `more` what is to come there.

    Raises:
        TooLargeError: it has not.
    """
    free = shutil.disk_usage(folder).free
    if free - more < (free + size(folder)) * FREE_SHARE:
        raise TooLargeError(
            f"The disk has only {free / 2**30:.1f} GiB left; ask for a shorter range, or remove exports"
        )
