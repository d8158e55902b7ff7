"""The file of a backup: a tar of members, of each of which the manifest knows size and SHA-256.

A file that is not whole has no name: it is written beside its place and moved there at the end.
"""

import hashlib
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import orjson

from andon.common.errors import SetupError

FORMAT = 1
MANIFEST = "manifest.json"
PIECE = 2**20


class Hashed:
    """A file that is written, and what is to be known of it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._sum = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        """Write all of it."""
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

    def __init__(self, tar: tarfile.TarFile, folder: Path) -> None:
        self._tar = tar
        self._folder = folder
        self.manifest: dict[str, Any] = {"format": FORMAT}
        self.members: dict[str, Any] = {}

    @contextmanager
    def member(self, name: str) -> Iterator[Hashed]:
        """One more member, written piece by piece; it lies beside the backup until its size is known."""
        with tempfile.TemporaryFile(dir=self._folder) as file:
            hashed = Hashed(file)
            yield hashed
            file.seek(0)
            info = tarfile.TarInfo(name)
            info.size, info.mode = hashed.size, 0o600
            self._tar.addfile(info, file)
            self.members[name] = hashed.told

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
        SetupError: it cannot be written.
    """
    part = place.with_name(place.name + ".part")
    try:
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                writer = Writer(tar, place.parent)
                yield writer
                writer.finish()
            file.flush()
            os.fsync(file.fileno())
        part.replace(place)
    except OSError as error:
        hint = "Give another place, or make room there."
        raise SetupError(f"{part} cannot be written: {error.strerror or error}.", hint) from None
    finally:
        part.unlink(missing_ok=True)


class Reader:
    """A backup that is there. Use `reading`."""

    def __init__(self, tar: tarfile.TarFile, manifest: dict[str, Any]) -> None:
        self._tar = tar
        self.manifest = manifest

    def __contains__(self, name: str) -> bool:
        return name in self.manifest["members"]

    def below(self, folder: str) -> list[str]:
        """Names of the members in a folder, in order."""
        return sorted(name for name in self.manifest["members"] if name.startswith(f"{folder}/"))

    def open(self, name: str) -> IO[bytes]:
        """One member, to be read.

        Raises:
            SetupError: it is missing.
        """
        try:
            found = self._tar.extractfile(name)
        except KeyError:
            found = None
        if found is None:
            raise SetupError(f"The backup lacks {name}; it is not whole.", "Take another backup.")
        return found

    def read(self, name: str) -> bytes:
        """All of a member."""
        with self.open(name) as file:
            return file.read()

    def check(self) -> None:
        """Read everything once, and compare.

        Raises:
            SetupError: a member is missing, or is not as it was written.
        """
        for name, told in self.manifest["members"].items():
            found = hashlib.sha256()
            with self.open(name) as file:
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
    try:
        with tarfile.open(place, "r:") as tar:
            yield Reader(tar, _manifest(tar, place))
    except (OSError, tarfile.TarError) as error:
        why = getattr(error, "strerror", None) or error
        raise SetupError(f"{place} cannot be read: {why}.", "Name a file that 'andon backup' has made.") from None


def _manifest(tar: tarfile.TarFile, place: Path) -> dict[str, Any]:
    try:
        file = tar.extractfile(MANIFEST)
        told = orjson.loads(file.read()) if file else {}
        number = int(told["format"])
    except (KeyError, ValueError, TypeError):
        hint = "Name a file that 'andon backup' has made to its end."
        raise SetupError(f"{place} is no backup of Andon, or not a whole one.", hint) from None
    if number > FORMAT:
        raise SetupError(f"{place} is of a newer Andon (format {number}).", "Restore it with that one.")
    return dict(told)
