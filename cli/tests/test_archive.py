"""The file of a backup: whole or not there, for its owner alone, and checked before it is used."""

import errno
import fcntl
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

from andon.cli.backup import older
from andon.cli.backup.archive import reading, writing
from andon.common.errors import SetupError


def written(place: Path) -> Path:
    with writing(place) as writer:
        writer.manifest["andon"] = "1.0"
        writer.add("secrets", b"A=1\n")
        for number in (1, 0):
            with writer.member(f"series/raw/{number}") as out:
                out.write(b"first ")
                out.write(b"second")
    return place


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    place = written(tmp_path / "b.tar")
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["b.tar"]
    with reading(place) as backup:
        backup.check()
        assert backup.manifest["andon"] == "1.0"
        assert backup.below("series/raw") == ["series/raw/0", "series/raw/1"]
        assert backup.read("series/raw/0") == b"first second"
        assert "secrets" in backup
        assert "home/secrets" not in backup


def test_one_that_fails_leaves_no_file_and_what_was_there(tmp_path: Path) -> None:
    place = written(tmp_path / "b.tar")
    before = place.read_bytes()
    with pytest.raises(SetupError, match="away"):
        _broken_off(place)
    assert place.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["b.tar"]


def _broken_off(place: Path) -> None:
    with writing(place) as writer:
        writer.add("secrets", b"B=2\n")
        raise SetupError("InfluxDB is away")


def test_a_member_that_breaks_off_is_none(tmp_path: Path) -> None:
    with writing(tmp_path / "b.tar") as writer:
        with suppress(KeyError), writer.member("streams/T") as out:
            out.write(b"half")
            raise KeyError
        writer.add("streams/T", b"whole")
    with reading(tmp_path / "b.tar") as backup:
        assert backup.read("streams/T") == b"whole"


def test_a_lost_connection_is_no_full_disk(tmp_path: Path) -> None:
    with pytest.raises(TimeoutError, match="NATS"), writing(tmp_path / "b.tar"):
        raise TimeoutError("NATS")
    with pytest.raises(TimeoutError, match="NATS"), reading(written(tmp_path / "b.tar")):
        raise TimeoutError("NATS")


class Full:
    """A disk that takes nothing more."""

    def write(self, _: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    def close(self) -> None:
        """What it holds back does not fit either."""
        self.write(b"")


def test_a_full_disk_is_named_and_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: Full())
    with pytest.raises(SetupError, match=r"b\.tar\.part cannot be written: No space left on device"):
        written(tmp_path / "b.tar")
    assert list(tmp_path.iterdir()) == []


def test_one_that_is_being_written_is_left_alone(tmp_path: Path) -> None:
    with writing(tmp_path / "b.tar") as writer:
        writer.add("secrets", b"A=1\n")
        with pytest.raises(SetupError, match=r"Another backup is being written to .*b\.tar\.part"):
            written(tmp_path / "b.tar")
    with reading(tmp_path / "b.tar") as backup:
        assert backup.read("secrets") == b"A=1\n"


def test_what_a_killed_one_left_is_removed_by_the_next(tmp_path: Path) -> None:
    left, alive = (tmp_path / f"andon-2026-01-0{day}T000000Z.tar.part" for day in (1, 2))
    left.write_bytes(b"half")
    with alive.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(SetupError, match="Another backup is being written"):
            older.remove_left(tmp_path)
    older.remove_left(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_newest_of_a_folder_stay(tmp_path: Path) -> None:
    names = [f"andon-2026-01-0{day}T000000Z.tar" for day in range(1, 5)]
    for name in [*names, "andon-mine.tar"]:
        (tmp_path / name).touch()
    assert [one.name for one in older.remove(tmp_path, 2)] == names[:2]
    assert sorted(one.name for one in tmp_path.iterdir()) == [*names[2:], "andon-mine.tar"]


def test_a_byte_that_changed_is_noticed(tmp_path: Path) -> None:
    place = written(tmp_path / "b.tar")
    place.write_bytes(place.read_bytes().replace(b"first second", b"first sec0nd", 1))
    with reading(place) as backup, pytest.raises(SetupError, match="series/raw/1 in the backup is not as it was"):
        backup.check()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"nowhere/b\.tar\.part cannot be written: No such file"):
        written(tmp_path / "nowhere" / "b.tar")


@pytest.mark.parametrize("content", [b"", b"no tar", b"\0" * 10_240])
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.tar").write_bytes(content)
    with pytest.raises(SetupError, match=r"b\.tar") as error, reading(tmp_path / "b.tar"):
        pass
    assert "andon backup" in error.value.hint


def test_one_cut_short_is_refused(tmp_path: Path) -> None:
    place = written(tmp_path / "b.tar")
    place.write_bytes(place.read_bytes()[:2048])
    with pytest.raises(SetupError, match="not a whole one"), reading(place):
        pass


def test_one_of_a_newer_andon_is_refused(tmp_path: Path) -> None:
    with writing(tmp_path / "b.tar") as writer:
        writer.manifest["format"] = 2
    with pytest.raises(SetupError, match=r"newer Andon \(format 2\)"), reading(tmp_path / "b.tar"):
        pass
