"""Devices' secrets: 24 random bytes, so that a salted SHA-256 is as good as a slow hash, and a thousand times faster.

A whole fleet comes back within seconds after a power cut; each device must be checked in microseconds.
"""

import hashlib
import hmac
import secrets

SECRET_BYTES = 24
SALT_BYTES = 8


def new_secret() -> str:
    """A secret, to be shown once."""
    return secrets.token_urlsafe(SECRET_BYTES)


def hash_secret(secret: str) -> str:
    """What is kept of a secret: salt and hash."""
    salt = secrets.token_hex(SALT_BYTES)
    return f"{salt}${_hash(salt, secret)}"


def is_secret(secret: str, kept: str) -> bool:
    """Whether `secret` is the one `kept` was made of; takes the same time either way."""
    salt, _, wanted = kept.partition("$")
    return hmac.compare_digest(_hash(salt, secret), wanted)


def _hash(salt: str, secret: str) -> str:
    return hashlib.sha256(f"{salt}{secret}".encode()).hexdigest()
