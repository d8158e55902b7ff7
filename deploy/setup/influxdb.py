"""InfluxDB: the one on PATH or named by a setting, else Debian's or Ubuntu's package, unpacked into .tools/influxdb."""

import os
import shutil
from pathlib import Path

import apt
from steps import TOOLS, TroubleError, say, step

HINT = (
    "Any one of these will do:\n"
    "       - install InfluxDB 1.8 or newer of the 1.x line, so that 'influxd' is on the PATH;\n"
    "       - set ANDON_INFLUX_URL to an InfluxDB (1, 2 or 3) that runs already;\n"
    "       - docker compose -f deploy/compose/one.yaml up"
)


def provide() -> None:
    """See to it that `influxd` is there.

    Raises:
        TroubleError: it is not, and cannot be brought here.
    """
    if os.environ.get("ANDON_INFLUX_URL"):
        return
    if named := os.environ.get("ANDON_INFLUXD"):
        if not os.access(named, os.X_OK):
            raise TroubleError(f"ANDON_INFLUXD names {named}, which is no program.", "Correct or unset it.")
        return
    unpacked = TOOLS / "influxdb/usr/bin/influxd"
    if shutil.which("influxd") or shutil.which("influxd", path="/usr/sbin:/usr/local/sbin"):
        return
    if not unpacked.exists():
        _fetch()
    link(unpacked)
    say("✓", "InfluxDB is in .tools/influxdb (not installed: no root, no system service)")


def _fetch() -> None:
    if not apt.available():
        raise TroubleError("InfluxDB is missing, and this system has no apt to bring it.", HINT)
    with step("InfluxDB, from the system's packages"):
        try:
            apt.unpack("influxdb", TOOLS / "influxdb", what="InfluxDB")
        except TroubleError as error:
            raise TroubleError(str(error), f"{error.hint}\n       {HINT}") from None


def link(program: Path, *, name: str = "") -> None:
    """Make an unpacked program one of .tools/bin, which is on the PATH; under its own name unless another is given."""
    place = TOOLS / "bin" / (name or program.name)
    place.parent.mkdir(exist_ok=True)
    place.unlink(missing_ok=True)
    place.symlink_to(os.path.relpath(program, place.parent))
