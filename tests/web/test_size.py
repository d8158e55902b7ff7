"""The first page is small: what a phone in a hall has to fetch before it shows the plant."""

import gzip
import json
from pathlib import Path
from typing import Any

from andon.cli.pages import DIST

BUDGET = 250_000
"""Bytes of JavaScript, gzipped."""
FIRST = ("index.html", "src/features/overview/OverviewPage.tsx")
"""What the first page is made of: the entry, and the overview, where that is a chunk of its own."""


def chunks(manifest: dict[str, Any], name: str) -> set[str]:
    """Files of a chunk and of all that it imports at once."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        chunk = manifest[waiting.pop()]
        if chunk["file"] not in found:
            found.add(chunk["file"])
            waiting += chunk.get("imports", [])
    return found


def size(file: Path) -> int:
    """As it travels."""
    return len(gzip.compress(file.read_bytes(), 9))


def test_the_first_page_fetches_little_code() -> None:
    manifest = json.loads((DIST / ".vite/manifest.json").read_text())
    files = set().union(*(chunks(manifest, name) for name in FIRST if name in manifest))
    sizes = {name: size(DIST / name) for name in sorted(files) if name.endswith(".js")}
    assert sum(sizes.values()) <= BUDGET, f"let pages load later what the first one does not need: {sizes}"
