"""Links: tickets that fetch the file of one export for a while, at any query service.

For browsers: they send no token when they download.
"""

from time import time
from typing import Any

import jwt

from andon.common.auth import ALGORITHM
from andon.common.errors import UnauthorizedError

SECONDS = 600.0
_AUDIENCE = "export"


class Links:
    """Signed with the key of tokens, and good for nothing else."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def make(self, name: str) -> str:
        """A ticket for the file of an export."""
        claims = {"sub": name, "exp": int(time() + SECONDS), "aud": _AUDIENCE}
        return jwt.encode(claims, self._secret, algorithm=ALGORITHM)

    def require(self, name: str, ticket: str) -> None:
        """Let in who has a ticket for this export.

        Raises:
            UnauthorizedError: it is none, or no longer.
        """
        need: Any = {"require": ["exp", "sub"]}
        try:
            claims = jwt.decode(ticket, self._secret, algorithms=[ALGORITHM], audience=_AUDIENCE, options=need)
            good = claims["sub"] == name
        except jwt.InvalidTokenError:
            good = False
        if not good:
            raise too_old()


def too_old() -> UnauthorizedError:
    """A ticket that does not let in."""
    return UnauthorizedError("The link is too old; POST /api/query/v1/exports/<id>/link gives another")
