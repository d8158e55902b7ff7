"""The web pages: built by Node into web/dist, again only when what they are made of has changed."""

import hashlib
import os
from pathlib import Path

import node
from steps import ROOT, require_disk, run, step

WEB = ROOT / "web"
STAMP = WEB / "dist" / ".built-from"
PACKAGES = WEB / "node_modules" / ".installed-from"
MADE_ELSEWHERE = ("node_modules", "dist", "coverage", "test-results")
NETWORK = "Is the network up? Behind a mirror or proxy, set npm_config_registry or HTTPS_PROXY."


def provide() -> None:
    """Build web/dist where it is missing or older than its sources.

    Raises:
        TroubleError: no Node, no network, or sources that do not build.
    """
    if not (WEB / "package.json").exists():
        return
    now = fingerprint(sources(WEB))
    if STAMP.exists() and STAMP.read_text() == now:
        return
    require_disk(WEB, 800, "Building the web pages")
    node.provide()
    install()
    with step("Web pages"):
        run(["npm", "run", "build"], what="Building the web pages", hint="Mend web/.", cwd=WEB)
    STAMP.write_text(now)


def install() -> None:
    """Bring node_modules to what package-lock.json says."""
    wanted = fingerprint([WEB / "package-lock.json"])
    if PACKAGES.exists() and PACKAGES.read_text() == wanted:
        return
    command = ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]
    with step("Packages of the web pages, from npm"):
        run(command, what="Installing the packages of the web pages", hint=NETWORK, cwd=WEB)
    PACKAGES.write_text(wanted)


def sources(folder: Path) -> list[Path]:
    """All files the pages are made of, in a fixed order."""
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in MADE_ELSEWHERE and not name.startswith("."))
        found += [Path(place) / name for name in sorted(names)]
    return found


def fingerprint(files: list[Path]) -> str:
    """A hash of names and contents."""
    digest = hashlib.sha256()
    for file in files:
        content = file.read_bytes() if file.is_file() else b""
        digest.update(f"{file.relative_to(ROOT)}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()
