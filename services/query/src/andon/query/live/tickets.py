"""Tickets: a way in for who cannot send a token along, such as a browser's EventSource. Good once, and not for long.

They lie with the process that gave them, and name it: another one that is shown a ticket asks that one over NATS.
"""

import re
import secrets
from collections import OrderedDict
from contextlib import suppress
from time import monotonic
from typing import NamedTuple

from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.errors import NoRespondersError

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.errors import UnauthorizedError, UnavailableError

TICKET_SECONDS = 30
MAX_TICKETS, MAX_OF_PERSON = 5_000, 250
"""Tickets not used yet; the oldest goes for one more."""
ASK_SECONDS = 3.0
_ELSEWHERE = re.compile(r"([0-9a-f]{16})-[\w-]{43}", re.ASCII)


class _Issued(NamedTuple):
    person: str
    token: str
    until: float


class Tickets:
    """Tickets given out here and not used yet, oldest first. Each stands for the token that it was given for."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._process = secrets.token_hex(8)
        self._issued: OrderedDict[str, _Issued] = OrderedDict()

    def issue(self, person: str, token: str) -> str:
        """A ticket for whoever holds this token."""
        theirs = [ticket for ticket, one in self._issued.items() if one.person == person]
        if len(theirs) >= MAX_OF_PERSON:
            del self._issued[theirs[0]]
        elif len(self._issued) >= MAX_TICKETS:
            self._issued.popitem(last=False)
        ticket = f"{self._process}-{secrets.token_urlsafe(32)}"
        self._issued[ticket] = _Issued(person, token, monotonic() + TICKET_SECONDS)
        return ticket

    async def redeem(self, ticket: str) -> str:
        """The token that it stands for; once, wherever it is shown.

        Raises:
            UnauthorizedError: there is no such ticket, or no longer. UnavailableError: who gave it does not answer.
        """
        given = _ELSEWHERE.fullmatch(ticket)
        if given is None or given[1] == self._process:
            token = self._take(ticket)
        else:
            token = await self._ask(given[1], ticket)
        if not token:
            raise UnauthorizedError("The ticket was used, or is too old; POST /api/query/v1/live/ticket gives another")
        return token

    def _take(self, ticket: str) -> str:
        issued = self._issued.pop(ticket, None)
        return "" if issued is None or issued.until < monotonic() else issued.token

    async def _ask(self, process: str, ticket: str) -> str:
        try:
            answer = await self._bus.nc.request(subjects.tickets(process), ticket.encode(), timeout=ASK_SECONDS)
        except NoRespondersError:  # it is gone, and its tickets with it
            return ""
        except (NatsError, TimeoutError) as error:
            raise UnavailableError("Who gave the ticket does not answer; try again in a moment") from error
        return answer.data.decode()

    async def answer(self) -> None:
        """Tell others, for ever, whose the tickets are that were given here."""

        async def take(message: Msg) -> None:
            with suppress(NatsError):
                await message.respond(self._take(message.data.decode(errors="replace")).encode())

        await self._bus.hear(subjects.tickets(self._process), on_message=take)
