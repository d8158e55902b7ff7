"""Whose an MQTT client id is: the device's that used it first, for who comes with another's takes its session over.

A claim ends when its device is revoked, or was found offline and ten minutes later still is. A device has a hundred
claims at most, so that one with a new id for each connection, or with bad intentions, leaves room for the others.

All registries share the claims (`claims`). Each is made and changed on its newest revision, so that of two devices that
come to two registries at once one gets the id; and who comes back to an id of its own, as a fleet does, costs no write.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from time import time
from typing import Protocol

from andon.common.errors import UnauthorizedError
from andon.registry.claims import Claim, Picture, key_of

OFFLINE_SECONDS = 600.0
CLAIMS_OF_ONE = 100
CLAIMS = 100_000
"""Beyond these the one not used for longest is forgotten."""
ASK_SECONDS = 60.0
"""This often is asked whether the owner of one id is connected; ASK_ALL_SECONDS apart of any."""
ASK_ALL_SECONDS = 1.0
ASKED = 10_000
"""Ids of which is known when they were asked for last."""


class Store(Protocol):
    """Where claims lie: `claims.Claims`."""

    picture: Picture

    async def read(self, key: str) -> tuple[Claim | None, int]:
        """The claim there is, and its revision."""

    async def write(self, key: str, claim: Claim, revision: int) -> None:
        """Make or change a claim of that revision."""

    async def drop(self, key: str) -> None:
        """Let it go."""


class ClientIds:
    """Knows owners. `revoked` and `connected` (owner, client id) look one up; `clock` gives UTC seconds."""

    def __init__(
        self,
        claims: Store,
        revoked: Callable[[str], Awaitable[bool]],
        connected: Callable[[str, str], Awaitable[bool]],
        clock: Callable[[], float] = time,
    ) -> None:
        self._claims = claims
        self._revoked = revoked
        self._connected = connected
        self._clock = clock
        self._ask_at = 0.0
        self._ask_one_at: OrderedDict[str, float] = OrderedDict()

    async def bind(self, client_id: str, device: str) -> None:
        """Let the device use the id from now on.

        Raises:
            UnauthorizedError: it belongs to another device, or nobody can tell.
        """
        key, wanted, picture = key_of(client_id), Claim(device), self._claims.picture
        if picture.known(key) == wanted:
            picture.use(key)
            return
        claim, revision = await self._claims.read(key)
        if claim is not None and claim.device != device and not await self._given_up(client_id, claim, revision):
            raise UnauthorizedError(f"the client id is that of '{claim.device}'; give each device one of its own")
        if claim != wanted:
            await self._claims.write(key, wanted, revision)
        picture.put(key, wanted)
        picture.use(key)
        for spare in picture.spare(device, of_one=CLAIMS_OF_ONE, of_all=CLAIMS):
            await self._claims.drop(spare)

    async def _given_up(self, client_id: str, claim: Claim, revision: int) -> bool:
        """Whether the owner is revoked, or was away ten minutes ago and is still."""
        if await self._revoked(claim.device):
            return True
        key, now = key_of(client_id), self._clock()
        if now < max(self._ask_at, self._ask_one_at.get(key, 0.0), claim.away + OFFLINE_SECONDS if claim.away else 0.0):
            return False
        self._ask_at = now + ASK_ALL_SECONDS
        self._ask_one_at[key] = now + ASK_SECONDS
        if len(self._ask_one_at) > ASKED:
            self._ask_one_at.popitem(last=False)
        if await self._connected(claim.device, client_id):
            if claim.away:
                await self._claims.write(key, Claim(claim.device), revision)
            return False
        if not claim.away:
            await self._claims.write(key, Claim(claim.device, away=now), revision)
        return bool(claim.away)
