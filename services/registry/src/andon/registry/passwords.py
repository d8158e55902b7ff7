"""People's passwords: argon2, in threads, never more at once than the machine has memory for."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from andon.common.errors import UnavailableError

MIN_LENGTH = 10
MAX_LENGTH = 256
AT_ONCE = 2
"""Each takes 64 MiB for some 50 ms."""
WAITING = 64
WAITING_OF_ONE = 16
"""Of one address, so that it cannot take all the room."""


class Passwords:
    """Hashes and checks passwords; refuses work when too many wait, in all or from one address."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._free = asyncio.Semaphore(AT_ONCE)
        self._waiting: Counter[str] = Counter()
        self._nobody = self._hasher.hash("the password of nobody")

    async def hash(self, password: str) -> str:
        """What is kept of a password.

        Raises:
            UnavailableError: too many sign in at once.
        """
        async with self._turn(""):
            return await asyncio.to_thread(self._hasher.hash, password)

    async def check(self, password: str, kept: str | None, *, address: str = "") -> bool:
        """Whether it is the password `kept` was made of; as slow for somebody who does not exist (None).

        Raises:
            UnavailableError: too many sign in at once.
        """
        async with self._turn(address):
            return await asyncio.to_thread(self._verify, password, kept or self._nobody) and kept is not None

    def _verify(self, password: str, kept: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (Argon2Error, InvalidHashError):
            return False

    @asynccontextmanager
    async def _turn(self, address: str) -> AsyncIterator[None]:
        if self._waiting.total() >= WAITING or self._waiting[address] >= WAITING_OF_ONE:
            raise UnavailableError("Too many sign in at this moment; try again in a few seconds")
        self._waiting[address] += 1
        try:
            async with self._free:
                yield
        finally:
            self._waiting[address] -= 1
            self._waiting += Counter()  # keeps only those that wait
