"""A home folder that a restore fills: as it was until all is there."""

import errno
from pathlib import Path

import pytest

from andon.cli.backup import staging
from andon.cli.backup.staging import staged
from andon.cli.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """One that somebody works with."""
    made = Home(tmp_path)
    made.open()
    made.lock.touch()
    (made.logs / "up.log").write_text("log")
    (made.folder / "nats").mkdir()
    (made.folder / "nats" / "file").write_text("old")
    made.secrets.write_text("old")
    return made


def content(home: Home) -> dict[str, str]:
    return {str(file.relative_to(home.folder)): file.read_text() for file in home.folder.rglob("*") if file.is_file()}


def fill(stage: Home, *, fail: bool = False) -> None:
    stage.secrets.write_text("new")
    (stage.folder / "nats").mkdir()
    (stage.logs / "nats.log").write_text("log")
    if fail:
        raise KeyboardInterrupt


def test_what_was_there_is_put_aside_once_all_is_there(home: Home) -> None:
    with staged(home) as stage:
        fill(stage)
        assert home.secrets.read_text() == "old"
    assert home.secrets.read_text() == "new"
    assert sorted(one.name for one in home.folder.iterdir() if not one.name.startswith("before-restore-")) == [
        "lock",
        "logs",
        "nats",
        "secrets",
    ]
    [aside] = home.folder.glob("before-restore-*")
    assert (aside / "nats" / "file").read_text() == "old"
    assert sorted(one.name for one in home.logs.iterdir()) == ["nats.log", "up.log"]


def test_one_that_breaks_off_leaves_all_as_it_was(home: Home) -> None:
    before = content(home)
    with pytest.raises(KeyboardInterrupt), staged(home) as stage:
        fill(stage, fail=True)
    assert content(home) == before | {"logs/nats.log": "log"}


@pytest.mark.parametrize("moves", range(4))
def test_one_whose_folders_cannot_be_moved_leaves_all_as_it_was(
    home: Home, monkeypatch: pytest.MonkeyPatch, moves: int
) -> None:
    """One of them is a mount."""
    before, move, tried = content(home), staging._move, []

    def move_some(one: Path, to: Path, moved: list[tuple[Path, Path]]) -> None:
        tried.append(one)
        if len(tried) > moves:
            raise OSError(errno.EBUSY, "Device or resource busy")
        move(one, to, moved)

    monkeypatch.setattr(staging, "_move", move_some)
    with pytest.raises(OSError, match="busy"), staged(home) as stage:
        fill(stage)
    assert content(home) == before | {"logs/nats.log": "log"}
    assert sorted(one.name for one in home.folder.iterdir()) == ["lock", "logs", "nats", "secrets"]


def test_what_a_killed_one_left_is_removed(home: Home) -> None:
    (home.folder / "restoring" / "nats").mkdir(parents=True)
    with staged(home) as stage:
        assert [one.name for one in stage.folder.iterdir()] == ["logs"]
    assert not stage.folder.exists()
