"""strace, for the tests: the one on PATH, else the system's package, unpacked into .tools/strace."""

import shutil

import apt
from mosquitto import LAUNCHER
from steps import TOOLS, TroubleError, step


def provide() -> None:
    """See to it that `strace` is there.

    Raises:
        TroubleError: it is not, and cannot be brought here.
    """
    if shutil.which("strace"):
        return
    if not apt.available():
        raise TroubleError("The tests need strace, and this system has no apt to bring it.", "Install strace.")
    with step("strace, from the system's packages"):
        folder = TOOLS / "strace"
        apt.unpack("strace", folder, what="strace")
        script = TOOLS / "bin" / "strace"
        script.parent.mkdir(exist_ok=True)
        libraries = ":".join(str(path) for path in folder.glob("usr/lib/*") if path.is_dir())
        script.write_text(LAUNCHER.format(libraries=libraries, program=folder / "usr/bin/strace"))
        script.chmod(0o755)
