"""A home folder that is filled aside and moved in once all is there: a restore that breaks off changes nothing."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from andon.cli.home import Home
from andon.cli.progress import say

STAGE = "restoring"
ASIDE = "before-restore-"


@contextmanager
def staged(home: Home) -> Iterator[Home]:
    """A home folder below `home`, whose logs are those of `home`; what is in it is moved there once the body is done.

    What was in `home` is put aside then. Nothing that uses either may run at that moment.
    """
    stage = Home(home.folder / STAGE)
    if stage.folder.exists():  # of a restore that was killed
        shutil.rmtree(stage.folder)
    stage.folder.mkdir(mode=0o700)
    stage.logs.symlink_to(home.logs, target_is_directory=True)
    moved: list[tuple[Path, Path]] = []
    try:
        yield stage
        stage.logs.unlink()
        put_aside = _put_aside(home, moved)
        for one in list(stage.folder.iterdir()):
            _move(one, home.folder / one.name, moved)
        stage.folder.rmdir()
    except BaseException:
        for before, after in reversed(moved):  # one may be a mount, which cannot be moved
            after.rename(before)
        for empty in [one for one in home.folder.glob(f"{ASIDE}*") if not any(one.iterdir())]:
            empty.rmdir()
        shutil.rmtree(stage.folder, ignore_errors=True)
        raise
    if put_aside is not None:
        say("!", f"What was there lies in {put_aside}. Remove it once all is well.")


def _put_aside(home: Home, moved: list[tuple[Path, Path]]) -> Path | None:
    """Move all that belongs to the Andon that was there into a folder beside it; nothing is deleted."""
    stays = (home.lock, home.logs, home.folder / STAGE)
    there = [one for one in home.folder.iterdir() if one not in stays and not one.name.startswith(ASIDE)]
    if not there:
        return None
    aside = home.folder / f"{ASIDE}{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}"
    aside.mkdir(mode=0o700)
    for one in there:
        _move(one, aside / one.name, moved)
    return aside


def _move(one: Path, to: Path, moved: list[tuple[Path, Path]]) -> None:
    one.rename(to)
    moved.append((one, to))
