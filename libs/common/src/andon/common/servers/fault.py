"""What is wrong with a server that runs, and that only a new start mends. '' is: nothing.

A full disk is no such fault: a new start brings nothing before there is space again, and then it brings all.
"""

import shutil
import urllib.request
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError

ANSWER_SECONDS = 2.0
SPARE_BYTES = 64 * 2**20
MOST_SHOWN = 300


def asked(url: str) -> str:
    """What a server's own health page finds wrong, in its words; or that it does not answer."""
    try:
        try:
            with urllib.request.urlopen(url, timeout=ANSWER_SECONDS):  # noqa: S310 - our own http address
                return ""
        except HTTPError as error:
            with error:  # its words may be cut short, too
                return f"says: {error.read(MOST_SHOWN).decode(errors='replace')}"
    except (OSError, HTTPException):
        return "does not answer"


def is_full(folder: Path) -> bool:
    """Whether the disk below a folder is as good as full. A file system that cannot be asked is not called full."""
    try:
        disk = shutil.disk_usage(folder)
    except OSError:
        return False
    return disk.free < min(SPARE_BYTES, disk.total // 20)
