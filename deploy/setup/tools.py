"""Brings uv and just into .tools/bin; needs nothing but Python's standard library and pip."""

import subprocess
import sys
from pathlib import Path

PINNED = {"uv": "uv==0.13.9", "just": "rust-just==1.59.0"}
TOOLS = Path(__file__).resolve().parents[2] / ".tools"


def main() -> None:
    """Install what is missing."""
    stamp = TOOLS / "pinned.txt"
    wanted = "\n".join(PINNED.values())
    if stamp.exists() and stamp.read_text() == wanted:
        return
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--upgrade",
        "--target",
        str(TOOLS),
        *PINNED.values(),
    ]
    subprocess.run(command, check=True)  # noqa: S603
    stamp.write_text(wanted)


if __name__ == "__main__":
    main()
