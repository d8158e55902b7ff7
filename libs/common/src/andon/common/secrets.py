"""Secrets of one installation: generated at first start, kept in a file only the owner can read.

There is no default secret; a program that is given none does not start.
"""

import os
import secrets as random
from collections.abc import Mapping
from pathlib import Path

import nkeys

from andon.common.errors import SetupError

NAMES = (
    "ANDON_NATS_PASSWORD",
    "ANDON_INTAKE_PASSWORD",
    "ANDON_AUTH_PASSWORD",
    "ANDON_SYS_PASSWORD",
    "ANDON_TOKEN_SECRET",
)
SEED = "ANDON_AUTH_SEED"
ISSUER = "ANDON_AUTH_ISSUER"
"""The public key of SEED, by which nats-server knows the registry's answers."""
ALL = (*NAMES, SEED, ISSUER)
"""What `generate` makes; nothing else of a file of secrets goes into an environment."""


def word() -> str:
    """A new password of 192 bits.

    It begins with a letter: nats-server would read `12e5` from its environment as a number. And it is letters and
    digits alone, so that it needs no escaping in an address.
    """
    return "s" + random.token_hex(24)


def generate() -> dict[str, str]:
    """New secrets."""
    return missing({})


def missing(present: Mapping[str, str]) -> dict[str, str]:
    """New secrets for those that are not `present`.

    Raises:
        SetupError: the issuer that is there does not belong to the seed.
    """
    found = {name: word() for name in NAMES if not present.get(name)}
    seed, issuer = present.get(SEED, ""), present.get(ISSUER, "")
    if not seed and not issuer:
        seed = found[SEED] = nkeys.encode_seed(random.token_bytes(32), nkeys.PREFIX_BYTE_ACCOUNT).decode()
    public = _public_key(seed)
    if not issuer:
        found[ISSUER] = public
    elif issuer != public:
        raise SetupError(
            f"{ISSUER} is not the public key of {SEED}: no device could come in.",
            f"Set {SEED} to the seed it was made with, or remove both, and new ones are made.",
        )
    return found


def _public_key(seed: str) -> str:
    """'' without a seed.

    Raises:
        SetupError: it is no seed of an account.
    """
    if not seed:
        return ""
    try:
        return str(nkeys.from_seed(bytearray(seed.encode())).public_key.decode())
    except (nkeys.NkeysError, ValueError, TypeError, LookupError) as error:
        raise SetupError(
            f"{SEED} is no nkey seed: {error}.", f"Remove {SEED} and {ISSUER}: new ones are made."
        ) from None


def load_or_create(path: Path) -> dict[str, str]:
    """Secrets from `path` (`NAME=value` lines); written there, for the owner alone, if it is missing."""
    if not path.exists():
        write(path, generate())
    return read(path)


def read(path: Path) -> dict[str, str]:
    """Secrets of a file, as `parse` finds them."""
    return parse(path.read_text())


def parse(text: str) -> dict[str, str]:
    """Secrets of `NAME=value` lines; other lines are passed over."""
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))


def known(found: Mapping[str, str]) -> dict[str, str]:
    """Those that `ALL` names: of a file that came from elsewhere, no other line may reach a process."""
    return {name: found[name] for name in ALL if name in found}


def write(path: Path, found: Mapping[str, str]) -> None:
    """Write a file of `NAME=value` lines for the owner alone; a write cut short leaves what was there."""
    replace(path, "".join(f"{k}={v}\n" for k, v in found.items()))


def replace(path: Path, content: str, mode: int = 0o600) -> None:
    """Write a file whole or not at all, with this mode."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
        os.fchmod(file.fileno(), mode)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)
