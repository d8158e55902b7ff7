"""PostgreSQL, for the tests: the one of the machine, else the system's package, unpacked into .tools/postgresql."""

import os
import shutil
from pathlib import Path

import apt
from influxdb import link
from steps import TOOLS, TroubleError, step
from unpacked import launch

PROGRAMS = ("initdb", "postgres")
UNUSED = ("libllvm", "libz3", "locales", "libc-l10n")
"""For a compiler that is not used (it would be two thirds of what is brought), and for languages."""
PLACE = "usr/lib/postgresql"
"""Here Debian has a folder for each version, beside the PATH."""


def provide() -> None:
    """See to it that `initdb` and `postgres` are there.

    Raises:
        TroubleError: they are not, and cannot be brought here.
    """
    if all(shutil.which(name) for name in PROGRAMS):
        return
    if folder := newest(Path("/")):
        for name in PROGRAMS:
            link(folder / name)
        return
    if not apt.available():
        raise TroubleError("The tests need PostgreSQL, and this system has no apt to bring it.", "Install postgresql.")
    with step("PostgreSQL, from the system's packages"):
        target = TOOLS / "postgresql"
        apt.unpack("postgresql", target, what="PostgreSQL", without=UNUSED)
        folder = newest(target)
        if folder is None:
            raise TroubleError("The system's package 'postgresql' brings no server.", "Install PostgreSQL 14 or newer.")
        for name in PROGRAMS:
            launch(folder / name, target)


def newest(root: Path) -> Path | None:
    """The programs of the newest version below `root`."""
    found = [path for path in (root / PLACE).glob("*/bin") if all(os.access(path / name, os.X_OK) for name in PROGRAMS)]
    return max(found, key=lambda path: int(path.parent.name), default=None)
