"""A home folder that is filled aside and moved in once all is there: a restore that breaks off changes nothing."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

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
    try:
        yield stage
        stage.logs.unlink()
        _put_aside(home)
        for one in stage.folder.iterdir():
            one.rename(home.folder / one.name)
        stage.folder.rmdir()
    except BaseException:
        shutil.rmtree(stage.folder, ignore_errors=True)
        raise


def _put_aside(home: Home) -> None:
    """Move all that belongs to the Andon that was there into a folder beside it; nothing is deleted."""
    stays = (home.lock, home.logs, home.folder / STAGE)
    there = [one for one in home.folder.iterdir() if one not in stays and not one.name.startswith(ASIDE)]
    if there:
        aside = home.folder / f"{ASIDE}{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}"
        aside.mkdir(mode=0o700)
        for one in there:
            one.rename(aside / one.name)
        say("!", f"What was there lies in {aside}. Remove it once all is well.")
