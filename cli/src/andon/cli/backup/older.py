"""Backups of a folder that got their names by their time: how many stay, and what a killed one left."""

from pathlib import Path

from andon.cli.backup.archive import remove_left as _remove_left
from andon.common.errors import SetupError

NAMES = "andon-????-??-??T??????Z.tar"


def remove(folder: Path, keep: int) -> list[Path]:
    """Remove all but the `keep` newest; what was removed, the oldest first.

    Raises:
        SetupError: one cannot be removed.
    """
    gone = sorted(folder.glob(NAMES))[:-keep]
    for one in gone:
        try:
            one.unlink(missing_ok=True)
        except OSError as error:
            raise SetupError(f"{one} cannot be removed: {error.strerror}.", "The new backup is there.") from None
    return gone


def remove_left(folder: Path) -> None:
    """Remove what is not whole and nobody writes any more.

    Raises:
        SetupError: somebody still does.
    """
    for part in folder.glob(f"{NAMES}.part"):
        _remove_left(part)
