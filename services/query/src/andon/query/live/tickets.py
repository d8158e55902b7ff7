"""Tickets: a way in for who cannot send a token along, such as a browser's EventSource. Good once, and not for long."""

import secrets
from collections import OrderedDict
from time import monotonic
from typing import NamedTuple

from andon.common.errors import UnauthorizedError

TICKET_SECONDS = 30
MAX_TICKETS, MAX_OF_PERSON = 5_000, 250
"""Tickets not used yet; the oldest goes for one more."""


class _Issued(NamedTuple):
    person: str
    token: str
    until: float


class Tickets:
    """Tickets given out and not used yet, oldest first. Each stands for the token that it was given for."""

    def __init__(self) -> None:
        self._issued: OrderedDict[str, _Issued] = OrderedDict()

    def issue(self, person: str, token: str) -> str:
        """A ticket for whoever holds this token."""
        theirs = [ticket for ticket, one in self._issued.items() if one.person == person]
        if len(theirs) >= MAX_OF_PERSON:
            del self._issued[theirs[0]]
        elif len(self._issued) >= MAX_TICKETS:
            self._issued.popitem(last=False)
        ticket = secrets.token_urlsafe(32)
        self._issued[ticket] = _Issued(person, token, monotonic() + TICKET_SECONDS)
        return ticket

    def redeem(self, ticket: str) -> str:
        """The token that it stands for; once.

        Raises:
            UnauthorizedError: there is no such ticket, or no longer.
        """
        issued = self._issued.pop(ticket, None)
        if issued is None or issued.until < monotonic():
            raise UnauthorizedError("The ticket was used, or is too old; POST /api/query/v1/live/ticket gives another")
        return issued.token
