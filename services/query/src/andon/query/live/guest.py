"""Guest: whose a live connection is. The token is looked at for as long as it lasts, and there is a place for each."""

import asyncio
from contextlib import suppress

from andon.common import metrics
from andon.common.errors import UnauthorizedError
from andon.query.live.audience import Listener
from andon.query.live.hall import Hall

GUARD_SECONDS = 2.0
"""A token is looked at again this often."""

RESTARTS, TRY_LATER, NOT_SIGNED_IN = 1012, 1013, 4401


class GoodbyeError(Exception):
    """The connection ends: WebSocket close code and reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Guest:
    """`leave` whatever happened. The listener sees what the token's holder may see; `person` has the place."""

    def __init__(self, hall: Hall, listener: Listener) -> None:
        self._hall = hall
        self._listener = listener
        self._token = self.person = ""

    def enter(self, token: str) -> None:
        """Sign in and take a place.

        Raises:
            GoodbyeError: the token is not good, or there is no place.
        """
        person = self.authenticate(token)
        if why := self._hall.refusal(person):
            metrics.LIVE_CUT_OFF.labels("full").inc()
            raise GoodbyeError(TRY_LATER, why)
        self._hall.enter(person)
        self.person = person

    def leave(self) -> None:
        """Listen no more, and give the place back."""
        self._hall.audience.remove(self._listener)
        if self.person:
            self._hall.leave(self.person)

    def authenticate(self, token: str) -> str:
        """Whom the token stands for; from now on the connection is theirs.

        Raises:
            GoodbyeError: it is not good, or no longer.
        """
        try:
            principal = self._hall.tokens.check(token)
        except UnauthorizedError as error:
            raise GoodbyeError(NOT_SIGNED_IN, str(error)) from None
        self._token = token
        if self._listener.scope != principal.scope:
            self._listener.scope = principal.scope
            self._hall.audience.place(self._listener)
        return principal.id

    async def guard(self) -> None:
        """Watch for ever.

        Raises:
            GoodbyeError: the token expires or is revoked, or the service restarts.
        """
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(GUARD_SECONDS):
                    await self._hall.closing.wait()
                raise GoodbyeError(RESTARTS, "The service restarts; connect again")
            self.authenticate(self._token)
