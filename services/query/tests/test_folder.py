"""The folder of exports: nobody else's, and gone when its process is, however that ended."""

import os
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from andon.common.errors import UnavailableError
from andon.query.export.folder import Folder, sweep

KILLED = """
import os, signal
from andon.query.export.folder import Folder
folder = Folder()
(folder.path / "large").write_bytes(b"x" * 1000)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's place for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_only_its_user_may_look_in_and_nothing_is_left(place: Path) -> None:
    folder = Folder()
    assert list(place.iterdir()) == []
    (folder.path / "file").write_bytes(b"x")
    assert folder.path.stat().st_mode & 0o777 == 0o700
    sweep()
    assert (folder.path / "file").exists()
    folder.remove()
    assert list(place.iterdir()) == []


def test_two_exports_that_begin_at_once_have_one_folder(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, make, both = Folder(), tempfile.mkdtemp, threading.Event()

    def slow(prefix: str) -> str:
        both.wait(0.1)  # until the other is there, too, if it can be
        return make(prefix=prefix)

    monkeypatch.setattr(tempfile, "mkdtemp", slow)
    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(lambda _: folder.path, range(2)))) == 1
    folder.remove()
    assert list(place.iterdir()) == []


def test_what_a_killed_process_left_behind_the_next_one_removes(place: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(place)}
    done = subprocess.run([sys.executable, "-c", KILLED], env=environment, check=False)
    assert done.returncode < 0
    (left,) = place.iterdir()
    assert (left / "large").exists()
    sweep()
    assert list(place.iterdir()) == []


def test_what_is_no_folder_of_exports_stays(place: Path) -> None:
    elsewhere = place / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "lock").touch()
    (place / "andon-export-link").symlink_to(elsewhere)
    (place / "andon-export-being-made").mkdir()
    sweep()
    assert (elsewhere / "lock").exists()
    assert (place / "andon-export-being-made").exists()


def test_no_place_is_said(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(place / "nowhere"))
    with pytest.raises(UnavailableError, match="set TMPDIR"):
        _ = Folder().path
