"""nginx, for the tests: the one of the machine, else the system's package, unpacked into .tools/nginx."""

import shutil
from pathlib import Path

import apt
from mosquitto import LAUNCHER
from steps import TOOLS, TroubleError, step


def provide() -> None:
    """See to it that `nginx` is there.

    Raises:
        TroubleError: it is not, and cannot be brought here.
    """
    if shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin"):
        return
    if not apt.available():
        raise TroubleError("The tests need nginx, and this system has no apt to bring it.", "Install nginx.")
    with step("nginx, from the system's packages"):
        apt.unpack("nginx", TOOLS / "nginx", what="nginx")
        launch(TOOLS / "nginx")


def launch(folder: Path) -> None:
    """Put a script that starts the unpacked program into .tools/bin."""
    libraries = [str(path) for path in sorted(folder.glob("usr/lib/*")) + sorted(folder.glob("lib/*")) if path.is_dir()]
    script = TOOLS / "bin" / "nginx"
    script.parent.mkdir(exist_ok=True)
    script.write_text(LAUNCHER.format(libraries=":".join(libraries), program=folder / "usr/sbin/nginx"))
    script.chmod(0o755)
