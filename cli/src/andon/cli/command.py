"""How a command of Andon is typed here: `andon` is rarely on the PATH of a checkout."""

import shutil
import sys
from pathlib import Path


def andon(words: str) -> str:
    """`andon plant apply`, or `.venv/bin/andon plant apply` where that is what works."""
    program = "andon" if shutil.which("andon") else shown(Path(sys.executable).parent / "andon")
    return f"{program} {words}"


def shown(path: Path) -> str:
    """A path as short as it can be said from here."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
