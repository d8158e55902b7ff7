"""Secrets of one installation: generated at first start, kept in a file only the owner can read.

There is no default secret; a program that is given none does not start.
"""

import os
import secrets as random
from pathlib import Path

import nkeys

NAMES = (
    "ANDON_NATS_PASSWORD",
    "ANDON_INTAKE_PASSWORD",
    "ANDON_AUTH_PASSWORD",
    "ANDON_SYS_PASSWORD",
    "ANDON_TOKEN_SECRET",
)


def generate() -> dict[str, str]:
    """New secrets. They begin with a letter: nats-server would read `12e5` from its environment as a number."""
    found = {name: "s" + random.token_hex(24) for name in NAMES}
    seed = nkeys.encode_seed(random.token_bytes(32), nkeys.PREFIX_BYTE_ACCOUNT)
    pair = nkeys.from_seed(bytearray(seed))
    found["ANDON_AUTH_SEED"] = seed.decode()
    found["ANDON_AUTH_ISSUER"] = pair.public_key.decode()
    return found


def load_or_create(path: Path) -> dict[str, str]:
    """Secrets from `path` (`NAME=value` lines); written there, for the owner alone, if it is missing."""
    if not path.exists():
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.writelines(f"{k}={v}\n" for k, v in generate().items())
        fresh.rename(path)
    lines = path.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)
