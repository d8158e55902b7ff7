"""Who somebody is, as Grafana's `auth.jwt` takes it: a JWT good for a minute, and the key set it is checked with.

The key follows from the secret that signs bearer tokens (decision 0028): whoever has that one may be anybody anyhow,
several registries agree without a word, and there is no further secret to keep.
"""

import base64
import hashlib
import json
from time import time
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from andon.common.auth import Principal, Role

HEADER = "x-jwt-assertion"
ISSUER = "andon"
AUDIENCE = "grafana"
ALGORITHM = "ES256"
"""The one algorithm that all of Grafana's releases with a key set accept."""
SECONDS = 60
LEEWAY_SECONDS = 10
"""Of clocks that differ: Grafana refuses what was signed in its future."""

ROLES = {Role.VIEWER: "Viewer", Role.OPERATOR: "Viewer", Role.ENGINEER: "Editor", Role.ADMIN: "Admin"}
"""Of the organisation, as Grafana calls them; nobody becomes an admin of the server."""

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve P-256."""


class Assertions:
    """Signs who somebody is. `jwks` is the public key as a JSON Web Key Set (RFC 7517)."""

    def __init__(self, secret: str) -> None:
        self._key = _derive(secret)
        point = self._key.public_key().public_numbers()
        key = {"crv": "P-256", "kty": "EC", "x": _number(point.x), "y": _number(point.y)}
        self._id = _encode(hashlib.sha256(json.dumps(key, separators=(",", ":"), sort_keys=True).encode()).digest())
        self.jwks: dict[str, list[dict[str, str]]] = {
            "keys": [{**key, "kid": self._id, "use": "sig", "alg": ALGORITHM}]
        }

    def sign(self, person: Principal) -> str:
        """What goes to Grafana with one request of this person."""
        now = int(time())
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": person.id,
            "preferred_username": person.name,
            "name": person.name,
            "role": ROLES[person.role],
            "iat": now - LEEWAY_SECONDS,
            "exp": now + SECONDS,
        }
        return jwt.encode(claims, self._key, algorithm=ALGORITHM, headers={"kid": self._id})


def _derive(secret: str) -> ec.EllipticCurvePrivateKey:
    """16 bytes more than the curve has, so that no number is likelier than another (FIPS 186-5, A.2.1)."""
    drawn = HKDF(SHA256(), length=48, salt=None, info=b"andon: who somebody is, for Grafana").derive(secret.encode())
    return ec.derive_private_key(int.from_bytes(drawn) % (_ORDER - 1) + 1, ec.SECP256R1())


def _number(value: int) -> str:
    return _encode(value.to_bytes(32))


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
