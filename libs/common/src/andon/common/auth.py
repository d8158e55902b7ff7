"""Who is calling: bearer tokens (JWT, HS256) and what their holders may do.

The registry signs tokens; every service checks them with the same secret and the list of revoked ids that it
follows in the `plant` bucket.
"""

from dataclasses import dataclass, field
from enum import IntEnum
from time import time
from typing import Any

import jwt

from andon.common.errors import ForbiddenError, UnauthorizedError
from andon.common.plant import is_below

ALGORITHM = "HS256"
AUDIENCE = "andon"


class Role(IntEnum):
    """What a person may do; each role may also do what the ones before it may."""

    VIEWER = 1
    OPERATOR = 2
    ENGINEER = 3
    ADMIN = 4


@dataclass(frozen=True, kw_only=True)
class Principal:
    """The caller: who, with which role, for which part of the plant ('' is all of it)."""

    id: str
    name: str
    role: Role
    scope: str = ""
    token_id: str = ""
    expires: float = 0.0

    def require_role(self, role: Role) -> None:
        """Raise ForbiddenError unless the caller has `role` or a higher one."""
        if self.role < role:
            raise ForbiddenError(f"This needs the role {role.name.lower()}; you have {self.role.name.lower()}")

    def may_see(self, path: str) -> bool:
        """Whether a plant path lies in the caller's part of the plant."""
        return is_below(path, self.scope)

    def require_path(self, path: str) -> None:
        """Raise ForbiddenError unless `path`, a place they write down, lies in their part of the plant.

        What they only name, to read or to change it, is looked up as `sight` says.
        """
        if not self.may_see(path):
            raise ForbiddenError(f"'{path}' is outside your part of the plant ('{self.scope}')")


@dataclass(kw_only=True)
class Tokens:
    """Signs and checks tokens. `revoked` holds ids of tokens, and of people, that are no longer good.

    audience: what they are for; a token for one thing is not good for another.
    """

    secret: str
    revoked: set[str] = field(default_factory=set)
    audience: str = AUDIENCE

    def sign(self, principal: Principal, *, token_id: str, lifetime: float, **more: Any) -> str:
        """Token for `principal`, good for `lifetime` seconds; `more` is what it says besides."""
        now = time()
        claims = {
            "sub": principal.id,
            "name": principal.name,
            "role": principal.role.name.lower(),
            "scope": principal.scope,
            "jti": token_id,
            "iat": int(now),
            "exp": int(now + lifetime),
            "aud": self.audience,
            **more,
        }
        return jwt.encode(claims, self.secret, algorithm=ALGORITHM)

    def check(self, token: str) -> Principal:
        """The principal a token stands for.

        Raises:
            UnauthorizedError: forged, expired or revoked.
        """
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self.secret,
                algorithms=[ALGORITHM],
                audience=self.audience,
                options={"require": ["exp", "sub", "jti", "role"]},
            )
            role = Role[str(claims["role"]).upper()]
        except jwt.ExpiredSignatureError:
            raise UnauthorizedError("The token has expired; sign in again") from None
        except (jwt.InvalidTokenError, KeyError):
            raise UnauthorizedError("The token is not valid; sign in again") from None
        if claims["jti"] in self.revoked or claims["sub"] in self.revoked:
            raise UnauthorizedError("The token was revoked; sign in again")
        return Principal(
            id=str(claims["sub"]),
            name=str(claims.get("name", "")),
            role=role,
            scope=str(claims.get("scope", "")),
            token_id=str(claims["jti"]),
            expires=float(claims["exp"]),
        )
