"""Whose an MQTT client id is: the device's that used it first, for who comes with another's takes its session over.

A claim ends when its device is revoked, or was found offline and ten minutes later still is. A device has a hundred
claims at most, so that one with a new id for each connection, or with bad intentions, leaves room for the others.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic

from andon.common.errors import UnauthorizedError

OFFLINE_SECONDS = 600.0
CLAIMS_OF_ONE = 100
CLAIMS = 100_000
"""Beyond these the one not used for longest is forgotten."""
ASK_SECONDS = 60.0
"""This often is asked whether the owner of one id is connected; ASK_ALL_SECONDS apart of any."""
ASK_ALL_SECONDS = 1.0


@dataclass
class _Claim:
    """`away` since it was asked for in vain; `ask_at`: not before then is it asked again whether the owner is there."""

    owner: str
    away: bool = False
    ask_at: float = 0.0


class ClientIds:
    """Remembers owners. `revoked` and `connected` (owner, client id) look one up; `clock` gives seconds."""

    def __init__(
        self,
        revoked: Callable[[str], Awaitable[bool]],
        connected: Callable[[str, str], Awaitable[bool]],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._revoked = revoked
        self._connected = connected
        self._clock = clock
        self._claims: OrderedDict[str, _Claim] = OrderedDict()
        self._ids: dict[str, OrderedDict[str, None]] = {}
        self._ask_at = 0.0

    async def bind(self, client_id: str, device: str) -> None:
        """Let the device use the id from now on.

        Raises:
            UnauthorizedError: it belongs to another device.
        """
        claim = self._claims.get(client_id)
        if claim is not None and claim.owner != device and not await self._given_up(client_id, claim):
            raise UnauthorizedError(f"the client id is that of '{claim.owner}'; give each device one of its own")
        self._forget(client_id)
        self._claims[client_id] = _Claim(device)
        ids = self._ids.setdefault(device, OrderedDict())
        ids[client_id] = None
        if len(ids) > CLAIMS_OF_ONE:
            self._forget(next(iter(ids)))
        if len(self._claims) > CLAIMS:
            self._forget(next(iter(self._claims)))

    async def _given_up(self, client_id: str, claim: _Claim) -> bool:
        """Whether the owner is revoked, or was away when last asked for and is still."""
        if await self._revoked(claim.owner):
            return self._claims.get(client_id) is claim
        now = self._clock()
        if now < max(claim.ask_at, self._ask_at):
            return False
        self._ask_at, claim.ask_at, was_away = now + ASK_ALL_SECONDS, now + ASK_SECONDS, claim.away
        claim.away = not await self._connected(claim.owner, client_id)
        if claim.away:
            claim.ask_at = now + OFFLINE_SECONDS
        return claim.away and was_away and self._claims.get(client_id) is claim

    def _forget(self, client_id: str) -> None:
        claim = self._claims.pop(client_id, None)
        if claim is not None:
            ids = self._ids[claim.owner]
            del ids[client_id]
            if not ids:
                del self._ids[claim.owner]
