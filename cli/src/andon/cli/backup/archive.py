"""The file of a backup: a tar of members, of each of which the manifest knows size and SHA-256.

A file that is not whole does not have its name: it is written as `<name>.part`, locked, and moved at the end.
"""

import fcntl
import hashlib
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import orjson

from andon.cli.backup.shape import checked
from andon.common.errors import SetupError

FORMAT = 1
MANIFEST = "manifest.json"
PIECE = 2**20
MOST_MANIFEST_BYTES = 64 * 2**20


@contextmanager
def _written(place: Path) -> Iterator[None]:
    """What the disk says, as a sentence: only of what is done to the disk, for a lost connection is an OSError, too."""
    try:
        yield
    except OSError as error:
        hint = "Give another place, or make room there."
        raise SetupError(f"{place} cannot be written: {error.strerror or error}.", hint) from None


@contextmanager
def _read(place: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, tarfile.TarError) as error:
        why = getattr(error, "strerror", None) or error
        raise SetupError(f"{place} cannot be read: {why}.", "Name a file that 'andon backup' has made.") from None


class Hashed:
    """A file that is written, and what is to be known of it. place: how it is called where it cannot be written."""

    def __init__(self, file: IO[bytes], place: Path = Path("backup")) -> None:
        self._file = file
        self._place = place
        self._sum = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        """Write all of it.

        Raises:
            SetupError: the disk does not take it.
        """
        with _written(self._place):
            self._file.write(data)
        self._sum.update(data)
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """What gzip asks of a file."""

    @property
    def told(self) -> dict[str, Any]:
        """As the manifest has it."""
        return {"bytes": self.size, "sha256": self._sum.hexdigest()}


class Writer:
    """A backup that is being made. Use `writing`. manifest: what is to stand in it beside the members."""

    def __init__(self, tar: tarfile.TarFile, part: Path) -> None:
        self._tar = tar
        self._part = part
        self.manifest: dict[str, Any] = {"format": FORMAT}
        self.members: dict[str, Any] = {}

    @contextmanager
    def member(self, name: str) -> Iterator[Hashed]:
        """One more member, written piece by piece; it lies beside the backup until its size is known.

        Raises:
            SetupError: the disk does not take it.
        """
        with _written(self._part):
            file = tempfile.TemporaryFile(dir=self._part.parent)  # noqa: SIM115 - a full disk fails at its closing, too
        try:
            hashed = Hashed(file, self._part)
            yield hashed
            info = tarfile.TarInfo(name)
            info.size, info.mode = hashed.size, 0o600
            with _written(self._part):
                file.seek(0)
                self._tar.addfile(info, file)
            self.members[name] = hashed.told
        finally:
            with suppress(OSError):
                file.close()

    def add(self, name: str, content: bytes) -> None:
        """One more member that is there as a whole."""
        with self.member(name) as file:
            file.write(content)

    def finish(self) -> None:
        """Write the manifest."""
        text = orjson.dumps({**self.manifest, "members": self.members}, option=orjson.OPT_INDENT_2)
        self.add(MANIFEST, text)


@contextmanager
def writing(place: Path) -> Iterator[Writer]:
    """Make the file at `place`, for the owner alone; none is there if the body fails.

    Raises:
        SetupError: it cannot be written, or another one is being written there.
    """
    part = place.with_name(place.name + ".part")
    remove_left(part)
    with _written(part):
        file = os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    try:
        tar = tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed by `_finish`
        writer = Writer(tar, part)
        yield writer
        writer.finish()
        with _written(part):
            _finish(tar, file, part, place)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    finally:
        with suppress(OSError):  # what a full disk did not take is still to be written
            file.close()


def _finish(tar: tarfile.TarFile, file: IO[bytes], part: Path, place: Path) -> None:
    """All is on the disk before it gets its name, and the name is, too."""
    tar.close()
    file.flush()
    os.fsync(file.fileno())
    part.replace(place)
    folder = os.open(place.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def remove_left(part: Path) -> None:
    """Remove what a backup left that was killed.

    Raises:
        SetupError: it is still being written.
    """
    with _written(part), suppress(FileNotFoundError), part.open("r+b") as left:  # NFS locks only what may be written
        try:
            fcntl.flock(left, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            hint = "Wait for its end, or give another place."
            raise SetupError(f"Another backup is being written to {part}.", hint) from None
        part.unlink()


class Reader:
    """A backup that is there. Use `reading`."""

    def __init__(self, tar: tarfile.TarFile, place: Path, manifest: dict[str, Any]) -> None:
        self._tar = tar
        self._place = place
        self.manifest = manifest

    def __contains__(self, name: str) -> bool:
        return name in self.manifest["members"]

    def below(self, folder: str) -> list[str]:
        """Names of the members in a folder, in order."""
        return sorted(name for name in self.manifest["members"] if name.startswith(f"{folder}/"))

    def open(self, name: str) -> IO[bytes]:
        """One member, to be read.

        Raises:
            SetupError: it is missing, or no file.
        """
        found = None
        if name in self:
            with _read(self._place), suppress(KeyError):
                found = _plain(self._tar, name)
        if found is None:
            raise SetupError(f"The backup lacks {name}; it is not whole.", "Take another backup.")
        return found

    def read(self, name: str) -> bytes:
        """All of a member that is small.

        Raises:
            SetupError: it is missing, or is not small.
        """
        with self.open(name) as file, _read(self._place):
            content = file.read(PIECE + 1)
        if len(content) > PIECE:
            raise SetupError(f"{name} in the backup is too large to be what it is called.", "Take another backup.")
        return content

    def check(self) -> None:
        """Read everything once, and compare.

        Raises:
            SetupError: a member is missing, or is not as it was written.
        """
        for name, told in self.manifest["members"].items():
            found = hashlib.sha256()
            with self.open(name) as file, _read(self._place):
                while piece := file.read(PIECE):
                    found.update(piece)
            if found.hexdigest() != told["sha256"]:
                raise SetupError(f"{name} in the backup is not as it was written.", "Take another backup.")


@contextmanager
def reading(place: Path) -> Iterator[Reader]:
    """A backup, opened.

    Raises:
        SetupError: there is none, it is none, or it is of a newer Andon.
    """
    with _read(place):
        tar = tarfile.open(place, "r:")  # noqa: SIM115 - closed below; the body's errors are not the file's
    with tar:
        with _read(place):
            manifest = _manifest(tar, place)
        yield Reader(tar, place, manifest)


def _plain(tar: tarfile.TarFile, name: str) -> IO[bytes] | None:
    """A member that is a file as Andon writes it: no link, and no larger than what lies there.

    Raises:
        KeyError: there is none.
    """
    info = tar.getmember(name)
    return tar.extractfile(info) if info.isreg() and not info.issparse() else None


def _manifest(tar: tarfile.TarFile, place: Path) -> dict[str, Any]:
    hint = "Name a file that 'andon backup' has made to its end."
    try:
        file = _plain(tar, MANIFEST)
        told = orjson.loads(file.read(MOST_MANIFEST_BYTES)) if file else {}
        number = int(told["format"])
    except (KeyError, ValueError, TypeError, RecursionError, tarfile.TarError):
        raise SetupError(f"{place} is no backup of Andon, or not a whole one.", hint) from None
    if number > FORMAT:
        raise SetupError(f"{place} is of a newer Andon (format {number}).", "Restore it with that one.")
    if why := checked(told):
        raise SetupError(f"{place} is no backup of Andon: {why}.", hint)
    return {"streams": {}, "databases": {}, "series": {}, **told}
