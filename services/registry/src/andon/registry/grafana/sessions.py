"""Sessions: a cookie for /grafana/ alone, in exchange for a bearer token; ends with that token, and sooner if unused.

Like the bearer token it is signed and kept nowhere. It carries the bearer's id, so that whatever revokes the one
revokes the other at once; and an audience of its own, so that neither can be used for the other.
"""

from dataclasses import dataclass
from time import time

import jwt
from starlette.requests import HTTPConnection

from andon.common.auth import Principal, Tokens
from andon.common.errors import ForbiddenError, UnauthorizedError

COOKIE = "andon_grafana"
PATH = "/grafana/"
AUDIENCE = "andon-grafana"
SECONDS = 900
"""Of a session that nobody uses. The pages renew it, and so does each request once half of it is over."""


@dataclass(frozen=True, kw_only=True)
class Session:
    """Who looks at Grafana. until: when their bearer token ends, and no renewal helps; epoch seconds."""

    person: Principal
    until: float

    @property
    def fades(self) -> bool:
        """Whether half of it is over, and more can be had."""
        left = self.person.expires - time()
        return left < SECONDS / 2 and self.until > self.person.expires


class Sessions:
    """Opens and checks sessions of those whose bearer tokens `tokens` knows."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = Tokens(secret=tokens.secret, revoked=tokens.revoked, audience=AUDIENCE)

    def open(self, caller: Principal) -> str:
        """The value of the cookie for the holder of a bearer token.

        Raises:
            ForbiddenError: they may see a part of the plant only.
        """
        require_whole_plant(caller)
        return self._sign(caller, until=caller.expires)

    def renew(self, session: Session) -> str:
        """The value of the cookie for somebody who is still there."""
        return self._sign(session.person, until=session.until)

    def check(self, cookie: str) -> Session:
        """Whose session it is; `cookie` is the header.

        Raises:
            UnauthorizedError: there is none, or none that is good.
            ForbiddenError: they may see a part of the plant only.
        """
        token = value_of(cookie)
        if not token:
            raise UnauthorizedError("There is no session for Grafana; open it from a page of Andon")
        person = self._tokens.check(token)
        require_whole_plant(person)
        claims = jwt.decode(token, options={"verify_signature": False})  # which has just been done
        return Session(person=person, until=float(claims["until"]))

    def require_good(self, session: Session) -> None:
        """For what lasts longer than a request, like a WebSocket.

        Raises:
            UnauthorizedError: it is over, by time or because it was revoked.
        """
        if {session.person.token_id, session.person.id} & self._tokens.revoked or session.until < time():
            raise UnauthorizedError("The session is over; sign in again")

    def _sign(self, person: Principal, *, until: float) -> str:
        lifetime = min(SECONDS, until - time())
        return self._tokens.sign(person, token_id=person.token_id, lifetime=lifetime, until=until)


def require_whole_plant(person: Principal) -> None:
    """Grafana's data source knows no parts of the plant: whoever may query it sees all of it.

    Raises:
        ForbiddenError: this person may not.
    """
    if person.scope:
        raise ForbiddenError(f"Grafana shows the whole plant, and you may see '{person.scope}' alone")


def cookies(asked: HTTPConnection) -> str:
    """The header `Cookie`, which some proxies split into several."""
    return "; ".join(asked.headers.getlist("cookie"))


def value_of(cookie: str) -> str:
    """Our cookie's value in a header `Cookie`; '' where there is none."""
    return next((value for name, value in pairs(cookie) if name == COOKIE), "")


def without_ours(cookie: str) -> str:
    """The header `Cookie` as Grafana may see it."""
    return "; ".join(f"{name}={value}" for name, value in pairs(cookie) if name != COOKIE)


def pairs(cookie: str) -> list[tuple[str, str]]:
    """Names and values of a header `Cookie`; what has no name is left out."""
    split = (one.strip().partition("=") for one in cookie.split(";"))
    return [(name.strip(), value.strip()) for name, sign, value in split if sign and name.strip()]


def set_cookie(value: str, *, secure: bool) -> str:
    """The header `Set-Cookie` for a session; an empty value ends it."""
    kept = f"{COOKIE}={value}; Path={PATH}; Max-Age={SECONDS if value else 0}; HttpOnly; SameSite=Strict"
    return f"{kept}; Secure" if secure else kept
