"""Stays in quarantine, the same at every registry: which device is kept out, and how often it was lately.

They lie in a KV bucket, so that a registry that is killed or started anew lets nobody in early. Each record has a
number that only grows, and the newest wins wherever it is read: so it does not matter in which order records come, nor
whether one's own come back. What cannot be written is written later.
"""

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from contextlib import suppress
from time import monotonic, time_ns

import msgspec
from nats.errors import Error as NatsError
from nats.js.errors import APIError

from andon.common import subjects
from andon.common.bus import Bus
from andon.common.errors import UnavailableError
from andon.common.reading import NS_PER_S
from andon.registry.quota import FORGIVEN_SECONDS

GRACE_SECONDS = 10.0
"""Who leads ends a stay. If nobody has, so long after its time, it is over all the same."""


class Stay(msgspec.Struct, frozen=True):
    """A device is kept out: since and until when (UTC nanoseconds), why, and how often so far.

    useless: how often for what could not be used. out: whether it still is. number: of the record; it only grows.
    """

    since: int
    until: int
    reason: str
    times: int
    useless: int = 0
    out: bool = True
    number: int = 0


_encode = msgspec.json.encode
_decoder = msgspec.json.Decoder(Stay)


class Stays:
    """Run `follow` as a task. `on_change` (user name, record) hears of each that is new, whoever wrote it."""

    def __init__(self, bus: Bus, on_change: Callable[[str, Stay], None]) -> None:
        self._bus = bus
        self._on_change = on_change
        self._records: dict[str, Stay] = {}
        self._over: dict[str, float] = {}
        """`until` on the clock that only goes forward, of those that are out."""
        self._unwritten = set[str]()

    def __len__(self) -> int:
        return len(self._over)

    def __contains__(self, username: object) -> bool:
        return username in self._over

    def out(self) -> AbstractSet[str]:
        """User names of those that are kept out."""
        return self._over.keys()

    def record(self, username: str) -> Stay | None:
        """What is known of a device, be it out or in again."""
        return self._records.get(username)

    def of(self, username: str) -> Stay | None:
        """Its stay, if it is kept out."""
        return self._records[username] if username in self._over else None

    def left(self, username: str) -> float | None:
        """Seconds until it may come in, 0 where somebody only has to say so; None: it may."""
        over = self._over.get(username)
        if over is None or monotonic() > over + GRACE_SECONDS:
            return None
        return max(0.0, over - monotonic())

    def due(self, now: float) -> list[str]:
        """Whose time is over."""
        return [username for username, over in self._over.items() if over <= now]

    def put(self, username: str, stay: Stay) -> None:
        """Keep a new record; `write` it for the others."""
        known = self._records.get(username)
        number = max(time_ns(), known.number + 1 if known else 0)
        self._take(username, msgspec.structs.replace(stay, number=number))
        self._unwritten.add(username)

    async def write(self) -> None:
        """Write what is not written yet, as far as NATS answers."""
        with suppress(NatsError, APIError, UnavailableError, TimeoutError):
            if not self._unwritten:
                return
            bucket = await self._bus.bucket(subjects.QUARANTINE_BUCKET)
            for username in list(self._unwritten):
                if (stay := self._records.get(username)) is not None:
                    await bucket.put(username, _encode(stay))
                    if self._records.get(username) is not stay:
                        continue  # it has changed meanwhile
                self._unwritten.discard(username)

    def forget(self, usernames: Iterable[str]) -> None:
        """Forget devices that are gone, and what was long ago."""
        old = time_ns() - round(FORGIVEN_SECONDS * NS_PER_S)
        long_ago = [username for username, stay in self._records.items() if not stay.out and stay.until < old]
        for username in [*usernames, *long_ago]:
            self._records.pop(username, None)
            self._over.pop(username, None)

    async def follow(self) -> None:
        """Follow what other registries write, for ever."""
        await self._bus.follow(subjects.QUARANTINE_BUCKET, self._on_entry, self._on_complete)

    def _on_entry(self, username: str, value: bytes | None) -> None:
        with suppress(msgspec.DecodeError):
            if value is not None:
                self._take(username, _decoder.decode(value))

    def _on_complete(self, keys: set[str]) -> None:
        """A bucket that was lost gets its stays again."""
        self._unwritten |= self._over.keys() - keys

    def _take(self, username: str, stay: Stay) -> None:
        known = self._records.get(username)
        if known is not None and stay.number <= known.number:
            return
        self._records[username] = stay
        if stay.out:
            self._over[username] = monotonic() + (stay.until - time_ns()) / NS_PER_S
        else:
            self._over.pop(username, None)
        self._on_change(username, stay)
