"""Mosquitto, for the tests: the one on PATH, else the system's package, unpacked into .tools/mosquitto."""

import shutil
from pathlib import Path

import apt
from steps import TOOLS, TroubleError, step

# The unpacked program finds the libraries that were unpacked with it.
LAUNCHER = """#!/bin/sh
export LD_LIBRARY_PATH="{libraries}${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}"
exec "{program}" "$@"
"""


def provide() -> None:
    """See to it that `mosquitto` is there.

    Raises:
        TroubleError: it is not, and cannot be brought here.
    """
    if shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin"):
        return
    if not apt.available():
        raise TroubleError("The tests need Mosquitto, and this system has no apt to bring it.", "Install mosquitto.")
    with step("Mosquitto, from the system's packages"):
        apt.unpack("mosquitto", TOOLS / "mosquitto", what="Mosquitto")
        launch(TOOLS / "mosquitto")


def launch(folder: Path) -> None:
    """Put a script that starts the unpacked program into .tools/bin."""
    libraries = [str(path) for path in sorted(folder.glob("usr/lib/*")) + sorted(folder.glob("lib/*")) if path.is_dir()]
    script = TOOLS / "bin" / "mosquitto"
    script.parent.mkdir(exist_ok=True)
    script.write_text(LAUNCHER.format(libraries=":".join(libraries), program=folder / "usr/sbin/mosquitto"))
    script.chmod(0o755)
