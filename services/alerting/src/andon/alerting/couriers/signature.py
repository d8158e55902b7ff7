"""Signature: how a webhook's receiver knows that a message is from Andon (Standard Webhooks, symmetric scheme `v1`).

HMAC-SHA256 of `<webhook-id>.<webhook-timestamp>.<body>` under the channel's secret. The timestamp is of this try, so
that a receiver can refuse what is old, and a copy of a message cannot be played back later. Pure.
"""

import hmac
from base64 import b64decode, b64encode
from binascii import Error
from secrets import token_bytes

from andon.common.errors import InvalidError

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    """A secret nobody knows yet, like `whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw...`."""
    return PREFIX + b64encode(token_bytes(SECRET_BYTES)).decode("ascii")


def headers(secret: str, key: str, timestamp: int, body: bytes) -> dict[str, str]:
    """`webhook-id`, `webhook-timestamp` (Unix seconds) and `webhook-signature` of a body.

    Raises:
        InvalidError: the secret is none.
    """
    try:
        shared = b64decode(secret.removeprefix(PREFIX), validate=True)
    except Error:
        raise InvalidError("The channel's secret is not whsec_<base64>; make a new one") from None
    signed = b".".join((key.encode(), str(timestamp).encode(), body))
    digest = b64encode(hmac.digest(shared, signed, "sha256")).decode("ascii")
    return {"webhook-id": key, "webhook-timestamp": str(timestamp), "webhook-signature": f"v1,{digest}"}
