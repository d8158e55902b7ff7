"""One child process of a real server: found on PATH, started, watched until it is ready, stopped in order."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from andon.common.errors import SetupError

_PR_SET_PDEATHSIG = 1
_PRCTL = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


def _die_with_parent() -> None:
    """Runs in the child before its program: SIGKILL when the parent is gone."""
    if _PRCTL is not None:
        _PRCTL(_PR_SET_PDEATHSIG, signal.SIGKILL)


def find_program(name: str, setting: str) -> str:
    """Path of a server program: the setting, PATH, beside this Python, /usr/sbin.

    Raises:
        SetupError: it is nowhere, or not where the setting says.
    """
    if named := os.environ.get(setting):
        if shutil.which(named) is None:
            raise SetupError(f"{setting} names {named}, which is no program.", f"Correct {setting}, or unset it.")
        return named
    beside = str(Path(sys.executable).parent)
    path = os.pathsep.join([os.environ.get("PATH", ""), beside, "/usr/sbin", "/usr/local/sbin"])
    found = shutil.which(name, path=path)
    if not found:
        raise SetupError(f"The program {name} is not installed.", f"Install it, or set {setting} to its path.")
    return found


@dataclass
class ServerProcess:
    """A server as a child process. Its output goes to `log`.

    `command` and `environment` are fixed, so that `start` after `kill` brings the same server back.
    `ready` says whether it can be used, `fault` what is wrong with one that runs and what only a new start mends.
    `prepare` is called before each start.
    One that is `tied` is killed by the kernel when the thread that started it ends, however that came about (Linux).
    """

    name: str
    command: list[str]
    log: Path
    ready: Callable[[], bool]
    fault: Callable[[], str] = lambda: ""
    prepare: Callable[[], None] = lambda: None
    environment: Mapping[str, str] = field(default_factory=dict)
    patience: float = 20.0
    tied: bool = False
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it is ready.

        Raises:
            SetupError: it ended, or was not ready in time; carries the end of its log.
        """
        self.spawn()
        deadline = time.monotonic() + self.patience
        while not self.ready():
            if self.process is not None and self.process.poll() is not None:
                raise SetupError(f"{self.name} ended at once.", self.log_end())
            if time.monotonic() > deadline:
                self.stop()
                raise SetupError(f"{self.name} was not ready after {self.patience:.0f} s.", self.log_end())
            time.sleep(0.02)

    def spawn(self) -> None:
        """Start it without waiting."""
        self.prepare()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(  # noqa: S603 - our own command line
                self.command,
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env={**os.environ, **self.environment},
                start_new_session=True,
                preexec_fn=_die_with_parent if self.tied and _PRCTL else None,  # noqa: PLW1509 - one system call
            )

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int:
        """Process id; 0 when it does not run."""
        return self.process.pid if self.process is not None and self.running else 0

    @property
    def frozen(self) -> bool:
        """Whether it stands still by SIGSTOP (Linux)."""
        try:
            return Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "T"
        except (OSError, IndexError):
            return False

    def kill(self) -> None:
        """SIGKILL: what a power switch does to a process."""
        self._signal(signal.SIGKILL)

    def stop(self, patience: float = 10.0) -> None:
        """SIGTERM, and SIGKILL for one that does not listen."""
        self._signal(signal.SIGTERM, patience)
        if self.running:
            self._signal(signal.SIGKILL)

    def _signal(self, which: signal.Signals, patience: float = 5.0) -> None:
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            self.process.send_signal(which)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(patience)

    def log_end(self) -> str:
        """The last lines of its log, for an error message."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "Its log ends: " + " | ".join(text.strip().splitlines()[-5:])
