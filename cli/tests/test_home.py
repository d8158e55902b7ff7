"""The home folder is its owner's alone, its logs are bounded, and the disk is divided before it is full."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.cli.home import ENOUGH_BYTES, LOG_BYTES, MOST_STREAM_BYTES, OTHER_STREAMS_BYTES, Home, share
from andon.common.errors import SetupError


def test_the_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    home = Home(tmp_path / "deep" / ".andon")
    home.open()
    home.open()
    assert home.folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_made_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SetupError, match="cannot be used") as told:
        Home(tmp_path / "file" / ".andon").open()
    assert "ANDON_HOME" in told.value.hint


def test_a_log_grown_too_large_begins_anew_under_its_writer(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.open()
    log = home.logs / "api.log"
    with log.open("ab", buffering=0) as writer:
        writer.write(b"x" * (LOG_BYTES + 1))
        home.trim_logs()
        writer.write(b"after")
    assert log.read_bytes() == b"after"
    assert (home.logs / "api.log.1").stat().st_size == LOG_BYTES + 1


def test_a_small_log_stays(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.open()
    (home.logs / "api.log").write_text("one line\n")
    home.trim_logs()
    assert (home.logs / "api.log").read_text() == "one line\n"


@pytest.mark.parametrize(("free", "used"), [(0, 0), (ENOUGH_BYTES - 1, 0), (10**6, 100 * 10**9)])
def test_a_full_disk_is_told_before_anything_starts(free: int, used: int) -> None:
    with pytest.raises(SetupError, match="GB left") as told:
        share(free, used)
    assert "ANDON_HOME" in told.value.hint


@given(st.integers(ENOUGH_BYTES, 10**14), st.integers(0, 10**12))
def test_the_streams_always_fit_below_the_disks_size(free: int, used: int) -> None:
    room = share(free, used)
    assert room.telemetry + room.raw + OTHER_STREAMS_BYTES <= room.streams
    assert room.streams <= min(MOST_STREAM_BYTES, free + used)
    assert min(room.telemetry, room.raw) > 0
