"""Packages of Debian and Ubuntu, unpacked into .tools/ without root: nothing is installed, no service is started.

apt keeps a package list of its own for this (`.tools/apt`), so that the machine's need neither be there nor be new.
Signatures and checksums are checked by apt, as ever.
"""

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from steps import TOOLS, TroubleError, require_disk, run

LISTS = TOOLS / "apt"
HINT = "Is the network up? What does 'apt-get update' say? On Ubuntu the section 'universe' is needed."


def available() -> bool:
    """Whether this is a system with apt."""
    return bool(shutil.which("apt-get") and shutil.which("dpkg-deb"))


def unpack(package: str, target: Path, *, what: str, without: tuple[str, ...] = ()) -> None:
    """Bring `package`, and what it needs and this machine lacks, into `target`.

    without: beginnings of the names of packages that it can do without, though it says that it cannot.

    Raises:
        TroubleError: no network, no such package, no room.
    """
    require_disk(TOOLS, 400, f"Unpacking {what}")
    refresh()
    fresh = target.with_name(target.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=TOOLS) as folder:
        needed = [name for name in missing(package, what=what) if not name.startswith(without)]
        run([*_apt(), "download", *needed], what=f"Downloading {what}", hint=HINT, cwd=Path(folder))
        for file in sorted(Path(folder).glob("*.deb")):
            run(["dpkg-deb", "-x", str(file), str(fresh)], what=f"Unpacking {file.name}", hint="Make room on the disk.")
    shutil.rmtree(target, ignore_errors=True)
    fresh.replace(target)


def missing(package: str, *, what: str) -> list[str]:
    """`package` and all that would have to be installed with it."""
    plan = run(
        [*_apt(), "--simulate", "--no-install-recommends", "install", package], what=f"Finding {what}", hint=HINT
    )
    names = [line.split()[1] for line in plan.splitlines() if line.startswith("Inst ")]
    return list(dict.fromkeys([package, *names]))


def install(packages: Sequence[str], *, what: str) -> None:
    """Install packages, with root's rights or sudo; services they may bring are not started.

    Raises:
        TroubleError: neither root nor sudo, or apt failed.
    """
    refresh()
    names = " ".join(packages)
    if os.geteuid() == 0:
        prefix = []
    elif shutil.which("sudo"):
        prefix = ["sudo", "--non-interactive"]
    else:
        raise TroubleError(f"{what} is missing, and installing it needs root.", f"As root: apt-get install {names}")
    # In run level 1 the system's start scripts start nothing (policy of invoke-rc.d).
    command = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1"]
    command += [*_apt(), "--yes", "--no-install-recommends", "install", *packages]
    run(command, what=f"Installing {what}", hint=f"Install it yourself: sudo apt-get install {names}")


def refresh() -> None:
    """Fetch the package lists, once a set-up; a source that does not answer matters only if it is needed."""
    stamp = LISTS / "fetched-by"
    if stamp.exists() and stamp.read_text() == str(os.getpid()):
        return
    for folder in (LISTS / "lists/partial", LISTS / "cache/archives/partial"):
        folder.mkdir(parents=True, exist_ok=True)
    run([*_apt(), "update"], what="Fetching the list of packages", hint=HINT)
    stamp.write_text(str(os.getpid()))


def _apt() -> list[str]:
    """apt-get with lists of its own. Root's download helper `_apt` could not write into our folder, hence the user."""
    options = [f"Dir::State::lists={LISTS / 'lists'}", f"Dir::Cache={LISTS / 'cache'}", "Debug::NoLocking=1"]
    options += ["APT::Sandbox::User=root"] if os.geteuid() == 0 else []
    return ["apt-get", "--quiet", *(word for option in options for word in ("-o", option))]
