"""`andon secrets`: makes the secrets that an installation lacks, and never changes one that is there.

For a file of `NAME=value` lines (compose, kustomize), a folder with a file for each (what is mounted into containers),
or a Secret of Kubernetes (`kubernetes.py`). Run again and again, and by two at once, with the same result.
"""

import fcntl
import json
import os
import secrets as random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from andon.cli.progress import say
from andon.common import secrets
from andon.common.errors import SetupError

WORDS = (
    "ANDON_NATS_ROUTE_PASSWORD",
    "POSTGRES_PASSWORD",
    "POSTGRES_SUPERUSER_PASSWORD",
    "ANDON_INFLUX_PASSWORD",
    "ANDON_INFLUX_TOKEN",
    "ANDON_INFLUX_READ_PASSWORD",
    "GF_SECURITY_ADMIN_PASSWORD",
    "GF_SECURITY_SECRET_KEY",
)
"""Of nodes of nats-server among each other, and of the servers beside Andon: their own names, where images have one."""
ADMIN = "ANDON_ADMIN_PASSWORD"
"""The first admin's; `ANDON_REGISTRY_ADMIN_PASSWORD_FILE` names a file with it."""
TOKEN = "ANDON_TOKEN_SECRET"  # noqa: S105 - its name
JWKS = "ANDON_GRAFANA_JWKS"
"""What Grafana checks signatures with: public, and follows from TOKEN."""


def missing(present: Mapping[str, str]) -> dict[str, str]:
    """New secrets for those that are not `present`.

    Raises:
        SetupError: of what is there, something does not belong to the rest.
    """
    found = secrets.missing(present)
    found |= {name: secrets.word() for name in WORDS if not present.get(name)}
    if not present.get(ADMIN):
        found[ADMIN] = random.token_urlsafe(15)
    keys = _jwks({**present, **found}[TOKEN])
    if not present.get(JWKS):
        found[JWKS] = keys
    elif present[JWKS].strip() != keys:
        raise SetupError(
            f"{JWKS} does not belong to {TOKEN}: Grafana would let nobody in.",
            f"Remove {JWKS}: it is made anew of {TOKEN}.",
        )
    return found


def _jwks(secret: str) -> str:
    from andon.registry.grafana.assertion import Assertions  # noqa: PLC0415 - brings cryptography along

    return json.dumps(Assertions(secret).jwks, separators=(",", ":"))


def to_files(out: str, *, for_group: bool) -> None:
    """Complete the file, or the folder (one that is there, or a name that ends with '/'), and say what was made.

    for_group: the owner's group may read, too, as where containers of several users share the folder.

    Raises:
        SetupError: it cannot be read or written; or what is there does not belong together.
    """
    place = Path(out)
    folder = out.endswith("/") or place.is_dir()
    try:
        made = in_folder(place, mode=0o640 if for_group else 0o600) if folder else in_file(place, for_group=for_group)
    except (OSError, UnicodeDecodeError) as error:
        hint = "Give --out a file or folder of your own, or make this one yours."
        raise SetupError(f"{out} cannot be used: {getattr(error, 'strerror', None) or error}.", hint) from None
    tell(made, out)


def in_file(file: Path, *, for_group: bool = False) -> list[str]:
    """Names of what was added to a file of `NAME=value` lines; what else stands in it stays as it is."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with _alone(file.parent):
        text = file.read_text() if file.exists() else ""
        made = missing(secrets.read(file) if text else {})
        if made:
            begin = text if not text or text.endswith("\n") else text + "\n"
            lines = "".join(f"{name}={value}\n" for name, value in made.items())
            secrets.replace(file, begin + lines, 0o640 if for_group else 0o600)
    return list(made)


def in_folder(folder: Path, *, mode: int = 0o600) -> list[str]:
    """Names of what was added to a folder with a file for each secret."""
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        present = {file.name: file.read_text().strip() for file in folder.iterdir() if file.name.isupper()}
        made = missing(present)
        for name, value in made.items():
            secrets.replace(folder / name, value, mode)
    return list(made)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until no other `andon secrets` works in this folder, and let none begin."""
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def tell(made: list[str], place: str) -> None:
    """Say what was made; never its value."""
    if made:
        say("✓", f"{place}: made {', '.join(made)}")
    else:
        say("✓", f"{place}: all secrets are there; nothing is changed")
