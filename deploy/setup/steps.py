"""What set-up shows while it works, and how it fails: with a sentence and the next step, never a stack trace.

Set-up runs before any package is installed, so this folder uses Python's standard library alone.
"""

import errno
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(os.environ.get("ANDON_TOOLS") or ROOT / ".tools")

_ON_TERMINAL = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
_COLOURS = {"✓": "32", "✗": "31", "!": "33"}


class TroubleError(Exception):
    """Set-up cannot go on. `hint` says what to do next."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def say(mark: str, text: str) -> None:
    """One finished line: `✓`, `✗` or `!`, and a sentence."""
    sign = f"\x1b[{_COLOURS[mark]}m{mark}\x1b[0m" if _ON_TERMINAL and mark in _COLOURS else mark
    sys.stdout.write(f"  {sign} {text}\n")
    sys.stdout.flush()


@contextmanager
def step(name: str) -> Iterator[None]:
    """A step that takes a while: a turning wheel with the seconds, then `✓ name` and how long it took."""
    begun, over = time.monotonic(), threading.Event()
    wheel = threading.Thread(target=_turn, args=(name, begun, over), daemon=True)
    if _ON_TERMINAL:
        wheel.start()
    else:
        say("·", name)
    mark = "✗"
    try:
        yield
        mark = "✓"
    finally:
        over.set()
        if _ON_TERMINAL:
            wheel.join()
        say(mark, f"{name:<58}{time.monotonic() - begun:6.1f} s")


def _turn(name: str, begun: float, over: threading.Event) -> None:
    for frame in _frames():
        if over.wait(0.1):
            sys.stdout.write("\r\x1b[K")
            return
        sys.stdout.write(f"\r\x1b[K  {frame} {name:<58}{time.monotonic() - begun:6.0f} s")
        sys.stdout.flush()


def _frames() -> Iterator[str]:
    while True:
        yield from "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


def run(command: Sequence[str], *, what: str, hint: str, env: Mapping[str, str] | None = None, cwd: Path = ROOT) -> str:
    """Run a command quietly and return what it printed.

    Raises:
        TroubleError: it failed; carries the end of what it printed.
    """
    try:
        done = subprocess.run(  # noqa: S603 - set-up runs what its own files spell
            command,
            check=False,
            capture_output=True,
            text=True,
            errors="replace",
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
        )
    except FileNotFoundError:
        raise TroubleError(f"{what} failed: there is no program '{command[0]}'.", hint) from None
    if done.returncode:
        lines = [line for line in (done.stdout + "\n" + done.stderr).splitlines() if line.strip()]
        end = "\n".join(f"      {line}" for line in lines[-12:])
        raise TroubleError(f"{what} failed. The end of what '{Path(command[0]).name}' said:\n{end}", hint)
    return done.stdout


def require_disk(folder: Path, megabytes: int, what: str) -> None:
    """Raise TroubleError unless there is room for `what`."""
    place = next(p for p in (folder, *folder.parents) if p.exists())
    free = shutil.disk_usage(place).free // 2**20
    if free < megabytes:
        raise TroubleError(f"{what} needs about {megabytes} MB of disk, and {place} has {free} MB left.", "Make room.")


def main(work: Callable[[], None]) -> None:
    """Run a set-up program: what goes wrong ends it with status 1 and a sentence."""
    try:
        work()
    except TroubleError as error:
        _end(str(error), error.hint)
    except KeyboardInterrupt:
        sys.stdout.write("\n")
        _end("Stopped.", "Run the same command again to go on; what is done is kept.")
    except PermissionError as error:
        _end(f"No permission for {error.filename}.", f"Make it yours: sudo chown -R $(id -un) {ROOT}")
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            _end("The disk is full.", f"Make room on the disk of {ROOT} and run the same command again.")
        _end(f"{error.strerror or error}: {error.filename or ''}", "Put that right and run the same command again.")


def _end(message: str, hint: str) -> None:
    say("✗", message)
    sys.stdout.write(f"    -> {hint}\n")
    sys.exit(1)
