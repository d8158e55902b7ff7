"""The home folder (.andon): data, logs and secrets of one Andon, for its owner alone."""

import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from andon.common.errors import SetupError

LOG_BYTES = 16 * 2**20
"""A log larger than this begins anew; the one before is kept as `<name>.log.1`."""

ENOUGH_BYTES = 4 * 2**30
SCARCE_BYTES = 2**29
MOST_STREAM_BYTES = 16 * 10**9
MOST_TELEMETRY_BYTES = 8 * 2**30
MOST_RAW_BYTES = 2**30
OTHER_STREAMS_BYTES = 2 * 10**9
"""What streams and buckets besides TELEMETRY and RAW reserve, and room for the broker's sessions."""


@dataclass(frozen=True)
class Room:
    """How much disk, in bytes, JetStream may use: in all, for the telemetry stream, and for messages as they came."""

    streams: int
    telemetry: int
    raw: int


@dataclass(frozen=True)
class Home:
    """Where things are below the home folder."""

    folder: Path

    @property
    def logs(self) -> Path:
        """One log per process."""
        return self.folder / "logs"

    @property
    def secrets(self) -> Path:
        """Passwords between the processes, and the key that signs tokens."""
        return self.folder / "secrets"

    @property
    def admin_password(self) -> Path:
        """The first admin's password, written by the registry at its first start."""
        return self.folder / "admin-password"

    @property
    def simulator_password(self) -> Path:
        """The demo device's user name and password, one a line."""
        return self.folder / "simulator-password"

    @property
    def demo_loaded(self) -> Path:
        """There once the demo plant and its rules have been loaded."""
        return self.folder / "demo-loaded"

    @property
    def lock(self) -> Path:
        """Held by the `andon up` that uses this folder."""
        return self.folder / "lock"

    def open(self) -> None:
        """Make the folder, for the owner alone.

        Raises:
            SetupError: it cannot be made or written to.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.folder.chmod(0o700)
            self.logs.mkdir(exist_ok=True)
            probe = self.folder / ".writable"
            probe.touch()
            probe.unlink()
        except OSError as error:
            hint = f"Make it yours (sudo chown -R $(id -un) {self.folder}), or set ANDON_HOME to another folder."
            raise SetupError(f"The folder {self.folder} cannot be used: {error.strerror}.", hint) from None

    def room(self) -> Room:
        """How much of its disk JetStream may use.

        Raises:
            SetupError: too little is left to begin or to go on.
        """
        return share(shutil.disk_usage(self.folder).free, size(self.folder / "nats"))

    def trim_logs(self) -> None:
        """Begin logs anew that have grown beyond LOG_BYTES. Writers append, so emptying the file is safe."""
        for log in self.logs.glob("*.log"):
            if log.stat().st_size > LOG_BYTES:
                with suppress(OSError):  # on a full disk there is no room to keep it, and the more reason to begin anew
                    shutil.copyfile(log, log.with_suffix(".log.1"))
                with log.open("r+") as file:
                    file.truncate(0)


def share(free: int, used: int) -> Room:
    """Divide the disk: JetStream's limit stays below its size, for a full disk freezes a stream, a limit pushes back.

    free: bytes left on the disk; used: bytes JetStream has already.

    Raises:
        SetupError: too little is left to begin or to go on.
    """
    if free + used < ENOUGH_BYTES or free < SCARCE_BYTES:
        needed = "4 GB" if free + used < ENOUGH_BYTES else "0.5 GB"
        raise SetupError(
            f"The disk has {free / 10**9:.1f} GB left; Andon needs {needed}.",
            "Make room, or set ANDON_HOME to a folder on another disk.",
        )
    streams = min(MOST_STREAM_BYTES, (free + used) * 7 // 10)
    raw = min(MOST_RAW_BYTES, streams // 14)
    return Room(streams, min(MOST_TELEMETRY_BYTES, (streams - OTHER_STREAMS_BYTES - raw) * 7 // 10), raw)


def size(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
