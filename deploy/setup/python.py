"""The Python packages of Andon, exactly as uv.lock has them, in .venv."""

import shutil

from steps import ROOT, TOOLS, TroubleError, require_disk, run, step

HINT = "Is the network up? Behind a mirror or proxy, set UV_DEFAULT_INDEX or HTTPS_PROXY."


def uv() -> str:
    """The uv of .tools, else the one on PATH.

    Raises:
        TroubleError: there is none.
    """
    ours = TOOLS / "bin" / "uv"
    found = str(ours) if ours.exists() else shutil.which("uv")
    if not found:
        raise TroubleError("uv is missing.", "Run ./justw, which brings it.")
    return found


def provide(*groups: str) -> None:
    """Bring .venv to what uv.lock says, with these dependency groups; a moment when it is so already."""
    command = [uv(), "sync", "--all-packages", "--frozen", "--inexact", "--no-default-groups", "--quiet"]
    command += [word for group in groups for word in ("--group", group)]
    if (ROOT / ".venv/bin/andon").exists():
        run(command, what="Bringing the Python packages up to date", hint=HINT)
        return
    require_disk(ROOT, 1500, "Installing the Python packages")
    command.append("--compile-bytecode")  # once, not at every start of every process where Python may not keep its own
    with step("Python packages, from PyPI"):
        run(command, what="Installing the Python packages", hint=HINT)
