"""The first admin: made when there is nobody, with a password that only the machine's owner can read."""

import os
import secrets
from pathlib import Path

from andon.common import logs
from andon.common.auth import Role
from andon.common.errors import SetupError
from andon.registry.passwords import MIN_LENGTH, Passwords
from andon.registry.storage import people
from andon.registry.storage.database import Database

log = logs.get("registry.admin")

USERNAME = "admin"
SETTING = "ANDON_REGISTRY_ADMIN_PASSWORD"


async def ensure_admin(database: Database, passwords: Passwords, file: Path, given: str = "") -> None:
    """Create `admin` if there is nobody, with the password that is `given`, or in the file, or else with a new one.

    Of several registries that start at once one does it, and only that one touches the file. That is written before the
    admin is there: a start cut short in between goes on with it.

    Raises:
        SetupError: the file cannot be written, or there is no password of a good length in it, or given.
    """
    async with database.read() as session:
        if await people.anybody(session):
            return
    async with database.write() as session:
        if await people.anybody(session):
            return
        kept = await passwords.hash(_checked(given) if given else _password(file))
        await people.create(session, username=USERNAME, password=kept, role=Role.ADMIN, scope="")
    log.info("first admin created", username=USERNAME, password=SETTING if given else str(file))


def _checked(given: str) -> str:
    if len(given) < MIN_LENGTH:
        raise SetupError(f"{SETTING} has less than {MIN_LENGTH} characters.", "Give a longer one.")
    return given


def _password(file: Path) -> str:
    """A new password, written to `file` for its owner alone; or the one that is there already."""
    password = secrets.token_urlsafe(15)
    try:
        if file.exists():
            return _kept(file)
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as written:
            written.write(f"{password}\n")
    except OSError as error:
        hint = f"Check the folder, or give the password as {SETTING}."
        raise SetupError(f"The first admin's password cannot be written: {error}", hint) from error
    return password


def _kept(file: Path) -> str:
    try:
        password = file.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"The first admin's password cannot be read: {error}", f"Remove {file}.") from error
    if len(password) < MIN_LENGTH:
        raise SetupError(f"{file} holds no password of {MIN_LENGTH} characters or more.", "Remove the file.")
    return password
