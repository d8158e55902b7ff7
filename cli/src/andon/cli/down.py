"""`andon down`: asks the running `andon up` to stop, and waits until it has."""

import os
import signal
import time

from andon.cli import lock
from andon.cli.home import Home
from andon.cli.progress import Progress, say
from andon.cli.settings import UpSettings
from andon.common.errors import SetupError

PATIENCE = 60.0


def down(settings: UpSettings) -> None:
    """Stop Andon; nothing to do is no error.

    Raises:
        SetupError: it belongs to somebody else, or does not stop.
    """
    home = Home(settings.home.resolve())
    pid = lock.holder(home.lock)
    if not pid:
        say("·", f"Andon does not run in {home.folder}.")
        return
    try:
        os.kill(pid, signal.SIGTERM)
    except PermissionError:
        raise SetupError(f"Andon (pid {pid}) belongs to another user.", f"sudo kill {pid}") from None
    progress = Progress()
    with progress.shown(), progress.step(f"stopping Andon (pid {pid})"):
        deadline = time.monotonic() + PATIENCE
        while lock.holder(home.lock):
            if time.monotonic() > deadline:
                raise SetupError(f"Andon (pid {pid}) has not stopped within {PATIENCE:.0f} s.", f"kill -9 {pid}")
            time.sleep(0.1)
