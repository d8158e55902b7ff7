"""Programs of the system's packages, for the tests: the one of the machine, else unpacked into .tools/."""

import shutil
from pathlib import Path

import apt
from steps import TOOLS, TroubleError, step

# The unpacked program finds the libraries that were unpacked with it.
LAUNCHER = """#!/bin/sh
export LD_LIBRARY_PATH="{libraries}${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}"
exec "{program}" "$@"
"""


def provide(path: str, what: str) -> None:
    """See to it that a program is there whose package is called as it is.

    path: where the package has it; what: its name in texts.

    Raises:
        TroubleError: it is not, and cannot be brought here.
    """
    name = Path(path).name
    if shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin"):
        return
    if not apt.available():
        raise TroubleError(f"The tests need {what}, and this system has no apt to bring it.", f"Install {name}.")
    with step(f"{what}, from the system's packages"):
        apt.unpack(name, TOOLS / name, what=what)
        launch(TOOLS / name / path, TOOLS / name)


def launch(program: Path, folder: Path) -> None:
    """Put a script that starts a program, unpacked into `folder`, into .tools/bin."""
    libraries = [str(path) for path in sorted(folder.glob("usr/lib/*")) + sorted(folder.glob("lib/*")) if path.is_dir()]
    script = TOOLS / "bin" / program.name
    script.parent.mkdir(exist_ok=True)
    script.unlink(missing_ok=True)  # it may be a link to a program of the system
    script.write_text(LAUNCHER.format(libraries=":".join(libraries), program=program))
    script.chmod(0o755)
