"""One `andon up` for one home folder."""

import os
from pathlib import Path

import pytest

from andon.cli import lock
from andon.common.errors import SetupError


def test_a_second_holder_is_told_the_first_ones_pid(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with lock.held(path, {"port": 9000}):
        assert lock.holder(path) == os.getpid()
        with (
            pytest.raises(SetupError, match=f"runs already .*pid {os.getpid()}") as told,
            lock.held(path, {"port": 9000}),
        ):
            pass
        assert lock.ports(path) == {"port": 9000}
    assert "andon down" in told.value.hint
    assert lock.holder(path) == 0


def test_a_file_left_by_a_killed_one_is_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.write_text("4711")
    assert lock.holder(path) == 0
    with lock.held(path, {"port": 9000}):
        assert lock.holder(path) == os.getpid()


def test_a_folder_without_a_lock_is_held_by_nobody(tmp_path: Path) -> None:
    assert lock.holder(tmp_path / "lock") == 0
