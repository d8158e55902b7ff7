"""The words of nats-server's auth callout: its question, and our signed answer. Pure.

Both are JWTs; the answer carries a second one, which says what the user may do (NATS JWT version 2, Ed25519).
"""

import base64
import binascii
import json
import secrets
from dataclasses import dataclass
from time import time
from typing import Any

import nkeys

from andon.common.errors import SetupError, UnauthorizedError
from andon.common.platform import SITE
from andon.common.topics import nats_subjects

ACCOUNT = "DEVICES"
AUDIENCE = "nats-authorization-request"
MAX_QUESTION = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Question:
    """Who knocks. `server` and `user_key` come back in the answer; `connection` is `mqtt` for an MQTT client."""

    server: str
    user_key: str
    username: str
    secret: str
    connection: str
    client_id: str


def read_question(data: bytes) -> Question:
    """The question in an authorization request.

    Its signature is not checked: only nats-server, and ourselves, may publish in the account it comes from.

    Raises:
        UnauthorizedError: it is no authorization request.
    """
    if len(data) > MAX_QUESTION:
        raise UnauthorizedError("the authorization request is too large")
    try:
        claims = json.loads(_decode(data.split(b".")[1]))
        asked, options = claims["nats"], claims["nats"]["connect_opts"]
        question = Question(
            server=str(asked["server_id"]["id"]),
            user_key=str(asked["user_nkey"]),
            username=str(options.get("user", "")),
            secret=str(options.get("pass", "")),
            connection=str(asked["client_info"].get("type", "")),
            client_id=str(asked["client_info"].get("mqtt_id", "")),
        )
    except (IndexError, KeyError, TypeError, AttributeError, ValueError, binascii.Error):
        raise UnauthorizedError("this is no authorization request") from None
    genuine = claims.get("aud") == AUDIENCE and claims.get("iss") == question.server
    if not genuine or not question.server.startswith("N") or not question.user_key.startswith("U"):
        raise UnauthorizedError("the authorization request does not come from the server it names")
    return question


class Signer:
    """Signs answers with the account nkey that nats-server knows as `issuer`."""

    def __init__(self, seed: str) -> None:
        try:
            self._pair = nkeys.from_seed(bytearray(seed.encode()))
            self.issuer: str = self._pair.public_key.decode()
        except (nkeys.NkeysError, binascii.Error, ValueError):
            raise SetupError("ANDON_AUTH_SEED is no nkey seed.", "Take it from the secrets `andon up` made.") from None

    def admit(self, question: Question, *, scope: str, partitions: int = 1) -> bytes:
        """Let an MQTT client in that may publish for `scope`, though not for the platform, and read nothing at all."""
        permissions = {
            "pub": {"allow": nats_subjects(scope, partitions), "deny": nats_subjects(SITE, partitions)},
            "sub": {"deny": [">"]},
            "subs": -1,
            "data": -1,
            "payload": -1,
            "allowed_connection_types": ["MQTT"],
        }
        user = self._sign(
            question.user_key,
            ACCOUNT,
            {"type": "user", "version": 2, **permissions},
            name=question.username,
        )
        return self._answer(question, {"jwt": user})

    def refuse(self, question: Question, why: str) -> bytes:
        """Keep a client out; nats-server logs why, the client is only told that it may not."""
        return self._answer(question, {"error": why})

    def _answer(self, question: Question, outcome: dict[str, str]) -> bytes:
        nats = {"type": "authorization_response", "version": 2, **outcome}
        return self._sign(question.user_key, question.server, nats).encode()

    def _sign(self, subject: str, audience: str, nats: dict[str, Any], **claims: str) -> str:
        payload = {
            "jti": secrets.token_hex(16),
            "iat": int(time()),
            "iss": self.issuer,
            "sub": subject,
            "aud": audience,
            "nats": nats,
            **claims,
        }
        body = f"{_encode(_HEADER)}.{_encode(json.dumps(payload).encode())}"
        return f"{body}.{_encode(self._pair.sign(body.encode()))}"


_HEADER = b'{"typ":"JWT","alg":"ed25519-nkey"}'


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: bytes) -> bytes:
    return base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))
