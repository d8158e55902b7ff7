"""VAPID (RFC 8292): how a push service knows Andon again. The key is made once, and kept: browsers subscribe to it."""

from time import time

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from httpx import URL
from sqlalchemy.exc import IntegrityError

from andon.alerting.couriers.encryption import encode, point
from andon.alerting.database import Database
from andon.alerting.tables import KeptRow
from andon.common.errors import SetupError

NAME = "vapid"
GOOD_SECONDS = 12 * 3600
"""How long a signature is good; push services take no more than a day."""


class Vapid:
    """Signs for push services. contact: `mailto:` or `https:`, for whoever runs one and has a complaint."""

    def __init__(self, private: ec.EllipticCurvePrivateKey, contact: str) -> None:
        self._private = private
        self._contact = contact
        self.public = encode(point(private.public_key()))

    def authorization(self, endpoint: str) -> str:
        """The header `Authorization` for one endpoint."""
        url = URL(endpoint)
        origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
        claims = {"aud": origin, "exp": int(time()) + GOOD_SECONDS, "sub": self._contact}
        return f"vapid t={jwt.encode(claims, self._private, algorithm='ES256')}, k={self.public}"


async def open_vapid(database: Database, contact: str) -> Vapid:
    """The signer with the kept key; makes one at the first start.

    Raises:
        SetupError: what is kept is no key.
    """
    async with database.read() as session:
        row = await session.get(KeptRow, NAME)
    pem = await _make(database) if row is None else row.value
    try:
        key = load_pem_private_key(pem.encode("ascii"), password=None)
    except ValueError:
        key = None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise SetupError(
            "The key for browser notifications in alerting's database cannot be read",
            "Delete the row 'vapid' of the table 'kept' for a new one; browsers then subscribe anew",
        )
    return Vapid(key, contact)


async def _make(database: Database) -> str:
    """A new key; of two that start at once the first one's."""
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")
    try:
        async with database.write() as session:
            session.add(KeptRow(name=NAME, value=pem))
    except IntegrityError:
        async with database.read() as session:
            return (await session.get_one(KeptRow, NAME)).value
    return pem
