"""A browser that subscribes to push messages, and reads them with somebody else's code than what wrote them."""

import json
from secrets import token_bytes, token_hex
from time import time_ns
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec

from andon.alerting.couriers.encryption import encode, point
from andon.alerting.database import Database
from andon.alerting.tables import PushRow


class Browser:
    def __init__(self, endpoint: str) -> None:
        self.id, self.endpoint = token_hex(8), endpoint
        self._private, self._auth = ec.generate_private_key(ec.SECP256R1()), token_bytes(16)

    @property
    def subscription(self) -> dict[str, Any]:
        """As `PushSubscription.toJSON()` has it."""
        keys = {"p256dh": encode(point(self._private.public_key())), "auth": encode(self._auth)}
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": keys}

    async def subscribe(self, database: Database, person: str, scope: str = "", made: int = 0) -> None:
        """Subscribe behind the back of the routes."""
        keys = self.subscription["keys"]
        async with database.write() as session:
            session.add(
                PushRow(
                    id=self.id,
                    person=person,
                    scope=scope,
                    endpoint=self.endpoint,
                    p256dh=keys["p256dh"],
                    auth=keys["auth"],
                    created_at=made or time_ns(),
                )
            )

    def read(self, body: bytes) -> dict[str, str]:
        """What a message says."""
        plain = http_ece.decrypt(body, private_key=self._private, auth_secret=self._auth, version="aes128gcm")
        content: dict[str, str] = json.loads(plain)
        return content
