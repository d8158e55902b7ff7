"""Chromium, for the tests of the web pages: the one on PATH, else installed from the system's packages."""

import shutil
from ctypes.util import find_library

import apt
from steps import TroubleError, step

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def provide() -> None:
    """See to it that a Chromium is there, and what its driver needs.

    Raises:
        TroubleError: it is not, and cannot be brought here.
    """
    needed = [] if any(shutil.which(name) for name in NAMES) else ["chromium", "fonts-dejavu-core"]
    needed += [] if find_library("atomic") else ["libatomic1"]  # for the Node that drives Chromium in the tests
    if not needed:
        return
    if not apt.available():
        names = " and ".join(needed)
        raise TroubleError(f"The tests need {names}, and this system has no apt to bring it.", f"Install {names}.")
    with step("Chromium, from the system's packages (as root)"):
        apt.install(needed, what="Chromium")
