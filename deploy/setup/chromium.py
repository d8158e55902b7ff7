"""Chromium, for the tests of the web pages: the one on PATH, else installed from the system's packages."""

import shutil

import apt
from steps import TroubleError, step

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def provide() -> None:
    """See to it that a Chromium is there.

    Raises:
        TroubleError: it is not, and cannot be brought here.
    """
    if any(shutil.which(name) for name in NAMES):
        return
    if not apt.available():
        raise TroubleError("The tests need Chromium, and this system has no apt to bring it.", "Install Chromium.")
    with step("Chromium, from the system's packages (as root)"):
        apt.install(["chromium", "fonts-dejavu-core"], what="Chromium")
